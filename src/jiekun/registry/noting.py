"""Acts on a person or a household as lines of the journal, under the place they live in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jiekun.journal import actions as journal
from jiekun.offices.models import Officer

from .models import Household, Person
from .queries import area_of


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
