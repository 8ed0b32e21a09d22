"""Reading the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils.timezone import get_current_timezone

from .chain import eras
from .models import Entry, Seal


def about(subject: models.Model) -> models.QuerySet[Entry]:
    """What happened to one thing, newest first."""
    return Entry.objects.filter(
        subject_kind=subject._meta.label_lower, subject_id=str(subject.pk)
    ).order_by("-at", "-id")


def find(
    *,
    officer: str = "",
    act: str = "",
    subject: str = "",
    area: str = "",
    since: date | None = None,
    until: date | None = None,
) -> models.QuerySet[Entry]:
    """Lines by who (part of a name), act, subject (`registry.person:7`, or its kind alone), area
    and days (both counted), newest first. What is not given narrows nothing."""
    zone = get_current_timezone()
    found = Entry.objects.order_by("-at", "-id")
    if officer:
        found = found.filter(officer_name__contains=officer)
    if act:
        found = found.filter(act=act)
    if subject:
        kind, _, key = subject.partition(":")
        found = found.filter(subject_kind=kind, **({"subject_id": key} if key else {}))
    if area:
        found = found.filter(area__startswith=area)
    if since is not None:
        found = found.filter(at__gte=datetime.combine(since, time(), zone))
    if until is not None:
        found = found.filter(at__lt=datetime.combine(until + timedelta(days=1), time(), zone))
    return found


@dataclass(frozen=True)
class ChainState:
    """How far the chain reaches: its last seal, and the lines not under one yet."""

    last: Seal | None
    unsealed: int


def chain_state() -> ChainState:
    """The state of the chain as it is told; `verify` is what proves it."""
    waiting = sum(
        Entry.objects.filter(era=era, transaction__gte=reached).count()
        for era, reached, _ in eras()
    )
    return ChainState(Seal.objects.defer("members").order_by("-number").first(), waiting)
