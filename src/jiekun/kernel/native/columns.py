"""A batch's columns as native code takes them: checked, laid out, described in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiekun.kernel.arrays import Batch, Bits, Column
from jiekun.kernel.graph import MEMBERS_AT_MOST
from jiekun.kernel.native.loads import WIDTHS, Layout, Part
from jiekun.kernel.program import Program

Array = NDArray[Any]
Layouts = tuple[Layout | None, ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """A batch with each column's layout, the words that tell where it lies, and what they hold."""

    sizes: Array
    people: int
    counts: tuple[int, ...]
    layouts: Layouts
    words: Array
    # Arrays the words point into: they must live as long as the words do.
    held: tuple[Array, ...]

    def fits(self, wanted: Layouts) -> bool:
        """Whether code compiled for these layouts can read this batch."""
        return all(map(_reads, wanted, self.layouts))

    def joined(self, other: Layouts) -> Layouts:
        """Layouts that suit this batch, and where it can be batches laid out otherwise too."""
        return tuple(map(_joined, self.layouts, other))

    def seen_as(self, wanted: Layouts) -> Laid:
        """The same columns as code for wider layouts reads them."""
        if wanted == self.layouts:
            return self
        words, held = self.words.copy(), list(self.held)
        for number, (want, have) in enumerate(zip(wanted, self.layouts, strict=True)):
            if want is None or want == have:
                continue
            count = self.counts[number]
            # Known to all, or unknown to all: said in bits that were not given.
            held.append(_flags(want.known, count, known=have is not None))
            words[number, Part.KNOWN] = held[-1].ctypes.data
            if have is None:
                held.append(np.zeros(8 * count + 8, np.uint8))
                words[number, Part.VALUES] = held[-1].ctypes.data
                words[number, Part.CODES :] = held[-1].ctypes.data, 1
        return Laid(self.sizes, self.people, self.counts, wanted, words, tuple(held))


def _reads(wanted: Layout | None, found: Layout | None) -> bool:
    if wanted == found:
        return True
    if wanted is None:
        return False
    return bool(wanted.known) and (
        found is None or found == Layout(wanted.values, "", wanted.coded)
    )


def _joined(mine: Layout | None, other: Layout | None) -> Layout | None:
    if mine is None:
        return other and Layout(other.values, other.known or "bits", other.coded)
    if other is None:
        return Layout(mine.values, mine.known or "bits", mine.coded)
    if (mine.values, mine.coded) == (other.values, other.coded):
        return Layout(mine.values, mine.known or other.known, mine.coded)
    return mine


def _flags(kind: str, count: int, *, known: bool) -> Array:
    size = (count + 7) // 8 if kind == "bits" else count
    return np.full(max(size, 1), (255 if kind == "bits" else 1) if known else 0, np.uint8)


def lay(program: Program, columns: Mapping[str, int], batch: Batch) -> Laid:
    """Describe a batch. Raises ValueError for sizes or a column native code must not read."""
    sizes, people = _sizes(batch.sizes)
    layouts: list[Layout | None] = []
    counts: list[int] = []
    held: list[Array] = []
    words = np.zeros((max(len(columns), 1), len(Part)), np.int64)
    for name, number in columns.items():
        person = program.graph[program.leaves[name]].entity == "person"
        count = people if person else len(sizes)
        counts.append(count)
        column = (batch.people if person else batch.household).get(name)
        if column is None:
            layouts.append(None)
            continue
        layouts.append(_lay_column(name, column, count, words[number], held))
    return Laid(sizes, people, tuple(counts), tuple(layouts), words, tuple(held))


def _sizes(given: Array) -> tuple[Array, int]:
    sizes = np.ascontiguousarray(given)
    if sizes.ndim != 1 or sizes.dtype.kind not in "iu":
        raise ValueError(f"sizes must be whole numbers in one row, not {sizes.dtype}")
    if len(sizes) and not (sizes.min() >= 1 and sizes.max() <= MEMBERS_AT_MOST):
        raise ValueError(f"a household must have 1 to {MEMBERS_AT_MOST} people")
    sizes = np.ascontiguousarray(sizes, np.int64)
    return sizes, int(sizes.sum())


def _lay_column(name: str, column: Column, count: int, words: Array, held: list[Array]) -> Layout:
    values = _lay_values(name, column.values, count, words[Part.VALUES :], held)
    known = ""
    if column.known is not None:
        known = _lay_values(f"{name} known", column.known, count, words[Part.KNOWN :], held)
        if known not in ("bool", "bits"):
            raise ValueError(f"{name}: known flags must be bool or bits, not {known}")
    if column.codes is not None:
        _lay_codes(name, column, words, held)
    return Layout(values, known, column.codes is not None)


def _lay_values(name: str, values: Any, count: int, words: Array, held: list[Array]) -> str:
    """Checks one array and tells where it lies; gives its layout."""
    if isinstance(values, Bits):
        if not (isinstance(values.data, np.ndarray) and values.data.dtype == np.uint8):
            raise ValueError(f"{name}: bits must lie in bytes")
        data = np.ascontiguousarray(values.data).reshape(-1)
        if values.length != count:
            raise ValueError(f"{name}: {values.length} values for {count}")
        if values.offset < 0 or values.offset + count > 8 * len(data):
            raise ValueError(
                f"{name}: {8 * len(data)} bits, asked from {values.offset} for {count}"
            )
        held.append(_from_the_first(data, values.offset, count))
        words[0] = held[-1].ctypes.data
        return "bits"
    if not isinstance(values, np.ndarray) or values.dtype.name not in WIDTHS:
        raise ValueError(
            f"{name}: values must be bool or signed whole numbers, "
            f"not {getattr(values, 'dtype', type(values).__name__)}"
        )
    if values.shape != (count,):
        raise ValueError(f"{name}: {'×'.join(map(str, values.shape))} values for {count}")
    data = np.ascontiguousarray(values)
    if not data.dtype.isnative:
        data = data.astype(data.dtype.newbyteorder("="))
    held.append(data)
    words[0] = data.ctypes.data
    return data.dtype.name


def _from_the_first(data: Array, offset: int, count: int) -> Array:
    """Bits that begin at the lowest of their first byte; copied only where they do not."""
    first, within = divmod(offset, 8)
    data = data[first : first + (within + count + 7) // 8]
    if not within:
        return data
    shifted = data >> within
    shifted[:-1] |= data[1:] << (8 - within)
    return shifted


def _lay_codes(name: str, column: Column, words: Array, held: list[Array]) -> None:
    """Checks that every known index of a dictionary has a code."""
    codes = np.ascontiguousarray(column.codes, np.int64)
    indices = column.values
    if isinstance(indices, Bits) or codes.ndim != 1 or indices.dtype == bool:
        raise ValueError(f"{name}: codes belong to a column of dictionary indices")
    if len(indices) and not (indices.min() >= 0 and indices.max() < len(codes)):
        known = column.known
        if isinstance(known, Bits):
            known = known.unpacked()
        sure = indices if known is None else indices[known]
        if len(sure) and not (sure.min() >= 0 and sure.max() < len(codes)):
            raise ValueError(f"{name}: an index has none of the {len(codes)} codes")
    if not len(codes):
        codes = np.zeros(1, np.int64)
    held.append(codes)
    words[Part.CODES :] = codes.ctypes.data, len(codes)
