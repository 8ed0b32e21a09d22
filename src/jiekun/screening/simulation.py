"""What a change of law would cost: both laws over everybody, and what comes of it.

Entitlement in full is compared with entitlement in full: what households would have if all that
is surely due to them were claimed; where measures cannot be had together, the most that can.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jiekun.kernel.arrays import Batch
from jiekun.kernel.law import Law
from jiekun.kernel.native import Found, native
from jiekun.kernel.reform import Reform

from .cliffs import Bumped, bumped
from .groups import WORKERS, Group, Source, facts_of, worked
from .outputs import fresh, results_in
from .parts import Part, paired
from .simulation_batch import Changes, Outcome, Waits, compare
from .simulation_claims import OPEN, UNPRICED, UNSET, Claims, Lens, claims
from .simulation_homes import HomeFacts, home_facts
from .simulation_plan import Plan, Task, View, plan
from .simulation_tables import Comparison, Population, tabulate
from .simulation_writing import write_households
from .sweep import Array, Status

__all__ = ["Comparison", "Stopped", "simulate"]

# Told after every batch: (people done, people in all).
Progress = Callable[[int, int], None]
COMMUNITY = "community_code"


class Stopped(RuntimeError):
    """The simulation was cancelled while it was worked on."""


def quiet(done: int, total: int) -> None:
    """Progress told to nobody."""


def never() -> bool:
    """Nobody cancels."""
    return False


@dataclass(frozen=True, slots=True)
class Sums:
    """One pair of laws over a batch, by measure: fen a year and fen each time, of households
    whose difference is known; columns are before and after."""

    yearly: Array
    once: Array


@dataclass(frozen=True)
class Seen:
    """One law over a batch: what is claimed; counts by measure; households not settled."""

    claims: Claims
    waits: Waits
    counts: Array
    unset: Array
    unsettled: Array
    cliffs: Bumped
    # Only of a law before a reform.
    homes: HomeFacts | None


@dataclass(frozen=True)
class Batched:
    """Everything worked out of one batch: by law, and by comparison."""

    group: Group
    seen: list[Seen]
    changes: list[Changes]
    sums: list[Sums]


def simulate(
    law: Law,
    reforms: Sequence[Reform],
    persons: Path,
    households: Path,
    *,
    on: date | None = None,
    place: str | None = None,
    out: Path | None = None,
    streets: Mapping[str, str] = MappingProxyType({}),
    progress: Progress = quiet,
    cancelled: Callable[[], bool] = never,
    workers: int = WORKERS,
) -> list[Comparison]:
    """Each reform over everybody in the files (or folders of parts), side by side.

    With `out`, each reform has a folder of its name there: households.parquet of those it touches,
    and comparison.json. `streets` are their names by code. Raises BadReform, FileProblems,
    LawError, or Stopped, and then nothing is written; or CannotWrite.
    """
    made = plan(law, reforms, on=on, place=place)
    facts = facts_of(made.programs)
    sources = [Source(part, facts, _also(part)) for part in paired(persons, households)]
    everybody = sum(source.people.metadata.num_rows for source in sources)
    found = [Population(made, task) for task in made.tasks]
    done = 0
    # Threads that begin together begin with different laws, so both compile at once.
    turns = count()
    for source in sources:
        for batch in worked(source, lambda g: _batch(made, g, next(turns)), workers=workers):
            if cancelled():
                raise Stopped("试算被取消")
            for place_of, population in enumerate(found):
                population.add(batch, place_of)
            done += int(batch.group.batch.sizes.sum())
            progress(done, everybody)
    compared = [tabulate(population, law, streets) for population in found]
    if out is not None:
        for population, comparison in zip(found, compared, strict=True):
            _write(out / comparison.name, population, comparison)
    return compared


def _also(part: Part) -> tuple[str, ...]:
    """Columns a part has beside the facts; one that cannot be read is refused elsewhere."""
    with suppress(OSError, pa.ArrowInvalid):
        return (COMMUNITY,) if COMMUNITY in pq.read_schema(part.households).names else ()
    return ()


def _batch(made: Plan, group: Group, turn: int) -> Batched:
    """One batch under every law, and every comparison of two; `turn` says where to begin."""
    views = len(made.views)
    turned = [(turn + step) % views for step in range(views)]
    by_place = {place: _seen(made.views[place], group.batch, len(made.names)) for place in turned}
    seen = [by_place[place] for place in range(views)]
    changes, sums = [], []
    for task in made.tasks:
        before, after = seen[task.before], seen[task.after]
        waits = before.waits, after.waits
        homes = len(group.batch.sizes)
        told = compare(task.pair, before.claims, after.claims, homes, waits)
        changes.append(told)
        sums.append(_sums(task, (before.claims, after.claims), told.outcome))
    return Batched(group, seen, changes, sums)


def _seen(view: View, batch: Batch, names: int) -> Seen:
    """One batch under one law."""
    keep = () if view.nodes is None else view.nodes.all()
    found = native(view.lens.program).run(batch, universal=False, keep=keep)
    own = claims(view.lens, found)
    counts = _counted(found.counts, view.lens.number, names)
    return Seen(
        claims=own,
        waits=found.waits,
        counts=counts,
        unset=_unset(view.lens, found, own, counts),
        unsettled=_unsettled(own, len(batch.sizes), view.lens.times, view.lens.number),
        cliffs=bumped(view.lens, batch, own, keep),
        homes=None if view.nodes is None else home_facts(view.nodes, batch.sizes, found.kept),
    )


def _unset(view: Lens, found: Found, made: Claims, counts: Array) -> Array:
    """Subjects by measure whose answer or sum waits for nothing but numbers that are not set."""
    unpriced = (made.state == UNSET) & (found.rows.status == Status.YES)
    waiting = counts[:, Status.UNSET] + np.bincount(made.measure[unpriced], minlength=len(counts))
    due = [
        use.measure.gives == "money" and not times
        for use, times in zip(view.program.measures, view.times, strict=True)
    ]
    waiting[view.number[due]] += counts[view.number[due], Status.YES]
    return waiting


def _counted(counts: Array, number: Array, names: int) -> Array:
    """Subjects by measure and status, measures by their shared number."""
    found = np.zeros((names, len(Status)), np.int64)
    found[number] = counts
    return found


def _unsettled(made: Claims, homes: int, times: Array, number: Array) -> Array:
    """Households with money that may yet be due: what they get in all is not known."""
    priced = np.isin(made.measure, number[times > 0])
    found = np.zeros(homes, bool)
    found[made.home[np.isin(made.state, (UNPRICED, OPEN)) & priced]] = True
    return found


def _sums(task: Task, two: tuple[Claims, Claims], outcome: Array) -> Sums:
    count = len(task.pair.priced)
    yearly, once = np.zeros((count, 2), np.int64), np.zeros((count, 2), np.int64)
    for column, made in enumerate(two):
        rows = made.taken & (outcome[made.home] != Outcome.UNDETERMINED)
        for table, values in ((yearly, made.yearly), (once, made.once)):
            sums = np.bincount(made.measure[rows], weights=values[rows], minlength=count)
            table[:, column] = sums.astype(np.int64)
    return Sums(yearly, once)


def _write(folder: Path, population: Population, comparison: Comparison) -> None:
    """One reform's results, whole under their names or not at all. Raises CannotWrite."""
    with results_in(folder):
        with fresh(folder / "households.parquet") as path:
            write_households(path, population)
        with fresh(folder / "comparison.json") as path:
            made = json.dumps(comparison.as_json(), ensure_ascii=False, indent=1)
            path.write_text(made + "\n", encoding="utf-8")
