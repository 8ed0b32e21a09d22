"""Loading one fact of one person or household, for each way a column may lie in memory."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from jiekun.kernel.graph import Node
from jiekun.kernel.native.rows import HALF, POINTER, SHORT, at, read
from jiekun.kernel.native.values import BYTE, WORD, Emitted, Number, Ops, Value

# How wide each layout of values is; "bits" are packed eight to a byte, lowest first.
WIDTHS: dict[str, Any] = {
    "bool": BYTE,
    "int8": BYTE,
    "int16": SHORT,
    "int32": HALF,
    "int64": WORD,
}


class Part(IntEnum):
    """Words that tell where one column lies; bits begin at the lowest of the first byte."""

    VALUES = 0
    KNOWN = 1
    CODES = 2
    CODES_COUNT = 3


@dataclass(frozen=True, slots=True)
class Row:
    """Where somebody stands in every column: the row, the byte of its bit, and that bit."""

    number: Emitted
    byte: Emitted
    bit: Emitted


def row_of(ops: Ops, number: Emitted) -> Row:
    """A row's number, and its place in bitmaps, worked out once for all columns."""
    bit = ops.b.shl(BYTE(1), ops.b.trunc(ops.b.and_(number, WORD(7)), BYTE))
    return Row(number, ops.b.lshr(number, WORD(3)), bit)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a column lies: its values, its known flags (empty: all known), and whether coded."""

    values: str
    known: str = ""
    coded: bool = False


def load(ops: Ops, columns: Emitted, number: int, node: Node, layout: Layout, row: Row) -> Value:
    """The value of column `number` at a row; its mask is for the caller to add.

    `columns` points to the words of `Part` for each column.
    """
    known = _flag(ops, columns, number, Part.KNOWN, layout.known, row) if layout.known else None
    if node.kind == "bool":
        return ops.where(_flag(ops, columns, number, Part.VALUES, layout.values, row), known)
    if layout.values == "bits":
        flag = _flag(ops, columns, number, Part.VALUES, "bits", row)
        return Number(ops.b.zext(flag, WORD), 1, known)
    top = _element(ops, columns, number, layout.values, row)
    if layout.coded:
        top = _decoded(ops, columns, number, top)
    return Number(top, node.den, known)


def _word(ops: Ops, columns: Emitted, number: int, part: Part, kind: Any = WORD) -> Emitted:
    return read(ops.b, columns, number * len(Part) + part, kind)


def _element(ops: Ops, columns: Emitted, number: int, values: str, row: Row) -> Emitted:
    kind = WIDTHS[values]
    address = at(ops.b, _word(ops, columns, number, Part.VALUES, POINTER), row.number, kind)
    # The caller's arrays need not begin on a border of their element.
    found = ops.b.load(address, typ=kind, align=1)
    return found if kind is WORD else ops.b.sext(found, WORD)


def _flag(ops: Ops, columns: Emitted, number: int, part: Part, values: str, row: Row) -> Emitted:
    """One bit, from a bitmap or from a column of numbers."""
    start = _word(ops, columns, number, part, POINTER)
    if values != "bits":
        kind = WIDTHS[values]
        found = ops.b.load(at(ops.b, start, row.number, kind), typ=kind, align=1)
        return ops.b.icmp_unsigned("!=", found, kind(0))
    byte = ops.b.load(at(ops.b, start, row.byte, BYTE), typ=BYTE)
    return ops.b.icmp_unsigned("!=", ops.b.and_(byte, row.bit), BYTE(0))


def _decoded(ops: Ops, columns: Emitted, number: int, index: Emitted) -> Emitted:
    """The code a dictionary gives; where the value is unknown its index may be anything."""
    count = _word(ops, columns, number, Part.CODES_COUNT)
    inside = ops.b.icmp_unsigned("<", index, count)
    safe = ops.b.select(inside, index, WORD(0))
    codes = _word(ops, columns, number, Part.CODES, POINTER)
    return ops.b.load(at(ops.b, codes, safe, WORD), typ=WORD)
