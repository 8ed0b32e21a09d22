"""Comparisons as an Excel file: several reforms side by side, every text written as text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from .tables import TABLES

# A comparison as `Comparison.as_json` tells it.
Told = Mapping[str, Any]
Cell = str | int | float | None
Rows = Iterable[Sequence[Cell]]

MEANS = (
    "全部按“应享尽享”算：凡是能确定应得的都算得到，不能同时享受的取合计最高的；不等于实际发放。",
    "“定不下来”是缺事实或者要由人认定的家庭，不计入花费，也不猜；数没有定的项目两边都不计。",
)
_LINE = ("households", "people", "before", "after", "gaining", "losing", "same", "undetermined",
         "held")  # fmt: skip
_LINE_HEADS = (
    "户数", "人数", "改前（元/年）", "改后（元/年）", "增减（元/年）", "增加的户", "减少的户",
    "不变的户", "定不下来的户", "定不下来的户改前已定（元/年）",
)  # fmt: skip


def workbook(told: Sequence[Told], notes: Sequence[str] = ()) -> bytes:
    """One workbook for one comparison or several; `notes` stand first on every sheet."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        # The same comparisons give the same file on any day.
        book.set_properties({"created": datetime.fromisoformat(told[0]["on"])})
        said = [*heading(told), *notes]
        for title, heads, rows in (*_sheets(told), *_other_sheets(told)):
            _fill(book, title, said, heads, rows)
    return buffer.getvalue()


def heading(told: Sequence[Told]) -> list[str]:
    """What every sheet says of itself."""
    first = told[0]
    return [
        f"模拟：{first['place_name']}，按 {first['on']} 的规定。试算结果，不能据以发放",
        *MEANS,
        *(f"方案 {each['name']}：{each['label']}（{_digest(each)}）" for each in told),
    ]


def _digest(each: Told) -> str:
    return f"方案指纹 {each['reform_digest'][:12]}"


def _sheets(told: Sequence[Told]) -> Iterator[tuple[str, Sequence[str], Rows]]:
    yield "总表", ("方案", "项目", "数"), [row for each in told for row in _summary(each)]
    yield (
        "按项目",
        ("方案", "项目", "对象", "应享改前", "应享改后", "定不下来改前", "定不下来改后",
         "数未定改前", "数未定改后", "改前（元/年）", "改后（元/年）", "增减（元/年）",
         "每次或每月改前（元）", "每次或每月改后（元）"),
        [_measure(each, m) for each in told for m in each["measures"]],
    )  # fmt: skip
    for key, label in TABLES.items():
        rows = [(each["label"], *_line(line)) for each in told for line in each["tables"][key]]
        yield f"按{label}", ("方案", label, *_LINE_HEADS), rows


def _other_sheets(told: Sequence[Told]) -> Iterator[tuple[str, Sequence[str], Rows]]:
    yield (
        "断崖",
        ("方案", "哪边", "每月多收入（元）", "看了多少户", "反而变少的户", "一年净少（元）",
         "定不下来的户", "主要少在"),
        [row for each in told for row in _cliffs(each)],
    )  # fmt: skip
    yield (
        "典型家庭",
        ("方案", "家庭", "哪边", "每月收入到（元）", "一年净少（元）", "停了什么"),
        [row for each in told for row in _breaks(each)],
    )
    yield (
        "定不下来",
        ("方案", "缺的事实", "户数"),
        [(each["label"], label, count) for each in told for _, label, count in each["waits"]],
    )
    yield (
        "数没有定",
        ("方案", "改后也发不出的项目", "没有定的数"),
        [(each["label"], u["label"], "、".join(u["numbers"])) for each in told
         for u in each["unpaid"]],
    )  # fmt: skip
    yield (
        "规定的不同",
        ("方案", "种类", "名称", "改前", "改后", "依据"),
        [
            (each["label"], _KINDS[d["kind"]], d["label"], d["before"] or "（没有）",
             d["after"] or "（没有）", "、".join(d["cites"]))
            for each in told
            for d in each["law"]
        ],
    )  # fmt: skip
    yield (
        "方案原文",
        ("方案", "原文"),
        [(each["label"], line) for each in told for line in each["text"].splitlines()],
    )


_KINDS = {"measure": "政策", "number": "数", "rule": "规则"}
SIDES = ("改前", "改后")


def _summary(each: Told) -> Iterator[tuple[Cell, ...]]:
    total, label = each["total"], each["label"]
    rows: list[tuple[str, Cell]] = [
        ("为什么", each["why"]),
        ("一年增减（元）", (total["after"] - total["before"]) / 100),
        *zip(_LINE_HEADS[:4], (total["households"], total["people"], total["before"] / 100,
                               total["after"] / 100), strict=True),
        ("增加的户", total["gaining"]),
        ("减少的户", total["losing"]),
        ("不变的户", total["same"]),
        ("定不下来的户", total["undetermined"]),
    ]  # fmt: skip
    for side, poverty in zip(SIDES, each["poverty"], strict=True):
        rows += [
            (f"{side}仍在低保线下的户", poverty["households"]),
            (f"{side}仍在低保线下的人", poverty["people"]),
            (f"{side}离低保线一年差（元）", poverty["gap"] / 100),
            (f"{side}是否在线下定不下来的户", poverty["unknown"]),
        ]
    for name, value in rows:
        yield label, name, value


def _line(line: Told) -> tuple[Cell, ...]:
    told = [line[name] for name in _LINE]
    households, people, before, after, *counts, held = told
    money = (before / 100, after / 100, (after - before) / 100)
    return (line["label"], households, people, *money, *counts, held / 100)


def _measure(each: Told, told: Told) -> tuple[Cell, ...]:
    subjects = [number for key in ("entitled", "open", "unset") for number in told[key]]
    to = "人" if told["to"] == "person" else "户"
    if not told["money"]:
        return (each["label"], told["label"], to, *subjects)
    before, after = told["yearly"]
    return (
        each["label"], told["label"], to, *subjects, before / 100, after / 100,
        (after - before) / 100, *(fen / 100 for fen in told["once"]),
    )  # fmt: skip


def _cliffs(each: Told) -> Iterator[tuple[Cell, ...]]:
    for side, cliffs in zip(SIDES, each["cliffs"], strict=True):
        for cliff in cliffs:
            most = "；".join(f"{label} {count} 户" for _, label, count, _ in cliff["measures"])
            yield (
                each["label"], side, cliff["step"] / 100, cliff["looked_at"], cliff["households"],
                cliff["lost"] / 100, cliff["unknown"], most,
            )  # fmt: skip


def _breaks(each: Told) -> Iterator[tuple[Cell, ...]]:
    for family in each["curves"]:
        for side, curve in zip(SIDES, (family["before"], family["after"]), strict=True):
            for found in curve["breaks"]:
                ended = "、".join(found["measures"])
                lost = found["lost"] / 100
                yield each["label"], family["label"], side, found["income"] / 100, lost, ended


def _fill(
    book: xlsxwriter.Workbook, title: str, notes: Sequence[str], heads: Sequence[str], rows: Rows
) -> None:
    page = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    whole, money = (book.add_format({"num_format": form}) for form in ("#,##0", "#,##0.00"))
    for at, note in enumerate(notes):
        page.write_string(at, 0, note)
    top = len(notes) + 1
    page.set_column(0, 1, 30)
    page.set_column(2, len(heads), 16)
    for column, head in enumerate(heads):
        page.write_string(top, column, head, bold)
    page.freeze_panes(top + 1, 0)
    for at, row in enumerate(rows, top + 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(at, column, value)
            elif value is not None:
                page.write_number(at, column, value, money if isinstance(value, float) else whole)
