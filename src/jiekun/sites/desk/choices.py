"""What the district chose about the law, as lines with the buttons this officer may press."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from jiekun.offices import actions, steps
from jiekun.offices.choices import Choice, ParameterChoice, ReadingChoice, State
from jiekun.screening.models import Run

from .door import PLACE, BadQuery, Desk, desk_page, moment

C = TypeVar("C", bound=Choice)
TONES = {State.PROPOSED: "ask", State.CONFIRMED: "give", State.WITHDRAWN: "plain"}
DONE = {
    "confirm": "已确认。从起始日起按它算；名单在下次筛查后跟着变。",
    "withdraw": "已撤回，原因记下了。",
}


@dataclass(frozen=True)
class Line:
    """One choice: what, by whom, and what may be done with it now."""

    choice: Choice
    text: str
    tone: str
    state: str
    note: str
    may_confirm: bool
    may_withdraw: bool
    # Why this officer cannot confirm what waits for it.
    hindrance: str


def may_propose(desk: Desk) -> bool:
    return not steps.hindrance("propose", None, place=PLACE, by=desk.officer, on=desk.on)


def line(choice: Choice, text: str, desk: Desk, note: str = "") -> Line:
    """A choice as this officer sees it; the workflow's table decides on the buttons."""

    def told(act: str) -> str:
        return steps.hindrance(act, choice, place=choice.place_id, by=desk.officer, on=desk.on)

    waits = choice.state == State.PROPOSED
    confirm = told("confirm") if waits else "x"
    return Line(
        choice=choice,
        text=text,
        tone=TONES[State(choice.state)],
        state=str(State(choice.state).label),
        note=note,
        may_confirm=not confirm,
        may_withdraw=not told("withdraw"),
        hindrance=confirm if waits else "",
    )


def newest_first(rows: Iterable[C]) -> list[C]:
    """What waits first, then what holds, then what was withdrawn; the latest day first."""
    order = {State.PROPOSED: 0, State.CONFIRMED: 1, State.WITHDRAWN: 2}
    return sorted(rows, key=lambda c: (order[State(c.state)], -c.since.toordinal(), -c.pk))


def day(text: str, what: str) -> date:
    """A day from a form. Raises RefusedError."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise actions.RefusedError(
            f"{what}要写成 2025-01-01 这样的日期，现在是“{text[:20]}”"
        ) from None


def outdated(desk: Desk, run: Run | None) -> bool:
    """Whether the last screening was made under other choices than those of now."""
    if run is None:
        return False
    return bool((run.choices or {"values": [], "readings": {}}) != desk.chosen.as_json())


@desk_page()
@require_POST
def act_on_value(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Confirm or withdraw a number."""
    choice = ParameterChoice.objects.filter(pk=pk, place=PLACE).first()
    if choice is None:
        raise Http404
    return _act(request, desk, choice, desk.url("parameter", choice.name))


@desk_page()
@require_POST
def act_on_reading(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Confirm or withdraw a reading."""
    choice = ReadingChoice.objects.filter(pk=pk, place=PLACE).first()
    if choice is None:
        raise Http404
    return _act(request, desk, choice, f"{desk.url('readings')}#{choice.topic}")


def _act(
    request: HttpRequest, desk: Desk, choice: ParameterChoice | ReadingChoice, back: str
) -> HttpResponse:
    act = request.POST.get("act", "")
    if act not in DONE:
        raise BadQuery(f"没有“{act[:20]}”这个动作，可以做：{'、'.join(DONE)}。")
    try:
        if act == "confirm":
            actions.confirm(choice=choice, by=desk.officer, at=moment())
        else:
            why = request.POST.get("why", "")
            actions.withdraw(choice=choice, why=why, by=desk.officer, at=moment())
        messages.success(request, DONE[act])
    except actions.RefusedError as problem:
        messages.error(request, str(problem))
    return HttpResponseRedirect(back)
