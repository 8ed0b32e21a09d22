"""What a district chooses about the law: proposed by one officer, confirmed by another."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.timezone import get_current_timezone

from jiekun.journal import actions as journal
from jiekun.kernel.overlay import with_values
from jiekun.kernel.values import BadValue

from .. import chosen, steps
from ..choices import Choice, ParameterChoice, ReadingChoice, State
from ..models import Division, Officer
from ..refused import RefusedError
from ..roles import Role

# A number dated outside these years is a slip of the pen.
EARLIEST, YEARS_AHEAD = date(1990, 1, 1), 5
C = TypeVar("C", bound=Choice)


@transaction.atomic
def propose_value(
    *,
    name: str,
    place: str,
    since: date,
    until: date | None,
    value: Decimal,
    unit: str,
    source: str,
    cites: str,
    by: Officer,
    at: datetime,
) -> ParameterChoice:
    """Propose a number the law uses; it has no effect until another officer confirms it."""
    roles = _may("propose", None, place=place, by=by, at=at)
    choice = ParameterChoice(
        name=name, place_id=place, since=since, until=until, value=value, unit=unit,
        source=source.strip(), cites=cites, proposed_by=by, proposed_at=at,
    )  # fmt: skip
    _in_its_years(since, at)
    _short_enough(value)
    _fits(choice)
    rows = ParameterChoice.objects.filter(name=name, place=place, since=since)
    if rows.filter(state=State.PROPOSED).exists():
        raise RefusedError(f"{since} 起的数已有一条在等确认，先确认或撤回那一条")
    choice.save()
    data = {"name": name, "since": since.isoformat(), "value": f"{value:f}", "unit": unit}
    journal.write(
        act="propose-value", by=by, at=at, subject=choice, area=place, data=data, roles=roles
    )
    return choice


@transaction.atomic
def propose_reading(
    *, topic: str, option: str, place: str, since: date, source: str, by: Officer, at: datetime
) -> ReadingChoice:
    """Propose how an unclear clause is read; no effect until another officer confirms it."""
    roles = _may("propose", None, place=place, by=by, at=at)
    readings = chosen.keeper.law().readings
    if topic not in readings or option not in readings[topic].options:
        raise RefusedError(f"没有“{topic}:{option}”这种读法")
    _in_its_years(since, at)
    if not source.strip():
        raise RefusedError("没有写依据：哪次会议、哪份文件定的")
    rows = ReadingChoice.objects.filter(topic=topic, place=place, since=since)
    if (same := rows.exclude(state=State.WITHDRAWN).first()) is not None:
        raise RefusedError(f"{since} 起的读法已有一条“{same.get_state_display()}”的，先撤回那一条")
    choice = ReadingChoice.objects.create(
        topic=topic, option=option, place_id=place, since=since, source=source.strip(),
        proposed_by=by, proposed_at=at,
    )  # fmt: skip
    data = {"topic": topic, "option": option, "since": since.isoformat()}
    journal.write(
        act="propose-reading", by=by, at=at, subject=choice, area=place, data=data, roles=roles
    )
    return choice


@transaction.atomic
def confirm(*, choice: C, by: Officer, at: datetime) -> C:
    """Confirm what another officer proposed: from its day on the law is worked out under it."""
    choice = _locked_choice(choice)
    roles = _may("confirm", choice, place=choice.place_id, by=by, at=at)
    if isinstance(choice, ParameterChoice):
        _fits(choice)
    choice.state, choice.confirmed_by, choice.confirmed_at = State.CONFIRMED, by, at
    try:
        with transaction.atomic():
            choice.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    except IntegrityError as error:
        raise RefusedError("同一段日子已经有一条确认过的，先撤回那一条") from error
    journal.write(
        act="confirm-choice", by=by, at=at, subject=choice, area=choice.place_id, roles=roles
    )
    return choice


@transaction.atomic
def withdraw(*, choice: C, why: str, by: Officer, at: datetime) -> C:
    """Take back a proposal or a confirmed choice, saying why; what it was stays on record."""
    choice = _locked_choice(choice)
    roles = _may("withdraw", choice, place=choice.place_id, by=by, at=at)
    if not why.strip():
        raise RefusedError("没有写撤回的原因")
    if isinstance(choice, ParameterChoice) and choice.state == State.CONFIRMED:
        _fits(choice, gone=True)
    choice.state, choice.withdrawn_by, choice.withdrawn_at = State.WITHDRAWN, by, at
    choice.why = why.strip()[:500]
    choice.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "why"])
    journal.write(
        act="withdraw-choice",
        by=by,
        at=at,
        subject=choice,
        area=choice.place_id,
        data={"why": choice.why},
        roles=roles,
    )
    return choice


def _locked_choice(choice: C) -> C:
    """The choice as it is now, held; and its place, so that choices there come one by one."""
    Division.objects.select_for_update().get(pk=choice.place_id)
    found: C = type(choice)._default_manager.select_for_update().get(pk=choice.pk)
    return found


def _may(
    act: str, choice: Choice | None, *, place: str, by: Officer, at: datetime
) -> frozenset[Role]:
    """The roles one of which the step needs. Raises RefusedError when this officer may not."""
    on = at.astimezone(get_current_timezone()).date()
    if told := steps.hindrance(act, choice, place=place, by=by, on=on):
        raise RefusedError(told)
    move = steps.move(act, None if choice is None else choice.state)
    assert move is not None
    return move.roles


def _in_its_years(since: date, at: datetime) -> None:
    last = date(at.year + YEARS_AHEAD, 12, 31)
    if not EARLIEST <= since <= last:
        raise RefusedError(f"起始日要在 {EARLIEST} 到 {last} 之间，现在是 {since}")


def _short_enough(value: Decimal) -> None:
    if not value.is_finite():
        raise RefusedError(f"要填不小于 0 的数，现在是 {str(value)[:20]}")
    # Size first: a number of more digits than decimals keep cannot be rounded at all.
    if abs(value) >= 10**12 or value != round(value, 6):
        raise RefusedError(f"“{str(value)[:20]}”太长：最多写六位小数，整数部分不超过十二位")


def _fits(choice: ParameterChoice, *, gone: bool = False) -> None:
    """Whether the law holds together with a number more, or one less."""
    law = chosen.keeper.law()
    rows = ParameterChoice.objects.filter(state=State.CONFIRMED, place=choice.place_id)
    others = [chosen.value_of(row) for row in rows.exclude(pk=choice.pk)]
    try:
        with_values(law, others if gone else [*others, chosen.value_of(choice)])
    except BadValue as problem:
        raise RefusedError(str(problem)) from problem
