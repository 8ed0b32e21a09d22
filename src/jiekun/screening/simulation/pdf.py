"""Comparisons as a PDF to print: what it costs, who gains and loses, where cliffs are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from jiekun.kernel.values import plain

from ..typesetting import typeset
from .charts import bars, curve
from .excel import heading
from .tables import TABLES

Told = Mapping[str, Any]
_TEMPLATE = Path(__file__).with_name("report.typ")
_KINDS = {"measure": "政策", "number": "数", "rule": "规则"}


def report(told: Sequence[Told], notes: Sequence[str] = ()) -> bytes:
    """One comparison or several (see `Comparison.as_json`), the summary of all first."""
    first = told[0]
    found = {
        "title": "改一改会怎样",
        "place": first["place_name"],
        "day": first["on"],
        "notes": [*heading(told), *notes],
        "overview": {
            "head": ["", *(each["label"] for each in told)],
            "rows": _overview(told),
        },
        "reforms": [_reform(each) for each in told],
    }
    return typeset(_TEMPLATE, "told", found, date.fromisoformat(first["on"]))


def _overview(told: Sequence[Told]) -> list[list[str]]:
    totals = [each["total"] for each in told]
    return [
        ["一年增减（元）", *(_signed(t["after"] - t["before"]) for t in totals)],
        ["改前一年（元）", *(_yuan(t["before"]) for t in totals)],
        ["改后一年（元）", *(_yuan(t["after"]) for t in totals)],
        ["钱变多的户", *(f"{t['gaining']:,}" for t in totals)],
        ["钱变少的户", *(f"{t['losing']:,}" for t in totals)],
        ["不变的户", *(f"{t['same']:,}" for t in totals)],
        ["定不下来的户", *(f"{t['undetermined']:,}" for t in totals)],
        *(
            [f"离低保线一年差，{side}（元）", *(_yuan(each["poverty"][at]["gap"]) for each in told)]
            for at, side in enumerate(("改前", "改后"))
        ),
        *(
            [
                f"多挣一元反而变少的户，{side}",
                *(f"{each['cliffs'][at][0]['households']:,}" for each in told),
            ]
            for at, side in enumerate(("改前", "改后"))
        ),
    ]


def _reform(each: Told) -> dict[str, Any]:
    return {
        "label": each["label"],
        "why": each["why"],
        "law": [
            [_KINDS[d["kind"]], d["label"], d["before"] or "（没有）", d["after"] or "（没有）",
             "、".join(d["cites"])]
            for d in each["law"]
        ],
        "measures": _measures(each),
        "charts": [
            {"title": f"按{label}", "svg": bars(each["tables"][key])}
            for key, label in TABLES.items()
            if len(each["tables"][key]) > 1
        ],
        "curves": [curve(family) for family in each["curves"]],
        "breaks": [
            f"{family['label']}：每月挣到 {plain(Fraction(found['income'], 100))} 元，"
            f"一年净少 {_yuan(found['lost'])} 元（{'、'.join(found['measures'])}）"
            for family in each["curves"]
            for found in family["after"]["breaks"]
        ],
        "unpaid": [[u["label"], "、".join(u["numbers"])] for u in each["unpaid"]],
        "waits": [[label, f"{count:,}"] for _, label, count in each["waits"][:15]],
        "text": each["text"],
    }  # fmt: skip


def _measures(each: Told) -> list[list[str]]:
    """The measures that change, the dearest first."""
    changed = [m for m in each["measures"] if len({*m["entitled"]}) + len({*m["yearly"]}) > 2]
    changed.sort(key=lambda m: m["yearly"][0] - m["yearly"][1])
    return [
        [
            m["label"],
            *(f"{count:,} {'人' if m['to'] == 'person' else '户'}" for count in m["entitled"]),
            f"{m['open'][1]:,}",
            f"{m['unset'][1]:,}",
            _signed(m["yearly"][1] - m["yearly"][0]) if m["money"] else "不是钱",
        ]
        for m in changed
    ]


def _yuan(fen: int) -> str:
    return plain(round(fen / 100))


def _signed(fen: int) -> str:
    return ("+" if fen > 0 else "") + _yuan(fen)
