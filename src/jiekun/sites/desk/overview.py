"""The overview: who is in hardship, what has not reached them, where, and what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiekun.offices.models import Division
from jiekun.offices.queries import streets
from jiekun.registry.models import Feed
from jiekun.registry.queries import recognised
from jiekun.screening import queries as screened
from jiekun.screening.changes import why_changed
from jiekun.screening.models import Change, Kind, Run

from . import charts, labels, words
from .door import LAWS, PLACE, BadQuery, Desk, desk_page, named, one_of, page, whole_number
from .moved import still_here
from .paging import rows_a_page

MOST_BARS = 12
A_PAGE = 50
DIRECTIONS = {
    "in": "新符合",
    "out": "不再符合",
    "amount": "金额变了",
    "reached": "已到位",
    "open": "新出现疑问",
}


@dataclass(frozen=True)
class Category:
    """People offices have recognised as being in hardship."""

    slug: str
    label: str
    homes: int
    people: int


@dataclass(frozen=True)
class Changed:
    """One measure since the last run."""

    measure: str
    label: str
    counts: tuple[tuple[str, str, int], ...]


@desk_page()
@require_safe
def front(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The overview; for departments, what there is for them."""
    if not desk.sees_families:
        return page(request, "desk/department.html", keep_address=True)
    run = desk.run()
    if run is None:
        return page(request, "desk/unscreened.html", keep_address=True)
    measures = screened.by_measure(run, desk.areas)
    other = screened.latest_run(PLACE, () if desk.law else LAWS["W24"])
    tiles, places, totals = _places(desk, run)
    return page(
        request,
        "desk/overview.html",
        keep_address=True,
        run=run,
        totals=totals,
        other=screened.totals(other, desk.areas) if other else None,
        categories=categories(desk, recognised(desk.areas, desk.on)),
        review=sum(found.get("review", 0) for found in measures.values()),
        near=sum(found.get("near", 0) for found in measures.values()),
        bars=measure_bars(desk, measures),
        measures=_measure_rows(desk, measures),
        tiles=tiles,
        tiles_height=max((tile.y for tile in tiles), default=0) + charts.TILE_HEIGHT + 6,
        places=places,
        changed=changed_since(desk, run, desk.areas),
        feeds=Feed.objects.order_by("as_of").first(),
    )


def categories(desk: Desk, found: Mapping[str, tuple[int, int]]) -> list[Category]:
    """Households and people by category, as rows, most people first."""
    return [
        Category(slug, labels.measure(desk.program, slug), homes, people)
        for slug, (homes, people) in sorted(found.items(), key=lambda item: -item[1][1])
    ]


@dataclass(frozen=True)
class Place:
    """One street or community, as a row of the table behind the tiles."""

    name: str
    link: str
    rate: float
    counts: dict[str, int]


def _places(desk: Desk, run: Run) -> tuple[list[charts.Tile], list[Place], Counter[str]]:
    """The streets as they lie, or the communities of less than a district; and all of it."""
    if desk.scope == "全区":
        counts, divisions = screened.by_street(run, desk.areas), streets(PLACE)
    else:
        counts = screened.by_community(run, desk.areas)
        divisions = Division.objects.filter(code__in=counts)
    shown, rows = [], []
    for division in divisions:
        found = counts.get(division.code)
        link = desk.url("place", division.code) if found else ""
        rate = 1000 * found["unreached"] / max(1, found["people"]) if found else None
        shown.append((division.code, division.name, rate, link))
        if found:
            rows.append(Place(division.name, link, rate or 0.0, found))
    rows.sort(key=lambda row: -row.rate)
    totals: Counter[str] = Counter()
    for found in counts.values():
        totals.update(found)
    return charts.tiles(shown), rows, totals


@dataclass(frozen=True)
class Standing:
    """One measure's counts, as a row."""

    name: str
    label: str
    counts: dict[str, int]

    @property
    def order(self) -> tuple[int, int]:
        counts = self.counts
        return -counts.get("unreached_yearly_fen", 0), -counts.get("unreached", 0)


def _measure_rows(desk: Desk, measures: dict[str, dict[str, int]]) -> list[Standing]:
    blank = dict.fromkeys(
        ("unreached", "unreached_yearly_fen", "ask", "receiving", "near", "review"), 0
    )
    rows = [
        Standing(name, labels.measure(desk.program, name), blank | found)
        for name, found in measures.items()
        if any(found.get(kind) for kind in ("unreached", "ask", "receiving", "review"))
    ]
    return sorted(rows, key=lambda row: row.order)


def measure_bars(desk: Desk, measures: dict[str, dict[str, int]], **narrow: str) -> charts.Bars:
    """What does not reach people, each bar a link to its list, narrowed to a place."""
    uses = {use.measure.name: use.measure for use in desk.program.measures}
    rows = []
    for name, found in measures.items():
        many = found.get("unreached", 0)
        if many:
            unit = "户" if name in uses and uses[name].to == "household" else "人"
            worth = found.get("unreached_yearly_fen", 0)
            told = f"{many:,} {unit}" + (f" · {words.yuan(worth)} 元/年" if worth else "")
            link = desk.url("unreached", measure=name, **narrow)
            rows.append((labels.measure(desk.program, name), many, told, link))
    return charts.bars(sorted(rows, key=lambda row: -row[1])[:MOST_BARS])


def changed_since(desk: Desk, run: Run, areas: screened.Areas) -> list[Changed]:
    """What a run found otherwise than the one before, by measure."""
    if run.previous_id is None:
        return []
    return [
        Changed(
            name,
            labels.measure(desk.program, name),
            tuple((key, DIRECTIONS[key], many) for key, many in counts.items() if many),
        )
        for name, counts in screened.change_counts(run, areas).items()
        if any(counts.values())
    ]


def _asked_run(request: HttpRequest, desk: Desk) -> Run | None:
    """The run asked for, which must be of the law chosen; else the last."""
    number = whole_number(request, "run", 0, 1, 10**12)
    if not number:
        return desk.run()
    run = Run.objects.filter(pk=number, place=PLACE, simulate=sorted(desk.simulate)).first()
    if run is None:
        raise BadQuery(f"没有第 {number} 次筛查，或者它不是按这套政策做的；看运行记录里有哪些。")
    return run


@desk_page("direction", "measure", "run", "place", "page")
@require_safe
def changes(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who came in and who fell out since the last run, or from one before to the next."""
    run = _asked_run(request, desk)
    if run is None:
        return page(request, "desk/unscreened.html", keep_address=True)
    direction = one_of(request, "direction", DIRECTIONS)
    measure = request.GET.get("measure") or None
    place = request.GET.get("place", "")
    rows = screened.changes(run, desk.within(place), direction=direction or None, measure=measure)
    rows, left = still_here(desk, rows.select_related("household", "person"))
    pages = Paginator(rows, rows_a_page(request, A_PAGE))
    here = pages.page(whole_number(request, "page", 1, 1, max(1, pages.num_pages)))
    places = Division.objects.in_bulk({change.community_code for change in here})
    return page(
        request,
        "desk/changes.html",
        keep_address=True,
        run=run,
        pages=here,
        left=left,
        direction=DIRECTIONS.get(direction, "所有变化"),
        directions=DIRECTIONS,
        chosen=direction,
        asked=request.GET.get("run", ""),
        place=place,
        place_name=named(place),
        narrowed=measure or "",
        measure=labels.measure(desk.program, measure) if measure else "",
        rows=[_change_row(desk, change, places.get(change.community_code)) for change in here],
    )


def _change_row(desk: Desk, change: Change, place: Division | None) -> dict[str, object]:
    return {
        "change": change,
        "who": desk.masks.whose(change.person_id, change.person),
        "place": desk.places.name(place) if place else "",
        "measure": labels.measure(desk.program, change.measure),
        "before": Kind(change.before).label if change.before else "不符合",
        "after": Kind(change.after).label if change.after else "不符合",
        "quantities": tuple(
            words.amount(many, labels.unit(desk.program, change.measure))
            for many in (change.before_quantity, change.after_quantity)
        ),
    }


@desk_page()
@require_safe
def why_change(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Why one line of the changes is there: asked for only when it is opened."""
    change = screened.change(PLACE, desk.areas, pk)
    if change is None:
        raise Http404
    why = why_changed(change)
    reasons = [(reason, desk.masks.name(reason.who)) for reason in why.reasons]
    context = {"desk": desk, "reasons": reasons, "failing": why.failing}
    return render(request, "desk/why_change.html", context)
