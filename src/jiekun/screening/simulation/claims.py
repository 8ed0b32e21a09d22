"""What the households of a batch can claim under one law, and which claims they would take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jiekun.kernel.native import Found
from jiekun.kernel.program import MeasureUse, Program
from jiekun.kernel.reform import Side
from jiekun.kernel.unpaid import unpaid
from jiekun.kernel.values import PER_YEAR

from ..claims import Claim, Pairs, best, clash, excluding
from ..sweep import Array, Status, is_money, unit_of
from .homes import is_monthly

# How a claim stands: surely due; due, but facts are missing for how much; not known whether due.
# What waits for nothing but numbers that nobody set cannot be paid to anybody: it counts as
# nothing, and is told apart.
SURE, UNPRICED, OPEN, UNSET = 1, 2, 3, 4


@dataclass(frozen=True)
class Lens:
    """One law as a simulation looks at it: only the measures that matter to it.

    `number` leads from a place among the program's measures to one among `names`, which all
    laws of a simulation share; `times` is how often a year each is paid, zero for no money.
    """

    side: Side
    program: Program
    names: tuple[str, ...]
    number: Array
    times: Array
    pairs: Pairs
    # Of all names: a bit for each pair that cannot be had together.
    barred: Array


def lens(side: Side, program: Program, names: Sequence[str]) -> Lens:
    """A law restricted to some measures; those that pay give rows even where universal."""
    uses = [use for use in program.measures if use.measure.name in names]
    uses = [_listed(use) if _times(side, program, use) else _unpriced(use) for use in uses]
    kept = replace(program, measures=uses, engines={})
    pairs = frozenset((a, b) for a, b in excluding(program) if a in names and b in names)
    barred = np.zeros((len(names), len(names)), bool)
    for a, b in pairs:
        barred[names.index(a), names.index(b)] = True
    return Lens(
        side,
        kept,
        tuple(names),
        np.array([names.index(use.measure.name) for use in uses], np.int64),
        np.array([_times(side, program, use) for use in uses], np.int64),
        pairs,
        barred,
    )


def _listed(use: MeasureUse) -> MeasureUse:
    return replace(use, measure=replace(use.measure, universal=False))


def _unpriced(use: MeasureUse) -> MeasureUse:
    """A measure of which only who gets it matters."""
    return replace(use, amount=None)


def pays(program: Program, use: MeasureUse) -> bool:
    """Whether a measure is money, and all the numbers are set that its sum cannot do without."""
    return (
        use.amount is not None and is_money(program, use) and not unpaid(program.graph, use.amount)
    )


def _times(side: Side, program: Program, use: MeasureUse) -> int:
    """How often a year a sum is paid; zero for what pays nobody or has no yearly value."""
    if use.amount is None or not pays(program, use):
        return 0
    if is_monthly(program, use.amount):
        return side.months.get(use.measure.name, 12)
    return PER_YEAR.get(unit_of(program, use), 0)


@dataclass(frozen=True, slots=True)
class Claims:
    """Rows of one law over a batch, all arrays of equal length; `once` and `yearly` in fen.

    `subject` is a person's or a household's index in the batch, `whole` true for the latter.
    """

    measure: Array
    home: Array
    subject: Array
    whole: Array
    state: Array
    once: Array
    yearly: Array
    taken: Array
    waits: Array

    def of(self, rows: Array) -> Claims:
        """Some of the rows."""
        return Claims(*(getattr(self, name)[rows] for name in self.__slots__))


def claims(view: Lens, found: Found) -> Claims:
    """What each household may claim, and which of it it would take."""
    rows = found.rows
    times = view.times[rows.measure]
    priced = (times > 0) & rows.amount_known
    yes = rows.status == Status.YES
    numbers = [bool(wait) and set(wait) <= set(view.program.parameters) for wait in found.waits]
    state = np.select(
        [yes & ((times == 0) | priced), np.array(numbers, bool)[rows.waits], yes],
        [SURE, UNSET, UNPRICED],
        OPEN,
    )
    to = np.array([use.measure.to == "household" for use in view.program.measures], bool)
    made = Claims(
        measure=view.number[rows.measure],
        home=rows.home.astype(np.int64),
        subject=rows.subject.astype(np.int64),
        whole=to[rows.measure],
        state=state.astype(np.int8),
        once=np.where(priced, np.maximum(rows.amount, 0), 0),
        yearly=np.where(priced, np.maximum(rows.amount, 0) * times, 0),
        taken=state == SURE,
        waits=rows.waits,
    )
    made.taken[_left(view, made)] = False
    return made


def clashing(view: Lens, some: Claims, others: Claims) -> Array:
    """Homes (ascending) in which a claim of the one may bar one of the other, by measure alone."""
    found = [np.zeros(0, np.int64)]
    for a, b in view.pairs:
        i, j = view.names.index(a), view.names.index(b)
        found.append(np.intersect1d(some.home[some.measure == i], others.home[others.measure == j]))
    return np.unique(np.concatenate(found))


def _left(view: Lens, made: Claims) -> Array:
    """Rows of sure claims that their household does not take, since others are worth more."""
    barred: Array = np.any(view.barred, axis=1)
    sure = np.flatnonzero((made.state == SURE) & barred[made.measure])
    some = made.of(sure)
    several = clashing(view, some, some)
    left: list[int] = []
    for rows in by_home(some.home, several):
        own = {claim(view, made, int(row)): int(row) for row in sure[rows]}
        chosen = set(best(own, view.pairs))
        left += [row for each, row in own.items() if each not in chosen]
    return np.array(left, np.int64)


def by_home(home: Array, wanted: Array) -> Iterator[Array]:
    """Places of the rows of each of some homes, in the order of `wanted` (ascending)."""
    order = np.argsort(home, kind="stable")
    ranked = home[order]
    starts = np.searchsorted(ranked, wanted, side="left")
    stops = np.searchsorted(ranked, wanted, side="right")
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        yield order[start:stop]


def claim(view: Lens, made: Claims, row: int) -> Claim:
    """A row as a claim."""
    person = None if made.whole[row] else int(made.subject[row]) + 1
    return Claim(view.names[int(made.measure[row])], person, int(made.yearly[row]))


def totals(made: Claims, homes: int) -> Array:
    """Fen a year each household would take: what is surely due and not barred by what is more."""
    rows = made.taken
    # Weights are doubles: exact for sums below 2^53 fen.
    sums = np.bincount(made.home[rows], weights=made.yearly[rows], minlength=homes)
    return sums.astype(np.int64)


def reaches(
    view: Lens, start: Sequence[Claim], all_claims: Sequence[Claim], goal: Sequence[Claim]
) -> bool:
    """Whether a claim of `start` bars one of `goal`, or bars what bars it, and so on."""
    waiting = list(start)
    left = [each for each in all_claims if each not in start]
    while waiting:
        here = waiting.pop()
        near = [each for each in left if clash(here, each, view.pairs)]
        if any(each in goal for each in near):
            return True
        left = [each for each in left if each not in near]
        waiting += near
    return False
