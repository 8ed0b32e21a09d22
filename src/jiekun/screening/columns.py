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

_YUAN = pa.decimal128(18, 2)


def flat(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """One array, whatever pieces it came in."""
    if isinstance(column, pa.ChunkedArray):
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    return column


def numbers(column: pa.ChunkedArray | pa.Array) -> Array:
    """A column without gaps as NumPy has it."""
    found: Array = flat(column).to_numpy(zero_copy_only=False)
    return found


def kernel_columns(
    facts: Iterable[Fact], table: pa.Table, *, settled: bool = False
) -> dict[str, Column]:
    """The facts' columns that a table has; what is unknown for everybody is left out.

    `settled` columns lie alike in every table, at some cost: the law is compiled for how they
    lie, and many small tables would otherwise each ask for it anew.
    """
    names = set(table.column_names)
    found = {f.name: view(f, table[f.name], settled=settled) for f in facts if f.name in names}
    return {name: column for name, column in found.items() if column is not None}


def view(fact: Fact, column: pa.ChunkedArray | pa.Array, *, settled: bool = False) -> Column | None:
    """A fact's column as the native kernel reads it; None when it is unknown for everybody."""
    values = flat(column)
    nobody = values.null_count == len(values) and len(values) and not settled
    if nobody or pa.types.is_null(values.type):
        return None
    codes = None
    if fact.kind == "choice" and not pa.types.is_integer(values.type):
        if not pa.types.is_dictionary(values.type):
            values = values.dictionary_encode()
        codes, values = _words(fact, values.dictionary), values.indices
    elif pa.types.is_decimal(values.type):
        # Its bounds are checked before; narrow, for a product has twenty digits more.
        values = pc.multiply(values.cast(_YUAN), pa.scalar(100)).cast(pa.int64())
    known = None
    if settled:
        valid = values.is_valid()
        known = _bits(valid, valid.buffers()[1])
    elif values.null_count:
        known = _bits(values, values.buffers()[0])
    return Column(_view(values), known, codes)


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
