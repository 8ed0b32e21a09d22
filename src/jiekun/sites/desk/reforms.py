"""What if the law were changed: ready examples, what was tried, and writing a change down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from jiekun.kernel.reform import BadReform, Flaw, Reform
from jiekun.kernel.reform.file import LONGEST
from jiekun.law.reforms import ready
from jiekun.registry.queries import SEES_FAMILIES
from jiekun.screening import steps, trying
from jiekun.screening.actions import RefusedError
from jiekun.screening.models import Simulation, Snapshot
from jiekun.screening.queries import latest_run
from jiekun.screening.touched import ResultGone, Some, touched

from . import reform_text
from .door import PLACE, BadQuery, Desk, desk_page, moment, page

State = Simulation.State
TONES = {
    State.WAITING: "",
    State.RUNNING: "",
    State.DONE: "give",
    State.FAILED: "stop",
    State.CANCELLED: "plain",
}
MOST_LISTED = 40
# Digits: a longer one numbers nothing, and could be too long to be read at all.
LONGEST_NUMBER = 12


@dataclass(frozen=True)
class Tried:
    """One simulation in the list; the headline is for those who see the whole district."""

    simulation: Simulation
    tone: str
    headline: dict[str, int] | None


def whole(desk: Desk) -> bool:
    """Whether this officer sees everybody's figures, and not only those of a part."""
    # Not by the areas: those leave out a community that moved elsewhere.
    return any(post.area_id == PLACE and post.role in SEES_FAMILIES for post in desk.posts)


def touched_homes(desk: Desk, simulation: Simulation, chosen: Mapping[str, str]) -> Some:
    """The officer's households a simulation touches. Raises BadQuery or UnknownFilter."""
    try:
        return touched(simulation, desk.areas, chosen)
    except ResultGone as problem:
        raise BadQuery(f"{problem}。") from problem


def hindrance(desk: Desk) -> str:
    """Why this officer may not simulate; empty when they may."""
    return steps.may_not_simulate(place=PLACE, by=desk.officer, on=desk.on)


@dataclass(frozen=True)
class Base:
    """The people a simulation is made on: the snapshot, and what is to be said of its age."""

    snapshot: Snapshot | None
    on: date | None
    days: int
    # A screening has been made since without the snapshot following.
    behind: bool


def base(desk: Desk) -> Base:
    found, last = trying.latest_snapshot(PLACE), latest_run(PLACE)
    if found is None:
        return Base(None, None, 0, False)
    behind = last is not None and last.on > found.run.on
    return Base(found, found.run.on, (desk.on - found.run.on).days, behind)


@desk_page()
@require_safe
def reforms(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ready examples, and what was tried before."""
    rows = Simulation.objects.filter(snapshot__run__place=PLACE).exclude(state=State.REMOVED)
    found = list(rows.select_related("asked_by").order_by("-pk")[:MOST_LISTED])
    return page(
        request,
        "desk/reforms.html",
        keep_address=True,
        ready=ready(),
        tried=[_tried(desk, simulation) for simulation in found],
        comparable=[each for each in found if each.state == State.DONE],
        base=base(desk),
        hindrance=hindrance(desk),
        whole=whole(desk),
    )


def _tried(desk: Desk, simulation: Simulation) -> Tried:
    total = simulation.totals.get("total") if whole(desk) else None
    headline = None
    if total:
        headline = {**total, "difference": total["after"] - total["before"]}
    return Tried(simulation, TONES[State(simulation.state)], headline)


@desk_page("ready", "copy")
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A change written down: by a form, by hand, or from a file."""
    if hindrance(desk):
        raise PermissionDenied
    if request.method == "POST":
        return _posted(request, desk)
    return _form(request, desk, _given(request))


def _given(request: HttpRequest) -> str:
    """The text to begin from: an example's, an earlier one's, or none."""
    name, copied = request.GET.get("ready", ""), request.GET.get("copy", "")
    if name:
        known = {reform.name: reform.text for reform in ready()}
        if name not in known:
            raise BadQuery(f"没有叫“{name[:40]}”的例子，有：{'、'.join(known)}。")
        return known[name]
    if copied:
        rows = Simulation.objects.exclude(state=State.REMOVED)
        number = copied.isascii() and copied.isdigit() and len(copied) <= LONGEST_NUMBER
        found = rows.filter(pk=int(copied)).first() if number else None
        if found is None:
            raise BadQuery(f"没有第 {copied[:12]} 次试算。")
        return found.text
    return reform_text.BLANK


def _posted(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One of the form's buttons was pressed."""
    act = request.POST.get("act", "")
    try:
        text = _uploaded(request) or request.POST.get("text", "").replace("\r\n", "\n")
        if act in reform_text.ADDS:
            given = {key: str(value) for key, value in request.POST.items()}
            return _form(request, desk, reform_text.added(text, act, given, desk.program))
        if act == "check":
            return _form(request, desk, text)
        if act != "start":
            known = "、".join(("start", "check", *reform_text.ADDS))
            raise BadQuery(f"没有“{act[:20]}”这个动作，可以做：{known}。")
        asked = trying.ask(
            text=text, file=_file(request), place=PLACE, on=_day(desk), by=desk.officer, at=moment()
        )
    except reform_text.Unfinished as problem:
        return _form(request, desk, request.POST.get("text", ""), told=str(problem), status=422)
    except BadReform:
        return _form(request, desk, text, status=422)
    except RefusedError as problem:
        messages.error(request, str(problem))
        return HttpResponseRedirect(desk.url("reforms"))
    return HttpResponseRedirect(desk.url("reform", asked.pk))


def _day(desk: Desk) -> date:
    """The day a reform without one is tried on: the people's."""
    return base(desk).on or desk.on


def _uploaded(request: HttpRequest) -> str:
    """The text of the file sent along, if one was. Raises Unfinished for one that is no text."""
    sent = request.FILES.get("file")
    if sent is None:
        return ""
    if (sent.size or 0) > 4 * LONGEST:
        raise reform_text.Unfinished(f"文件太大；一份改动至多 {LONGEST:,} 个字")
    try:
        text: str = sent.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise reform_text.Unfinished(
            "文件不是 UTF-8 编码的文字；请用记事本另存为 UTF-8 的 .yaml 文件"
        ) from None
    return text.replace("\r\n", "\n")


def _file(request: HttpRequest) -> str:
    sent = request.FILES.get("file")
    return (sent.name or "")[:60] if sent is not None else "改动"


def _form(
    request: HttpRequest, desk: Desk, text: str, *, told: str = "", status: int = 200
) -> HttpResponse:
    flaws, reform = _checked(request, desk, text)
    return page(
        request,
        "desk/reform_form.html",
        status,
        text=text,
        lines=max(12, text.count("\n") + 3),
        flaws=flaws if text != reform_text.BLANK else (),
        told=told,
        reform=reform,
        base=base(desk),
        parameters=reform_text.parameters(desk.program),
        measures=reform_text.measures(desk.program),
        documents=reform_text.documents(desk.chosen.law),
        readings=reform_text.readings(desk.chosen.law),
        hows=reform_text.HOWS,
    )


def _checked(request: HttpRequest, desk: Desk, text: str) -> tuple[tuple[Flaw, ...], Reform | None]:
    """What is wrong with a text, or the reform it is."""
    try:
        return (), trying.read(text, _file(request), place=PLACE, on=_day(desk))
    except BadReform as problem:
        return problem.flaws, None
