"""What officers do at the desk that is written down though it changes nothing: taking data out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from jiekun.journal import actions as journal
from jiekun.offices.models import Officer
from jiekun.screening.models import Simulation


@transaction.atomic
def note_list(
    *, kind: str, rows: int, filters: Mapping[str, str], purpose: str, by: Officer, at: datetime
) -> None:
    """A list that names no residents was taken away as a file, and what for."""
    data = {"rows": rows, "filters": dict(filters)}
    subject = ("registry.list", kind)
    journal.write(act="export", by=by, at=at, subject=subject, purpose=purpose[:200], data=data)


@transaction.atomic
def note_simulation_export(*, simulation: Simulation, kind: str, by: Officer, at: datetime) -> None:
    """A simulation's result was taken away as a file."""
    area = simulation.snapshot.run.place
    data = {"kind": kind, "reform": simulation.label}
    journal.write(act="export-simulation", by=by, at=at, subject=simulation, area=area, data=data)


@transaction.atomic
def note_journal_export(*, purpose: str, by: Officer, at: datetime) -> None:
    """The journal was taken away as a file, and what for."""
    journal.write(
        act="export-journal",
        by=by,
        at=at,
        subject=("journal.seal", "all"),
        purpose=purpose[:200],
    )
