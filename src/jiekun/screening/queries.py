"""What the runs found, for those who may see it: every reading is limited to areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL

from jiekun.kernel.errors import nearest
from jiekun.kernel.program import Program
from jiekun.offices.chosen import as_recorded
from jiekun.offices.models import Division
from jiekun.offices.queries import within

from .models import AgeTally, AreaTally, Change, FamilySummary, Finding, Kind, Run, Tally, WaitTally

Areas = frozenset[str]

SORTS: Mapping[str, tuple[str, ...]] = {
    "-yearly": ("-yearly_unreached_fen", "household"),
    "yearly": ("yearly_unreached_fen", "household"),
    "community": ("community_code", "-yearly_unreached_fen", "household"),
    "-ask": ("-n_ask", "-yearly_unreached_fen", "household"),
}
# The worklists a family may stand on.
LISTS: Mapping[str, Q] = {
    "unreached": Q(n_unreached__gt=0),
    "ask": Q(n_ask__gt=0),
}
AREA_SUMS = ("people", "households", "unreached", "asked", "yearly_unreached_fen")
FILTERS = ("street", "community", "measure", "least", "sort")


class UnknownFilter(ValueError):
    """A filter, or its value, that does not exist: the answer is never everybody."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a worklist is narrowed to; money in fen."""

    street: str | None = None
    community: str | None = None
    measure: str | None = None
    least: int | None = None
    sort: str = "-yearly"


def latest_run(place: str, simulate: Sequence[str] = ()) -> Run | None:
    """The last finished run of a place under the law as it is, or under named drafts."""
    return (
        Run.objects.filter(place=place, simulate=sorted(set(simulate)), state=Run.State.DONE)
        .select_related("started_by")
        .order_by("-on", "-id")
        .first()
    )


def program_of(run: Run) -> Program:
    """The law a run was worked out under, with what the district had chosen by then."""
    chosen = as_recorded(run.choices)
    return chosen.program(on=run.on, place=run.place, simulate=run.simulate)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many people, and households as such, an answer or amount is open for."""

    people: int
    homes: int

    @property
    def any(self) -> bool:
        """Whether there is anybody."""
        return bool(self.people or self.homes)


def waiting(run: Run, areas: Areas, names: Collection[str]) -> dict[str, Waiting]:
    """For each of these facts or numbers, whom a run left open for want of it."""
    rows = (
        WaitTally.objects.filter(within(areas, "community_code"), run=run, leaf__in=names)
        .values("leaf")
        .annotate(sum_people=Sum("people"), sum_homes=Sum("homes"))
        .order_by("leaf")
    )
    return {row["leaf"]: Waiting(row["sum_people"], row["sum_homes"]) for row in rows}


def measures_of(run: Run) -> list[str]:
    """The measures a run says anything of."""
    return sorted(run.totals.get("measures", {}))


def _known(run: Run, measure: str | None) -> None:
    """Refuse a measure neither the law nor this run or the one before it has ever named."""
    if measure is None:
        return
    named = {written.measure.name for written in as_recorded(run.choices).law.written}
    for each in (run, run.previous):
        named |= set(each.totals.get("measures", {})) if each else set()
    if measure not in named:
        raise UnknownFilter(f"没有“{measure}”这项政策 {nearest(measure, named)}".rstrip())


# -- filters


def filters(params: Mapping[str, str], *, run: Run, areas: Areas) -> Filters:
    """Filters from a query's text. Raises UnknownFilter, naming what there is."""
    for name in params:
        if name not in FILTERS:
            raise UnknownFilter(
                f"没有“{name}”这个筛选条件 {nearest(name, FILTERS)}。可用：{'、'.join(FILTERS)}"
            )
    sort = params.get("sort", "-yearly")
    if sort not in SORTS:
        raise UnknownFilter(f"不能按“{sort}”排序，可用：{'、'.join(SORTS)}")
    measure = params.get("measure")
    if measure is not None:
        # The law is public; which of its measures anybody was found to have is not.
        known = sorted(use.measure.name for use in program_of(run).measures)
        if measure not in known:
            raise UnknownFilter(f"这次筛查没有“{measure}”这项政策，有：{'、'.join(known)}")
    return Filters(
        street=_division(params.get("street"), Division.Kind.STREET, areas),
        community=_division(params.get("community"), Division.Kind.COMMUNITY, areas),
        measure=measure,
        least=_fen(params.get("least")),
        sort=sort,
    )


def _division(code: str | None, kind: Division.Kind, areas: Areas) -> str | None:
    """A division that exists and that one may see; the answer does not tell which it lacks."""
    if code is None:
        return None
    inside = any(code.startswith(area) or area.startswith(code) for area in areas)
    if not inside or not Division.objects.filter(code=code, kind=kind).exists():
        raise UnknownFilter(f"没有代码为“{code}”的{kind.label}")
    return code


def _fen(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        yuan = Decimal(text)
    except InvalidOperation:
        raise UnknownFilter(f"最低金额应是元数，现在是“{text}”") from None
    if not yuan.is_finite() or not 0 <= yuan <= 10**9:
        raise UnknownFilter(f"最低金额应在 0 到十亿元之间，现在是“{text}”")
    return int(yuan * 100)


# -- worklists


def families(
    run: Run, areas: Areas, chosen: Filters | None = None, *, which: str = "unreached"
) -> QuerySet[FamilySummary]:
    """One row a family: the unreached, or those to ask; filtered and in order."""
    if which not in LISTS:
        raise UnknownFilter(f"没有“{which}”这个名单，可用：{'、'.join(LISTS)}")
    chosen = chosen or Filters()
    rows = run.families.filter(LISTS[which]).filter(within(areas, "community_code"))
    if chosen.street is not None:
        rows = rows.filter(street_code=chosen.street)
    if chosen.community is not None:
        rows = rows.filter(community_code=chosen.community)
    if chosen.measure is not None:
        column = "measures" if which == "unreached" else "asked_measures"
        rows = rows.filter(**{f"{column}__contains": [chosen.measure]})
    if chosen.least is not None:
        rows = rows.filter(yearly_unreached_fen__gte=chosen.least)
    return rows.order_by(*SORTS[chosen.sort])


def unreached(run: Run, areas: Areas, chosen: Filters | None = None) -> QuerySet[FamilySummary]:
    """Families entitled to something they do not receive."""
    return families(run, areas, chosen)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many families a list has, and what they would have more a year."""

    families: int
    yearly_fen: int


def counted(rows: QuerySet[FamilySummary]) -> Counted:
    """Count and sum of exactly the rows of a list."""
    found = rows.order_by().aggregate(n=Count("pk"), fen=Sum("yearly_unreached_fen"))
    return Counted(found["n"], found["fen"] or 0)


def findings(
    run: Run, areas: Areas, *, kind: Kind, measure: str | None = None, received: bool | None = None
) -> QuerySet[Finding]:
    """Findings of one kind: to review, near, possible …; by measure, then where people live."""
    _known(run, measure)
    rows = run.findings.filter(kind=kind).filter(within(areas, "community_code"))
    if measure is not None:
        _known(run, measure)
        rows = rows.filter(measure=measure)
    if received is not None:
        rows = rows.filter(received=received)
    return rows.order_by("measure", "community_code", "household", "person")


def family(run: Run, areas: Areas, household_id: int) -> list[Finding]:
    """Everything a run found of one household; nothing when it lies outside the areas."""
    rows = run.findings.filter(household=household_id).filter(within(areas, "community_code"))
    return list(rows.order_by("kind", "-yearly_fen", "measure", "person"))


def family_summary(run: Run, areas: Areas, household_id: int) -> FamilySummary | None:
    """A household's row of the worklists, if it stands on one."""
    rows = run.families.filter(household=household_id).filter(within(areas, "community_code"))
    return rows.first()


# -- counts


def by_measure(run: Run, areas: Areas) -> dict[str, dict[str, int]]:
    """For each measure: subjects of each kind, and fen a year under `<kind>_yearly_fen`."""
    rows = (
        Tally.objects.filter(run=run)
        .filter(within(areas, "community_code"))
        .values("measure", "kind")
        .annotate(count=Sum("subjects"), fen=Sum("yearly_fen"))
        .order_by("measure", "kind")
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        name = Kind(row["kind"]).name.lower()
        measure = found.setdefault(row["measure"], {})
        measure[name] = row["count"]
        if row["fen"]:
            measure[f"{name}_yearly_fen"] = row["fen"]
    return found


def by_street(
    run: Run, areas: Areas, *, measure: str | None = None, kind: Kind = Kind.UNREACHED
) -> dict[str, dict[str, int]]:
    """For each street: people, households, families open, fen a year; or one measure's subjects."""
    names: tuple[str, ...] = AREA_SUMS
    rows: Any = AreaTally.objects.filter(run=run)
    if measure is not None:
        _known(run, measure)
        names = ("subjects", "yearly_fen")
        rows = Tally.objects.filter(run=run, measure=measure, kind=kind)
    street = RawSQL("left(community_code, 9)", ())
    rows = rows.filter(within(areas, "community_code")).annotate(street=street).values("street")
    # Sums may not be called as the columns they add up.
    rows = rows.annotate(**{f"sum_{name}": Sum(name) for name in names}).order_by("street")
    return {row["street"]: {name: row[f"sum_{name}"] for name in names} for row in rows}


def by_community(run: Run, areas: Areas) -> dict[str, dict[str, int]]:
    """For each community: people, households, families open, fen a year."""
    names = AREA_SUMS
    rows = AreaTally.objects.filter(run=run).filter(within(areas, "community_code"))
    sums: Any = rows.values("community_code").annotate(
        **{f"sum_{name}": Sum(name) for name in names}
    )
    return {
        row["community_code"]: {name: row[f"sum_{name}"] for name in names}
        for row in sums.order_by("community_code")
    }


def by_age(run: Run, areas: Areas, measure: str) -> dict[int, int]:
    """People a measure is due to, by the first year of their age band."""
    rows = (
        AgeTally.objects.filter(run=run, measure=measure)
        .filter(within(areas, "community_code"))
        .values("band")
        .annotate(count=Sum("subjects"))
        .order_by("band")
    )
    return {row["band"]: row["count"] for row in rows}


def totals(run: Run, areas: Areas) -> dict[str, int]:
    """People, households, families open and fen a year inside the areas."""
    names = AREA_SUMS
    rows = AreaTally.objects.filter(run=run).filter(within(areas, "community_code"))
    found = rows.aggregate(**{f"sum_{name}": Sum(name) for name in names})
    return {name: found[f"sum_{name}"] or 0 for name in names}


# -- changes


def _moved(name: str) -> Q:
    """Whether an amount became another; two that nobody knows are no change."""
    before, after = f"before_{name}", f"after_{name}"
    nobody_knows = Q((f"{before}__isnull", True), (f"{after}__isnull", True))
    return ~Q((before, F(after))) & ~nobody_knows


DIRECTIONS: Mapping[str, Q] = {
    "in": Q(after__in=[Kind.UNREACHED, Kind.RECEIVING])
    & (Q(before__isnull=True) | ~Q(before__in=[Kind.UNREACHED, Kind.RECEIVING])),
    "out": Q(before__in=[Kind.UNREACHED, Kind.RECEIVING])
    & (Q(after__isnull=True) | ~Q(after__in=[Kind.UNREACHED, Kind.RECEIVING])),
    "amount": Q(before__in=[Kind.UNREACHED, Kind.RECEIVING])
    & Q(after__in=[Kind.UNREACHED, Kind.RECEIVING])
    & (_moved("fen") | _moved("quantity")),
    "reached": Q(before=Kind.UNREACHED, after=Kind.RECEIVING),
    "open": ~Q(before__in=[Kind.UNREACHED, Kind.RECEIVING])
    & Q(after__in=[Kind.ASK, Kind.JUDGE, Kind.UNSET]),
}


def changes(
    run: Run, areas: Areas, *, direction: str | None = None, measure: str | None = None
) -> QuerySet[Change]:
    """Where a run differs from the one before: who came in, who fell out, whose amount moved."""
    rows = run.changes.filter(within(areas, "community_code"))
    if direction is not None:
        if direction not in DIRECTIONS:
            raise UnknownFilter(f"没有“{direction}”这类变化，可用：{'、'.join(DIRECTIONS)}")
        rows = rows.filter(DIRECTIONS[direction])
    if measure is not None:
        _known(run, measure)
        rows = rows.filter(measure=measure)
    return rows.order_by("measure", "community_code", "household", "person")


def change(place: str, areas: Areas, pk: int) -> Change | None:
    """One change of any run of a place, if it is theirs to see."""
    rows = Change.objects.filter(within(areas, "community_code"), pk=pk, run__place=place)
    return rows.select_related("run__previous").first()


def change_counts(run: Run, areas: Areas) -> dict[str, dict[str, int]]:
    """For each measure: how many changes of each direction."""
    rows: Any = (
        run.changes.filter(within(areas, "community_code"))
        .values("measure")
        .annotate(**{name: Count("pk", filter=which) for name, which in DIRECTIONS.items()})
        .order_by("measure")
    )
    return {row["measure"]: {name: row[name] for name in DIRECTIONS} for row in rows}


# -- the record of runs


def people_of(runs: Iterable[Run], areas: Areas) -> dict[int, int]:
    """How many people of the areas each run has counted so far."""
    rows = (
        AreaTally.objects.filter(within(areas, "community_code"), run__in=list(runs))
        .values("run")
        .annotate(sum_people=Sum("people"))
    )
    return {row["run"]: row["sum_people"] for row in rows}


def changes_of(runs: Iterable[Run], areas: Areas) -> dict[int, int]:
    """How many lines of each run differ, in the areas, from the run before it."""
    rows = (
        Change.objects.filter(within(areas, "community_code"), run__in=list(runs))
        .values("run")
        .annotate(many=Count("pk"))
    )
    return {row["run"]: row["many"] for row in rows}


def seconds_so_far(run: Run) -> dict[str, float]:
    """Seconds by stage of the chunks that are done."""
    found: Counter[str] = Counter()
    for seconds in run.chunks.filter(done=True).values_list("seconds", flat=True):
        found.update(seconds)
    return dict(found)
