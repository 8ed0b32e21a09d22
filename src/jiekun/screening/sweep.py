"""The law over a batch of households: who is entitled, who is not, and whose answer is open.

No Django and no Arrow here: the database's run and the files' run share this, so they agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from jiekun.kernel import units
from jiekun.kernel.arrays import Batch, Column, Results, evaluate
from jiekun.kernel.program import MeasureUse, Program

Array = npt.NDArray[Any]

# What still counts as a near miss: a tenth of a limit of money; one of anything counted.
NEAR_SHARE = 10
NEAR_COUNT = 1


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


NOBODY = Near(np.zeros(0, np.int64), np.zeros(0, np.int8), np.zeros(0, np.int64))


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
    """The law over a batch: once over all, then once more over households left open."""
    found = Sweep(program, batch.sizes)
    results = evaluate(program, batch, near=near)
    opens = [_open(results, use) for use in program.measures]
    masks = _Masks(program, batch, opens)
    for use, (yes, unsure, unpriced) in zip(program.measures, opens, strict=True):
        rows = np.flatnonzero(yes | unsure)
        status = np.where(yes[rows], Status.YES, Status.ASK).astype(np.int8)
        waits = np.zeros(len(rows), np.int32)
        asked = np.flatnonzero(unsure[rows] | unpriced[rows])
        if len(asked):
            leaves = masks.of(use, rows[asked], unsure[rows[asked]])
            doubt = status[asked] != Status.YES
            status[asked[doubt]] = masks.status(leaves[doubt])
            waits[asked] = _named(found, leaves)
        amount, known = _amounts(results, use, rows, status)
        found.answers.append(Answers(use, rows, status, amount, known, waits))
        found.near.append(_near(results, use) if near else NOBODY)
    return found


def _for_subjects(results: Results, use: MeasureUse, node: int, values: Array) -> Array:
    """Values of a node for a measure's subjects: a household's value, for each of its people."""
    entity = results.graph[results.graph.source[node]].entity
    if use.measure.to == "person" and entity != "person":
        return values.take(results.home, axis=0)
    return values


def _open(results: Results, use: MeasureUse) -> tuple[Array, Array, Array]:
    """(surely yes, not decided, yes but the amount is not known) for a measure's subjects."""
    true, false = (
        _for_subjects(results, use, use.eligible, side) for side in results.truth(use.eligible)
    )
    unpriced = np.zeros(len(true), bool)
    if use.amount is not None:
        _, known = results.number(use.amount)
        if known is not None:
            unpriced = true & ~_for_subjects(results, use, use.amount, known)
    return true, ~(true | false), unpriced


def _amounts(results: Results, use: MeasureUse, rows: Array, status: Array) -> tuple[Array, Array]:
    known = status == Status.YES
    if use.amount is None:
        return np.zeros(len(rows), np.int64), np.zeros(len(rows), bool)
    values, sure = results.number(use.amount)
    values = _for_subjects(results, use, use.amount, values)[rows]
    if sure is not None:
        known = known & _for_subjects(results, use, use.amount, sure)[rows]
    return np.where(known, values, 0).astype(np.int64), known


def _near(results: Results, use: MeasureUse) -> Near:
    """Near misses of a measure; a disability's level is no number somebody can grow into."""
    index, gap, limit = results.near(use)
    rows = np.flatnonzero(index >= 0)
    if not len(rows):
        return NOBODY
    kinds = [_measured_in(results.program, atom.node) for atom in use.atoms]
    money = np.array([kind == "money" for kind in kinds])[index[rows]]
    counted = np.array([kind == "count" for kind in kinds])[index[rows]]
    close = (money & (gap[rows] * NEAR_SHARE <= np.abs(limit[rows]))) | (
        counted & (gap[rows] <= NEAR_COUNT)
    )
    rows = rows[close]
    return Near(rows, index[rows], gap[rows])


def _measured_in(program: Program, position: int) -> str:
    """What a condition compares: money, something counted, or something with mere grades."""
    graph = program.graph
    node = graph[graph.source[position]]
    if not node.args:
        return "none"
    sides = [graph[graph.source[arg]] for arg in node.args]
    if any(units.is_money(side.unit) for side in sides):
        return "money"
    for side in sides:
        if side.op == "fact" and program.facts[str(side.value)].unit == "level":
            return "grade"
    return "count"


def _named(found: Sweep, leaves: Array) -> Array:
    """Sets of leaves as indices into the sweep's list of them, which grows as needed."""
    different, which = unique_rows(leaves)
    places = []
    for mask in different:
        wanted = _names(found.program, mask)
        if wanted not in found.waits:
            found.waits.append(wanted)
        places.append(found.waits.index(wanted))
    return np.array(places, np.int32)[which]


def _names(program: Program, mask: Array) -> tuple[str, ...]:
    """The leaves of a mask; the same few sets come again in every batch, so they are kept."""
    known: dict[bytes, tuple[str, ...]] = program.engines.setdefault("leaf sets", {})
    key = mask.tobytes()
    if key not in known:
        bits = [int(mask[i // 64]) >> (i % 64) & 1 for i in range(len(program.leaves))]
        known[key] = tuple(n for n, bit in zip(program.leaves, bits, strict=True) if bit)
    return known[key]


class _Masks:
    """What open answers wait for: worked out only for the households that have any."""

    def __init__(
        self, program: Program, batch: Batch, opens: list[tuple[Array, Array, Array]]
    ) -> None:
        self.program = program
        home = np.repeat(np.arange(len(batch.sizes)), batch.sizes)
        homes = np.zeros(len(batch.sizes), bool)
        for use, (_, unsure, unpriced) in zip(program.measures, opens, strict=True):
            marked = unsure | unpriced
            rows = np.flatnonzero(marked)
            homes[home[rows] if use.measure.to == "person" else rows] = True
        people = np.repeat(homes, batch.sizes)
        # Where a household or person of the batch stands among those looked at again.
        self.place = {"household": np.cumsum(homes) - 1, "person": np.cumsum(people) - 1}
        self.results: Results | None = None
        if homes.any():
            part = Batch(
                batch.sizes[homes],
                _picked(batch.people, np.flatnonzero(people)),
                _picked(batch.household, np.flatnonzero(homes)),
            )
            self.results = evaluate(program, part, missing=True)
        self.facts, self.judgments = _leaf_kinds(program)

    def of(self, use: MeasureUse, rows: Array, unsure: Array) -> Array:
        """The leaves each row waits for: with its answer, or with its amount."""
        assert self.results is not None
        places = self.place[use.measure.to][rows]
        found = self._leaves(use, use.eligible, places)
        if use.amount is None:
            return found
        return np.where(unsure[:, None], found, self._leaves(use, use.amount, places))

    def _leaves(self, use: MeasureUse, node: int, places: Array) -> Array:
        assert self.results is not None
        return _for_subjects(self.results, use, node, self.results.missing(node))[places]

    def status(self, leaves: Array) -> Array:
        """Ask while a fact is missing; then judge while a person must; else a number is not set."""
        ask = (leaves & self.facts).any(axis=1) | ~leaves.any(axis=1)
        judge = (leaves & self.judgments).any(axis=1)
        return np.where(ask, Status.ASK, np.where(judge, Status.JUDGE, Status.UNSET))


def _picked(columns: Mapping[str, Column], rows: Array) -> dict[str, Column]:
    return {
        name: Column(column.values[rows], None if column.known is None else column.known[rows])
        for name, column in columns.items()
    }


def _leaf_kinds(program: Program) -> tuple[Array, Array]:
    """Which bits are facts to ask for, and which are judgments."""
    words = (len(program.leaves) + 63) // 64 or 1
    facts, judgments = np.zeros(words, np.uint64), np.zeros(words, np.uint64)
    for i, name in enumerate(program.leaves):
        fact = program.facts.get(name)
        if name in program.parameters:
            continue
        kind = judgments if fact is not None and fact.judged_by else facts
        kind[i // 64] |= np.uint64(1) << np.uint64(i % 64)
    return facts, judgments
