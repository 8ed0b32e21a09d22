"""The households behind a simulation's figures, and two simulations side by side."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiekun.offices.models import Division
from jiekun.offices.queries import within
from jiekun.registry.models import Household
from jiekun.screening.models import Simulation
from jiekun.screening.simulation.homes import CATEGORIES, TYPES
from jiekun.screening.touched import FILTERS, OUTCOMES, Touched

from . import labels, words
from .door import BadQuery, Desk, desk_page, page, whole_number
from .paging import rows_a_page
from .reform_result import TABLES, difference, find, signed
from .reforms import State, touched_homes, whole
from .unreached import Chip

A_PAGE = 50
TONES = {"gain": "give", "lose": "stop", "undetermined": "ask", "same": "plain"}


@dataclass(frozen=True)
class Row:
    """One household as it is shown."""

    touched: Touched
    household: Household | None
    place: str
    outcome: str
    tone: str
    difference: str
    told: str


@desk_page(*FILTERS, "page")
@require_safe
def rows(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Households a change touches, those it moves most first."""
    simulation = find(pk)
    if simulation.state != State.DONE:
        raise BadQuery("这次试算还没有结果。")
    chosen = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    found = touched_homes(desk, simulation, chosen)
    rows_here = rows_a_page(request, A_PAGE)
    last = max(1, -(-found.many // rows_here))
    number = whole_number(request, "page", 1, 1, last)
    shown = found.rows((number - 1) * rows_here, rows_here)
    return page(
        request,
        "desk/reform_rows.html",
        keep_address=True,
        simulation=simulation,
        found=found,
        net=signed(found.gain - found.loss),
        outcomes=[(key, label, found.counts[key]) for key, label in OUTCOMES.items()],
        chosen=chosen,
        chips=_chips(desk, simulation, chosen),
        rows=_rows(desk, shown),
        number=number,
        last=last,
    )


def _rows(desk: Desk, shown: list[Touched]) -> list[Row]:
    # Who moved out of the areas since the snapshot is counted there, and not named.
    inside = Household.objects.filter(within(desk.areas, "community__code"))
    homes = inside.in_bulk([row.household_id for row in shown])
    codes = {row.community_code for row in shown}
    places = {d.code: d for d in Division.objects.filter(code__in=codes).select_related("parent")}
    return [_row(desk, row, homes.get(row.household_id), places) for row in shown]


def _row(desk: Desk, row: Touched, home: Household | None, places: dict[str, Division]) -> Row:
    division = places.get(row.community_code)
    place = desk.place(division) if division else ""
    told = [f"新得：{_named(desk, row.gained)}"] * bool(row.gained)
    told += [f"不再有：{_named(desk, row.lost)}"] * bool(row.lost)
    if row.outcome == "undetermined":
        told.append("还缺：" + words.joined([labels.leaf(desk.program, w) for w in row.waits]))
    moved = row.difference
    return Row(
        row, home, place, OUTCOMES[row.outcome], TONES[row.outcome],
        "定不下来" if moved is None else f"{signed(moved) or '0'} 元",
        "；".join(told) or "项目没变，数额变了",
    )  # fmt: skip


def _named(desk: Desk, names: tuple[str, ...]) -> str:
    return "、".join(labels.measure(desk.program, name) for name in names)


def _chips(desk: Desk, simulation: Simulation, chosen: dict[str, str]) -> list[Chip]:
    def said(name: str, value: str) -> str:
        match name:
            case "outcome":
                return OUTCOMES[value]
            case "street":
                place = Division.objects.filter(code=value).first()
                return place.name if place else value
            case "category":
                return next(c.label for c in CATEGORIES if c.key == value)
            case "type":
                return next(t.label for t in TYPES if t.key == value)
            case "decile":
                return f"收入第 {value} 等" if value.isdecimal() else "收入不清"
        return labels.measure(desk.program, value)

    return [
        Chip(said(name, value), desk.url("reform-rows", simulation.pk, **{**chosen, name: ""}))
        for name, value in chosen.items()
    ]


@desk_page("a", "b")
@require_safe
def compare(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Two changes side by side."""
    if not whole(desk):
        raise BadQuery("两份改动的比较是全区的数字，由区里看；您可以看每份改动在本辖区的名单。")
    a, b = (find(whole_number(request, word, 0, 0, 10**12)) for word in ("a", "b"))
    for each in (a, b):
        if each.state != State.DONE:
            raise BadQuery(f"“{each.label}”还没有结果，不能比。")
    return page(
        request,
        "desk/reform_compare.html",
        keep_address=True,
        a=a,
        b=b,
        same_people=a.snapshot_id == b.snapshot_id,
        heads=[_head(each) for each in (a, b)],
        measures=_measure_pairs(a, b),
        tables=[
            (title, word, _pairs(desk, a, b, key))
            for key, title, word in (("street", "按街道", "street"), *TABLES)
        ],
    )


def _head(simulation: Simulation) -> dict[str, object]:
    total = simulation.totals["total"]
    return {
        "simulation": simulation,
        "total": total,
        "difference": signed(difference(total)) or "0",
        "poverty": simulation.totals["poverty"],
    }


def _measure_pairs(a: Simulation, b: Simulation) -> list[tuple[str, str, int, int]]:
    """Measures either change moves: name, label, fen a year more under each."""
    found: dict[str, tuple[str, list[int]]] = {}
    for at, each in enumerate((a, b)):
        for line in each.totals["measures"]:
            _, moved = found.setdefault(line["name"], (line["label"], [0, 0]))
            moved[at] = line["yearly"][1] - line["yearly"][0]
    rows = [(name, label, x, y) for name, (label, (x, y)) in found.items() if x or y]
    return sorted(rows, key=lambda row: -max(abs(row[2]), abs(row[3])))


def _pairs(desk: Desk, a: Simulation, b: Simulation, key: str) -> list[dict[str, object]]:
    names = {d.code: d.name for d in Division.objects.filter(kind=Division.Kind.STREET)}
    rows: dict[str, dict[str, object]] = {}
    # What only one of them has is shown too, or the lines would not add up.
    for side, each in (("a", a), ("b", b)):
        for line in each.totals["tables"][key]:
            label = names.get(line["key"], line["label"])
            row = rows.setdefault(line["key"], {"key": line["key"], "label": label, "a": 0, "b": 0})
            row[side] = difference(line)
    return list(rows.values())
