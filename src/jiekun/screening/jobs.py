"""Long work, done by a worker of its own: each job is a way in to actions.

A job may be begun again at any time: its worker can be killed. What it calls goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from . import actions, duplicates, trying
from .models import Run, Simulation
from .running import RunBusy, Watch

# Half past one at night in China; the queue counts in UTC.
NIGHT = "30 17 * * *"
# Three in the morning, when the screening is over.
LATE = "0 19 * * *"
# Seconds without a sign of life after which a worker's jobs are given to another.
STALLED = 15


@dataclass(frozen=True, slots=True)
class Clock:
    """What a worker knows of time: the day a tick falls on, the moment, and a watch."""

    day: Callable[[int], date]
    moment: Callable[[], datetime]
    watch: Watch


@app.periodic(cron=NIGHT)
@app.task(name="screening.night", lock=actions.SCREENING, pass_context=True)
def night(context: JobContext, timestamp: int) -> None:
    """Everybody under each law that is followed, once a tick."""
    clock: Clock = context.additional_context["clock"]
    for place, laws in settings.SCREENED_AT_NIGHT.items():
        for simulate in laws:
            run = actions.start_run(
                on=clock.day(timestamp), place=place, simulate=simulate, tick=timestamp,
                snapshot=not simulate, by=None, at=clock.moment(),
            )  # fmt: skip
            _work_off(run, clock)


@app.periodic(cron=LATE)
@app.task(name="screening.duplicates", lock="duplicates", pass_context=True)
def find_duplicates(context: JobContext, timestamp: int) -> None:
    """People who may have been entered twice, for officers to look at."""
    clock: Clock = context.additional_context["clock"]
    duplicates.search(by=None, at=clock.moment())


@app.task(name="screening.run", lock=actions.SCREENING, pass_context=True)
def work_off_run(context: JobContext, run: int) -> None:
    """One run an officer asked for."""
    _work_off(Run.objects.get(pk=run), context.additional_context["clock"])


@app.task(name="screening.simulate", lock=trying.SIMULATING, pass_context=True)
def simulate(context: JobContext, simulation: int) -> None:
    """One reform tried on everybody."""
    clock: Clock = context.additional_context["clock"]
    asked = Simulation.objects.get(pk=simulation)
    with suppress(RunBusy):
        trying.work_out(simulation=asked, at=clock.moment(), watch=clock.watch)


def _work_off(run: Run, clock: Clock) -> None:
    if run.state in (Run.State.DONE, Run.State.CANCELLED):
        return
    if run.state == Run.State.FAILED:
        run = actions.resume_run(run=run, by=None, at=clock.moment())
    try:
        actions.run_chunks(run=run, at=clock.moment(), watch=clock.watch)
    except RunBusy:
        # A worker thought dead is alive after all: it goes on.
        return
    actions.thin_history(place=run.place, simulate=run.simulate, at=clock.moment())


@app.periodic(cron=f"* * * * * */{STALLED}")
@app.task(name="screening.rescue", queueing_lock="rescue")
async def rescue(timestamp: int) -> None:
    """Give jobs of workers that died to others."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        await app.job_manager.retry_job(job)
