"""Today: what waits for this officer, how long already, and where to go about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import CharField, Count, Exists, Min, OuterRef, Q, Value
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from jiekun.exchange.models import Import
from jiekun.exchange.steps import IMPORTING_ROLES, reaches
from jiekun.offices.choices import State
from jiekun.offices.models import ParameterChoice, ReadingChoice
from jiekun.offices.steps import move
from jiekun.registry.alike import pairs_in
from jiekun.registry.duplicates import Candidate
from jiekun.registry.lingering import lingering
from jiekun.registry.models import Receipt
from jiekun.screening import queries as screened
from jiekun.screening.models import Run

from . import labels
from .door import DECIDING_ROLES, PLACE, Desk, desk_page, page, whole_number
from .paging import rows_a_page
from .pairs import to_confirm
from .saved import every_kept
from .sessions import sign_ins

A_PAGE = 50


@dataclass(frozen=True)
class Item:
    """One kind of thing that waits: how many, since when, and the list of them."""

    what: str
    many: int
    unit: str
    url: str
    act: str
    since: date | None = None
    # Came up since the officer was here last.
    fresh: bool = False


@desk_page()
@require_safe
def today(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits for the officer, and the lists they work through."""
    run = desk.run()
    before = _here_before(desk)
    waiting = [item for item in _waiting(desk, run, before) if item.many]
    return page(
        request,
        "desk/today.html",
        keep_address=True,
        before=before,
        waiting=waiting,
        lists=_lists(desk, run) if run else [],
        run=run,
        kept=every_kept(desk.officer),
    )


def _here_before(desk: Desk) -> datetime | None:
    """The sign-in before this one."""
    last = sign_ins(desk.officer).values_list("at", flat=True)[1:2]
    return last[0] if last else None


def _waiting(desk: Desk, run: Run | None, before: datetime | None) -> Iterator[Item]:
    yield _gone(desk)
    yield from _pairs(desk)
    yield from _proposals(desk)
    yield _imports(desk)
    yield _stopped(desk)
    if run is not None:
        yield from _found(desk, run, before)


def _gone(desk: Desk) -> Item:
    found = lingering(desk.areas, desk.on).aggregate(many=Count("pk"), since=Min("gone_on"))
    what, url = "人已去世、迁出或登记重复，待遇还在领", desk.url("gone")
    return Item(what, found["many"], "项", url, "去核实", found["since"])


def _pairs(desk: Desk) -> Iterator[Item]:
    """People who may have been entered twice: to be looked at, or to be joined by a second hand."""
    state = Candidate.State
    opened, proposed = Q(state=state.OPEN), to_confirm(desk)
    found = pairs_in(desk.areas).aggregate(
        opened=Count("pk", filter=opened), opened_at=Min("found_at", filter=opened),
        proposed=Count("pk", filter=proposed), proposed_at=Min("found_at", filter=proposed),
    )  # fmt: skip
    for many, at, what, words in (
        (found["opened"], found["opened_at"], "可能登记了两次的人", {}),
        (
            found["proposed"],
            found["proposed_at"],
            "别人提出的合并等您确认",
            {"state": state.PROPOSED, "mine": "confirm"},
        ),
    ):
        since = localdate(at) if at else None
        yield Item(what, many, "对", desk.url("duplicates", **words), "去分辨", since)


def _proposals(desk: Desk) -> Iterator[Item]:
    """Proposals of others, for those who may confirm."""
    step = move("confirm", State.PROPOSED)
    if step is None or not any(p.role in step.roles and p.area_id == PLACE for p in desk.posts):
        return
    numbers, readings = (
        model._default_manager.filter(place=PLACE, state=State.PROPOSED)
        .exclude(proposed_by=desk.officer)
        .order_by()
        .values_list(Value(name, CharField()), "proposed_at")
        for model, name in ((ParameterChoice, "parameters"), (ReadingChoice, "readings"))
    )
    waiting: dict[str, list[datetime]] = {"parameters": [], "readings": []}
    for name, at in numbers.union(readings, all=True):
        waiting[name].append(at)
    for name, what, show in (
        ("parameters", "别人提出的参数等您确认", {"show": "waiting"}),
        ("readings", "别人提出的读法等您确认", {}),
    ):
        since = localdate(min(waiting[name])) if waiting[name] else None
        yield Item(what, len(waiting[name]), "项", desk.url(name, **show), "去看", since)


def _imports(desk: Desk) -> Item:
    """Ledgers somebody brought and has not taken to an end."""
    areas = [post.area_id for post in desk.posts if post.role in IMPORTING_ROLES]
    open_ones = Import.objects.filter(state__in=[Import.State.UPLOADED, Import.State.CHECKED])
    brought = open_ones.values_list("areas", "at") if areas else ()
    mine = [at for codes, at in brought if reaches(areas, codes)]
    since = localdate(min(mine)) if mine else None
    return Item("上传了还没导入的台账", len(mine), "份", desk.url("imports"), "接着办", since)


def _stopped(desk: Desk) -> Item:
    """Screenings that failed with none of the same law done since, for those who may go on."""
    found: dict[str, Any] = {"many": 0, "since": None}
    if any(post.role in DECIDING_ROLES and post.area_id == PLACE for post in desk.posts):
        done = Run.objects.filter(place=PLACE, simulate=OuterRef("simulate"), state=Run.State.DONE)
        stopped = Run.objects.filter(place=PLACE, state=Run.State.FAILED).exclude(
            Exists(done.filter(pk__gt=OuterRef("pk")))
        )
        found = stopped.aggregate(many=Count("pk"), since=Min("on"))
    return Item("出错停下的筛查", found["many"], "次", desk.url("runs"), "去看", found["since"])


def _found(desk: Desk, run: Run, before: datetime | None) -> Iterator[Item]:
    """What the last screening found out, for all who work with families."""
    fresh = before is not None and run.finished_at is not None and run.finished_at > before
    counts = screened.change_counts(run, desk.areas)
    for direction, what in (("in", "新符合的"), ("open", "新出现疑问的")):
        many = sum(of[direction] for of in counts.values())
        url = desk.url("changes", direction=direction)
        yield Item(what, many, "项", url, "看名单", run.on, fresh)
    review = sum(of.get("review", 0) for of in screened.by_measure(run, desk.areas).values())
    url = desk.url("findings", kind="review")
    yield Item("在领，但按现有事实不符合", review, "项", url, "去复核", run.on)


def _lists(desk: Desk, run: Run) -> list[Item]:
    """The lists one works through day by day."""
    totals = screened.totals(run, desk.areas)
    return [
        Item("应享未享", totals["unreached"], "户", desk.url("unreached"), ""),
        Item("可能享受，还差事实", totals["asked"], "户", desk.url("unreached", list="ask"), ""),
    ]


# -- benefits that go on after somebody died or left


@desk_page("page")
@require_safe
def gone(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Whose benefits go on although they died or left, longest first."""
    rows = lingering(desk.areas, desk.on)
    pages = Paginator(
        rows.select_related("household__community__parent", "person"), rows_a_page(request, A_PAGE)
    )
    here = pages.page(whole_number(request, "page", 1, 1, max(1, pages.num_pages)))
    return page(
        request,
        "desk/gone.html",
        keep_address=True,
        pages=here,
        rows=[_gone_row(desk, receipt) for receipt in here],
    )


def _whose(desk: Desk, receipt: Receipt) -> tuple[str, str]:
    """Who gets it, and why they should not."""
    person = receipt.person
    if receipt.person_id is None:
        return "全家", "这户已经没有人"
    # Whoever lives in other areas now is not shown to these.
    if person is None:
        return "辖区外的人", "原来的户已无人"
    if person.died_on:
        why = "去世"
    elif person.moved_away_on:
        why = "迁出"
    elif person.merged_into_id:
        why = f"登记重复，已与 {person.merged_into_id} 号合并，同样的待遇有两份"
    else:
        why = "原来的户已无人"
    return desk.masks.name(person.name), why


def _gone_row(desk: Desk, receipt: Receipt) -> dict[str, object]:
    home, (who, why) = receipt.household, _whose(desk, receipt)
    return {
        "home": home,
        "who": who,
        "why": why,
        "on": getattr(receipt, "gone_on"),  # noqa: B009 - worked out by the query
        "measure": labels.measure(desk.program, receipt.measure),
        "since": receipt.since,
        "place": desk.place(home.community),
    }
