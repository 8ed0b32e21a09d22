"""Every law of a plan over one batch, and every comparison of two of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jiekun.kernel.arrays import Batch
from jiekun.kernel.native import Found, native

from ..groups import Group
from ..sweep import Array, Status
from .batch import Changes, Outcome, Waits, compare
from .claims import OPEN, UNPRICED, UNSET, Claims, Lens, claims
from .cliffs import Bumped, bumped
from .homes import HomeFacts, home_facts
from .plan import Plan, Task, View


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


def see(made: Plan, group: Group, turn: int) -> Batched:
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
