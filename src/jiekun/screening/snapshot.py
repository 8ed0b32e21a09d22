"""What a run read of everybody, kept as Parquet: facts and numbers, no names.

A folder a run, in it `persons/` and `households/` with a part for each chunk, and at last a mark.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from jiekun.law.facts import FACTS

PERSONS, HOUSEHOLDS, FINISHED = "persons", "households", "finished.json"
_OURS_ONLY, _FILE = 0o700, 0o600
# One part is one row group: it is read as a whole or not at all.
_WRITING = {"compression": "zstd", "compression_level": 1, "row_group_size": 2**31 - 1}


def root() -> Path:
    """Where all snapshots of this installation lie."""
    found: Path = settings.STATE / "snapshots"
    return found


def write_part(folder: Path, number: int, people: pa.Table, homes: pa.Table) -> None:
    """One chunk's people and households, in household order; written whole or not at all."""
    homes = homes.rename_columns({"id": "household_id", "community_id": "community_code"})
    for name, table in ((PERSONS, people), (HOUSEHOLDS, homes)):
        _write(folder / name / f"part-{number:05}.parquet", table)


def parts(folder: Path) -> int:
    """How many parts there are, both halves of each."""
    mine, theirs = (
        {path.name for path in (folder / name).glob("*.parquet")} for name in (PERSONS, HOUSEHOLDS)
    )
    return len(mine & theirs)


def finish(folder: Path, told: dict[str, object]) -> None:
    """Mark a snapshot as whole; `told` is for whoever finds the folder."""
    private(root(), folder)
    _put(folder / FINISHED, json.dumps(told, ensure_ascii=False).encode())


def is_whole(folder: Path) -> bool:
    """Whether everything was written."""
    return (folder / FINISHED).is_file()


def remove(folder: Path) -> None:
    """Take a folder away; one that is gone already is fine."""
    shutil.rmtree(folder, ignore_errors=True)


def sweep(where: Path, keep: Collection[str]) -> None:
    """Take away folders nobody knows of: left by a database that is no more."""
    if where.is_dir():
        for path in where.iterdir():
            if path.name not in keep:
                remove(path)


def _write(path: Path, table: pa.Table) -> None:
    columns = {name: _worded(name, table[name]) for name in table.column_names}
    table = pa.table(columns)
    found = pa.BufferOutputStream()
    pq.write_table(table, found, **_WRITING)
    private(root(), path.parent.parent, path.parent)
    _put(path, found.getvalue())


def _worded(name: str, column: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Choices, which the database keeps by number, as the words they stand for."""
    if name in FACTS and FACTS[name].kind == "choice":
        codes = column.combine_chunks()
        return pa.DictionaryArray.from_arrays(codes, pa.array(list(FACTS[name].choices)))
    return column.dictionary_encode() if pa.types.is_string(column.type) else column


def private(*folders: Path) -> None:
    """Folders nobody else may look into, the outer first."""
    for each in folders:
        each.mkdir(mode=_OURS_ONLY, parents=True, exist_ok=True)


def _put(path: Path, content: bytes | pa.Buffer) -> None:
    """A file's content, on the disk before it goes by its name."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE), "wb") as file:  # noqa: PTH123
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
