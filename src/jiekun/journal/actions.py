"""The journal's one write: adding a line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db import models, transaction

from .models import Entry

SYSTEM = "系统"


class Actor(Protocol):
    """Who acts: the journal stands below the offices and asks no more than this."""

    @property
    def pk(self) -> Any: ...
    @property
    def name(self) -> str: ...


def write(
    *,
    act: str,
    by: Actor | None,
    at: datetime,
    subject: models.Model | tuple[str, object],
    area: str = "",
    purpose: str = "",
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """Add one line, inside the transaction of the act it tells of; `by=None` is the system."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"act {act!r} must be journaled in the transaction that does it")
    kind, key = _named(subject)
    return Entry.objects.create(
        at=at,
        act=act,
        officer_id=None if by is None else by.pk,
        officer_name=SYSTEM if by is None else by.name,
        subject_kind=kind,
        subject_id=key,
        area=area,
        purpose=purpose,
        data=dict(data or {}),
    )


def _named(subject: models.Model | tuple[str, object]) -> tuple[str, str]:
    """The lasting name of a subject: its kind (`registry.person`) and its key."""
    if isinstance(subject, models.Model):
        return subject._meta.label_lower, str(subject.pk)
    return subject[0], str(subject[1])
