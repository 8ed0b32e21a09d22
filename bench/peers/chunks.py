"""NumPy in chunks of about 64 thousand people: one Parquet row group each, on every core."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

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
    parts = arrays.by_group(folder, lambda *chunk: arrays.sums(arrays.dozen(*chunk)))
    return {name: sum(part[name] for part in parts) for name in OUTPUTS}


def write(folder: Path, out: Path) -> None:
    """Every output of everybody, a row group as soon as it is worked out."""
    writers: dict[str, Any] = {}
    waiting: list[Any] = []
    groups = pq.ParquetFile(folder / "persons.parquet").num_row_groups

    def work(number: int) -> list[pa.Table]:
        chunk = [
            files.columns(pq.ParquetFile(folder / f"{name}.parquet").read_row_group(number))
            for name in ("persons", "households")
        ]
        found = arrays.dozen(*chunk)
        return [
            pa.table({key: ids[key], **{name: found[name] for name in names}})
            for ids, key, names in zip(
                chunk, ("person_id", "household_id"), (PERSON, HOUSEHOLD), strict=True
            )
        ]

    def put(tables: list[pa.Table]) -> None:
        for name, table in zip(("persons", "households"), tables, strict=True):
            if name not in writers:
                writers[name] = pq.ParquetWriter(out / f"{name}.parquet", table.schema)
            writers[name].write_table(table)

    with ThreadPoolExecutor(arrays.THREADS) as pool:
        for number in range(groups):
            waiting.append(pool.submit(work, number))
            if len(waiting) > 2 * arrays.THREADS:
                put(waiting.pop(0).result())
        for future in waiting:
            put(future.result())
    for writer in writers.values():
        writer.close()
