"""The journal's writes: adding lines, and sealing the lines that are there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db import connection, models, transaction
from django.utils.timezone import get_current_timezone

from . import chain
from .canonical import line_digest, microseconds, plain
from .many import add_rows
from .models import Entry

SYSTEM = "系统"
# Held by whoever seals; writers never ask for it.
_SEALING = 20_241_101
_COLUMNS = (
    *("at", "act", "officer_id", "officer_name", "subject_kind", "subject_id"),
    *("area", "purpose", "data", "digest"),
)


class Actor(Protocol):
    """Who acts: the journal stands below the offices and asks no more than this."""

    @property
    def pk(self) -> Any: ...

    def signs_as(self, *, area: str, on: date, roles: Collection[str]) -> str:
        """The name under an act: a deputy's says for whom."""
        ...

    def signing(self, *, on: date, roles: Collection[str]) -> Callable[[str], str]:
        """The same for many acts of a day: the name by the act's area."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """What one of many lines of one act tells: of what, where, and what was done."""

    subject: models.Model | tuple[str, object]
    area: str = ""
    data: Mapping[str, Any] | None = None
    # The name under it, where the caller knows it already.
    signed: str = ""


def write(
    *,
    act: str,
    by: Actor | None,
    at: datetime,
    subject: models.Model | tuple[str, object],
    area: str = "",
    purpose: str = "",
    data: Mapping[str, Any] | None = None,
    roles: Collection[str] = (),
) -> Entry:
    """Add one line, inside the transaction of the act it tells of; `by=None` is the system.

    `roles`: those one of which the act needs, so that a deputy's line can say for whom.
    Raises TypeError for data that would not come back as it went in (floats).
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"act {act!r} must be journaled in the transaction that does it")
    name = SYSTEM if by is None else by.signs_as(area=area, on=_day(at), roles=roles)
    return Entry.objects.create(**_line(act, by, name, at, Told(subject, area, data), purpose))


def write_views(*, by: Actor, at: datetime, lines: Sequence[Told]) -> None:
    """Add that somebody looked at some things, but for those it says so of this hour already."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a view must be journaled in the transaction that shows it")
    made = [Entry(**_line("view", by, _name(by, at, line), at, line, "")) for line in lines]
    # One statement, and of two at once one writes: an index holds a view to one an hour.
    Entry.objects.bulk_create(made, ignore_conflicts=True)


def _name(by: Actor, at: datetime, line: Told) -> str:
    return line.signed or by.signs_as(area=line.area, on=_day(at), roles=())


def write_many(
    *,
    act: str,
    by: Actor | None,
    at: datetime,
    lines: Sequence[Told],
    purpose: str = "",
    roles: Collection[str] = (),
) -> None:
    """Add a line for each of many subjects of one act, as `write` would one by one."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"act {act!r} must be journaled in the transaction that does it")
    names = dict.fromkeys((line.area for line in lines), SYSTEM)
    if by is not None:
        named = by.signing(on=_day(at), roles=roles)
        names = {area: named(area) for area in names}
    rows = (_line(act, by, names[line.area], at, line, purpose) for line in lines)
    add_rows(Entry, rows, _COLUMNS)


def _line(
    act: str, by: Actor | None, name: str, at: datetime, told: Told, purpose: str
) -> dict[str, Any]:
    """What a line says, under its digest."""
    kind, key = _named(told.subject)
    officer, data = None if by is None else by.pk, plain(told.data or {})
    said = (act, officer, name, kind, key, told.area, purpose, data)
    return dict(zip(_COLUMNS, (at, *said, line_digest((microseconds(at), *said))), strict=True))


def _named(subject: models.Model | tuple[str, object]) -> tuple[str, str]:
    """The lasting name of a subject: its kind (`registry.person`) and its key."""
    if isinstance(subject, models.Model):
        return subject._meta.label_lower, str(subject.pk)
    return subject[0], str(subject[1])


def _day(at: datetime) -> date:
    return at.astimezone(get_current_timezone()).date()


@transaction.atomic
def seal(*, at: datetime) -> int:
    """Link every line whose transaction is over, and all before it, into the chain.

    Nobody waits for this: lines still being written are left for the next time, and of two
    sealers the second leaves the work to the first. Returns how many lines were sealed.
    Raises RuntimeError where the database shows some lines only: the others would stay unsealed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_security_active('journal_entry'), pg_try_advisory_xact_lock(%s)",
            [_SEALING],
        )
        partly, free = cursor.fetchone()
    if partly:
        raise RuntimeError("whoever seals must see every line of the journal")
    if not free:
        return 0
    return chain.extend(at)
