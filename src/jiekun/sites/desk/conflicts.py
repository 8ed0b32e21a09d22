"""Where the documents disagree: known ones, those found by comparing, and the better from above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiekun.kernel.conflicts import FoundConflict, FoundSide, find_conflicts, says
from jiekun.kernel.documents import Reading
from jiekun.kernel.law import Law
from jiekun.oversight.disagreements import Listed, Pointed, SideRow, listed

from . import words
from .door import PLACE, Desk, desk_page, page


@dataclass(frozen=True)
class KnownSide:
    """One side of a listed conflict, its numbers in words."""

    clause: str
    says: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class KnownLine:
    """A listed conflict with links to what carries it out, and how its readings stand."""

    row: Listed
    sides: tuple[KnownSide, ...]
    links: tuple[tuple[Pointed, str], ...]
    # Each reading with the option in use, and whether the district chose it.
    readings: tuple[tuple[Reading, str, bool], ...]


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
    past: bool


@desk_page()
@require_safe
def conflicts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The list of known conflicts, and what comparing the rules and numbers finds."""
    law = desk.chosen.law
    here = {p.name for ps in law.parameters.values() for p in ps if p.place in law.chain(PLACE)}
    found = [_found(law, conflict, desk.on) for conflict in find_conflicts(law, PLACE)]
    alive = [line for line in found if not line.past]
    return page(
        request,
        "desk/conflicts.html",
        keep_address=True,
        known=[_known(desk, row, here) for row in listed(law, desk.on)],
        numbers=[line for line in alive if line.parameter],
        rules=[line for line in alive if not line.parameter],
        past=[line for line in found if line.past],
        alive=len(alive),
    )


def _known(desk: Desk, row: Listed, here: set[str]) -> KnownLine:
    chosen = desk.chosen.readings
    return KnownLine(
        row=row,
        sides=tuple(_known_side(desk.chosen.law, side) for side in row.sides),
        links=tuple((pointed, _link(desk, pointed, here)) for pointed in row.rests_on),
        readings=tuple(
            (reading, reading.options[chosen.get(reading.topic, reading.default)],
             reading.topic in chosen)
            for reading in row.readings
        ),
    )  # fmt: skip


def _known_side(law: Law, side: SideRow) -> KnownSide:
    numbers = []
    for number in side.numbers:
        value = words.amount(number.value, number.unit) or "还没有"
        marks = "（草案）" if number.draft else "（本区定的）" if number.confirmed else ""
        numbers.append(f"{law.places[number.place].name}“{number.label}”{value}{marks}")
    return KnownSide(side.clause, side.says, tuple(dict.fromkeys(numbers)))


def _link(desk: Desk, pointed: Pointed, here: set[str]) -> str:
    """Where a thing can be looked at; nothing for what this place does not have."""
    if pointed.kind == "reading":
        return f"{desk.url('readings')}#{pointed.name}"
    if pointed.kind == "parameter":
        return desk.url("parameter", pointed.name) if pointed.name in here else ""
    names = {u.measure.name for w in ("", "W24") for u in desk.program_under(w).measures}
    found = pointed.kind == "measure" and pointed.name in names
    return desk.url("measure", pointed.name) if found else ""


def _found(law: Law, conflict: FoundConflict, on: date) -> FoundLine:
    first, second = (_side(law, conflict, side) for side in conflict.sides)
    past = conflict.until is not None and conflict.until < on
    if second.draft:
        applied = "现在按左边；只有模拟草案时按右边，不能据以发放"
    else:
        when = f"到 {conflict.until} 为止按右边" if conflict.until else "按右边"
        applied = f"{when}：{second.place}的规定更近，先用它"
    name = conflict.name if conflict.kind == "number" else ""
    return FoundLine(conflict.label, (first, second), applied, name, past)


def _side(law: Law, conflict: FoundConflict, side: FoundSide) -> FoundSideLine:
    days = "草案，没有施行日" if side.draft else f"{side.since} 起" if side.since else "一直"
    if side.until and not side.draft:
        days += f"，到 {side.until}"
    number = side.value is not None
    return FoundSideLine(
        cites=side.cites,
        place=law.places[side.place].name,
        says=words.amount(side.value, conflict.unit) if number else says(law, conflict.name, side),
        days=days,
        written=side.source or f"{side.file}:{side.line}",
        draft=side.draft,
    )
