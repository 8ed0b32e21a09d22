"""Arrow columns as the kernel's: views of the same memory, with where values are known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiekun.kernel.arrays import Bits, Column
from jiekun.kernel.facts import Fact

from .sweep import Array


def flat(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """One array, whatever pieces it came in."""
    if isinstance(column, pa.ChunkedArray):
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    return column


def numbers(column: pa.ChunkedArray | pa.Array) -> Array:
    """A column without gaps as NumPy has it."""
    found: Array = flat(column).to_numpy(zero_copy_only=False)
    return found


def kernel_columns(facts: Iterable[Fact], table: pa.Table) -> dict[str, Column]:
    """The facts' columns that a table has; what is unknown for everybody is left out."""
    names = set(table.column_names)
    found = {f.name: view(f, table[f.name]) for f in facts if f.name in names}
    return {name: column for name, column in found.items() if column is not None}


def view(fact: Fact, column: pa.ChunkedArray | pa.Array) -> Column | None:
    """A fact's column as the native kernel reads it; None when it is unknown for everybody."""
    values = flat(column)
    if values.null_count == len(values) and len(values):
        return None
    codes = None
    if fact.kind == "choice" and not pa.types.is_integer(values.type):
        if not pa.types.is_dictionary(values.type):
            values = values.dictionary_encode()
        codes, values = _words(fact, values.dictionary), values.indices
    elif pa.types.is_decimal(values.type):
        values = pc.multiply(values, pa.scalar(100)).cast(pa.int64())
    known = values.buffers()[0] if values.null_count else None
    return Column(_view(values), None if known is None else _bits(values, known), codes)


def _view(values: Any) -> Array | Bits:
    """The values where they lie; what lies in gaps means nothing."""
    data = values.buffers()[1]
    if pa.types.is_boolean(values.type):
        return _bits(values, data)
    kind = np.dtype(np.int32 if pa.types.is_date32(values.type) else values.type.to_pandas_dtype())
    found = np.frombuffer(data, kind, len(values), values.offset * kind.itemsize)
    # Whole numbers without a sign are rare in files, and the kernel does not read them.
    return found.astype(np.int64) if kind.kind == "u" else found


def _bits(values: Any, buffer: Any) -> Bits:
    return Bits(np.frombuffer(buffer, np.uint8), values.offset, len(values))


def _words(fact: Fact, words: Any) -> Array:
    """The code of each word of a dictionary, in the order the fact declares its choices."""
    places = {name: code for code, name in enumerate(fact.choices)}
    return np.array([places.get(name, 0) for name in words.to_pylist()], np.int64)


def kernel_column(fact: Fact, column: pa.ChunkedArray | pa.Array) -> Column | None:
    """A fact's column for the kernel; None when it is unknown for everybody."""
    values = flat(column)
    if values.null_count == len(values) and len(values):
        return None
    known = None
    if values.null_count:
        known = values.is_valid().to_numpy(zero_copy_only=False)
    return Column(_plain(fact, values), known)


def _plain(fact: Fact, values: Any) -> Array:
    """The numbers of a column, gaps filled with zero."""
    if pa.types.is_dictionary(values.type):
        values = _codes(fact, values)
    elif fact.kind == "choice" and not pa.types.is_integer(values.type):
        values = pc.index_in(values, value_set=pa.array(list(fact.choices)))
    elif pa.types.is_decimal(values.type):
        values = pc.multiply(values, pa.scalar(100)).cast(pa.int64())
    elif pa.types.is_date32(values.type):
        values = values.cast(pa.int32())
    if values.null_count:
        values = values.fill_null(False if pa.types.is_boolean(values.type) else 0)
    found: Array = values.to_numpy(zero_copy_only=False)
    return found


def _codes(fact: Fact, values: Any) -> Any:
    """Codes of a dictionary column in the order the fact declares its choices."""
    places = {name: code for code, name in enumerate(fact.choices)}
    order = np.array([places.get(name, 0) for name in values.dictionary.to_pylist()] or [0])
    filled = values.indices.fill_null(0).to_numpy(zero_copy_only=False)
    return pa.array(order[filled], mask=~values.is_valid().to_numpy(zero_copy_only=False))
