"""Clauses that can be read in more than one way: how each is read, and who said so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from jiekun.kernel.documents import Reading
from jiekun.kernel.language import Measure
from jiekun.kernel.program import MeasureUse, Program
from jiekun.kernel.standing_on import ReadingUse, readings_used
from jiekun.offices import actions
from jiekun.offices.choices import ReadingChoice, State

from .choices import Line, day, line, may_propose, newest_first, outdated
from .door import PLACE, Desk, desk_page, moment, page
from .parameters import DRAFT


@dataclass(frozen=True)
class Topic:
    """One unclear clause: its options, the one in use, and what was chosen over time."""

    reading: Reading
    option: str
    # The choice in use; none where the default is.
    chosen: ReadingChoice | None
    lines: tuple[Line, ...]
    measures: tuple[Measure, ...]
    waiting: bool

    @property
    def options(self) -> list[tuple[str, str, bool, bool]]:
        """Each option: name, words, whether in use, whether the default."""
        reading = self.reading
        return [
            (name, text, name == self.option, name == reading.default)
            for name, text in reading.options.items()
        ]


@desk_page()
@require_http_methods(["GET", "HEAD", "POST"])
def readings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every unclear clause; a posted form proposes how to read one."""
    problem, topic = "", str(request.POST.get("topic", ""))
    if request.method == "POST":
        if not may_propose(desk):
            raise PermissionDenied
        try:
            _propose(desk, topic, {k: str(v) for k, v in request.POST.items()})
        except actions.RefusedError as refused:
            problem = str(refused)
        else:
            messages.success(request, "已提出，等另一位区负责人确认；确认以前什么也不变。")
            return HttpResponseRedirect(f"{desk.url('readings')}#{topic}")
    topics = _topics(desk)
    return page(
        request,
        "desk/readings.html",
        422 if problem else 200,
        keep_address=True,
        topics=topics,
        chosen=sum(t.chosen is not None for t in topics),
        waiting=sum(t.waiting for t in topics),
        may_propose=may_propose(desk),
        problem=problem,
        asked=topic,
        typed=request.POST,
        outdated=outdated(desk, desk.run()),
    )


def _propose(desk: Desk, topic: str, typed: Mapping[str, str]) -> None:
    actions.propose_reading(
        topic=topic[:64],
        option=typed.get("option", "")[:64],
        place=PLACE,
        since=day(typed.get("since", ""), "起始日"),
        source=typed.get("source", "")[:200],
        by=desk.officer,
        at=moment(),
    )


def _topics(desk: Desk) -> list[Topic]:
    law = desk.chosen.law
    resting = _resting(desk)
    made: dict[str, list[ReadingChoice]] = {}
    rows = ReadingChoice.objects.filter(place=PLACE)
    for choice in rows.select_related("proposed_by", "confirmed_by", "withdrawn_by"):
        made.setdefault(choice.topic, []).append(choice)
    found = []
    for topic, reading in law.readings.items():
        there = newest_first(made.get(topic, ()))
        found.append(
            Topic(
                reading=reading,
                option=desk.chosen.readings.get(topic, reading.default),
                chosen=_in_use(desk, made.get(topic, [])),
                lines=tuple(line(c, f"{_words(reading, c)}，{c.since} 起", desk) for c in there),
                measures=tuple(resting.get(topic, ())),
                waiting=any(c.state == State.PROPOSED for c in there),
            )
        )
    return sorted(found, key=lambda t: not t.waiting)


def _words(reading: Reading, choice: ReadingChoice) -> str:
    return reading.options.get(choice.option, choice.option)


def _in_use(desk: Desk, made: list[ReadingChoice]) -> ReadingChoice | None:
    held = [c for c in made if c.state == State.CONFIRMED and c.since <= desk.on]
    return max(held, key=lambda c: c.since, default=None)


def _resting(desk: Desk) -> dict[str, list[Measure]]:
    """The measures that rest on each topic, in the law chosen and under the draft."""
    found: dict[str, dict[str, Measure]] = {}
    for program in (desk.program, desk.program_under(DRAFT)):
        for use in program.measures:
            for used in readings_used(desk.chosen.law, program, use):
                found.setdefault(used.reading.topic, {})[use.measure.name] = use.measure
    return {topic: list(measures.values()) for topic, measures in found.items()}


def used(desk: Desk, program: Program, use: MeasureUse | None = None) -> list[ReadingUse]:
    """How the clauses behind an answer were read, for the page that shows the answer."""
    return readings_used(desk.chosen.law, program, use)
