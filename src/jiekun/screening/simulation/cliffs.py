"""Cliffs: households whom one more yuan of income, or a hundred, would leave with less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jiekun.kernel.ages import reached
from jiekun.kernel.arrays import Batch, Bits, Column
from jiekun.kernel.native import native

from ..sweep import Array
from .claims import OPEN, SURE, Claims, Lens, claims, totals
from .homes import ADULT

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
    none = np.zeros(len(STEPS), np.int64)
    found = Bumped(
        none.copy(),
        none.copy(),
        none,
        np.zeros((len(STEPS), len(view.names), 2), np.int64),
        len(homes),
    )
    if len(homes) == 0:
        return found
    part = part_of(batch, homes)
    earner = earners(view, part)
    # As they are and once for each step, side by side in one run.
    every = claims(view, native(view.program).run(raised(part, earner), universal=False, keep=keep))
    before, *bumps = (_settled(view, each, len(homes)) for each in _copies(every, part))
    for place, (step, after) in enumerate(zip(STEPS, bumps, strict=True)):
        known = _alike(before, after, len(homes)) & (earner >= 0)
        net = before.total - after.total - 12 * step
        falls = known & (net > 0)
        found.households[place] = falls.sum()
        found.lost[place] = net[falls].sum()
        found.unknown[place] = (~known).sum()
        _most(found.by_measure[place], before.by_measure - after.by_measure, falls, net)
    return found


def _copies(every: Claims, part: Batch) -> Iterator[Claims]:
    """The claims of each copy of a part, numbered as if it stood alone."""
    homes, people = len(part.sizes), int(part.sizes.sum())
    for copy in range(1 + len(STEPS)):
        own = every.of(np.flatnonzero(every.home // homes == copy))
        subject = own.subject - copy * np.where(own.whole, homes, people)
        yield replace(own, home=own.home - copy * homes, subject=subject)


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


def raised(batch: Batch, earner: Array) -> Batch:
    """The same households as often as there are steps and once more: in the first copy as they
    are, in each other every earner with one step more a month."""
    copies = 1 + len(STEPS)
    people = {name: _repeated(column, copies) for name, column in batch.people.items()}
    wage, count = people.get(EARNED), int(batch.sizes.sum())
    if wage is not None:
        amount = _plain(wage.values, 0).astype(np.int64)
        for copy, step in enumerate(STEPS, 1):
            amount[copy * count + earner[earner >= 0]] += step
        people[EARNED] = Column(amount, wage.known)
    household = {name: _repeated(column, copies) for name, column in batch.household.items()}
    return Batch(np.tile(batch.sizes, copies), people, household)


def _repeated(column: Column, copies: int) -> Column:
    known = None if column.known is None else _tiled(column.known, copies)
    return Column(_tiled(column.values, copies), known, column.codes)


def _tiled(values: Array | Bits, copies: int) -> Array | Bits:
    if isinstance(values, Bits):
        bits = np.tile(values.unpacked(), copies)
        return Bits(np.packbits(bits, bitorder="little"), 0, len(bits))
    return np.tile(values, copies)
