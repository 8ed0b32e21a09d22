"""Cliffs: households whom one more yuan of income, or a hundred, would leave with less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from jiekun.kernel.arrays import Batch, Bits, Column
from jiekun.kernel.native import native
from jiekun.kernel.ages import reached

from .simulation_claims import OPEN, SURE, Claims, Lens, claims, totals
from .simulation_homes import ADULT
from .sweep import Array

# Fen a month more; the one and the hundred yuan an officer would ask about.
STEPS = (100, 10_000)
EARNED = "wage_income"


@dataclass(frozen=True, slots=True)
class Bumped:
    """Of one law, by step: households that lose, fen a year they lose net, and those not known;
    by step and measure, where a household loses most: households and fen a year net."""

    households: Array
    lost: Array
    unknown: Array
    by_measure: Array
    looked_at: int


def bumped(view: Lens, batch: Batch, made: Claims, keep: Sequence[int]) -> Bumped:
    """Households that have money surely, each with one member's wage raised by each step.

    The member is the one who earns most, of equals the first grown-up: whoever would work more.
    `keep` only lets the code serve that was compiled for the batch itself.
    """
    priced = view.number[view.times > 0]
    rows = made.taken & np.isin(made.measure, priced) & (made.yearly > 0)
    homes = np.unique(made.home[rows])
    found = Bumped(
        *(np.zeros(len(STEPS), np.int64) for _ in range(3)),
        np.zeros((len(STEPS), len(view.names), 2), np.int64),
        len(homes),
    )
    if len(homes) == 0:
        return found
    part = part_of(batch, homes)
    earner = earners(view, part)
    run = partial(native(view.program).run, universal=False, keep=keep)
    before = _settled(view, claims(view, run(part)), len(homes))
    for place, step in enumerate(STEPS):
        more = claims(view, run(raised(part, earner, step)))
        after = _settled(view, more, len(homes))
        known = _alike(before, after, len(homes)) & (earner >= 0)
        net = before.total - after.total - 12 * step
        falls = known & (net > 0)
        found.households[place] = falls.sum()
        found.lost[place] = net[falls].sum()
        found.unknown[place] = (~known).sum()
        _most(found.by_measure[place], before.by_measure - after.by_measure, falls, net)
    return found


@dataclass(frozen=True, slots=True)
class _Settled:
    """What each household takes, in all and by measure; and every claim that is open, and whose."""

    total: Array
    by_measure: Array
    open: Array
    whose: Array


def _settled(view: Lens, made: Claims, homes: int) -> _Settled:
    size = len(view.names)
    rows = np.flatnonzero(made.taken)
    flat = np.bincount(
        made.home[rows] * size + made.measure[rows],
        weights=made.yearly[rows],
        minlength=homes * size,
    )
    left = np.flatnonzero(made.state != SURE)
    key = (made.subject[left] * size + made.measure[left]) * (1 + OPEN) + made.state[left]
    by_measure = flat.astype(np.int64).reshape(homes, size)
    return _Settled(totals(made, homes), by_measure, key, made.home[left])


def _alike(before: _Settled, after: _Settled, homes: int) -> Array:
    """Households with the very same open claims twice: what is open there makes no difference."""
    keys = np.concatenate([before.open, after.open])
    _, place, times = np.unique(keys, return_inverse=True, return_counts=True)
    found = np.ones(homes, bool)
    found[np.concatenate([before.whose, after.whose])[times[place] == 1]] = False
    return found


def _most(table: Array, fallen: Array, falls: Array, net: Array) -> None:
    """Adds each falling household to the measure of which it loses most."""
    homes = np.flatnonzero(falls)
    which = fallen[homes].argmax(axis=1)
    np.add.at(table[:, 0], which, 1)
    np.add.at(table[:, 1], which, net[homes])


def part_of(batch: Batch, homes: Array) -> Batch:
    """Some households of a batch, with their people."""
    chosen = np.zeros(len(batch.sizes), bool)
    chosen[homes] = True
    people = np.flatnonzero(np.repeat(chosen, batch.sizes))
    return Batch(batch.sizes[homes], _picked(batch.people, people), _picked(batch.household, homes))


def _picked(columns: Mapping[str, Column], rows: Array) -> dict[str, Column]:
    return {
        name: Column(
            _some(column.values, rows),
            None if column.known is None else _some(column.known, rows),
            column.codes,
        )
        for name, column in columns.items()
    }


def _some(values: Array | Bits, rows: Array) -> Array | Bits:
    """Some of the values, kept as they are kept: the compiled law reads them as they lie."""
    if isinstance(values, Bits):
        return Bits(np.packbits(values.unpacked()[rows], bitorder="little"), 0, len(rows))
    return values[rows]


def _plain(values: Array | Bits | None, count: int) -> Array:
    """As an array; true for all where nothing is said."""
    if values is None:
        return np.ones(count, bool)
    return values.unpacked() if isinstance(values, Bits) else values


def earners(view: Lens, batch: Batch) -> Array:
    """In each household the person who would earn more; -1 where nobody's wage is known."""
    people = int(batch.sizes.sum())
    home = np.repeat(np.arange(len(batch.sizes)), batch.sizes)
    found = np.full(len(batch.sizes), -1, np.int64)
    wage = batch.people.get(EARNED)
    if wage is None:
        return found
    amount = _plain(wage.values, people).astype(np.int64)
    known = _plain(wage.known, people)
    born = batch.people.get("birth_date")
    grown = np.zeros(people, bool)
    if born is not None:
        grown = _plain(born.values, people) <= reached(view.program.on, ADULT)
        grown &= _plain(born.known, people)
    order = np.lexsort((np.arange(people), ~grown, -amount, ~known, home))
    starts = np.cumsum(batch.sizes) - batch.sizes
    first = order[starts]
    return np.where(known[first], first, -1)


def raised(batch: Batch, earner: Array, step: int) -> Batch:
    """The same households, each earner with so many fen a month more."""
    wage = batch.people.get(EARNED)
    if wage is None:
        return batch
    amount = _plain(wage.values, 0).astype(np.int64)
    amount[earner[earner >= 0]] += step
    return Batch(
        batch.sizes, {**batch.people, EARNED: Column(amount, wage.known)}, batch.household
    )
