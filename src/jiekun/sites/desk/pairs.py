"""Pairs that may be one person: the list of them, two side by side, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from jiekun.registry import pairing
from jiekun.registry.alike import pairs_in
from jiekun.registry.checks import RefusedError
from jiekun.registry.likeness import LEVELS
from jiekun.registry.models import Candidate
from jiekun.registry.pair_steps import PairAct, hindered, unhindered
from jiekun.registry.scope import whole_registry

from . import sides
from .door import BadQuery, Desk, desk_page, moment, one_of, page, whole_number
from .paging import rows_a_page

A_PAGE = 30
MINE = {"confirm": "只看等我确认的"}
# Of a side outside the officer's areas it is told that there is one, and nothing else.
_ELSEWHERE = "the other side of a pair may live in another area"
_WITH = ("one__facts", "other__facts", "keep", "proposed_by", "decided_by")


@dataclass(frozen=True)
class Row:
    """One pair in the list; of whoever lives outside the officer's areas nothing is told."""

    pair: Candidate
    names: tuple[str, str]
    says: tuple[str, ...]
    likely: str


def to_confirm(desk: Desk) -> Q:
    """Merges others proposed which this officer may confirm."""
    return unhindered(
        PairAct.CONFIRM, Candidate.State.PROPOSED,
        by=desk.officer, posts=desk.posts, covering=desk.places.covering,
    )  # fmt: skip


@desk_page("state", "found", "mine", "page")
@require_safe
def duplicates(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The pairs a side of which lies in the officer's areas, likeliest first."""
    states = dict(Candidate.State.choices)
    state = one_of(request, "state", states) or Candidate.State.OPEN.value
    found = one_of(request, "found", dict(Candidate.Found.choices))
    mine = one_of(request, "mine", MINE)
    pairs = pairs_in(desk.areas)
    if found:
        pairs = pairs.filter(found=found)
    if mine:
        pairs = pairs.filter(to_confirm(desk))
    counts = dict(pairs.order_by().values_list("state").annotate(many=Count("pk")))
    rows = pairs.filter(state=state).order_by("-thousandths", "pk").select_related("one", "other")
    pages = Paginator(rows, rows_a_page(request, A_PAGE))
    pages.count = counts.get(state, 0)
    with whole_registry(_ELSEWHERE):
        here = pages.page(whole_number(request, "page", 1, 1, max(1, pages.num_pages)))
        shown = [_row(desk, pair) for pair in here]
    return page(
        request,
        "desk/duplicates.html",
        keep_address=True,
        states=[(key, label, counts.get(key, 0)) for key, label in states.items()],
        chosen=state,
        founds=Candidate.Found.choices,
        found=found,
        mine=MINE.get(mine, ""),
        pages=here,
        rows=shown,
    )


def _row(desk: Desk, pair: Candidate) -> Row:
    shown = (
        desk.masks.name(person.name) if sides.sees(desk, area) else "辖区外的人"
        for person, area in ((pair.one, pair.area_one), (pair.other, pair.area_other))
    )
    one, other = shown
    says = tuple(LEVELS[field][pair.why[field]] for field in LEVELS if field in pair.why)
    return Row(pair, (one, other), says, likely(pair.thousandths))


def likely(thousandths: int) -> str:
    """How probable, as one says it."""
    word = "很可能" if thousandths >= 900 else "可能" if thousandths >= 500 else "说不准"
    return f"{word}（{'99.9% 以上' if thousandths > 998 else f'{thousandths / 10:g}%'}）"


def find_pair(desk: Desk, pk: int) -> Candidate:
    """A pair of which this officer sees a side; for anybody else there is none."""
    with whole_registry(_ELSEWHERE):
        found = pairs_in(desk.areas).select_related(*_WITH).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@desk_page()
@require_safe
def pair(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Two people side by side, and why they may be one."""
    return _shown(request, desk, find_pair(desk, pk))


def _shown(
    request: HttpRequest, desk: Desk, found: Candidate, problem: str = "", status: int = 200
) -> HttpResponse:
    both = sides.both(desk, found)
    desk.note_views(*((side.person, side.home) for side in both if side.home is not None))
    made = pairing.merge_of(found) if found.state == Candidate.State.MERGED else None
    return page(
        request,
        "desk/pair.html",
        status=status,
        pair=found,
        likely=likely(found.thousandths),
        sides=both,
        hidden=[side for side in both if side.hidden],
        reasons=sides.reasons(found.why),
        compared=[] if made else sides.compared(both),
        facts=None if made else sides.facts(both),
        both_paid=all(side.paid for side in both),
        overlaps=sides.overlaps(desk, made),
        merge=made,
        acts=_acts(desk, found),
        hindrance=_hindrance(desk, found),
        problem=problem,
        typed=request.POST,
    )


def _may(desk: Desk, found: Candidate, act: str) -> str:
    return hindered(act, found, by=desk.officer, posts=desk.posts, covering=desk.places.covering)


def _acts(desk: Desk, found: Candidate) -> list[str]:
    """What this officer may do with the pair now."""
    return [act for act in PairAct.values if not _may(desk, found, act)]


def _hindrance(desk: Desk, found: Candidate) -> str:
    """Why the officer can do nothing with a pair that waits for somebody."""
    waits = {
        Candidate.State.OPEN: PairAct.SAME, Candidate.State.LATER: PairAct.SAME,
        Candidate.State.PROPOSED: PairAct.CONFIRM,
    }.get(Candidate.State(found.state))  # fmt: skip
    return _may(desk, found, waits) if waits else ""


_DONE = {
    PairAct.DIFFERENT: (pairing.say_different, "记下了：不是同一个人。信息不变就不再提出。"),
    PairAct.LATER: (pairing.decide_later, "放到“以后再看”了。"),
    PairAct.BACK: (pairing.send_back, "退回了，这一对重新待核。"),
    PairAct.CONFIRM: (pairing.confirm_merge, "已确认并合并。"),
    PairAct.UNDO: (pairing.undo_merge, "合并已撤销，两份登记都恢复了原样。"),
}


@desk_page()
@require_POST
def act_on_pair(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Decide on a pair."""
    found = find_pair(desk, pk)
    act = request.POST.get("act", "")
    if act not in PairAct.values:
        raise BadQuery("请从页面上选怎么办。")
    told: dict[str, Any] = {
        "pair": found, "reason": request.POST.get("reason", "")[:500], "by": desk.officer,
        "at": moment(),
    }  # fmt: skip
    try:
        if act == PairAct.SAME:
            done = _same(request.POST.get("keep", ""), told)
        else:
            action, done = _DONE[PairAct(act)]
            action(**told)
    except RefusedError as refused:
        return _shown(request, desk, find_pair(desk, pk), str(refused), status=409)
    messages.success(request, done)
    return HttpResponseRedirect(desk.url("duplicate", pk))


def _same(keep: str, told: dict[str, Any]) -> str:
    number = int(keep) if keep.isascii() and keep.isdigit() and len(keep) < 12 else 0
    after = pairing.say_same(keep=number, **told)
    if after.state == Candidate.State.PROPOSED:
        return "双方都在领钱：已提出合并，等另一位工作人员确认。"
    return "已合并。合错了可以在这一页撤销。"
