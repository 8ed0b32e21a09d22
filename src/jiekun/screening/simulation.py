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
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jiekun.kernel.law import Law
from jiekun.kernel.native import native
from jiekun.kernel.reform import Reform

from .cliffs import Bumped, bumped
from .groups import WORKERS, Group, Source, facts_of, worked
from .outputs import fresh, results_in
from .parts import Part, paired
from .simulation_batch import Changes, Outcome, compare
from .simulation_claims import OPEN, UNPRICED, UNSET, Claims, claims
from .simulation_homes import HomeFacts, home_facts
from .simulation_plan import Plan, Task, plan
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
class Batched:
    """Everything worked out of one batch: by law, and by comparison."""

    group: Group
    counts: list[Array]
    cliffs: list[Bumped]
    unset: list[Array]
    homes: dict[int, HomeFacts]
    unsettled: list[Array]
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
    for source in sources:
        for batch in worked(source, lambda group: _batch(made, group), workers=workers):
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


def _batch(made: Plan, group: Group) -> Batched:
    """One batch under every law, and every comparison of two."""
    batch, homes = group.batch, len(group.batch.sizes)
    own: list[Claims] = []
    waits, counts, cliffs, unset, unsettled = [], [], [], [], []
    known: dict[int, HomeFacts] = {}
    for place, view in enumerate(made.views):
        keep = () if view.nodes is None else view.nodes.all()
        found = native(view.lens.program).run(batch, universal=False, keep=keep)
        own.append(claims(view.lens, found))
        waits.append(found.waits)
        counts.append(_counted(found.counts, view.lens.number, len(made.names)))
        still = own[-1].measure[own[-1].state == UNSET]
        unset.append(np.bincount(still, minlength=len(made.names)))
        cliffs.append(bumped(view.lens, batch, own[-1], keep))
        unsettled.append(_unsettled(own[-1], homes, view.lens.times, view.lens.number))
        if view.nodes is not None:
            known[place] = home_facts(view.nodes, batch.sizes, found.kept)
    changes, sums = [], []
    for task in made.tasks:
        two = own[task.before], own[task.after]
        told = compare(task.pair, *two, homes, (waits[task.before], waits[task.after]))
        changes.append(told)
        sums.append(_sums(task, two, told.outcome))
    return Batched(group, counts, cliffs, unset, known, unsettled, changes, sums)


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
