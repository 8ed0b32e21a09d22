"""A run worked off chunk by chunk, each on a connection of its worker, until all are done."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from threading import local
from typing import Any

import psycopg
from django.db import DatabaseError, connection
from psycopg.types.json import Jsonb

from jiekun.kernel.program import Program
from jiekun.law.facts import FACTS

from . import snapshot
from .families import families
from .findings import Receipts, findings
from .models import Change, Chunk, Finding, Kind, Run, Simulation, Snapshot
from .queries import program_of
from .reading import Reader, Stretch, between, conninfo, read_receipts
from .sweep import sweep
from .writing import write

# Told after every chunk: (chunks done, chunks in all, people so far).
Progress = Callable[[int, int, int], None]
# Seconds from any start: the caller's watch, since the domain has none.
Watch = Callable[[], float]
WORKERS = 2
# Keys of our own for the locks that say a run, or a simulation, is being worked on.
LOCK = 0x6A6B0000
SIMULATION_LOCK = LOCK + 1


class RunBusy(RuntimeError):
    """Somebody is working on this run already."""


class RunStopped(RuntimeError):
    """The run was cancelled while it was worked on."""


def still() -> float:
    """A watch that stands still, for callers to whom the time taken does not matter."""
    return 0.0


def silent(done: int, total: int, people: int) -> None:
    """Progress told to nobody."""


def law_digest() -> str:
    """A fingerprint of the law's text: rules, numbers and documents."""
    folder = Path(str(files("jiekun.law")))
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", ".yaml", ".csv") and path.name != "cases.yaml":
            found.update(path.relative_to(folder).as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def reason(error: BaseException) -> str:
    """What stopped long work, for who sees to it; without rows, which are somebody's."""
    database = error.__cause__ if isinstance(error, DatabaseError) else error
    # PostgreSQL quotes the row it refused, but not in its first line.
    first = database.diag.message_primary if isinstance(database, psycopg.Error) else None
    return f"{type(error).__name__}: {first or error}"[:2000]


@contextmanager
def held(run: Run | Simulation) -> Iterator[None]:
    """Hold a run, or a simulation, while working on it; a killed worker lets go by itself."""
    key = [LOCK if isinstance(run, Run) else SIMULATION_LOCK, run.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        if not cursor.fetchone()[0]:
            raise RunBusy(f"{run} is being worked on by another process")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


@dataclass(slots=True)
class Work:
    """What every worker of one run needs."""

    run: Run
    program: Program
    receipts: Receipts
    watch: Watch
    # Where what is read is kept as well, if anywhere.
    snapshot: Path | None
    readers: list[Reader] = field(default_factory=list)
    writers: list[psycopg.Connection[Any]] = field(default_factory=list)
    mine: local = field(default_factory=local)

    def tools(self) -> tuple[Reader, psycopg.Connection[Any]]:
        """This thread's own reader and writer."""
        if not hasattr(self.mine, "reader"):
            self.mine.reader = Reader(
                self.program, self.run.place, () if self.snapshot is None else FACTS.values()
            )
            self.readers.append(self.mine.reader)
            self.mine.writer = psycopg.connect(conninfo())
            self.writers.append(self.mine.writer)
        return self.mine.reader, self.mine.writer

    def close(self) -> None:
        """Close every worker's connections."""
        for reader in self.readers:
            reader.close()
        for writer in self.writers:
            writer.close()


def work_off(run: Run, *, progress: Progress, watch: Watch, workers: int = WORKERS) -> None:
    """Do every chunk that is not done yet. Raises what stopped it; done chunks stay done."""
    program = program_of(run)
    open_chunks = list(run.chunks.filter(done=False).order_by("number"))
    receipts = read_receipts(program, run.place, run.on)
    kept = run.snapshots.filter(state=Snapshot.State.WRITING).first()
    folder = None if kept is None else snapshot.root() / kept.folder
    work = Work(run, program, receipts, watch, folder)
    done = run.chunks_total - len(open_chunks)
    people = sum(run.chunks.filter(done=True).values_list("people", flat=True))
    try:
        with ThreadPoolExecutor(workers) as pool:
            for counted in _each(pool, work, open_chunks):
                done, people = done + 1, people + counted
                progress(done, run.chunks_total, people)
    finally:
        work.close()


def _each(pool: ThreadPoolExecutor, work: Work, chunks: list[Chunk]) -> Iterator[int]:
    """People of each chunk as it is done; the first failure lets no other chunk begin."""
    waiting: set[Future[int]] = {pool.submit(_chunk, work, chunk) for chunk in chunks}
    try:
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                yield future.result()
    finally:
        for future in waiting:
            future.cancel()


def _chunk(work: Work, chunk: Chunk) -> int:
    """Read, decide and write one chunk; its results and its mark are one transaction."""
    reader, writer = work.tools()
    seconds: dict[str, float] = {}
    with _timed(work, seconds, "read"):
        stretch = reader.stretch(chunk.first_household, chunk.last_household)
    if stretch is not None and work.snapshot is not None:
        with _timed(work, seconds, "snapshot"):
            read = stretch.people_read, stretch.homes_read
            snapshot.write_part(work.snapshot, chunk.number, *read)
    with writer.transaction():
        _still_wanted(writer, work.run)
        notes: dict[str, int] = {}
        if stretch is not None:
            notes = _decide_and_write(work, chunk, stretch, writer, seconds)
        with _timed(work, seconds, "compare"):
            _compare(writer, work.run, chunk)
        people = 0 if stretch is None else len(stretch.homes.people)
        homes = 0 if stretch is None else len(stretch.homes.households)
        _mark(writer, chunk, people, homes, seconds, notes)
    return people


def _decide_and_write(
    work: Work,
    chunk: Chunk,
    stretch: Stretch,
    writer: psycopg.Connection[Any],
    seconds: dict[str, float],
) -> dict[str, int]:
    with _timed(work, seconds, "decide"):
        swept = sweep(work.program, stretch.batch)
        receipts = between(work.receipts, chunk.first_household, chunk.last_household)
        found = findings(swept, stretch.homes, receipts)
        rows = families(work.program, found.sheet, swept.waits, len(stretch.homes.sizes))
    with _timed(work, seconds, "write"):
        write(writer, work.run.pk, chunk.number, swept, found, stretch.homes, rows, stretch.births)
    return found.notes


@contextmanager
def _timed(work: Work, seconds: dict[str, float], stage: str) -> Iterator[None]:
    began = work.watch()
    yield
    seconds[stage] = round(seconds.get(stage, 0.0) + work.watch() - began, 4)


def _still_wanted(writer: psycopg.Connection[Any], run: Run) -> None:
    row = writer.execute(
        f"SELECT state FROM {Run._meta.db_table} WHERE id = %s FOR SHARE",  # noqa: S608
        [run.pk],
    ).fetchone()
    if row is None or row[0] != Run.State.RUNNING:
        raise RunStopped(f"{run} was stopped")


def _mark(
    writer: psycopg.Connection[Any],
    chunk: Chunk,
    people: int,
    households: int,
    seconds: dict[str, float],
    notes: dict[str, int],
) -> None:
    writer.execute(
        f"UPDATE {Chunk._meta.db_table} SET done = true, people = %s, households = %s, "  # noqa: S608
        "seconds = %s, notes = %s WHERE id = %s AND NOT done",
        [people, households, Jsonb(seconds), Jsonb(notes), chunk.pk],
    )


def _compare(writer: psycopg.Connection[Any], run: Run, chunk: Chunk) -> None:
    """Write where this stretch differs from the run before; a near miss is a no like any other."""
    if run.previous_id is None:
        return
    writer.execute(
        _CHANGES,
        {
            "run": run.pk,
            "before": run.previous_id,
            "first": chunk.first_household,
            "last": chunk.last_household,
            "near": Kind.NEAR.value,
        },
    )


_SIDE = f"""
    SELECT household_id, person_id, measure, kind, amount_fen, quantity,
           community_code, street_code
    FROM {Finding._meta.db_table}
    WHERE run_id = %({{run}})s AND household_id BETWEEN %(first)s AND %(last)s AND kind <> %(near)s
"""  # noqa: S608
_CHANGES = f"""
    INSERT INTO {Change._meta.db_table}
        (run_id, household_id, person_id, measure, before, after, before_fen, after_fen,
         before_quantity, after_quantity, community_code, street_code)
    SELECT %(run)s, COALESCE(n.household_id, o.household_id), COALESCE(n.person_id, o.person_id),
           COALESCE(n.measure, o.measure), o.kind, n.kind, o.amount_fen, n.amount_fen,
           o.quantity, n.quantity,
           COALESCE(n.community_code, o.community_code), COALESCE(n.street_code, o.street_code)
    FROM ({_SIDE.format(run="run")}) n
    FULL JOIN ({_SIDE.format(run="before")}) o
      ON o.household_id = n.household_id AND o.measure = n.measure
     AND COALESCE(o.person_id, 0) = COALESCE(n.person_id, 0)
    WHERE (o.kind, o.amount_fen, o.quantity) IS DISTINCT FROM (n.kind, n.amount_fen, n.quantity)
"""  # noqa: S608
