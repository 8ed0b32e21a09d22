"""The law over a batch of households: who is entitled, who is not, and whose answer is open.

No Django and no Arrow here: the database's run and the files' run share this, so they agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from jiekun.kernel import units
from jiekun.kernel.arrays import Batch
from jiekun.kernel.native import native
from jiekun.kernel.program import MeasureUse, Program

Array = npt.NDArray[Any]


class Status(IntEnum):
    """What the law says of one subject and one measure; the names are those of a decision."""

    NO = 0
    YES = 1
    ASK = 2
    JUDGE = 3
    UNSET = 4


@dataclass(frozen=True, slots=True)
class Answers:
    """One measure's answers that are not a firm no; `rows` are people, or households."""

    use: MeasureUse
    rows: Array
    status: Array
    # Fen for money, else as counted; zero where not known.
    amount: Array
    amount_known: Array
    # Index into `Sweep.waits`: the leaves an open answer or amount waits for.
    waits: Array


@dataclass(frozen=True, slots=True)
class Near:
    """Subjects whom one condition on a number alone keeps from a measure, and only just."""

    rows: Array
    atom: Array
    gap: Array


@dataclass(slots=True)
class Sweep:
    """All measures over one batch."""

    program: Program
    sizes: Array
    answers: list[Answers] = field(default_factory=list)
    near: list[Near] = field(default_factory=list)
    waits: list[tuple[str, ...]] = field(default_factory=lambda: [()])


def unit_of(program: Program, use: MeasureUse) -> str:
    """The unit a measure's amount is counted in; empty where it has none."""
    return "" if use.amount is None else units.text(program.graph[use.amount].unit)


def is_money(program: Program, use: MeasureUse) -> bool:
    """Whether a measure's amount is kept in fen."""
    return use.amount is not None and units.is_money(program.graph[use.amount].unit)


def unique_rows(bits: Array) -> tuple[Array, Array]:
    """The different rows of a table of flags or 64-bit words, and which of them each row is."""
    words = bits
    if bits.dtype == np.uint8:
        packed = np.packbits(bits, axis=1)
        packed = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))
        words = np.ascontiguousarray(packed).view(np.uint64)
    # Word by word: sorting plain numbers is far quicker than sorting rows.
    which = np.zeros(len(words), np.int64)
    for word in words.T:
        _, place = np.unique(word, return_inverse=True)
        _, which = np.unique(which * (place.max(initial=0) + 1) + place, return_inverse=True)
    _, first = np.unique(which, return_index=True)
    return bits[first], which


def sweep(program: Program, batch: Batch, *, near: bool = True) -> Sweep:
    """The law over a batch, measure by measure; subjects of each in ascending order."""
    found = native(program).run(batch, near=near)
    swept = Sweep(program, batch.sizes, waits=found.waits)
    rows, order, borders = found.rows, *_by_measure(found.rows.measure, program)
    misses, wanted, cuts = found.near, *_by_measure(found.near.measure, program)
    for place, use in enumerate(program.measures):
        mine = order[borders[place] : borders[place + 1]]
        parts = rows.subject, rows.status, rows.amount, rows.amount_known, rows.waits
        swept.answers.append(Answers(use, *(part[mine] for part in parts)))
        close = wanted[cuts[place] : cuts[place + 1]]
        atom = misses.atom[close].astype(np.int8)
        swept.near.append(Near(misses.subject[close], atom, misses.gap[close]))
    return swept


def _by_measure(measure: Array, program: Program) -> tuple[Array, Array]:
    """The rows by measure, else in their order, and where each measure's begin."""
    order = np.argsort(measure, kind="stable")
    borders = np.searchsorted(measure[order], np.arange(len(program.measures) + 1))
    return order, borders
