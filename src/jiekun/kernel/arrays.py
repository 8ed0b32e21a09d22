"""The same graph over many households at once, with NumPy: exact integers, unknown beside value.

Truth is a pair of masks (surely true, surely false); a number is an integer numerator over a
denominator with a mask of where it is known. People of one household stand together, so sums
over members are sums over runs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from jiekun.kernel.graph import AGGREGATES, LEAVES, Node
from jiekun.kernel.program import MeasureUse, Program
from jiekun.kernel.vectors import (
    OPERATIONS,
    Array,
    Known,
    Number,
    Truth,
    Value,
    reached,
    truth_where,
)

ORDERED = ("lt", "le", "gt", "ge")


@dataclass(frozen=True, slots=True)
class Bits:
    """Truths packed eight to a byte, the lowest bit first, from bit `offset` on."""

    data: Array
    offset: int
    length: int

    def unpacked(self) -> Array:
        """As an array of bool."""
        bits = np.unpackbits(self.data, count=self.offset + self.length, bitorder="little")
        return bits[self.offset :].astype(bool)


@dataclass(frozen=True, slots=True)
class Column:
    """One fact for everybody; `known` is None when nothing is unknown.

    Values are bool or signed whole numbers of any width, or Bits. With `codes`, they are
    indices into a dictionary, and `codes[index]` is the fact's code.
    """

    values: Array | Bits
    known: Array | Bits | None = None
    codes: Array | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Facts of some households. `sizes`: people in each, at least one; money int64 fen, dates
    int32 days since 1970-01-01, choices by declared position. An absent fact is unknown."""

    sizes: Array
    people: Mapping[str, Column]
    household: Mapping[str, Column]


class Results:
    """Values of the nodes that were kept, for every household or person of a batch."""

    def __init__(self, program: Program, batch: Batch) -> None:
        self.program = program
        self.graph = program.graph
        self.households = len(batch.sizes)
        self.people = int(batch.sizes.sum())
        # Each person's household, by position: how values go from households to people.
        self.home = np.repeat(np.arange(self.households), batch.sizes)
        self.values: dict[int, Value] = {}
        self.masks: dict[int, Array] = {}

    def truth(self, position: int) -> tuple[Array, Array]:
        """(true, false) of a condition for each of its persons or households."""
        found = self.values[self.graph.source[position]]
        assert isinstance(found, Truth)
        shape = (self._count(position),)
        return np.broadcast_to(found.true, shape), np.broadcast_to(found.false, shape)

    def number(self, position: int) -> tuple[Array, Known]:
        """Values (money in fen, rounded half up; choices as codes) and where they are known."""
        found = self.values[self.graph.source[position]]
        assert isinstance(found, Number)
        shape = (self._count(position),)
        top = found.top
        if not (isinstance(found.den, int) and found.den == 1):
            top = (2 * top + found.den) // (2 * found.den)
        known = found.known
        return np.broadcast_to(top, shape), None if known is None else np.broadcast_to(known, shape)

    def missing(self, position: int) -> Array:
        """For each subject, a bit for each leaf (in the order of `program.leaves`) it waits for."""
        words = _words(self.program)
        found = self.masks[self.graph.source[position]]
        return np.broadcast_to(found.T, (self._count(position), words))

    def near(self, use: MeasureUse) -> tuple[Array, Array, Array]:
        """Which condition alone fails (index into atoms, else -1), by how much, of what limit.

        Only conditions that compare numbers count; gap and limit are rounded, money in fen.
        """
        count = self.people if use.measure.to == "person" else self.households
        truths = [self._for(use, atom.node) for atom in use.atoms]
        false = np.zeros(count, np.int16)
        true = np.zeros(count, np.int16)
        for truth in truths:
            false += truth.false
            true += truth.true
        alone = (false == 1) & (true == len(truths) - 1)
        index = np.full(count, -1, np.int8)
        gap, limit = np.zeros(count, np.int64), np.zeros(count, np.int64)
        for place, (atom, truth) in enumerate(zip(use.atoms, truths, strict=True)):
            node = self.graph[self.graph.source[atom.node]]
            if node.op not in ORDERED or self.graph[node.args[0]].kind != "number":
                continue
            here = alone & truth.false
            if here.any():
                left, right = (self._whole(use, arg)[here] for arg in node.args)
                index[here], gap[here], limit[here] = place, np.abs(left - right), right
        return index, gap, limit

    def _whole(self, use: MeasureUse, position: int) -> Array:
        values, _ = self.number(position)
        return self._owned(use, position, values)

    def _for(self, use: MeasureUse, position: int) -> Truth:
        true, false = self.truth(position)
        return Truth(self._owned(use, position, true), self._owned(use, position, false))

    def _owned(self, use: MeasureUse, position: int, values: Array) -> Array:
        """Values for each of a measure's subjects: a household's, or anybody's, for its people."""
        entity = self.graph[self.graph.source[position]].entity
        return values.take(self.home) if use.measure.to == "person" != entity else values

    def _count(self, position: int) -> int:
        return (
            self.people
            if self.graph[self.graph.source[position]].entity == "person"
            else self.households
        )


def evaluate(
    program: Program,
    batch: Batch,
    *,
    missing: bool = False,
    near: bool = False,
    keep: Iterable[int] | None = None,
) -> Results:
    """Evaluates every measure over a batch.

    `missing` also records which leaves unknown results wait for; `near` keeps what `Results.near`
    needs; `keep` names further nodes to keep.
    """
    roots = {use.eligible for use in program.measures}
    roots |= {use.amount for use in program.measures if use.amount is not None}
    roots |= set(keep or ())
    if near:
        roots |= _near_nodes(program)
    return _Evaluator(program, batch, missing).run(
        frozenset(program.graph.source[root] for root in roots)
    )


def _near_nodes(program: Program) -> set[int]:
    found: set[int] = set()
    for use in program.measures:
        for atom in use.atoms:
            position = program.graph.source[atom.node]
            node = program.graph[position]
            found.add(position)
            if node.op in ORDERED and program.graph[node.args[0]].kind == "number":
                found |= set(node.args)
    return found


def _words(program: Program) -> int:
    return (len(program.leaves) + 63) // 64 or 1


class _Evaluator:
    def __init__(self, program: Program, batch: Batch, missing: bool) -> None:
        self.program = program
        self.graph = program.graph
        self.batch = batch
        self.borders = np.concatenate(([0], np.cumsum(batch.sizes)))
        self.results = Results(program, batch)
        self.values = self.results.values
        self.masks = self.results.masks
        self.missing = missing
        self.bit = {position: i for i, position in enumerate(program.leaves.values())}

    def run(self, roots: frozenset[int]) -> Results:
        order, drop = self._plan(roots)
        for position in order:
            node = self.graph[position]
            self.values[position] = self._value(node)
            if self.missing:
                self.masks[position] = self._mask(position, node)
            for dead in drop.get(position, ()):
                del self.values[dead]
                self.masks.pop(dead, None)
        return self.results

    def _plan(self, roots: frozenset[int]) -> tuple[list[int], dict[int, list[int]]]:
        """The nodes to work out, in order, and after which of them others are done with."""
        plans: dict[frozenset[int], tuple[list[int], dict[int, list[int]]]]
        plans = self.program.engines.setdefault("plans", {})
        if roots not in plans:
            order = self._needed(roots)
            last = {arg: position for position in order for arg in self._reads(position)}
            drop: dict[int, list[int]] = {}
            for arg, position in last.items():
                if arg not in roots:
                    drop.setdefault(position, []).append(arg)
            plans[roots] = order, drop
        return plans[roots]

    def _needed(self, roots: frozenset[int]) -> list[int]:
        seen: set[int] = set()
        stack = list(roots)
        while stack:
            position = stack.pop()
            if position not in seen:
                seen.add(position)
                stack += self._reads(position)
        return sorted(seen)

    def _reads(self, position: int) -> tuple[int, ...]:
        """The nodes whose values this one needs: an age limit reads the birth date itself."""
        birth = self._age_limit(self.graph[position])
        if birth is not None:
            return (birth[0],)
        return tuple(dict.fromkeys(self._source(arg) for arg in self.graph[position].args))

    def _source(self, position: int) -> int:
        """Steps pass a value through; a lift of something free of both entities too."""
        graph = self.graph
        while graph[position].op == "step" or (
            graph[position].op == "lift" and graph[graph[position].args[0]].entity == "any"
        ):
            position = graph[position].args[0]
        return position

    def _age_limit(self, node: Node) -> tuple[int, int] | None:
        """(birth date node, years) of `years_since(birth) >= n` and the like."""
        if node.op not in ORDERED:
            return None
        years, limit = (self.graph[self.graph.source[arg]] for arg in node.args)
        if years.op != "years" or limit.op != "const" or limit.den != 1:
            return None
        more = node.op in ("gt", "le")
        return self._source(years.args[0]), int(str(limit.value)) + more

    # -- values

    def _value(self, node: Node) -> Value:
        if node.op in LEAVES:
            return self._leaf(node)
        if node.op == "const":
            return self._const(node)
        if node.op in AGGREGATES:
            return self._aggregate(node)
        if node.op == "lift":
            return self._lift(self._at(node.args[0]))
        limit = self._age_limit(node)
        if limit is not None:
            return self._age(node, *limit)
        args = [self._at(arg) for arg in node.args]
        return self._years(args[0]) if node.op == "years" else OPERATIONS[node.op](node, *args)

    def _at(self, position: int) -> Value:
        return self.values[self._source(position)]

    def _years(self, arg: Value) -> Number:
        assert isinstance(arg, Number)
        on = self.program.on
        days = arg.top.astype("M8[D]")
        months = days.astype("M8[M]")
        passed = (on.year - 1970) * 12 + on.month - 1 - months.astype(np.int64)
        passed = passed - ((days - months.astype("M8[D]")).astype(np.int64) + 1 > on.day)
        return Number(passed // 12, 1, arg.known)

    def _leaf(self, node: Node) -> Value:
        if node.op == "param":
            top: int | None = node.value[1]  # type: ignore[index]
            return Number(
                np.asarray(top or 0, np.int64),
                node.den,
                None if top is not None else np.asarray(False),
            )
        person = node.entity == "person"
        column = (self.batch.people if person else self.batch.household).get(str(node.value))
        if column is None:
            column = Column(np.asarray(0), np.asarray(False))
        values, known = column.values, column.known
        if node.kind != "bool":
            return Number(values.astype(np.int64, copy=False), 1, known)
        if known is None:
            return Truth(values, ~values)
        values = values.astype(bool, copy=False)
        return Truth(values & known, ~values & known)

    def _const(self, node: Node) -> Value:
        if node.kind == "bool":
            return Truth(np.asarray(node.value), np.asarray(not node.value))
        return Number(np.asarray(node.value, np.int64), node.den, None)

    def _lift(self, found: Value) -> Value:
        if isinstance(found, Truth):
            return Truth(self._spread(found.true), self._spread(found.false))
        den = found.den if isinstance(found.den, int) else self._spread(found.den)
        return Number(
            self._spread(found.top), den, None if found.known is None else self._spread(found.known)
        )

    def _spread(self, values: Array) -> Array:
        return values if np.ndim(values) == 0 else values.take(self.results.home)

    def _full(self, values: Any) -> Array:
        return np.broadcast_to(values, (self.results.people,))

    def _aggregate(self, node: Node) -> Value:
        term = self._at(node.args[0])
        if isinstance(term, Number):
            top = self._sums(self._full(term.top))
            known = term.known
            if known is not None:
                known = ~self._somebody(~self._full(known))
            return Number(top, term.den, known)
        true, false = self._full(term.true), self._full(term.false)
        if node.op == "any":
            return Truth(self._somebody(true), ~self._somebody(~false))
        return Truth(~self._somebody(~true), self._somebody(false))

    def _sums(self, values: Array) -> Array:
        """Sums over each household: differences of a running total, exact even if that wraps."""
        running = np.zeros(len(values) + 1, np.int64)
        np.cumsum(values, out=running[1:])
        return np.diff(running[self.borders])

    def _union(self, masks: Array) -> Array:
        """Bits of anybody in each household: the first members at once, then the second ones."""
        found = np.zeros((len(masks), self.results.households), np.uint64)
        starts, sizes = self.borders[:-1], np.diff(self.borders)
        for place in range(sizes.max(initial=0)):
            homes = np.flatnonzero(sizes > place)
            found[:, homes] |= masks[:, starts[homes] + place]
        return found

    def _somebody(self, holds: Array) -> Array:
        """Households with somebody for whom it holds: mostly few, so they are looked up."""
        found = np.zeros(self.results.households, bool)
        found[self.results.home[np.flatnonzero(holds)]] = True
        return found

    def _age(self, node: Node, birth: int, years: int) -> Value:
        found = self.values[birth]
        assert isinstance(found, Number)
        limit = reached(self.program.on, years)
        return truth_where(
            found.top <= limit if node.op in ("ge", "gt") else found.top > limit, found.known
        )

    # -- what unknown results wait for

    def _mask(self, position: int, node: Node) -> Array:
        if node.op in LEAVES:
            bit = self.bit.get(position)
            found = np.zeros((_words(self.program), 1), np.uint64)
            if bit is not None:
                found[bit // 64, 0] = np.uint64(1) << np.uint64(bit % 64)
            return self._where_unknown(position, found)
        if node.op == "const":
            return np.zeros((_words(self.program), 1), np.uint64)
        if node.op in AGGREGATES:
            people = np.broadcast_to(
                self.masks[self._source(node.args[0])], (_words(self.program), self.results.people)
            )
            return self._where_unknown(position, self._union(people))
        if node.op == "lift":
            mask = self.masks[self._source(node.args[0])]
            return mask if mask.shape[1] == 1 else mask.take(self.results.home, axis=1)
        if node.op == "if":
            return self._where_unknown(position, self._mask_if(node))
        found = np.zeros((_words(self.program), 1), np.uint64)
        for arg in self._reads(position):
            found = found | self.masks[arg]
        return self._where_unknown(position, found)

    def _mask_if(self, node: Node) -> Array:
        test, yes, no = (self.masks[self._source(arg)] for arg in node.args)
        truth = self._at(node.args[0])
        assert isinstance(truth, Truth)
        true, false = truth.true, truth.false
        return np.where(true, yes, np.where(false, no, test | yes | no))

    def _where_unknown(self, position: int, mask: Array) -> Array:
        found = self.values[position]
        known: Known = (found.true | found.false) if isinstance(found, Truth) else found.known
        if known is None:
            return np.zeros((_words(self.program), 1), np.uint64)
        return np.where(np.asarray(known), np.uint64(0), mask)
