"""What the compiled law writes: rows, near misses, totals, and what open answers wait for.

All memory is the caller's, reached through one table of words (`Slot`); every household is first
checked to fit, so nothing here looks at a limit again.
"""

from enum import IntEnum
from typing import Any

from llvmlite import ir

from jiekun.kernel.native.values import BIT, BYTE, WORD, Emitted

POINTER = ir.PointerType()
HALF, SHORT = ir.IntType(32), ir.IntType(16)
WIDE = ir.IntType(128)
STATUSES = 5


class Slot(IntEnum):
    """Words of the table: sizes and flags, how far writing has come, and where to write."""

    HOUSEHOLDS = 0
    SIZES = 1
    COLUMNS = 2
    ROWS = 3
    ROWS_FIT = 4
    NEARS = 5
    NEARS_FIT = 6
    WAITS = 7
    WAITS_FIT = 8
    WANT_ROWS = 9
    WANT_UNIVERSAL = 10
    COUNTS = 11
    SUMS = 12
    WAIT_KEYS = 13
    WAIT_PLACES = 14
    WAIT_PLACE_BITS = 15
    WAIT_TALLY = 16
    ROW_COLUMNS = 17
    NEAR_COLUMNS = 24
    KEPT = 30


ROW_TYPES = (SHORT, HALF, HALF, BYTE, WORD, BYTE, HALF)
NEAR_TYPES = (SHORT, HALF, HALF, SHORT, WORD, WORD)


def at(builder: Any, pointer: Emitted, index: Emitted, kind: Any) -> Emitted:
    """The address of one element."""
    return builder.gep(pointer, [index], source_etype=kind)


def read(builder: Any, table: Emitted, slot: int, kind: Any = WORD) -> Emitted:
    """One word of a table."""
    return builder.load(at(builder, table, WORD(slot), WORD), typ=kind)


def add_to(builder: Any, address: Emitted, amount: Emitted, kind: Any = WORD) -> None:
    """Add to a number in memory."""
    builder.store(builder.add(builder.load(address, typ=kind, align=8), amount), address, align=8)


def internal(module: Any, name: str, result: Any, *arguments: Any) -> tuple[Any, Any]:
    """A function of the module's own, never made part of its callers, and a builder in it."""
    function = ir.Function(module, ir.FunctionType(result, arguments), name)
    function.linkage = "internal"
    function.attributes.add("noinline")
    return function, ir.IRBuilder(function.append_basic_block())


def appender(module: Any, name: str, cursor: Slot, columns: Slot, kinds: tuple[Any, ...]) -> Any:
    """A function writing one row at the cursor and moving it on."""
    function, b = internal(module, name, ir.VoidType(), POINTER, *[WORD] * len(kinds))
    table, *values = function.args
    row = read(b, table, cursor)
    for number, (kind, value) in enumerate(zip(kinds, values, strict=True)):
        column = read(b, table, columns + number, POINTER)
        b.store(value if kind is WORD else b.trunc(value, kind), at(b, column, row, kind))
    b.store(b.add(row, WORD(1)), at(b, table, WORD(cursor), WORD))
    b.ret_void()
    return function


def waiter(module: Any, mask_type: Any) -> Any:
    """A function giving a set of leaves its number, a new one for a new set, and counting it.

    An open-addressed table: places hold numbers of sets, zero for none; set 0 is the empty one.
    """
    function, b = internal(module, "wait", WORD, POINTER, mask_type)
    table, mask = function.args
    entry = b.block
    look, same, fresh, on, done = (function.append_basic_block() for _ in range(5))
    words = [b.trunc(b.lshr(mask, mask_type(64 * n)), WORD) for n in range(mask_type.width // 64)]
    keys, places = (read(b, table, slot, POINTER) for slot in (Slot.WAIT_KEYS, Slot.WAIT_PLACES))
    bits = read(b, table, Slot.WAIT_PLACE_BITS)
    start = b.and_(_hash(b, words), bits)
    b.cbranch(b.icmp_unsigned("==", mask, mask_type(0)), done, look)
    b.position_at_end(look)
    place = b.phi(WORD)
    place.add_incoming(start, entry)
    cell = at(b, places, place, HALF)
    number = b.zext(b.load(cell, typ=HALF), WORD)
    b.cbranch(b.icmp_unsigned("==", number, WORD(0)), fresh, same)
    b.position_at_end(same)
    key = at(b, keys, b.mul(number, WORD(len(words))), WORD)
    equal = b.icmp_unsigned("==", b.load(key, typ=mask_type, align=8), mask)
    b.cbranch(equal, done, on)
    b.position_at_end(on)
    place.add_incoming(b.and_(b.add(place, WORD(1)), bits), on)
    b.branch(look)
    b.position_at_end(fresh)
    made = read(b, table, Slot.WAITS)
    b.store(b.add(made, WORD(1)), at(b, table, WORD(Slot.WAITS), WORD))
    b.store(b.trunc(made, HALF), cell)
    b.store(mask, at(b, keys, b.mul(made, WORD(len(words))), WORD), align=8)
    b.branch(done)
    b.position_at_end(done)
    found = b.phi(WORD)
    for value, block in ((WORD(0), entry), (number, same), (made, fresh)):
        found.add_incoming(value, block)
    add_to(b, at(b, read(b, table, Slot.WAIT_TALLY, POINTER), found, WORD), WORD(1))
    b.ret(found)
    return function


def _hash(b: Any, words: list[Emitted]) -> Emitted:
    mixed = WORD(0)
    for word in words:
        mixed = b.mul(b.xor(mixed, word), WORD(0x9E3779B97F4A7C15))
        mixed = b.xor(mixed, b.lshr(mixed, WORD(29)))
    return mixed


def driver(module: Any, quick: Any, full: Any | None, most: tuple[int, int]) -> None:
    """`run`: every household quickly, and in full where the quick look left something open.

    `most` is how many rows a person and a household can make; gives 0 when there is no room.
    """
    function = ir.Function(module, ir.FunctionType(WORD, [POINTER]), "run")
    b = ir.IRBuilder(function.append_basic_block())
    (table,) = function.args
    count, sizes = read(b, table, Slot.HOUSEHOLDS), read(b, table, Slot.SIZES, POINTER)
    entry = b.block
    head, check, work, on, done, full_up = (function.append_basic_block() for _ in range(6))
    b.branch(head)
    b.position_at_end(head)
    home, first = b.phi(WORD), b.phi(WORD)
    b.cbranch(b.icmp_unsigned("<", home, count), check, done)
    b.position_at_end(check)
    size = b.load(at(b, sizes, home, WORD), typ=WORD)
    need = b.add(b.mul(size, WORD(most[0])), WORD(most[1]))
    fits = BIT(1)
    for used, room in ((Slot.ROWS, Slot.ROWS_FIT), (Slot.NEARS, Slot.NEARS_FIT),
                       (Slot.WAITS, Slot.WAITS_FIT)):  # fmt: skip
        left = b.sub(read(b, table, room), read(b, table, used))
        fits = b.and_(fits, b.icmp_signed("<=", need, left))
    b.cbranch(fits, work, full_up)
    b.position_at_end(work)
    rows = read(b, table, Slot.ROWS)
    opened = b.call(quick, [table, home, first, size])
    if full is not None:
        with b.if_then(opened, likely=False):
            b.store(rows, at(b, table, WORD(Slot.ROWS), WORD))
            b.call(full, [table, home, first, size])
    b.branch(on)
    b.position_at_end(on)
    for phi, step in ((home, WORD(1)), (first, size)):
        phi.add_incoming(WORD(0), entry)
        phi.add_incoming(b.add(phi, step), on)
    b.branch(head)
    for block, answer in ((done, 1), (full_up, 0)):
        b.position_at_end(block)
        b.ret(WORD(answer))
