"""The worklist of what has not reached people: filter, sort, page, print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jiekun.offices.models import Division
from jiekun.offices.queries import within
from jiekun.registry import actions as registry
from jiekun.registry.looking import MOST_PRINTED
from jiekun.registry.models import Receipt
from jiekun.registry.queries import last_contacts
from jiekun.screening import queries as screened
from jiekun.screening.models import FamilySummary, Finding, Kind, Run

from . import labels, words
from .door import BadQuery, Desk, desk_page, moment, named, one_of, page, whole_number
from .looking import watermark
from .moved import still_here
from .paging import rows_a_page

A_PAGE = 50
LISTS = {"unreached": "应享未享", "ask": "可能享受，还差事实"}
SORTS = {
    "-yearly": "金额从高到低",
    "yearly": "金额从低到高",
    "community": "按社区",
    "-ask": "待问最多",
}
KINDS = {
    "unreached": Kind.UNREACHED,
    "receiving": Kind.RECEIVING,
    "ask": Kind.ASK,
    "judge": Kind.JUDGE,
    "unset": Kind.UNSET,
    "near": Kind.NEAR,
    "review": Kind.REVIEW,
}


@dataclass(frozen=True)
class Row:
    """One family on the list."""

    household_id: int
    name: str
    place: str
    address: str
    measures: str
    yearly: int
    missing: str
    contact: date | None


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    without: str


# Whose receipt of which measure, in fen: a person's number, or a household's below zero.
Paid = tuple[str, int, int | None]
_WORDS = ("list", "page", *screened.FILTERS)


def _asked(
    request: HttpRequest, desk: Desk, run: Run
) -> tuple[str, dict[str, str], screened.Filters]:
    """Which list, and its filters, strictly."""
    which = one_of(request, "list", LISTS) or "unreached"
    chosen = {k: request.GET[k] for k in screened.FILTERS if request.GET.get(k)}
    return which, chosen, screened.filters(chosen, run=run, areas=desk.areas)


@desk_page(*_WORDS)
@require_safe
def unreached(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The worklist page."""
    run = desk.run()
    if run is None:
        return page(request, "desk/unscreened.html", keep_address=True)
    which, chosen, filters = _asked(request, desk, run)
    rows, left = still_here(desk, screened.families(run, desk.areas, filters, which=which))
    counted = screened.counted(rows)
    rows_here = rows_a_page(request, A_PAGE)
    last = max(1, -(-counted.families // rows_here))
    number = whole_number(request, "page", 1, 1, last)
    start = (number - 1) * rows_here
    found = list(rows.select_related("household")[start : start + rows_here])
    places = _places(desk)
    return page(
        request,
        "desk/unreached.html",
        keep_address=True,
        run=run,
        stale=(desk.on - run.on).days > 31,
        which=which,
        lists=LISTS,
        counted=counted,
        left=left,
        rows=_rows(desk, found, places, which),
        number=number,
        last=last,
        chosen=chosen,
        chips=_chips(desk, which, chosen, places),
        streets=[d for d in places.values() if d.kind == Division.Kind.STREET],
        communities=_communities(places, chosen),
        measures=_offered(run, desk),
        sorts=SORTS,
        takes_for=desk.takes_for,
        most_printed=MOST_PRINTED,
    )


def _offered(run: Run, desk: Desk) -> list[tuple[str, str]]:
    """Measures somebody here waits for, by what they are called; those that come by themselves
    are on no list."""
    counts = screened.by_measure(run, desk.areas)
    waited = [name for name, found in counts.items() if {"unreached", "ask"} & found.keys()]
    named = [(name, labels.measure(desk.program, name)) for name in waited]
    # This encoding has the common characters in the order of their sounds.
    return sorted(named, key=lambda one: one[1].encode("gb18030"))


def _places(desk: Desk) -> dict[str, Division]:
    """Streets and communities one may see, and the streets those lie in."""
    inside = Division.objects.filter(within(desk.areas)).select_related("parent")
    return {division.code: division for division in inside}


def _communities(places: dict[str, Division], chosen: dict[str, str]) -> list[Division]:
    """The communities of one street: of all 142 nobody wants to choose."""
    street = chosen.get("street") or chosen.get("community", "")[:9]
    found = [d for d in places.values() if d.kind == Division.Kind.COMMUNITY]
    if not street and len({d.parent_id for d in found}) > 1:
        return []
    return [d for d in found if d.code.startswith(street)]


def _rows(
    desk: Desk, found: Sequence[FamilySummary], places: dict[str, Division], which: str
) -> list[Row]:
    # A list row always has its household's number; only the database may hold none.
    ids = [row.household_id or 0 for row in found]
    contacts = last_contacts(ids)
    return [
        Row(
            household_id=home,
            name=row.name or "（已不在册）",
            place=_place(desk, places.get(row.community_code)),
            address=desk.masks.address(row.household.address) if row.household else "",
            measures=_named(desk, row.measures if which == "unreached" else row.asked_measures),
            yearly=row.yearly_unreached_fen,
            missing=words.joined([labels.leaf(desk.program, name) for name in row.missing], 2),
            contact=contacts.get(home),
        )
        for home, row in zip(ids, found, strict=True)
    ]


def _place(desk: Desk, division: Division | None) -> str:
    return desk.place(division) if division else ""


def _named(desk: Desk, names: Iterable[str]) -> str:
    return "、".join(labels.measure(desk.program, name) for name in names)


def _chips(
    desk: Desk, which: str, chosen: dict[str, str], places: dict[str, Division]
) -> list[Chip]:
    kept = {"list": "" if which == "unreached" else which, **chosen}
    return [
        Chip(_said(desk, name, value, places), desk.url("unreached", **{**kept, name: ""}))
        for name, value in chosen.items()
    ]


def _said(desk: Desk, name: str, value: str, places: dict[str, Division]) -> str:
    """A filter as people say it."""
    if name == "measure":
        return labels.measure(desk.program, value)
    if name == "least":
        return f"一年不少于 {value} 元"
    if name == "sort":
        return SORTS[value]
    # A street is no place of an officer who sees one community in it, and has a name all the same.
    return places[value].name if value in places else named(value)


@desk_page("list", *screened.FILTERS)
@never_cache
@require_POST
def print_picked(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The families picked on the list, or all of it, for paper: masked, marked, written down."""
    run = desk.run()
    if run is None:
        raise BadQuery("还没有筛查过，没有名单可以打印。")
    which, chosen, filters = _asked(request, desk, run)
    listed, _ = still_here(desk, screened.families(run, desk.areas, filters, which=which))
    rows, missing = _ticked(request, listed)
    found = list(rows.select_related("household")[: MOST_PRINTED + 1])
    purpose = request.POST.get("purpose", "")
    try:
        registry.take_away(
            kind="unreached", households=[row.household_id or 0 for row in found],
            rows=rows.count(), purpose=purpose, note=request.POST.get("note", ""),
            filters={"list": which, **chosen}, printed=True, by=desk.officer, at=moment(),
        )  # fmt: skip
    except registry.RefusedError as refused:
        raise BadQuery(f"{refused}。") from refused
    places = _places(desk)
    return page(
        request,
        "desk/picked.html",
        run=run,
        which=which,
        chips=_chips(desk, which, chosen, places),
        rows=_rows(desk, found, places, which),
        missing=missing,
        back=desk.url("unreached", list="" if which == "unreached" else which, **chosen),
        watermark=watermark(desk, purpose),
    )


def _ticked(
    request: HttpRequest, listed: QuerySet[FamilySummary]
) -> tuple[QuerySet[FamilySummary], int]:
    """What of a list is to be printed, and how many picked are on it no more. Raises BadQuery."""
    if request.POST.get("all"):
        return listed, 0
    picked = set(_picked(request))
    rows = listed.filter(household__in=picked)
    there = rows.count()
    if not there:
        raise BadQuery("选中的家庭现在都不在这份名单上，名单可能刚更新过。请回到名单重新选。")
    return rows, len(picked) - there


def _picked(request: HttpRequest) -> list[int]:
    """The households whose boxes are ticked. Raises BadQuery."""
    texts = request.POST.getlist("household")
    if not texts:
        raise BadQuery("还没有选哪一户。请回到名单，在行首打勾，或者选“全部”。")
    if not all(text.isascii() and text.isdigit() and len(text) <= 18 for text in texts):
        raise BadQuery("选中的行看不懂，请回到名单重新选。")
    return [int(text) for text in texts]


@desk_page("kind", "measure", "place", "page")
@require_safe
def findings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The rows behind one number: findings of one kind."""
    run = desk.run()
    if run is None:
        return page(request, "desk/unscreened.html", keep_address=True)
    kind = one_of(request, "kind", {slug: str(k.label) for slug, k in KINDS.items()}) or "review"
    measure = request.GET.get("measure") or None
    place = request.GET.get("place", "")
    rows = screened.findings(run, desk.within(place), kind=KINDS[kind], measure=measure)
    rows, left = still_here(desk, rows.select_related("household", "person"))
    pages = Paginator(rows, rows_a_page(request, A_PAGE))
    here = pages.page(whole_number(request, "page", 1, 1, max(1, pages.num_pages)))
    places, paid = _places(desk), _paid_in(run, list(here))
    return page(
        request,
        "desk/findings.html",
        keep_address=True,
        run=run,
        kind=kind,
        kinds={slug: k.label for slug, k in KINDS.items()},
        title=KINDS[kind].label,
        measure=labels.measure(desk.program, measure) if measure else "",
        measure_name=measure or "",
        place=place,
        place_name=named(place),
        pages=here,
        left=left,
        rows=[_finding_row(desk, finding, places, paid) for finding in here],
    )


def _paid_in(run: Run, found: Sequence[Finding]) -> dict[Paid, str]:
    """The unit of each receipt behind these findings; a receipt follows whoever moved."""
    rows = Receipt.objects.filter(
        Q(household__in={f.household_id for f in found})
        | Q(person__in={f.person_id for f in found} - {None}),
        measure__in={f.measure for f in found},
        since__lte=run.on,
    ).order_by("since", "id")
    return {(r.measure, r.person_id or -r.household_id, r.amount_fen): r.unit for r in rows}


def _finding_row(
    desk: Desk, finding: Finding, places: dict[str, Division], paid: dict[Paid, str]
) -> dict[str, object]:
    return {
        "household": finding.household,
        "who": desk.masks.whose(finding.person_id, finding.person),
        "measure": labels.measure(desk.program, finding.measure),
        "place": _place(desk, places.get(finding.community_code)),
        "amount": _amount(finding, paid),
        "told": _told(desk, finding),
    }


def _amount(finding: Finding, paid: dict[Paid, str]) -> str:
    if finding.amount_fen is not None:
        return words.amount(Decimal(finding.amount_fen) / 100, finding.unit)
    if finding.quantity is not None:
        return words.amount(finding.quantity, finding.unit)
    if finding.received_fen is not None:
        received = Decimal(finding.received_fen) / 100
        subject = finding.person_id or -(finding.household_id or 0)
        unit = paid.get((finding.measure, subject, finding.received_fen), "yuan")
        return f"在领 {words.amount(received, unit)}"
    return ""


def _told(desk: Desk, finding: Finding) -> str:
    """What is missing, or by how much it falls short."""
    if finding.missing:
        names = [labels.leaf(desk.program, name) for name in finding.missing]
        return "缺：" + words.joined(names)
    if finding.condition:
        label = labels.leaf(desk.program, finding.condition)
        gap = Decimal(finding.gap or 0) / (100 if "yuan" in finding.unit else 1)
        return f"差 {words.amount(gap, finding.unit)}：{label}"
    return ""
