"""The law over a batch of households in native code: counts, totals, and rows of who gets what.

    found = native(program).run(batch)

The graph is compiled on first use, for the columns' layout in memory; a batch laid out otherwise
is compiled for once more. Any number of threads may run one engine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock, local
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiekun.kernel.arrays import Batch
from jiekun.kernel.native.code import Compiled
from jiekun.kernel.native.columns import Laid, lay
from jiekun.kernel.native.emit import Shape, emit, leaf_bits, leaf_columns, row_limits, words_for
from jiekun.kernel.native.rows import STATUSES, Slot
from jiekun.kernel.program import Program

Array = NDArray[Any]
# Sets of leaves whose names are remembered; with much unknown there are very many.
SETS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Rows:
    """Every measure and subject that is not a firm no, household by household.

    `subject` is a person's place in the batch, or a household's; `amount` fen for money, zero
    where not known; `waits` the place in `Found.waits` of what an open answer or amount waits for.
    """

    measure: Array  # int16, place in program.measures
    subject: Array  # int32
    home: Array  # int32
    status: Array  # int8: 1 yes, 2 ask, 3 judge, 4 not set
    amount: Array  # int64
    amount_known: Array  # bool
    waits: Array  # int32


@dataclass(frozen=True, slots=True)
class Nears:
    """Subjects whom one condition on a number alone keeps from a measure, and only just."""

    measure: Array  # int16
    subject: Array  # int32
    home: Array  # int32
    atom: Array  # int16, place in the measure's atoms
    gap: Array  # int64
    limit: Array  # int64


@dataclass(frozen=True, slots=True)
class Kept:
    """A node's value for each of its people or households; truths have `top` 0 or 1."""

    top: Array
    den: Array
    known: Array
    # A bit for each of `leaves`: what an unknown value waits for.
    masks: Array
    leaves: tuple[str, ...]

    def waits(self, row: int) -> frozenset[str]:
        """The names one value waits for."""
        bits = int.from_bytes(self.masks[row].tobytes(), "little")
        return frozenset(name for bit, name in enumerate(self.leaves) if bits >> bit & 1)


@dataclass(frozen=True, slots=True)
class Found:
    """What the law says of a batch. `counts[measure, status]` counts every subject once."""

    households: int
    people: int
    counts: Array
    sums: list[int]
    rows: Rows
    near: Nears
    waits: list[tuple[str, ...]]
    waiting: dict[str, int]
    kept: Mapping[int, Kept]


_ROW_KINDS = (np.int16, np.int32, np.int32, np.int8, np.int64, np.bool_, np.int32)
_NEAR_KINDS = (np.int16, np.int32, np.int32, np.int16, np.int64, np.int64)


def native(program: Program) -> "Engine":
    """The program's engine, made once."""
    found: Engine = program.engines.setdefault("native", Engine(program))
    return found


class _Buffers(local):
    """Room to write in, of each thread its own, kept from batch to batch."""

    def __init__(self) -> None:
        self.rows: list[Array] = []
        self.nears: list[Array] = []
        self.sets = 0
        self.keys: Array = np.zeros((0, 0), np.uint64)
        self.places: Array = np.zeros(0, np.int32)
        self.tally: Array = np.zeros(0, np.int64)

    def rows_for(self, count: int) -> list[Array]:
        if not self.rows or len(self.rows[0]) < count:
            self.rows = [np.empty(count, kind) for kind in _ROW_KINDS]
        return self.rows

    def nears_for(self, count: int) -> list[Array]:
        if not self.nears or len(self.nears[0]) < count:
            self.nears = [np.empty(count, kind) for kind in _NEAR_KINDS]
        return self.nears

    def sets_for(self, count: int, words: int) -> None:
        """An empty table of at least so many sets of leaves; set 0 is the empty one."""
        size = max(self.sets, 1 << (count - 1).bit_length())
        if self.keys.shape != (size, words):
            self.sets = size
            self.keys = np.empty((size, words), np.uint64)
            self.places = np.empty(2 * size, np.int32)
            self.tally = np.empty(size, np.int64)
        self.places[:] = 0
        self.tally[:] = 0
        self.keys[0] = 0


class Engine:
    """One program's compiled law."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.columns = leaf_columns(program)
        self.limits = row_limits(program)
        self._made: dict[Shape, _Made] = {}
        self._making = Lock()
        self._buffers = _Buffers()

    def run(
        self,
        batch: Batch,
        *,
        rows: bool = True,
        near: bool = False,
        universal: bool = True,
        keep: Sequence[int] = (),
    ) -> Found:
        """What the law says of a batch; `keep` names nodes whose values are wanted in full.

        Without `rows` only counts, totals and what is waited for; without `universal` the rows
        of universal measures are left out, though counted. Raises ValueError naming a column
        of a wrong type or length, or sizes that make no sense.
        """
        laid = lay(self.program, self.columns, batch)
        made = self._make(laid, near, tuple(keep))
        laid = laid.seen_as(made.shape.layouts)
        while True:
            call = _Call(self, made, laid, rows=rows, universal=universal)
            if made.code.run(call.table.ctypes.data):
                return call.found()
            call.grow()

    def _make(self, laid: Laid, near: bool, keep: tuple[int, ...]) -> "_Made":
        """Code that can read these columns: what there is, else made now."""
        with self._making:
            alike = [
                made
                for shape, made in self._made.items()
                if (shape.near, shape.keep) == (near, keep)
            ]
            for made in alike:
                if laid.fits(made.shape.layouts):
                    return made
            # Columns that are complete here and not there: one code for both from now on.
            layouts = laid.joined(alike[-1].shape.layouts) if alike else laid.layouts
            shape = Shape(layouts, near, keep)
            made = self._made[shape] = _Made(self.program, shape)
            return made


class _Made:
    """Code for one shape, and the leaves its masks have bits for."""

    def __init__(self, program: Program, shape: Shape) -> None:
        self.shape = shape
        self.code = Compiled(emit(program, shape))
        self.leaves = leaf_bits(program, shape)
        self.words = words_for(len(self.leaves))
        self._names: dict[bytes, tuple[str, ...]] = {}

    def names(self, mask: bytes) -> tuple[str, ...]:
        """The leaves of a mask; the same few sets come again in every batch, so they are kept."""
        found = self._names.get(mask)
        if found is None:
            bits = int.from_bytes(mask, "little")
            found = tuple(name for bit, name in enumerate(self.leaves) if bits >> bit & 1)
            if len(self._names) < SETS_KEPT:
                self._names[mask] = found
        return found


class _Call:
    """One run over one batch: the table of words, and the room it points to."""

    def __init__(
        self, engine: Engine, made: _Made, laid: Laid, *, rows: bool, universal: bool
    ) -> None:
        self.engine, self.made, self.laid = engine, made, laid
        self.buffers = engine._buffers
        self.count = len(engine.program.measures)
        # The most rows one household can make.
        self.most = int(laid.sizes.max(initial=1)) * engine.limits[0] + engine.limits[1]
        self.rows = self.buffers.rows_for(self.most + (2 * laid.people if rows else 0))
        self.nears = self.buffers.nears_for(2 * self.most)
        # Sets are found by a number of bits: twice as many places as sets.
        self.buffers.sets_for(max(2 * self.most, 1024), made.words)
        self.counts = np.zeros((max(self.count, 1), STATUSES), np.int64)
        self.sums = np.zeros((max(self.count, 1), 2), np.uint64)
        self.kept = [self._room(node) for node in made.shape.keep]
        self.table = np.zeros(Slot.KEPT + 4 * len(self.kept), np.int64)
        self._fill(rows, universal)

    def _room(self, node: int) -> Kept:
        graph = self.engine.program.graph
        person = graph[graph.source[node]].entity == "person"
        count = self.laid.people if person else len(self.laid.sizes)
        return Kept(
            np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.bool_),
            np.zeros((count, self.made.words), np.uint64), tuple(self.made.leaves),
        )  # fmt: skip

    def _fill(self, rows: bool, universal: bool) -> None:
        table, buffers = self.table, self.buffers
        table[Slot.HOUSEHOLDS] = len(self.laid.sizes)
        table[Slot.ROWS_FIT], table[Slot.NEARS_FIT] = len(self.rows[0]), len(self.nears[0])
        # Set 0 is the empty one.
        table[Slot.WAITS], table[Slot.WAITS_FIT] = 1, buffers.sets
        table[Slot.WAIT_PLACE_BITS] = len(buffers.places) - 1
        table[Slot.WANT_ROWS], table[Slot.WANT_UNIVERSAL] = rows, rows and universal
        for slot, array in (
            (Slot.SIZES, self.laid.sizes), (Slot.COLUMNS, self.laid.words),
            (Slot.COUNTS, self.counts), (Slot.SUMS, self.sums), (Slot.WAIT_KEYS, buffers.keys),
            (Slot.WAIT_PLACES, buffers.places), (Slot.WAIT_TALLY, buffers.tally),
        ):  # fmt: skip
            table[slot] = array.ctypes.data
        for first, columns in ((Slot.ROW_COLUMNS, self.rows), (Slot.NEAR_COLUMNS, self.nears)):
            for number, column in enumerate(columns):
                table[first + number] = column.ctypes.data
        for place, kept in enumerate(self.kept):
            for part, array in enumerate((kept.top, kept.den, kept.known, kept.masks)):
                table[Slot.KEPT + 4 * place + part] = array.ctypes.data

    def grow(self) -> None:
        """Twice the room, next time, wherever the largest household might not have found any."""
        table, buffers = self.table, self.buffers
        if table[Slot.ROWS_FIT] - table[Slot.ROWS] < self.most:
            buffers.rows_for(2 * len(self.rows[0]))
        if table[Slot.NEARS_FIT] - table[Slot.NEARS] < self.most:
            buffers.nears_for(2 * len(self.nears[0]))
        if table[Slot.WAITS_FIT] - table[Slot.WAITS] < self.most:
            buffers.sets_for(2 * buffers.sets, self.made.words)

    def found(self) -> Found:
        """What was written, in arrays of its own."""
        subjects = [
            self.laid.people if use.measure.to == "person" else len(self.laid.sizes)
            for use in self.engine.program.measures
        ]
        counts = self.counts[: self.count]
        counts[:, 0] = np.array(subjects, np.int64) - counts.sum(axis=1)
        sums = [low + (high << 64) for low, high in self._words()]
        waits, waiting = self._waits()
        rows, nears = int(self.table[Slot.ROWS]), int(self.table[Slot.NEARS])
        return Found(
            len(self.laid.sizes), self.laid.people, counts, sums,
            Rows(*(column[:rows].copy() for column in self.rows)),
            Nears(*(column[:nears].copy() for column in self.nears)),
            waits, waiting, dict(zip(self.made.shape.keep, self.kept, strict=True)),
        )  # fmt: skip

    def _words(self) -> list[tuple[int, int]]:
        low = self.sums[: self.count, 0].tolist()
        high = self.sums[: self.count, 1].view(np.int64).tolist()
        return list(zip(low, high, strict=True))

    def _waits(self) -> tuple[list[tuple[str, ...]], dict[str, int]]:
        made = int(self.table[Slot.WAITS])
        keys, tally = self.buffers.keys, self.buffers.tally[:made].tolist()
        waits = [self.made.names(key.tobytes()) for key in keys[:made]]
        waiting: dict[str, int] = {}
        for names, times in zip(waits, tally, strict=True):
            for name in names:
                waiting[name] = waiting.get(name, 0) + times
        return waits, waiting
