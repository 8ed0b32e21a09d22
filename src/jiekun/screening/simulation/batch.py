"""One batch under two laws: which households gain, lose, stay, or cannot be told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from ..sweep import Array
from .claims import (
    OPEN,
    SURE,
    UNPRICED,
    UNSET,
    Claims,
    Lens,
    by_home,
    claim,
    clashing,
    reaches,
)
from .claims import totals as totals_of

# Sets of leaves, as an evaluation numbers them.
Waits = list[tuple[str, ...]]


class Outcome(IntEnum):
    """What a reform does to a household's money."""

    SAME = 0
    GAIN = 1
    LOSE = 2
    UNDETERMINED = 3


@dataclass(frozen=True)
class Pair:
    """Two laws to compare; of the shared measures those that may answer otherwise (`unlike`),
    and those whose amount is worked out alike (`alike`), though who gets it may differ."""

    before: Lens
    after: Lens
    unlike: Array
    alike: Array
    # Which measures are money; changes of the others are told, but cost nothing here.
    priced: Array


@dataclass(frozen=True, slots=True)
class Changes:
    """What two laws say of each household of a batch, by position; fen a year.

    `gained` and `lost` are (home, measure) of measures certain to come and to go; `waits` is
    (home, index into `leaves`) of what undetermined households wait for.
    """

    before: Array
    after: Array
    outcome: Array
    gained: tuple[Array, Array]
    lost: tuple[Array, Array]
    waits: tuple[Array, Array]
    leaves: list[str]


@dataclass(frozen=True, slots=True)
class _Both:
    """Every claim of either law once: its state and yearly sum under each (0: there is none)."""

    measure: Array
    home: Array
    state: tuple[Array, Array]
    yearly: tuple[Array, Array]


def compare(
    pair: Pair, ours: Claims, theirs: Claims, homes: int, waits: tuple[Waits, Waits]
) -> Changes:
    """Compare two laws' claims over a batch of so many households."""
    both = _both(ours, theirs)
    priced = pair.priced[both.measure]
    open_now = _open(pair, both) & priced
    before, after = totals_of(ours, homes), totals_of(theirs, homes)
    unsure = np.zeros(homes, bool)
    unsure[both.home[open_now]] = True
    unsure[_entangled(pair, both, ours, theirs, unsure)] = True
    outcome = np.select(
        [unsure, after > before, after < before],
        [Outcome.UNDETERMINED, Outcome.GAIN, Outcome.LOSE],
        Outcome.SAME,
    ).astype(np.int8)
    had, has = (np.isin(state, (SURE, UNPRICED)) for state in both.state)
    never, gone = (np.isin(state, (0, UNSET)) for state in both.state)
    gained, lost = has & never, had & gone
    return Changes(
        before,
        after,
        outcome,
        (both.home[gained], both.measure[gained]),
        (both.home[lost], both.measure[lost]),
        *_waiting(pair, unsure, (ours, theirs), waits),
    )


def _both(ours: Claims, theirs: Claims) -> _Both:
    subjects = 1 + max((int(c.subject.max(initial=0)) for c in (ours, theirs)), default=0)
    keys = [c.measure * subjects + c.subject for c in (ours, theirs)]
    every, place = np.unique(np.concatenate(keys), return_inverse=True)
    states, sums = [], []
    home = np.zeros(len(every), np.int64)
    first = 0
    for side in (ours, theirs):
        at = place[first : first + len(side.home)]
        first += len(side.home)
        home[at] = side.home
        state, yearly = np.zeros(len(every), np.int8), np.zeros(len(every), np.int64)
        state[at], yearly[at] = side.state, side.yearly
        states.append(state)
        sums.append(yearly)
    return _Both(every // subjects, home, (states[0], states[1]), (sums[0], sums[1]))


def _open(pair: Pair, both: _Both) -> Array:
    """Claims whose difference cannot be told: open in either law, unless surely open alike.

    Where the two laws work a measure out alike, its answer is one and the same, known or not;
    so is an amount nobody knows, of a measure due under both.
    """
    left, right = both.state
    unsettled = np.isin(left, (UNPRICED, OPEN)) | np.isin(right, (UNPRICED, OPEN))
    same_sum = (left == UNPRICED) & (right == UNPRICED) & pair.alike[both.measure]
    found: Array = unsettled & pair.unlike[both.measure] & ~same_sum
    return found


def _entangled(pair: Pair, both: _Both, ours: Claims, theirs: Claims, unsure: Array) -> list[int]:
    """Homes where what changed may yet be barred by a claim that is open under both laws."""
    left, right = both.state
    changed = (left == SURE) | (right == SURE)
    changed &= (left != right) | (both.yearly[0] != both.yearly[1])
    altered = np.flatnonzero(changed)
    moved = np.zeros(len(unsure), bool)
    moved[both.home[altered]] = True
    moved &= ~unsure
    found = []
    for view, made in ((pair.before, ours), (pair.after, theirs)):
        wanted = moved[made.home] & pair.priced[made.measure] & (made.state != UNSET)
        here = made.of(np.flatnonzero(wanted))
        floating = here.of(np.flatnonzero(here.state != SURE))
        homes = clashing(view, floating, here)
        rows_of = by_home(here.home, homes), by_home(both.home[altered], homes)
        for home, rows, others in zip(homes.tolist(), *rows_of, strict=True):
            own = [claim(view, here, int(row)) for row in rows]
            goal = [each for each, row in zip(own, rows, strict=True) if here.state[row] != SURE]
            names = {view.names[int(m)] for m in both.measure[altered[others]]}
            start = [each for each in own if each.measure in names and each not in goal]
            if reaches(view, start, own, goal):
                found.append(home)
    return found


def _waiting(
    pair: Pair,
    unsure: Array,
    sides: tuple[Claims, Claims],
    waits: tuple[list[tuple[str, ...]], ...],
) -> tuple[tuple[Array, Array], list[str]]:
    """(home, leaf) of every fact an open claim of an undetermined household waits for.

    Numbers nobody set are no fact of a household: what waits for them is told by measure.
    """
    leaves: dict[str, int] = {}
    homes, which = [], []
    for made, named in zip(sides, waits, strict=True):
        rows = np.flatnonzero(
            unsure[made.home] & np.isin(made.state, (UNPRICED, OPEN)) & pair.priced[made.measure]
        )
        for wait in np.unique(made.waits[rows]).tolist():
            at = np.unique(made.home[rows[made.waits[rows] == wait]])
            for leaf in (n for n in named[wait] if n in pair.before.program.facts):
                homes.append(at)
                which.append(np.full(len(at), leaves.setdefault(leaf, len(leaves))))
    if not homes:
        nothing = np.zeros(0, np.int64)
        return (nothing, nothing), []
    pairs = np.unique(np.concatenate(homes) * len(leaves) + np.concatenate(which))
    return (pairs // len(leaves), pairs % len(leaves)), list(leaves)
