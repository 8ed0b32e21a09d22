"""The numbers the law uses: what each is now, where from, and what a missing one holds up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiekun.kernel.documents import DatedValue, Parameter
from jiekun.kernel.language import Measure
from jiekun.kernel.program import Program
from jiekun.kernel.standing_on import measures_on
from jiekun.kernel.words import unit_words
from jiekun.offices.choices import ParameterChoice, State
from jiekun.screening.models import Run
from jiekun.screening.queries import Waiting, latest_run, waiting

from . import words
from .choices import outdated
from .door import LAWS, PLACE, Desk, desk_page, one_of, page

DRAFT = "W24"
FAVOURABLE = {"up": "越高对群众越有利", "down": "越低对群众越有利", "none": ""}
SHOW = {"missing": "缺数", "waiting": "待确认", "set": "本区定的", "draft": "只在草案里用"}


@dataclass(frozen=True)
class Row:
    """One number as it stands on the day."""

    parameter: Parameter
    place: str
    dated: DatedValue | None
    value: str
    # Whether a law in force, and then whether only the draft, stands on it.
    used: bool
    drafted: bool
    measures: tuple[Measure, ...]
    waits: Waiting
    proposals: int

    @property
    def missing(self) -> bool:
        return (self.used or self.drafted) and not self.value

    @property
    def favourable(self) -> str:
        return FAVOURABLE[self.parameter.favourable]

    @property
    def order(self) -> tuple[bool, bool, bool, int, bool, str]:
        """What waits for this office first, then what holds up most people."""
        held_up = self.waits.people + self.waits.homes
        return (
            not self.proposals, not self.missing, not self.used, -held_up,
            not self.measures, self.parameter.label,
        )  # fmt: skip


@desk_page("show")
@require_safe
def parameters(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every number of the law here, those that hold something up first."""
    show = one_of(request, "show", SHOW)
    run = desk.run()
    rows = sorted(every_row(desk, run), key=lambda row: row.order)
    counts = Counter(kind for row in rows for kind in _kinds(row))
    return page(
        request,
        "desk/parameters.html",
        keep_address=True,
        rows=[row for row in rows if not show or show in _kinds(row)],
        show=show,
        shows=[(slug, label, counts[slug]) for slug, label in SHOW.items()],
        total=len(rows),
        missing=sum(row.missing and row.used for row in rows),
        run=run,
        outdated=outdated(desk, run),
    )


def _kinds(row: Row) -> list[str]:
    found = {
        "missing": row.missing,
        "waiting": bool(row.proposals),
        "set": bool(row.dated and row.dated.confirmed),
        "draft": row.drafted and not row.used,
    }
    return [kind for kind, true in found.items() if true]


def every_row(desk: Desk, run: Run | None, only: str = "") -> list[Row]:
    """The numbers of this place and those above it; or one of them."""
    law = desk.chosen.law
    chain = law.chain(PLACE)
    here = {
        name: max(found, key=lambda p: chain.index(p.place))
        for name, there in law.parameters.items()
        if (not only or name == only) and (found := [p for p in there if p.place in chain])
    }
    now, draft = measures_on(desk.program), measures_on(desk.program_under(DRAFT))
    held = _held_up(desk, run, set(here))
    waits = ParameterChoice.objects.filter(place=PLACE, state=State.PROPOSED)
    proposed = Counter(waits.values_list("name", flat=True))
    rows = []
    for name, parameter in here.items():
        dated = _now(desk, name, parameter, used=name in now)
        value = None if dated is None else dated.value
        rows.append(
            Row(
                parameter=parameter,
                place=law.places[parameter.place].name,
                dated=dated,
                value=words.amount(value, parameter.unit),
                used=name in now,
                drafted=name in draft,
                measures=tuple(u.measure for u in now.get(name) or draft.get(name) or ()),
                waits=held.get(name, Waiting(0, 0)),
                proposals=proposed[name],
            )
        )
    return rows


def _now(desk: Desk, name: str, parameter: Parameter, *, used: bool) -> DatedValue | None:
    """The value of the day; under the draft where only the draft has one."""
    program: Program = desk.program if used else desk.program_under(DRAFT)
    if name in program.parameters:
        return program.parameters[name].dated
    return parameter.on(desk.on, desk.simulate)


def _held_up(desk: Desk, run: Run | None, names: set[str]) -> dict[str, Waiting]:
    """Whom each missing number holds up, in the law's last run and then in the draft's."""
    found: dict[str, Waiting] = {}
    drafted = latest_run(PLACE, LAWS[DRAFT]) if not desk.law else None
    for each in (drafted, run):
        if each is not None and desk.sees_families:
            found |= waiting(each, desk.areas, names)
    return found


def unit_of(parameter: Parameter) -> str:
    """The unit in words, as forms and pages say it."""
    return unit_words(parameter.unit) or {"ratio": "比例，三成写 0.3"}.get(parameter.unit, "")
