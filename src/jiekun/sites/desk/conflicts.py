"""Where the documents disagree: known ones, those found by comparing, and the better from above."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiekun.kernel.conflicts import FoundConflict, FoundSide, find_conflicts
from jiekun.kernel.law import Law

from . import words
from .door import PLACE, Desk, desk_page, page


@dataclass(frozen=True)
class FoundSideLine:
    """One side of a found conflict, in words."""

    cites: tuple[str, ...]
    place: str
    says: str
    days: str
    written: str
    draft: bool


@dataclass(frozen=True)
class FoundLine:
    """A found conflict as a row: both sides, and which one is applied."""

    label: str
    sides: tuple[FoundSideLine, FoundSideLine]
    applied: str
    parameter: str


@desk_page(families=False)
@require_safe
def conflicts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The list of known conflicts, and what comparing the rules and numbers finds."""
    law = desk.chosen.law
    found = [_found(law, conflict) for conflict in find_conflicts(law, PLACE)]
    return page(
        request,
        "desk/conflicts.html",
        here="law",
        keep_address=True,
        known=[],
        numbers=[line for line in found if line.parameter],
        rules=[line for line in found if not line.parameter],
    )


def _found(law: Law, conflict: FoundConflict) -> FoundLine:
    first, second = (_side(law, side, conflict.unit) for side in conflict.sides)
    if second.draft:
        applied = "现在按左边；只有模拟草案时按右边，不能据以发放"
    else:
        applied = f"按右边：{second.place}的规定更近，先用它"
    name = conflict.name if conflict.kind == "number" else ""
    return FoundLine(conflict.label, (first, second), applied, name)


def _side(law: Law, side: FoundSide, unit: str) -> FoundSideLine:
    days = "草案，没有施行日" if side.draft else f"{side.since} 起" if side.since else "一直"
    if side.until and not side.draft:
        days += f"，到 {side.until}"
    return FoundSideLine(
        cites=side.cites,
        place=law.places[side.place].name,
        says=words.amount(side.value, unit) if side.value is not None else side.label,
        days=days,
        written=side.source or f"{side.file}:{side.line}",
        draft=side.draft,
    )
