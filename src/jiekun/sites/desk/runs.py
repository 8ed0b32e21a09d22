"""The record of runs: each run of the law over everybody, how it went, what it changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from jiekun.screening import actions, steps
from jiekun.screening import queries as screened
from jiekun.screening.models import Run
from jiekun.screening.progress import Progress, progress

from . import charts, labels
from .door import LAWS, PLACE, BadQuery, Desk, desk_page, moment, page, whole_number
from .overview import DIRECTIONS
from .paging import rows_a_page

A_PAGE = 30
STAGES = {
    "read": "读数据",
    "snapshot": "存快照",
    "decide": "按法规算",
    "write": "写结果",
    "compare": "与上次比",
}
TONES = {
    Run.State.RUNNING: "",
    Run.State.DONE: "give",
    Run.State.FAILED: "stop",
    Run.State.CANCELLED: "plain",
}
DONE = {
    "resume": "已排上，做过的部分不重做。",
    "cancel": "已取消；正在做的一小块做完就停。已有的结果不变。",
}


@dataclass(frozen=True)
class Line:
    """One run as the officer sees it; people are those of the officer's areas."""

    run: Run
    law: str
    tone: str
    people: int
    minutes: str
    changed: int


@desk_page("page")
@require_safe
def runs(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All runs, the newest first."""
    rows = Run.objects.filter(place=PLACE).select_related("started_by").order_by("-pk")
    pages = Paginator(rows, rows_a_page(request, A_PAGE))
    here = pages.page(whole_number(request, "page", 1, 1, max(1, pages.num_pages)))
    people = screened.people_of(here.object_list, desk.areas)
    changed = screened.changes_of(here.object_list, desk.areas)
    return page(
        request,
        "desk/runs.html",
        keep_address=True,
        pages=here,
        rows=[_line(run, people.get(run.pk, 0), changed.get(run.pk, 0)) for run in here],
        laws=_laws(),
        hindrance=steps.hindrance("start", None, place=PLACE, by=desk.officer, on=desk.on),
    )


def _laws() -> list[tuple[str, str]]:
    return [("", "现行政策"), *((law, f"模拟 {law}") for law in LAWS)]


def _law_of(run: Run) -> str:
    """The word for a run's law in addresses."""
    return next((word for word, drafts in LAWS.items() if run.simulate == sorted(drafts)), "")


def _line(run: Run, people: int, changed: int) -> Line:
    law = f"模拟 {'、'.join(run.simulate)}" if run.simulate else "现行"
    return Line(run, law, TONES[Run.State(run.state)], people, _took(run), changed)


def _took(run: Run) -> str:
    if run.finished_at is None:
        return ""
    seconds = (run.finished_at - run.started_at).total_seconds()
    return f"{seconds:.0f} 秒" if seconds < 120 else f"{seconds / 60:.0f} 分钟"


def _run(pk: int) -> Run:
    run = Run.objects.filter(pk=pk, place=PLACE).select_related("started_by", "previous").first()
    if run is None:
        raise Http404
    return run


@desk_page()
@require_safe
def run(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One run: state, time by stage, what it changed by measure."""
    found = _run(pk)
    counts = screened.change_counts(found, desk.areas)
    people = screened.people_of([found], desk.areas).get(found.pk, 0)
    return page(
        request,
        "desk/run.html",
        200,
        keep_address=True,
        line=_line(found, people, 0),
        law=_law_of(found),
        changed=[
            (name, labels.measure(desk.program, name), [(key, many[key]) for key in DIRECTIONS])
            for name, many in counts.items()
            if any(many.values())
        ],
        directions=DIRECTIONS,
        latest=screened.latest_run(PLACE, found.simulate),
        **_state(desk, found),
    )


def _state(desk: Desk, run: Run) -> dict[str, object]:
    """What moves while a run is under way, and what may be done about it."""
    how_far = progress(run) if run.state == Run.State.RUNNING else None

    def told(act: str) -> str:
        return steps.hindrance(act, run, place=run.place, by=desk.officer, on=desk.on)

    return {
        "run": run,
        "how_far": how_far,
        "stages": _stages(run, how_far),
        "may_cancel": not told("cancel"),
        "may_resume": not told("resume") and (how_far is None or how_far.abandoned),
    }


def _stages(run: Run, how_far: Progress | None) -> charts.Bars:
    """Seconds by stage, in the order they come; of several workers, added up."""
    seconds = screened.seconds_so_far(run) if how_far else run.seconds
    rows = [
        (label, round(1000 * seconds[key]), f"{seconds[key]:,.1f} 秒", "")
        for key, label in STAGES.items()
        if key in seconds
    ]
    return charts.bars(rows)


@desk_page()
@require_safe
def run_progress(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The part of the page that is asked for again while the run is under way."""
    found = _run(pk)
    answer = render(request, "desk/run_progress.html", {"desk": desk, **_state(desk, found)})
    if found.state != Run.State.RUNNING:
        # The rest of the page has something new to say.
        answer["HX-Refresh"] = "true"
    return answer


@desk_page()
@require_POST
def start_run(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Screen everybody now, under one of the laws."""
    law = request.POST.get("which", "")
    if law and law not in LAWS:
        raise BadQuery(f"没有“{law[:20]}”这套政策，可以选：{'、'.join(LAWS)}，不选是现行政策。")
    try:
        begun = actions.ask_for_run(
            on=desk.on, place=PLACE, simulate=LAWS.get(law, ()), by=desk.officer, at=moment()
        )
    except actions.RefusedError as problem:
        messages.error(request, str(problem))
        return HttpResponseRedirect(desk.url("runs"))
    return HttpResponseRedirect(desk.url("run", begun.pk))


@desk_page()
@require_POST
def act_on_run(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Take a run up again, or cancel it."""
    found, act = _run(pk), request.POST.get("act", "")
    if act not in DONE:
        raise BadQuery(f"没有“{act[:20]}”这个动作，可以做：{'、'.join(DONE)}。")
    do = actions.ask_to_resume if act == "resume" else actions.cancel_run
    try:
        do(run=found, by=desk.officer, at=moment())
        messages.success(request, DONE[act])
    except actions.RefusedError as problem:
        messages.error(request, str(problem))
    return HttpResponseRedirect(desk.url("run", pk))
