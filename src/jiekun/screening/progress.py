"""How far long work is, and whether anybody is at it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from procrastinate.contrib.django.models import ProcrastinateJob

from .models import Run
from .running import LOCK


@dataclass(frozen=True, slots=True)
class Progress:
    """Parts of a run done, and of how many; whether a process is at it, or it waits for one."""

    done: int
    total: int
    at_work: bool
    waits: bool

    @property
    def percent(self) -> int:
        """Whole percents, never a hundred before all is done."""
        return 100 if not self.total else 100 * self.done // self.total

    @property
    def abandoned(self) -> bool:
        """Whether nobody is at it nor will be."""
        return not self.at_work and not self.waits


def progress(run: Run) -> Progress:
    """How far a run is."""
    done = run.chunks.filter(done=True).count()
    return Progress(done, run.chunks_total, _is_held(run), _waits(run))


def _is_held(run: Run) -> bool:
    """Whether a process holds this run: the lock goes with the process."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted "
            "AND classid = %s AND objid = %s AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())",
            [LOCK, run.pk],
        )
        return cursor.fetchone() is not None


def _waits(run: Run) -> bool:
    """Whether a job for it is in the queue, or with a worker that died and will be replaced."""
    mine = Q(task_name="screening.run", args__run=run.pk)
    if run.tick is not None:
        mine |= Q(task_name="screening.night", args__timestamp=run.tick)
    return ProcrastinateJob.objects.filter(mine, status__in=["todo", "doing"]).exists()
