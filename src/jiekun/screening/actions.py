"""The only writes of the screening: runs begun, worked off, taken up, cancelled, thinned out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise
from secrets import token_hex

from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from jiekun.journal import actions as journal
from jiekun.offices.chosen import law_for
from jiekun.offices.models import Officer
from jiekun.registry.models import Household

from . import running, steps
from . import snapshot as files
from .models import (
    AgeTally,
    Chunk,
    FamilySummary,
    Finding,
    Kind,
    Run,
    Simulation,
    Snapshot,
    Tally,
    WaitTally,
)
from .running import Progress, Watch, law_digest, silent, still

# Large enough for NumPy to be worth it, small enough for memory to stay flat.
HOUSEHOLDS_A_CHUNK = 16_384
# Chunks tile all numbers, so that a household gone since the last run is compared too.
_LAST = 2**63 - 1


# Jobs that read or write the results of runs wait for each other.
SCREENING = "screening"


class CannotResume(RuntimeError):
    """This run cannot be taken up again; the message says why."""


class RefusedError(ValueError):
    """This act is not allowed now or to this officer; the message is for the screen."""


@transaction.atomic
def start_run(
    *,
    on: date,
    place: str,
    simulate: Sequence[str] = (),
    tick: int | None = None,
    snapshot: bool = False,
    by: Officer | None,
    at: datetime,
) -> Run:
    """Record a run and cut its households into chunks; `run_chunks` then does them.

    With the tick of the nightly clock, the run that tick has begun before is given back. With
    `snapshot`, all facts read are kept in files as well, for simulations.
    """
    # Raises LawError for a place or a document that does not exist, before anything is written.
    chosen = law_for(place, on)
    chosen.program(on=on, place=place, simulate=simulate)
    simulated = sorted(set(simulate))
    if tick is not None:
        begun = Run.objects.filter(place=place, simulate=simulated, tick=tick).first()
        if begun is not None:
            return begun
    run = Run.objects.create(
        on=on,
        tick=tick,
        place=place,
        simulate=simulated,
        law_digest=law_digest(),
        choices=chosen.as_json(),
        started_at=at,
        started_by=by,
        previous=_before(on, place, simulated),
    )
    _cut(run)
    if snapshot:
        Snapshot.objects.create(run=run, folder=f"{on}-{token_hex(8)}")
    data = {"on": on.isoformat(), "simulate": simulated, "chunks": run.chunks_total}
    journal.write(act="start-run", by=by, at=at, subject=run, area=place, data=data)
    return run


def _cut(run: Run) -> None:
    bounds = _borders(run.place)
    Chunk.objects.bulk_create(
        Chunk(run=run, number=number, first_household=first, last_household=last - 1)
        for number, (first, last) in enumerate(pairwise(bounds))
    )
    run.chunks_total = len(bounds) - 1
    run.save(update_fields=["chunks_total"])


@transaction.atomic
def ask_for_run(
    *, on: date, place: str, simulate: Sequence[str] = (), by: Officer, at: datetime
) -> Run:
    """Begin a run and leave it to the worker. Raises RefusedError."""
    _allowed("start", None, place=place, by=by, at=at)
    same = Run.objects.filter(place=place, simulate=sorted(set(simulate)), state=Run.State.RUNNING)
    if (under_way := same.first()) is not None:
        raise RefusedError(f"第 {under_way.pk} 次筛查还没有做完，等它做完，或先取消它")
    run = start_run(on=on, place=place, simulate=simulate, snapshot=not simulate, by=by, at=at)
    _leave_to_worker(run)
    return run


@transaction.atomic
def ask_to_resume(*, run: Run, by: Officer, at: datetime) -> Run:
    """Take up a run that stopped and leave it to the worker. Raises RefusedError."""
    _allowed("resume", run, place=run.place, by=by, at=at)
    try:
        run = resume_run(run=run, by=by, at=at)
    except running.RunBusy:
        raise RefusedError("这次筛查正在做，不用再开始") from None
    except CannotResume:
        raise RefusedError("这次筛查开始以后法规改过了，接不上；请取消它，重新开始一次") from None
    _leave_to_worker(run)
    return run


def _allowed(act: str, run: Run | None, *, place: str, by: Officer, at: datetime) -> None:
    if told := steps.hindrance(act, run, place=place, by=by, on=at.date()):
        raise RefusedError(told)


def _leave_to_worker(run: Run) -> None:
    """Queue the work in the transaction that asks for it; one that waits already is enough."""
    job = app.configure_task("screening.run", lock=SCREENING, queueing_lock=f"run-{run.pk}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(run=run.pk)


def _before(on: date, place: str, simulate: list[str]) -> Run | None:
    return (
        Run.objects.filter(
            place=place, simulate=simulate, state=Run.State.DONE, on__lte=on, findings_kept=True
        )
        .order_by("-on", "-id")
        .first()
    )


def _borders(place: str) -> list[int]:
    """Household numbers at which chunks begin, and one past the last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place "  # noqa: S608
            f"FROM {Household._meta.db_table} WHERE community_id LIKE %s) numbered "
            "WHERE place %% %s = 0 ORDER BY id",
            [f"{place}%", HOUSEHOLDS_A_CHUNK],
        )
        starts = [row[0] for row in cursor.fetchall()]
    return [0, *starts[1:], _LAST]


@transaction.atomic
def resume_run(*, run: Run, by: Officer | None, at: datetime) -> Run:
    """Take up a run that failed or was killed where it was; the law must be the same still."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.state not in (Run.State.RUNNING, Run.State.FAILED):
        raise CannotResume(f"{run} is {run.state}: start a new one")
    if run.law_digest != law_digest():
        raise CannotResume(f"the law has changed since {run} began: start a new one")
    # Refuses while another process is at it.
    with running.held(run):
        run.state, run.problem = Run.State.RUNNING, ""
        run.save(update_fields=["state", "problem"])
    left = run.chunks.filter(done=False).count()
    journal.write(
        act="resume-run", by=by, at=at, subject=run, area=run.place, data={"chunks_left": left}
    )
    return run


@transaction.atomic
def cancel_run(*, run: Run, by: Officer, at: datetime) -> Run:
    """Stop a run after the chunks now under way. Raises RefusedError."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    _allowed("cancel", run, place=run.place, by=by, at=at)
    run.state = Run.State.CANCELLED
    run.save(update_fields=["state"])
    journal.write(act="cancel-run", by=by, at=at, subject=run, area=run.place)
    return run


def run_chunks(
    *,
    run: Run,
    at: datetime,
    progress: Progress = silent,
    watch: Watch = still,
    workers: int = running.WORKERS,
) -> Run:
    """Do what is left of a run. `at` is when this begins; `watch` counts seconds from then.

    Works on connections of its own, so what it reads must be committed. A failure is written
    down and raised; what was done stays done.
    """
    began = watch()
    with running.held(run):
        try:
            running.work_off(run, progress=progress, watch=watch, workers=workers)
        except running.RunStopped:
            run.refresh_from_db()
            return run
        except BaseException as error:
            _fail(run, error, at + timedelta(seconds=watch() - began))
            raise
        _finish(run, at + timedelta(seconds=watch() - began))
    return run


@transaction.atomic
def _fail(run: Run, error: BaseException, at: datetime) -> None:
    done = run.chunks.filter(done=True).count()
    why = running.reason(error)
    Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).update(
        state=Run.State.FAILED, problem=why, chunks_done=done
    )
    run.refresh_from_db()
    journal.write(act="run-failed", by=None, at=at, subject=run, area=run.place, data={"why": why})


@transaction.atomic
def _finish(run: Run, at: datetime) -> None:
    Run.objects.select_for_update().get(pk=run.pk)
    run.refresh_from_db()
    if run.state != Run.State.RUNNING:
        return
    sums = run.chunks.aggregate(people=Sum("people"), homes=Sum("households"), all=Count("pk"))
    run.people, run.households = sums["people"] or 0, sums["homes"] or 0
    run.chunks_done, run.state, run.finished_at = sums["all"], Run.State.DONE, at
    run.seconds = _added(chunk.seconds for chunk in run.chunks.all())
    run.totals = {
        "measures": _measure_totals(run),
        "notes": _added(chunk.notes for chunk in run.chunks.all()),
    }
    run.save()
    _keep_snapshot(run)
    data = {"people": run.people, "households": run.households, "changes": run.changes.count()}
    journal.write(act="run-done", by=None, at=at, subject=run, area=run.place, data=data)


@transaction.atomic
def thin_history(*, place: str, simulate: Sequence[str] = (), at: datetime) -> list[Run]:
    """Give up the findings of runs a later one has replaced; their counts and changes stay.

    What a run under way is compared with is kept until that run is done.
    """
    runs = Run.objects.select_for_update().filter(place=place, simulate=sorted(set(simulate)))
    latest = runs.filter(state=Run.State.DONE).order_by("-on", "-id").first()
    if latest is None:
        return []
    under_way = runs.filter(state=Run.State.RUNNING)
    needed = {key for run in under_way for key in (run.pk, run.previous_id) if key is not None}
    older = Q(on__lt=latest.on) | Q(on=latest.on, pk__lt=latest.pk)
    gone = list(runs.filter(older, findings_kept=True).exclude(pk__in=needed))
    for run in gone:
        _thin(run)
        data = {"for": latest.pk}
        journal.write(act="thin-run", by=None, at=at, subject=run, area=place, data=data)
    return gone


def _thin(run: Run) -> None:
    for model in (Finding, FamilySummary, AgeTally, WaitTally, Chunk):
        model._default_manager.filter(run=run).delete()
    run.findings_kept = False
    if run.state == Run.State.FAILED:
        # Half of it is gone: it can no longer be taken up.
        run.state = Run.State.CANCELLED
    run.save(update_fields=["findings_kept", "state"])


def _keep_snapshot(run: Run) -> None:
    """Mark what the run kept in files as whole; those of earlier runs go, in use or not needed."""
    made = run.snapshots.filter(state=Snapshot.State.WRITING).first()
    if made is None:
        return
    folder = files.root() / made.folder
    if files.parts(folder) != run.chunks.filter(people__gt=0).count():
        _remove_snapshots([made])
        return
    files.finish(folder, {"on": run.on.isoformat(), "place": run.place, "run": run.pk})
    made.state, made.people, made.households = Snapshot.State.DONE, run.people, run.households
    made.save()
    busy = (Simulation.State.WAITING, Simulation.State.RUNNING)
    older = Snapshot.objects.filter(run__place=run.place, pk__lt=made.pk)
    older = older.exclude(state=Snapshot.State.REMOVED).exclude(run__state=Run.State.RUNNING)
    # Who asks for a simulation holds its snapshot: only now is it known which ones are needed.
    list(older.select_for_update(of=("self",)))
    _remove_snapshots(older.exclude(simulations__state__in=busy))


def _remove_snapshots(gone: Iterable[Snapshot]) -> None:
    for each in gone:
        each.state = Snapshot.State.REMOVED
        each.save(update_fields=["state"])
        transaction.on_commit(partial(files.remove, files.root() / each.folder))


def _added(parts: Iterable[dict[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in parts:
        for name, value in part.items():
            found[name] = round(found.get(name, 0) + value, 3)
    return found


def _measure_totals(run: Run) -> dict[str, dict[str, int]]:
    """By measure: how many of each kind, and fen a year."""
    rows = (
        Tally.objects.filter(run=run)
        .values("measure", "kind")
        .annotate(count=Sum("subjects"), yearly=Sum("yearly_fen"))
        .order_by("measure", "kind")
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        kind = Kind(row["kind"]).name.lower()
        measure = found.setdefault(row["measure"], {})
        measure[kind] = row["count"]
        if row["yearly"]:
            measure[f"{kind}_yearly_fen"] = row["yearly"]
    return found
