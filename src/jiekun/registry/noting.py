"""Acts on a person or a household as lines of the journal, under the place they live in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import get_current_timezone

from jiekun.journal import actions as journal
from jiekun.journal.queries import about
from jiekun.offices.models import Officer

from .checks import RefusedError
from .models import Household, Person
from .queries import area_of, areas_of


class UnseenError(RefusedError):
    """Somebody else did something of the kind since the officer looked: the message says what."""


def refuse_unseen(
    subject: Person | Household,
    acts: Mapping[str, str],
    by: Officer | None,
    seen_at: datetime | None,
) -> None:
    """Raise UnseenError for acts (with their names in words) of others since the officer looked.

    The subject's row must be locked, or two officers at once would not see each other.
    """
    if seen_at is None:
        return
    since = (
        about(subject)
        .filter(act__in=acts, at__gt=seen_at)
        .exclude(officer_id=by.pk if by else None)
    )
    here = get_current_timezone()
    told = [
        f"{one.officer_name} {one.at.astimezone(here):%m-%d %H:%M} {acts[one.act]}"
        for one in reversed(since[:5])
    ]
    if told:
        raise UnseenError(f"您打开之后，别人又办过：{'；'.join(told)}。请看过再办")


def note_act(
    act: str,
    subject: Person | Household,
    by: Officer | None,
    at: datetime,
    data: Mapping[str, Any],
    purpose: str = "",
) -> None:
    """Write one line, in the transaction of the act it tells of."""
    area = area_of(subject)
    journal.write(act=act, by=by, at=at, subject=subject, area=area, purpose=purpose, data=data)


def note_acts(
    act: str,
    done: Sequence[tuple[Person | Household, Mapping[str, Any]]],
    by: Officer | None,
    at: datetime,
) -> None:
    """The same for one act on many: a line each, as `note_act` would write it."""
    people = areas_of([subject.pk for subject, _ in done if isinstance(subject, Person)])
    lines = [
        journal.Told(
            subject,
            people.get(subject.pk, "") if isinstance(subject, Person) else subject.community_id,
            data,
        )
        for subject, data in done
    ]
    journal.write_many(act=act, by=by, at=at, lines=lines)
