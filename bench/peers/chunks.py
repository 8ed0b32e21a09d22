"""NumPy in chunks of about 64 thousand people: one Parquet row group each, on every core."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from bench.peers import arrays, files
from bench.peers.amounts import HOUSEHOLD, OUTPUTS, PERSON
from bench.peers.files import pa, pq

Chunks = list[arrays.Data]


def load(folder: Path) -> Chunks:
    """The file's row groups, one pair of tables of columns each."""
    return arrays.by_group(folder, lambda persons, households: (persons, households))


def ready(data: Chunks) -> Chunks:
    return data


def evaluate(data: Chunks) -> list[files.Arrays]:
    """All outputs of every chunk."""
    with ThreadPoolExecutor(arrays.THREADS) as pool:
        return list(pool.map(lambda chunk: arrays.dozen(*chunk), data))


def totals(folder: Path) -> dict[str, float]:
    parts = arrays.by_group(folder, lambda *chunk: arrays.sums(arrays.dozen(*chunk)), ids=False)
    return {name: sum(part[name] for part in parts) for name in OUTPUTS}


def write(folder: Path, out: Path) -> None:
    """Every output of everybody, a row group as soon as it is worked out."""

    def work(*chunk: files.Arrays) -> list[pa.Table]:
        found = arrays.dozen(*chunk)
        keys = ("person_id", "household_id")
        return [
            pa.table({key: ids[key], **{name: found[name] for name in names}})
            for ids, key, names in zip(chunk, keys, (PERSON, HOUSEHOLD), strict=True)
        ]

    writers: dict[str, Any] = {}
    for tables in arrays.in_order(folder, work):
        for name, table in zip(("persons", "households"), tables, strict=True):
            if name not in writers:
                writers[name] = pq.ParquetWriter(out / f"{name}.parquet", table.schema)
            writers[name].write_table(table)
    for writer in writers.values():
        writer.close()


def rows(folder: Path) -> files.Arrays:
    """Every output, for everybody."""
    parts = arrays.by_group(folder, arrays.dozen)
    return {name: np.concatenate([part[name] for part in parts]) for name in OUTPUTS}
