"""When law from above changed later and gives more as a whole (W24-F3): told, not applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jiekun.kernel.decide import Outcome
from jiekun.kernel.favour import compare_with_above

from . import words
from .door import PLACE, Desk

_STATUS = {
    "yes": "符合",
    "no": "不符合",
    "ask": "还缺事实",
    "judge": "等人判断",
    "unset": "标准没设定",
}


@dataclass(frozen=True)
class Better:
    """One measure of one subject that the later law from above treats better."""

    label: str
    name: str
    subject: str
    ours: str
    theirs: str
    document: str


def better_above(desk: Desk, facts: dict[str, Any]) -> list[Better]:
    """What a simulated draft would have to raise to the level above it; nothing without one."""
    if not desk.law:
        return []
    chosen = desk.chosen
    found = compare_with_above(
        chosen.law,
        facts,
        on=desk.on,
        place=PLACE,
        document=desk.law,
        simulate=desk.simulate,
        readings=chosen.readings,
    )
    return [
        Better(
            label=c.local.measure.label,
            name=c.local.measure.name,
            subject=c.local.subject,
            ours=_told(c.local),
            theirs=_told(c.upper),
            document=c.document,
        )
        for c in found
        if c.better is c.upper
    ]


def _told(outcome: Outcome) -> str:
    amount = words.amount(outcome.amount, outcome.unit) if outcome.status == "yes" else ""
    return amount or _STATUS[outcome.status]
