"""The ledgers offices keep: what a row of each says, and under which headings it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from jiekun.law.facts import FACTS

from .cells import CellProblem, text
from .tables import Broken, Cell, Table

FACT = "fact:"
_FROM_THE_TOP = 30
_SAMPLE = 200


@dataclass(frozen=True)
class Column:
    """One thing a row may say, and the headings it is known by."""

    key: str
    label: str
    headings: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True)
class Layout:
    """A ledger: who is in it, and what being in it means."""

    name: str
    label: str
    # The category its people or households were recognised to belong to, and what they get.
    category: str = ""
    measure: str = ""
    whole_household: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """Everything a row may say; facts are asked for by their own labels."""
        return (*_WHO, *self._award(), *_FACTS)

    @property
    def needed(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.needed)

    def _award(self) -> tuple[Column, ...]:
        if not (self.category or self.measure):
            return ()
        amount = (_AMOUNT,) if self.measure else ()
        return (_SINCE, *amount, _PAPER) if self.category else (_SINCE, *amount)


_WHO = (
    Column(
        "id_number",
        "身份证号",
        (
            *("身份证号码", "公民身份号码", "公民身份证号码", "身份证", "证件号码", "证件号"),
            *(
                "申请人身份证号",
                "申请人身份证号码",
                "户主身份证号",
                "户主身份证号码",
                "本人身份证号",
            ),
        ),
        needed=True,
    ),
    Column(
        "name",
        "姓名",
        ("名字", "申请人", "申请人姓名", "户主", "户主姓名", "救助对象", "对象姓名", "残疾人姓名"),
        needed=True,
    ),
)
_SINCE = Column(
    "since",
    "起始日期",
    (
        *("起发月", "起发月份", "起始月份", "享受时间", "享受起始时间", "享受日期", "起始时间"),
        *("批准日期", "批准时间", "审批日期", "审批时间", "救助起始月", "纳入时间", "纳入日期"),
    ),
    needed=True,
)
_AMOUNT = Column(
    "amount",
    "月金额",
    (
        *("月保障金额", "月发放金额", "月补助金额", "月救助金额", "补贴金额", "补贴标准"),
        *("保障金额", "发放金额", "救助金额", "低保金额", "月保障金", "金额", "每月金额"),
    ),
    needed=True,
)
_PAPER = Column("document", "文号", ("审批文号", "批准文号", "决定书编号", "决定文号", "档案编号"))
# What only an office may judge is not taken from a list somebody typed.
_FACTS = tuple(
    Column(f"{FACT}{fact.name}", fact.label)
    for fact in FACTS.of("person")
    if not fact.judged_by and fact.name not in {"birth_date", "sex"}
)

LAYOUTS: Mapping[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout("people", "人员情况（只记事实）"),
        Layout("dibao", "最低生活保障台账", "dibao", "dibao", whole_household=True),
        Layout("dibao_edge", "低保边缘家庭台账", "dibao_edge", whole_household=True),
        Layout("tekun", "特困人员台账", "tekun", "tekun"),
        Layout("orphan", "孤儿台账", "orphan", "orphan"),
        Layout(
            "unsupported_child", "事实无人抚养儿童台账", "unsupported_child", "unsupported_child"
        ),
        Layout("disability_living", "困难残疾人生活补贴台账", "", "disability_living"),
        Layout("disability_care", "重度残疾人护理补贴台账", "", "disability_care"),
    )
}


def plain_heading(cell: Cell | Broken) -> str:
    """A heading as it is compared: no spaces, no brackets and what stands in them, no marks."""
    try:
        written = text(cell)
    except CellProblem:
        return ""
    bare = re.sub(r"\(.*?\)|[\s*:：、，,．.（）]", "", unicodedata.normalize("NFKC", written))
    return bare or re.sub(r"\s", "", written)


def _known(layout: Layout) -> dict[str, str]:
    """Every heading a layout's columns are known by."""
    return {
        plain_heading(heading): column.key
        for column in layout.columns
        for heading in (column.label, *column.headings)
    }


def header_of(table: Table, layout: Layout) -> int:
    """The place among the rows of the one that holds the headings."""
    known = _known(layout)

    def score(cells: Sequence[Cell | Broken]) -> tuple[int, int]:
        headings = [plain_heading(cell) for cell in cells if isinstance(cell, str)]
        return len({known[h] for h in headings if h in known}), len(set(headings) - {""})

    scores = [score(cells) for _, cells in table.rows[:_FROM_THE_TOP]]
    best = max(range(len(scores)), key=lambda place: (scores[place][0], -place))
    if scores[best][0]:
        return best
    # None of the words is known: the first row that has several cells.
    return next((place for place, score in enumerate(scores) if score[1] > 1), 0)


def guessed(
    layout: Layout, table: Table, header: int, remembered: Mapping[str, str]
) -> dict[int, str]:
    """Which column of the file says what: {place from nought: key}.

    What this office chose before comes first, then the words of the heading, then the contents.
    """
    known, keys = _known(layout), {column.key for column in layout.columns}
    found: dict[int, str] = {}
    headings = [plain_heading(cell) for cell in table.rows[header][1]]
    for words in (remembered, known):
        for place, heading in enumerate(headings):
            key = words.get(heading, "")
            if key in keys and place not in found and key not in found.values():
                found[place] = key
    if "id_number" not in found.values():
        numbers = _full_of_numbers(table, header, found)
        if numbers is not None:
            found[numbers] = "id_number"
    return found


def _full_of_numbers(table: Table, header: int, taken: Collection[int]) -> int | None:
    """The column nearly all of whose cells look like identity numbers."""
    rows = [cells for _, cells in table.rows[header + 1 : header + 1 + _SAMPLE]]
    for place in range(max(map(len, rows), default=0)):
        filled = [str(row[place]) for row in rows if place < len(row) and row[place] != ""]
        like = sum(bool(re.fullmatch(r"\s*\d{17}[\dXx]\s*", one)) for one in filled)
        if place not in taken and filled and like >= 0.8 * len(filled):
            return place
    return None
