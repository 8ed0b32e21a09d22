"""The body of the compiled law: one household's values, each worked out where it is placed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from jiekun.kernel.ages import reached
from jiekun.kernel.graph import AGGREGATES, LEAVES, Node
from jiekun.kernel.native.loads import Layout, load, row_of
from jiekun.kernel.native.places import Loop, Places, Region
from jiekun.kernel.native.rows import POINTER, Slot, read
from jiekun.kernel.native.values import (
    NO,
    WORD,
    YES,
    Emitted,
    Number,
    Ops,
    Truth,
    Value,
    apply,
    on_and,
    on_or,
)  # fmt: skip
from jiekun.kernel.program import Program

Layouts = Sequence[Layout | None]


class Body:
    """Writes one function: `table`, the household's number, its first person and its size."""

    def __init__(
        self, program: Program, places: Places, function: Any, builder: Any,
        columns: dict[int, tuple[int, Layout | None]], masks: dict[int, int], mask_bits: int,
    ) -> None:  # fmt: skip
        self.program = program
        self.graph = program.graph
        self.places = places
        self.function = function
        self.b = builder
        self.table, self.household, self.first, self.size = function.args
        self.where = read(builder, self.table, Slot.COLUMNS, POINTER)
        self.person: Emitted = None
        self.person_row: Any = None
        self.columns = columns
        # The bit of each leaf, where masks are wanted.
        self.masks = masks
        self.ops = Ops(builder, mask_bits)
        self.household_row = row_of(self.ops, self.household)
        self.scopes: dict[Region, dict[int, Value]] = {}
        self.before_loop: Any = None
        # What else is done for each person of a loop.
        self.visitors: dict[Loop, Callable[[], None]] = {}

    # -- regions

    def block(self) -> Any:
        """A new block."""
        return self.function.append_basic_block()

    def enter(self, region: Region) -> None:
        """Work out what is placed in a region; the builder stands at its beginning."""
        scope = self.scopes[region] = {}
        for position in region.nodes:
            if position not in scope:
                node = self.graph[position]
                if node.op in AGGREGATES:
                    self._gather(position, region, scope)
                else:
                    scope[position] = self._work_out(position, node, region)

    def value(self, position: int, region: Region) -> Value:
        """A node's value in a region; a small one is worked out here if nobody has yet."""
        position = self.graph.source[position]
        around: Region | None = region
        while around is not None:
            if position in self.scopes[around]:
                return self.scopes[around][position]
            around = around.parent
        assert self.places.reads.small(position), self.graph[position]
        found = self._small(position, self.graph[position], region)
        self.scopes[region][position] = found
        return found

    @contextmanager
    def under(self, condition: Emitted) -> Iterator[Any]:
        """Instructions reached only where a condition holds; gives the block to go on from."""
        inside, after = self.block(), self.block()
        self.b.cbranch(condition, inside, after)
        self.b.position_at_end(inside)
        yield after
        self.b.branch(after)
        self.b.position_at_end(after)

    # -- nodes

    def _small(self, position: int, node: Node, region: Region) -> Value:
        if node.op in LEAVES:
            return self._leaf(position, node)
        if node.op == "const":
            if node.kind == "bool":
                return Truth(YES if node.value else NO)
            return Number(WORD(int(str(node.value))), node.den)
        args = [self.value(arg, region) for arg in self.places.reads.of(position)]
        return self._applied(position, node, args)

    def _applied(self, position: int, node: Node, args: list[Value]) -> Value:
        limit = self.places.reads.ages.get(position)
        if limit is not None:
            return self._age(node, args[0], limit[1])
        return apply(self.ops, node, args)

    def _work_out(self, position: int, node: Node, region: Region) -> Value:
        parts = self.places.parts[position, region.inside]
        if node.op in ("and", "or"):
            return self._chain(node, parts, region)
        if node.op == "if":
            return self._branches(node, parts, region)
        args = [self.value(arg, region) for arg, _ in parts]
        return self._years(args[0]) if node.op == "years" else self._applied(position, node, args)

    def _leaf(self, position: int, node: Node) -> Value:
        if node.op == "param":
            top: int | None = node.value[1]  # type: ignore[index]
            if top is not None:
                return Number(WORD(top), node.den)
            return self.ops.waiting(Number(WORD(0), node.den, NO), self._bit(position))
        number, layout = self.columns.get(position, (0, None))
        if layout is None:
            value: Value = Truth(NO, NO) if node.kind == "bool" else Number(WORD(0), node.den, NO)
        else:
            row = self.person_row if node.entity == "person" else self.household_row
            value = load(self.ops, self.where, number, node, layout, row)
        return self.ops.waiting(value, self._bit(position))

    def _bit(self, position: int) -> Emitted | None:
        bit = self.masks.get(position)
        return None if bit is None else self.ops.mask_type(1 << bit)

    def _age(self, node: Node, birth: Value, years: int) -> Value:
        assert isinstance(birth, Number)
        sign = "<=" if node.op in ("ge", "gt") else ">"
        limit = WORD(reached(self.program.on, years))
        holds = self.b.icmp_signed(sign, birth.top, limit)
        return self.ops.waiting(self.ops.where(holds, birth.known), birth.mask)

    def _years(self, birth: Value) -> Value:
        assert isinstance(birth, Number)
        top = whole_years(self.ops, birth.top, self.program.on)
        return Number(top, 1, birth.known, birth.mask)

    # -- what is worked out only as far as it matters

    def _chain(self, node: Node, parts: list[tuple[int, Region]], region: Region) -> Value:
        """`and` until something is false, `or` until something is true."""
        ending = node.op == "or"
        join = on_or if ending else on_and
        found: Truth = Truth(NO) if ending else Truth(YES)
        here, done, exits = region, self.block(), []
        for arg, where in parts:
            if where is not here:
                exits.append(self.b.block)
                found = self._go_on(found, ending, done)
                self.enter(where)
                here = where
            value = self.value(arg, where)
            assert isinstance(value, Truth)
            joined = join(self.ops, node, (found, value))
            assert isinstance(joined, Truth)
            found = Truth(joined.true, joined.false, self.ops.joined(found.mask, value.mask))
        last = self.b.block
        self.b.branch(done)
        self.b.position_at_end(done)
        if not exits:
            return self.ops.waiting(found, found.mask)

        def merged(ended: Emitted, value: Emitted) -> Emitted:
            return self.phi([(ended, block) for block in exits] + [(value, last)])

        true, false = merged(YES if ending else NO, found.true), found.false
        if false is not None:
            false = merged(NO if ending else YES, false)
        mask = None if found.mask is None else merged(self.ops.mask_type(0), found.mask)
        return self.ops.waiting(Truth(true, false), mask)

    def _go_on(self, found: Truth, ending: bool, done: Any) -> Truth:
        """Leave once decided; what is left is not decided, though it may be unknown."""
        onward = self.block()
        self.b.cbranch(found.true if ending else self.ops.false(found), done, onward)
        self.b.position_at_end(onward)
        if found.false is None:
            return Truth(NO) if ending else Truth(YES)
        if ending:
            return Truth(NO, found.false, found.mask)
        return Truth(found.true, NO, found.mask)

    def phi(self, incoming: list[tuple[Emitted, Any]]) -> Emitted:
        """The value of the block one came from."""
        found = self.b.phi(incoming[0][0].type)
        for value, block in incoming:
            found.add_incoming(value, block)
        return found

    def _branches(self, node: Node, parts: list[tuple[int, Region]], region: Region) -> Value:
        (asked, _), yes, no = parts
        test = self.value(asked, region)
        assert isinstance(test, Truth)
        args = [
            test,
            self._branch(*yes, region, self.ops.opposite(self.ops.false(test))),
            self._branch(*no, region, self.ops.opposite(test.true)),
        ]
        return apply(self.ops, node, args)

    def _branch(self, arg: int, where: Region, region: Region, reached: Emitted) -> Value:
        """A branch's value, worked out only where it can count; nothing and false elsewhere."""
        if where is region:
            return self.value(arg, region)
        skipped = self.b.block
        with self.under(reached):
            self.enter(where)
            value = self.value(arg, where)
            last = self.b.block

        def merged(found: Emitted, otherwise: Emitted) -> Emitted:
            return found if found is otherwise else self.phi([(otherwise, skipped), (found, last)])

        none = self.ops.mask_type(0)
        mask = None if value.mask is None else merged(value.mask, none)
        if isinstance(value, Truth):
            false = None if value.false is None else merged(value.false, YES)
            return Truth(merged(value.true, NO), false, mask)
        known = None if value.known is None else merged(value.known, NO)
        den = value.den if isinstance(value.den, int) else merged(value.den, WORD(1))
        return Number(merged(value.top, WORD(0)), den, known, mask)

    # -- people

    def each_person(self, loop: Loop, work: Callable[[], None]) -> None:
        """A loop over the household's people."""
        before, head, body, after = self.b.block, self.block(), self.block(), self.block()
        self.b.branch(head)
        self.b.position_at_end(head)
        number = self.b.phi(WORD)
        number.add_incoming(WORD(0), before)
        self.b.cbranch(self.b.icmp_unsigned("<", number, self.size), body, after)
        self.b.position_at_end(body)
        self.person, self.before_loop = self.b.add(self.first, number), before
        self.person_row = row_of(self.ops, self.person)
        self.enter(loop.body)
        work()
        self.visitors.get(loop, lambda: None)()
        number.add_incoming(self.b.add(number, WORD(1)), self.b.block)
        self.b.branch(head)
        self.b.position_at_end(after)

    def cell(self, begins: Emitted) -> Emitted:
        """A variable of the function, set before the loop now written."""
        with self.b.goto_entry_block():
            found = self.b.alloca(begins.type)
        with self.b.goto_block(self.before_loop):
            self.b.store(begins, found)
        return found

    def _gather(self, position: int, region: Region, scope: dict[int, Value]) -> None:
        """An aggregate, and with it all others of the region that can share its loop."""
        reads, stages = self.places.reads, self.places.stages
        (term,) = reads.of(position)
        if not reads.of_person(term):
            scope[position] = self._alike(self.value(term, region))
            return
        together = [
            other for other in region.nodes
            if stages[other] == stages[position] and self.graph[other].op in AGGREGATES
            and reads.of_person(reads.of(other)[0])
        ]  # fmt: skip
        loop, made = region.loops[stages[position]], {}

        def work() -> None:
            for one in together:
                (each,) = reads.of(one)
                made[one] = self._collect(self.graph[one], self.value(each, loop.body))

        self.each_person(loop, work)
        for one, finish in made.items():
            scope[one] = finish()

    def _alike(self, value: Value) -> Value:
        """Gathering what is the same for everybody; nobody's household is empty."""
        if isinstance(value, Truth):
            return value
        return Number(self.ops.times(value.top, self.size), value.den, value.known, value.mask)

    def _collect(self, node: Node, value: Value) -> Callable[[], Value]:
        """Take one person's value in; gives what makes the household's value after the loop."""
        mask = self._kept(value.mask, self.ops.mask_type(0), self.b.or_)
        if isinstance(value, Number):
            top = self._kept(value.top, WORD(0), self.b.add)
            known = self._kept(value.known, YES, self.b.and_)
            return lambda: self.ops.waiting(Number(top(), value.den, known()), mask())
        some = node.op == "any"
        false = None if value.false is None else self.ops.false(value)
        yes = self._kept(value.true, NO if some else YES, self.b.or_ if some else self.b.and_)
        no = self._kept(false, YES if some else NO, self.b.and_ if some else self.b.or_)
        return lambda: self.ops.waiting(Truth(yes(), no()), mask())

    def _kept(self, value: Emitted, begins: Emitted, join: Any) -> Callable[[], Emitted]:
        """A running total of one part of a value; nothing where there is no such part."""
        if value is None:
            return lambda: None
        cell = self.cell(begins)
        self.b.store(join(self.b.load(cell, typ=begins.type), value), cell)
        return lambda: self.b.load(cell, typ=begins.type)


def whole_years(ops: Ops, days: Emitted, on: date) -> Emitted:
    """Whole years from a day (since 1970) to another, by the proleptic Gregorian calendar."""
    b = ops.b

    def over(top: Emitted, by: int) -> Emitted:
        return ops.floor(top, WORD(by))

    def less(top: Emitted, *parts: Emitted) -> Emitted:
        for part in parts:
            top = b.sub(top, part)
        return top

    # Eras of 400 years begin on 1 March, so that a leap day is the last of its year.
    since = b.add(days, WORD(719_468))
    era = over(since, 146_097)
    day = less(since, b.mul(era, WORD(146_097)))
    leaps = less(b.add(day, over(day, 36_524)), over(day, 1_460), over(day, 146_096))
    year = over(leaps, 365)
    day = less(b.add(day, over(year, 100)), b.mul(year, WORD(365)), over(year, 4))
    month = over(b.add(b.mul(day, WORD(5)), WORD(2)), 153)
    day = b.add(less(day, over(b.add(b.mul(month, WORD(153)), WORD(2)), 5)), WORD(1))
    late = b.icmp_signed(">=", month, WORD(10))
    month = b.select(late, less(month, WORD(9)), b.add(month, WORD(3)))
    year = b.add(b.add(year, b.mul(era, WORD(400))), b.zext(late, WORD))
    born = b.add(b.mul(month, WORD(32)), day)
    early = b.icmp_signed(">", born, WORD(on.month * 32 + on.day))
    return less(WORD(on.year), year, b.zext(early, WORD))


__all__ = ["Body", "Layouts", "whole_years"]
