"""Each row of a ledger held against itself, the rest of the file and the registry."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Q

from jiekun.journal.many import any_of, any_of_bytes
from jiekun.law.facts import FACTS
from jiekun.offices.queries import with_former, within
from jiekun.registry import keys
from jiekun.registry.identity import ONES_OWN
from jiekun.registry.models import Identifier, PersonFacts, Receipt, Recognition
from jiekun.registry.names import searched
from jiekun.registry.wide import to_json

from . import cells
from .cells import CellProblem
from .layouts import FACT, LAYOUTS, Layout, plain_heading
from .models import Import, ImportRow
from .tables import Broken, Cell, Table

ROWS_A_BATCH = 2_000
# An award may be entered before the month it begins in, not long before.
_AHEAD = timedelta(days=62)
_LONG_AGO = date(1990, 1, 1)
_SUMS = ("合计", "总计", "小计", "共计", "本页合计", "累计")
_FOOT = ("制表", "填表", "审核", "负责人", "经办人", "备注", "说明", "注")

# Told of a good number that is nobody's here; without a good number nobody is looked for.
NOT_HERE = "本辖区登记的人里没有这个号码：请核对；确是新来的人，先登记再导入"
_LONG_NUMBER = re.compile(r"\d{7,}(?=\d{4})")

Row = tuple[int, list[Cell | Broken]]
Read = TypeVar("Read")


def rows_of(table: Table, header: int, skipped: Counter[str]) -> Iterator[Row]:
    """The rows below the headings that speak of somebody; the others are counted by kind."""
    place = next(at for at, (number, _) in enumerate(table.rows) if number == header)
    headings = table.rows[place][1]
    for number, row in table.rows[place + 1 :]:
        kind = _no_row(row, headings)
        if kind:
            skipped[kind] += 1
        else:
            yield number, row


def _no_row(row: Sequence[Cell | Broken], headings: Sequence[Cell | Broken]) -> str:
    if row == headings:
        return "headings"
    filled = [cell for cell in row if cell != ""]
    words = [plain_heading(cell) for cell in filled[:3] if isinstance(cell, str) and len(cell) < 9]
    if any(word in _SUMS for word in words):
        return "totals"
    first = plain_heading(filled[0])
    return "foot" if len(filled) <= 3 and first.startswith(_FOOT) else ""


@dataclass
class _Draft:
    """One row as far as it is understood."""

    number: int
    digest: bytes = b""
    name: str = ""
    born: date | None = None
    says: dict[str, Any] = field(default_factory=dict)
    problems: list[list[Any]] = field(default_factory=list)
    person: int | None = None

    def wrong(self, place: int | None, told: str) -> None:
        # A number quoted from the wrong column is somebody's all the same.
        self.problems.append([place, _LONG_NUMBER.sub("…", told)])


class Checker:
    """Checks the rows of one import, batch by batch, remembering whom it has seen."""

    def __init__(self, of: Import, table: Table, on: date) -> None:
        self.of, self.table, self.on = of, table, on
        self.layout: Layout = LAYOUTS[of.layout]
        self.places: dict[str, int] = {key: int(place) for place, key in of.columns.items()}
        self.people: dict[bytes, int] = {}
        self.homes: dict[int, int] = {}
        self.ring = keys.ring()

    def batches(self, rows: Iterable[Row]) -> Iterator[list[ImportRow]]:
        """The rows in batches, each looked up in the registry at once."""
        waiting = iter(rows)
        while batch := list(islice(waiting, ROWS_A_BATCH)):
            drafts = [self._read(number, row) for number, row in batch]
            self._look_up(drafts)
            yield [self._row(draft) for draft in drafts]

    def _row(self, draft: _Draft) -> ImportRow:
        wrong = ImportRow.Outcome.REFUSED if draft.problems else ImportRow.Outcome.READY
        if draft.person is None and draft.name:
            # So that the row is known again; more of the name stays in the sealed file.
            draft.says["name"] = f"{draft.name[:1]}**"
        return ImportRow(
            of=self.of, number=draft.number, person_id=draft.person, says=draft.says,
            problems=draft.problems, outcome=wrong,
        )  # fmt: skip

    # -- the row by itself

    def _read(self, number: int, row: Sequence[Cell | Broken]) -> _Draft:
        draft = _Draft(number)
        if number in self.table.hidden:
            draft.wrong(None, "这一行在表里是隐藏的：要导入请先取消隐藏，不要就删掉")
        said = self._cell(draft, row, "id_number", lambda cell: cells.identity(cell, self.on))
        if said is not None:
            draft.digest, draft.born = self.ring.digest(said.kind, said.text), said.birth_date
            self._once(draft)
        draft.name = searched(self._cell(draft, row, "name", cells.text) or "")
        if not draft.name and not any(p == self.places["name"] for p, _ in draft.problems):
            draft.wrong(self.places["name"], "没有填")
        self._read_award(draft, row)
        self._read_facts(draft, row)
        return draft

    def _cell(
        self,
        draft: _Draft,
        row: Sequence[Cell | Broken],
        key: str,
        reader: Callable[[Cell | Broken], Read],
    ) -> Read | None:
        """What one cell says; None, and the reason noted, where it cannot be read."""
        place = self.places.get(key)
        if place is None:
            return None
        try:
            return reader(row[place] if place < len(row) else "")
        except CellProblem as problem:
            draft.wrong(place, str(problem))
            return None

    def _once(self, draft: _Draft) -> None:
        first = self.people.setdefault(draft.digest, draft.number)
        if first != draft.number:
            draft.wrong(self.places["id_number"], f"与第 {first} 行是同一个人，只留一行")

    def _read_award(self, draft: _Draft, row: Sequence[Cell | Broken]) -> None:
        if not (self.layout.category or self.layout.measure):
            return
        begun = partial(cells.day, month_will_do=True, first_day=self.table.first_day)
        since = self._cell(draft, row, "since", begun)
        if since is not None:
            draft.says["since"] = since.isoformat()
            if not _LONG_AGO <= since <= self.on + _AHEAD:
                draft.wrong(self.places["since"], f"起始日期 {since} 太早或还没有到，请核对")
            elif draft.born and since < draft.born and not self.layout.whole_household:
                draft.wrong(self.places["since"], f"起始日期 {since} 早于出生日期 {draft.born}")
        amount = self._cell(draft, row, "amount", cells.yuan)
        if amount is not None:
            draft.says["amount"] = str(amount)
            if amount == 0:
                draft.wrong(self.places["amount"], "金额是 0：没有发放就不要放进这张表")
        draft.says["document"] = self._cell(draft, row, "document", cells.text) or ""

    def _read_facts(self, draft: _Draft, row: Sequence[Cell | Broken]) -> None:
        said = {}
        for key, place in self.places.items():
            if not key.startswith(FACT) or place >= len(row) or row[place] == "":
                continue
            fact = FACTS[key.removeprefix(FACT)]
            value = self._cell(
                draft, row, key, partial(cells.fact_value, fact, first_day=self.table.first_day)
            )
            if value is not None:
                said[fact.name] = to_json(fact, value)
        draft.says["facts"] = said
        if not (said or self.layout.category or self.layout.measure or draft.problems):
            draft.wrong(None, "这一行没有写要记的事实")

    # -- the row against the registry

    def _look_up(self, drafts: Sequence[_Draft]) -> None:
        found = _Found.of(
            [draft.digest for draft in drafts if draft.digest], self.of.areas, self.on
        )
        held = self._held(found)
        for draft in drafts:
            if not draft.digest:
                continue
            person = found.people.get(draft.digest)
            if person is None:
                draft.wrong(self.places["id_number"], NOT_HERE)
                continue
            draft.person = person.pk
            if draft.name and draft.name != person.name:
                draft.wrong(self.places["name"], "姓名与登记的不一致：请核对是号码抄错还是改了名")
            home = person.household
            whole = self.layout.whole_household
            if whole and self.homes.setdefault(home, draft.number) != draft.number:
                draft.wrong(None, f"与第 {self.homes[home]} 行是同一户，一户只留一行")
            if told := held.get(home if self.layout.whole_household else person.pk):
                draft.wrong(None, told)

    def _held(self, found: _Found) -> dict[int, str]:
        """What households or people hold already of this ledger, in words."""
        people = {person.pk for person in found.people.values()}
        homes = {person.household for person in found.people.values()}
        whole = self.layout.whole_household
        mine = (
            Q(household__in=any_of(homes), person=None) if whole else Q(person__in=any_of(people))
        )
        open_ones = Q(until__isnull=True) | Q(until__gt=self.on)
        key, held = "household_id" if whole else "person_id", {}
        if self.layout.category:
            rows = Recognition.objects.filter(mine, open_ones, category=self.layout.category)
            for whose, since in rows.values_list(key, "since"):
                held[whose] = f"登记里已认定（{since} 起），不用再导；有变动请先结束原来的"
        if self.layout.measure:
            paid = Receipt.objects.filter(mine, open_ones, measure=self.layout.measure)
            for whose, since in paid.values_list(key, "since"):
                held[whose] = f"登记里已在享受（{since} 起），不用再导；有变动请先停发原来的"
        return held


@dataclass(frozen=True)
class _Person:
    pk: int
    name: str
    household: int


@dataclass(frozen=True)
class _Found:
    """The people of some numbers who live inside the areas."""

    people: Mapping[bytes, _Person]

    @classmethod
    def of(cls, digests: Sequence[bytes], areas: Sequence[str], on: date) -> _Found:
        claims = Identifier.objects.filter(ONES_OWN, digest__in=any_of_bytes(digests))
        whose = {bytes(d): pk for d, pk in claims.values_list("digest", "person_id")}
        inside = within(with_former(frozenset(areas), on), "household__community__code")
        living = PersonFacts.objects.filter(inside, person__in=any_of(whose.values()))
        known = {
            pk: _Person(pk, name, home)
            for pk, name, home in living.values_list("person_id", "person__name", "household_id")
        }
        return cls({digest: known[pk] for digest, pk in whose.items() if pk in known})
