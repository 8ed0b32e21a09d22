"""Reading the people's Parquet into NumPy with Arrow's threads, and writing answers back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.peers.amounts import CODES, HOUSEHOLD, PERSON

Arrays = dict[str, Any]


def columns(table: pa.Table) -> Arrays:
    """Columns as NumPy: fen as int64, days as int32, choices as codes; unknown as nothing."""
    made: Arrays = {}
    for name in table.column_names:
        made[name] = _column(name, table[name])
    return made


def _column(name: str, column: pa.ChunkedArray) -> Any:
    if name in CODES:
        parts = [_codes(name, chunk) for chunk in column.chunks]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)
    if column.null_count:
        # What an engine without unknowns must do: take them for nothing.
        column = column.fill_null(pa.scalar(0).cast(column.type))
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    return column.to_numpy()


def _codes(name: str, chunk: pa.DictionaryArray) -> Any:
    codes = chunk.indices.fill_null(0).to_numpy(zero_copy_only=False)
    here = tuple(chunk.dictionary.to_pylist())
    if here == CODES[name]:
        return codes.astype(np.int8, copy=False)
    return np.array([CODES[name].index(value) for value in here], np.int8)[codes]


def load(folder: Path, *, ids: bool = True) -> tuple[Arrays, Arrays]:
    """(persons, households) of a folder, whole; people's own numbers only where `ids`."""
    persons, households = (
        columns(pq.read_table(folder / f"{name}.parquet", columns=names(folder, name, ids)))
        for name in ("persons", "households")
    )
    return persons, households


def names(folder: Path, name: str, ids: bool) -> list[str]:
    """The columns of one file that somebody needs."""
    every = pq.read_schema(folder / f"{name}.parquet").names
    return [column for column in every if ids or column != "person_id"]


def opened(folder: Path) -> list[pq.ParquetFile]:
    """Both files, as read fastest by the row group."""
    return [
        pq.ParquetFile(folder / f"{name}.parquet", pre_buffer=False)
        for name in ("persons", "households")
    ]


def group(files: list[pq.ParquetFile], number: int, ids: bool = True) -> tuple[Arrays, Arrays]:
    """(persons, households) of one row group: no household crosses its borders."""
    persons, households = (
        columns(
            file.read_row_group(
                number,
                columns=[n for n in file.schema_arrow.names if ids or n != "person_id"],
                use_threads=False,
            )
        )
        for file in files
    )
    return persons, households


def write(out: Path, persons: Arrays, households: Arrays, answers: Arrays) -> None:
    """Every answer of everybody: one row a person and one a household, with pyarrow's settings."""
    for ids, key, names, file in (
        (persons, "person_id", PERSON, "persons"),
        (households, "household_id", HOUSEHOLD, "households"),
    ):
        made = pa.table({key: ids[key], **{name: answers[name] for name in names}})
        pq.write_table(made, out / f"{file}.parquet")
