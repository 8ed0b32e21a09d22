"""A street or community at a glance: who is in hardship, what does not reach them, what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from jiekun.offices.models import Division
from jiekun.registry.queries import ages, recognised_by_area
from jiekun.screening import queries as screened
from jiekun.screening.models import Run

from . import charts
from .door import PLACE, Desk, desk_page, one_of, page
from .overview import categories, changed_since, measure_bars

SHADES = {"unreached": "每千人里没到位的家庭", "hardship": "每千人里的困难认定（人次）"}
# The first year of each band, as people speak of them.
BANDS = {0: "0–6 岁", 7: "7–17 岁", 18: "18–44 岁", 45: "45–59 岁", 60: "60–69 岁",
         70: "70–79 岁", 80: "80 岁以上"}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One community of a street, behind its tile."""

    division: Division
    counts: dict[str, int]
    hardship: int

    @property
    def rates(self) -> dict[str, float]:
        people = max(1, self.counts.get("people", 0))
        unreached = self.counts.get("unreached", 0)
        return {"unreached": 1000 * unreached / people, "hardship": 1000 * self.hardship / people}


@desk_page("shade")
@require_safe
def place(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """One street or community; the district's own page is the overview."""
    shade = one_of(request, "shade", SHADES) or "unreached"
    found = _find(desk, code)
    if found.kind == Division.Kind.DISTRICT:
        return HttpResponseRedirect(desk.url("front"))
    now = desk.places.current(found)
    if now.code != code:
        return HttpResponseRedirect(desk.url("place", now.code))
    run = desk.run()
    if run is None:
        return page(request, "desk/unscreened.html", keep_address=True)
    shown = _shown(desk, found, run, shade)
    return page(request, "desk/place.html", keep_address=True, **shown)


def _shown(desk: Desk, found: Division, run: Run, shade: str) -> dict[str, Any]:
    """Everything the page of a street or community shows."""
    areas = desk.places.covering(frozenset({found.code}))
    measures = screened.by_measure(run, areas)
    counts, held = screened.by_community(run, areas), recognised_by_area(areas, desk.on)
    street = found.kind == Division.Kind.STREET
    rows = _communities(desk, found, counts, held) if street else []
    tiles = _tiles(desk, rows, shade)
    # Counted person by person: a community's few thousand at once, a street's sixty thousand not.
    living = {} if street else ages(areas, desk.on, tuple(BANDS))
    narrow = {"street" if street else "community": found.code}
    return {
        "place": found,
        "street": street,
        "up": _up(desk, found),
        "unreached": desk.url("unreached", **narrow),
        "ask": desk.url("unreached", list="ask", **narrow),
        "run": run,
        "totals": _totals(counts),
        "review": sum(n.get("review", 0) for n in measures.values()),
        "near": sum(n.get("near", 0) for n in measures.values()),
        "categories": categories(desk, _by_category(held)),
        "bars": measure_bars(desk, measures, **narrow),
        "changed": changed_since(desk, run, areas),
        "tiles": tiles,
        "tiles_height": max((tile.y for tile in tiles), default=0) + charts.TILE_HEIGHT + 6,
        "rows": sorted(rows, key=lambda row: -row.rates[shade]),
        "shade": shade,
        "shades": SHADES,
        "shaded": SHADES[shade],
        "ages": charts.bars([(BANDS[band], n, f"{n:,} 人", "") for band, n in living.items()]),
    }


def _totals(counts: Mapping[str, Mapping[str, int]]) -> Counter[str]:
    """Of all communities together."""
    totals: Counter[str] = Counter(dict.fromkeys(screened.AREA_SUMS, 0))
    for there in counts.values():
        totals.update(there)
    return totals


def _tiles(desk: Desk, rows: list[Row], shade: str) -> list[charts.Tile]:
    return charts.tiles([
        (row.division.code, row.division.name, row.rates[shade],
         desk.url("place", row.division.code))
        for row in rows
    ])  # fmt: skip


def _find(desk: Desk, code: str) -> Division:
    """A place this officer's posts reach; for anybody else there is none."""
    found = Division.objects.select_related("parent").filter(pk=code, pk__startswith=PLACE).first()
    if found is None or not code.startswith(tuple(desk.areas)):
        raise Http404
    return found


def _up(desk: Desk, found: Division) -> str:
    """The address of the place above, for whoever may see all of it."""
    above = found.parent_id or ""
    return desk.url("place", above) if above.startswith(tuple(desk.areas)) else ""


Held = Mapping[tuple[str, str], tuple[int, int]]


def _by_category(held: Held) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for (category, _), (homes, people) in held.items():
        before = found.get(category, (0, 0))
        found[category] = before[0] + homes, before[1] + people
    return found


def _communities(
    desk: Desk, street: Division, counts: Mapping[str, Mapping[str, int]], held: Held
) -> list[Row]:
    """The communities of a street today; what was merged counts where it went."""
    inside = {d.code: d for d in Division.objects.filter(code__startswith=street.code)}
    sums: dict[str, Counter[str]] = {}
    hardship: Counter[str] = Counter()
    for code, found in counts.items():
        sums.setdefault(_now(desk, inside, code), Counter()).update(found)
    for (_, code), (_, people) in held.items():
        hardship[_now(desk, inside, code)] += people
    here = [d for d in inside.values() if d.kind == Division.Kind.COMMUNITY and d.until is None]
    return [Row(d, dict(sums.get(d.code, {})), hardship[d.code]) for d in here]


def _now(desk: Desk, inside: dict[str, Division], code: str) -> str:
    return desk.places.current(inside[code]).code if code in inside else code
