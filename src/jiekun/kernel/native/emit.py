"""The law of one day and place as one LLVM module over the households of a batch.

Written twice: quickly, without what open answers wait for; and in full, with a mask of leaves
beside every value, for the households the quick look left open.
"""

from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from jiekun.kernel.native import rows
from jiekun.kernel.native.body import Body
from jiekun.kernel.native.loads import Layout
from jiekun.kernel.native.near import Step, emit_near, place_near
from jiekun.kernel.native.places import Places, Reads, Region
from jiekun.kernel.native.rows import POINTER, STATUSES, WIDE, Slot
from jiekun.kernel.native.values import BIT, BYTE, NO, WORD, YES, Emitted, Number, Truth, constant
from jiekun.kernel.program import MeasureUse, Program

ENTITLED, ASK, JUDGE, UNSET = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Shape:
    """What is compiled for: the layout of each leaf's column (None: unknown to all), and more."""

    layouts: tuple[Layout | None, ...]
    near: bool = False
    keep: tuple[int, ...] = ()


def leaf_columns(program: Program) -> dict[str, int]:
    """Names of the leaves that are columns, and the number of each."""
    names = [n for n, at in program.leaves.items() if program.graph[at].op != "param"]
    return {name: number for number, name in enumerate(names)}


def leaf_bits(program: Program, shape: Shape) -> list[str]:
    """The leaves that can be unknown, in the order of their bits in a mask."""
    columns = leaf_columns(program)

    def can_lack(name: str, position: int) -> bool:
        node = program.graph[position]
        if node.op == "param":
            return node.value[1] is None  # type: ignore[index]
        layout = shape.layouts[columns[name]]
        return layout is None or bool(layout.known)

    return [name for name, position in program.leaves.items() if can_lack(name, position)]


def words_for(bits: int) -> int:
    """How many 64-bit words hold so many bits; one at least."""
    return (bits + 63) // 64 or 1


def row_limits(program: Program) -> tuple[int, int]:
    """How many rows one person and one household can make at most."""
    persons = sum(use.measure.to == "person" for use in program.measures)
    return persons, len(program.measures) - persons


def emit(program: Program, shape: Shape) -> Any:
    """The module; its one function for others is `run`, which takes the table of `Slot`."""
    module = ir.Module("law")
    row = rows.appender(module, "row", Slot.ROWS, Slot.ROW_COLUMNS, rows.ROW_TYPES)
    quick = _Look(program, shape, module, row, full=False)
    quick.write()
    full = None
    if quick.opens:
        look = _Look(program, shape, module, row, full=True)
        look.write()
        full = look.function
    rows.driver(module, quick.function, full, row_limits(program))
    return module


class _Look:
    """One of the two functions over a household; gives whether anything was left open."""

    def __init__(
        self, program: Program, shape: Shape, module: Any, row: Any, *, full: bool
    ) -> None:
        self.program, self.shape, self.full, self.row = program, shape, full, row
        self.leaves = leaf_bits(program, shape)
        self.mask_type = ir.IntType(64 * words_for(len(self.leaves)))
        reads = Reads(program.graph)
        self._place(Places(program.graph, reads))
        shared = self.places.last_loop()
        # One loop fewer, where all that people's answers need is there before it.
        self.alone = shared is None or shared <= self._last_stage()
        if not self.alone:
            self._place(Places(program.graph, reads, shared))
        name = "full" if full else "quick"
        self.function, self.b = rows.internal(module, name, BIT, POINTER, WORD, WORD, WORD)
        numbers = leaf_columns(program)
        columns = {
            program.leaves[leaf]: (number, shape.layouts[number])
            for leaf, number in numbers.items()
        }
        bits = {program.leaves[n]: bit for bit, n in enumerate(self.leaves)} if full else {}
        self.body = Body(
            program, self.places, self.function, self.b, columns, bits, self.mask_type.width
        )
        self.wait = rows.waiter(module, self.mask_type) if full else None
        if shape.near and not full:
            self.miss = rows.appender(
                module, "near", Slot.NEARS, Slot.NEAR_COLUMNS, rows.NEAR_TYPES
            )
        # Whether anything can stay open at all, found while writing.
        self.opens = False
        self.opened: Emitted = None

    # -- placing

    def _last_stage(self) -> int:
        """When the last of what people's own answers need is there."""
        graph, stages = self.program.graph, self.places.stages
        roots = [node for node in self.shape.keep if self._of_person(node)]
        for use in self.program.measures:
            if use.measure.to == "person":
                roots += [use.eligible, *([] if use.amount is None else [use.amount])]
        return max((stages[graph.source[root]] for root in roots), default=0)

    def _place(self, places: Places) -> None:
        self.places = places
        self.yes: dict[int, Region] = {}
        self.near: dict[int, list[Step]] = {}
        for number, use in enumerate(self.program.measures):
            region = self._region(use.measure.to == "person")
            self.places.use(use.eligible, region)
            if use.amount is not None:
                self.yes[number] = region.child()
                self.places.use(use.amount, self.yes[number])
            if self.shape.near and not self.full:
                self.near[number] = place_near(self.program, self.places, use, region)
        for node in self.shape.keep:
            self.places.use(node, self._region(self._of_person(node)))
        self.places.settle()

    def _region(self, person: bool) -> Region:
        return self.places.people.body if person else self.places.top

    def _of_person(self, node: int) -> bool:
        return self.places.reads.of_person(self.program.graph.source[node])

    # -- writing

    def write(self) -> None:
        """The whole function."""
        start = self.b.block
        self.opened = self.b.alloca(BIT)
        self.b.store(BIT(0), self.opened)
        begin = self.body.block()
        self.b.branch(begin)
        self.b.position_at_end(begin)
        assert start is self.function.entry_basic_block
        self.body.visitors[self.places.people] = lambda: self._subjects(person=True)
        self.body.enter(self.places.top)
        self._subjects(person=False)
        if self.alone:
            self.body.each_person(self.places.people, lambda: None)
        self.b.ret(self.b.load(self.opened, typ=BIT))

    def _subjects(self, *, person: bool) -> None:
        """All measures, and nodes to keep, of the household or of one person."""
        for number, use in enumerate(self.program.measures):
            if (use.measure.to == "person") == person:
                self._measure(number, use, self._region(person))
        for place, node in enumerate(self.shape.keep):
            if self._of_person(node) == person:
                self._keep(place, node, self._region(person))

    def _measure(self, number: int, use: MeasureUse, region: Region) -> None:
        truth = self.body.value(use.eligible, region)
        assert isinstance(truth, Truth)
        b, done, granted = self.b, self.body.block(), self.body.block()
        near = self.near.get(number)
        refused = self.body.block() if near else done
        if truth.false is None:
            b.cbranch(truth.true, granted, refused)
        else:
            unsure, held = self.body.block(), self.body.block()
            b.cbranch(truth.false, refused, held)
            b.position_at_end(held)
            b.cbranch(truth.true, granted, unsure)
            b.position_at_end(unsure)
            self._open(number, use, truth)
            b.branch(done)
        b.position_at_end(granted)
        self._grant(number, use)
        b.branch(done)
        if near:
            b.position_at_end(refused)
            emit_near(self.body, near, lambda *found: self._miss(number, use, *found))
            b.branch(done)
        b.position_at_end(done)

    def _subject(self, use: MeasureUse) -> Emitted:
        return self.body.person if use.measure.to == "person" else self.body.household

    def _write_row(self, number: int, use: MeasureUse, status: Emitted, *rest: Emitted) -> None:
        """One row, unless rows are not wanted."""
        flag = Slot.WANT_UNIVERSAL if use.measure.universal else Slot.WANT_ROWS
        wanted = self.b.icmp_unsigned("!=", rows.read(self.b, self.body.table, flag), WORD(0))
        with self.b.if_then(wanted):
            whose = WORD(number), self._subject(use), self.body.household
            self.b.call(self.row, [self.body.table, *whose, status, *rest])

    def _miss(self, number: int, use: MeasureUse, *found: Emitted) -> None:
        whose = WORD(number), self._subject(use), self.body.household
        self.b.call(self.miss, [self.body.table, *whose, *found])

    def _grant(self, number: int, use: MeasureUse) -> None:
        """A sure yes: its amount, and what that waits for where it is unknown."""
        b, waits = self.b, WORD(0)
        value = Number(WORD(0), 1, NO)
        if use.amount is not None:
            region = self.yes[number]
            self.body.enter(region)
            found = self.body.value(use.amount, region)
            assert isinstance(found, Number)
            value = found
        known = self.body.ops.known(value)
        amount = self.body.ops.choose(known, self.body.ops.rounded(value), WORD(0))
        if not self.full:
            self._count(number, WORD(ENTITLED))
            if use.amount is not None:
                self._leave_open(self.body.ops.opposite(known))
                self._add_up(number, amount)
        elif use.amount is not None and value.mask is not None:
            waits = self._waits(self.body.ops.opposite(known), value.mask)
        self._write_row(number, use, WORD(ENTITLED), amount, b.zext(known, WORD), waits)

    def _leave_open(self, condition: Emitted) -> None:
        if constant(condition) == 0:
            return
        self.opens = True
        self.b.store(self.b.or_(self.b.load(self.opened, typ=BIT), condition), self.opened)

    def _waits(self, unknown: Emitted, mask: Emitted) -> Emitted:
        """The number of the set of leaves waited for, counted only where something is unknown."""
        before = self.b.block
        with self.body.under(unknown):
            found = self.b.call(self.wait, [self.body.table, mask])
            inside = self.b.block
        return self.body.phi([(WORD(0), before), (found, inside)])

    def _open(self, number: int, use: MeasureUse, truth: Truth) -> None:
        """An answer that waits for facts, else for somebody's judgment, else for a number."""
        if not self.full:
            self._leave_open(YES)
            return
        b = self.b
        none = self.mask_type(0)
        mask = none if truth.mask is None else truth.mask
        facts, judgments = (self.mask_type(bits) for bits in leaf_kinds(self.program, self.leaves))
        ask = b.or_(
            b.icmp_unsigned("!=", b.and_(mask, facts), none), b.icmp_unsigned("==", mask, none)
        )
        judge = b.icmp_unsigned("!=", b.and_(mask, judgments), none)
        status = b.select(ask, WORD(ASK), b.select(judge, WORD(JUDGE), WORD(UNSET)))
        waits = b.call(self.wait, [self.body.table, mask])
        self._count(number, status)
        self._write_row(number, use, status, WORD(0), WORD(0), waits)

    def _count(self, number: int, status: Emitted) -> None:
        counts = rows.read(self.b, self.body.table, Slot.COUNTS, POINTER)
        place = self.b.add(status, WORD(number * STATUSES))
        rows.add_to(self.b, rows.at(self.b, counts, place, WORD), WORD(1))

    def _add_up(self, number: int, amount: Emitted) -> None:
        """Totals are kept in 128 bits: no batch is large enough to pass them."""
        sums = rows.read(self.b, self.body.table, Slot.SUMS, POINTER)
        address = rows.at(self.b, sums, WORD(2 * number), WORD)
        rows.add_to(self.b, address, self.b.sext(amount, WIDE), WIDE)

    def _keep(self, place: int, node: int, region: Region) -> None:
        """A node's value in full, in columns of its own: numerator, denominator, known, mask."""
        value, b = self.body.value(node, region), self.b
        row = self.body.person if self._of_person(node) else self.body.household
        words = self.mask_type.width // 64
        parts = [
            rows.read(b, self.body.table, Slot.KEPT + 4 * place + n, POINTER) for n in range(4)
        ]
        if self.full:
            mask = self.mask_type(0) if value.mask is None else value.mask
            address = rows.at(b, parts[3], b.mul(row, WORD(words)), WORD)
            b.store(mask, address, align=8)
            return
        known = self.body.ops.known(value)
        top = b.zext(value.true, WORD) if isinstance(value, Truth) else value.top
        den = WORD(1) if isinstance(value, Truth) else self.body.ops.den(value)
        for part, kept in zip(parts[:2], (top, den), strict=True):
            b.store(kept, rows.at(b, part, row, WORD))
        b.store(b.zext(known, BYTE), rows.at(b, parts[2], row, BYTE))
        self._leave_open(self.body.ops.opposite(known))


def leaf_kinds(program: Program, leaves: list[str]) -> tuple[int, int]:
    """Masks of the leaves that are facts to ask for, and of those somebody must judge."""
    facts = judgments = 0
    for bit, name in enumerate(leaves):
        fact = program.facts.get(name)
        if name in program.parameters:
            continue
        if fact is not None and fact.judged_by:
            judgments |= 1 << bit
        else:
            facts |= 1 << bit
    return facts, judgments
