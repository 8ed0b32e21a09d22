"""A Parquet file by its row groups: where households begin and end, and reading them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from .columns import numbers
from .file_checks import HOME, FileProblems
from .sweep import Array

# Rows decoded at once where row groups are larger; so many stay within a cache.
ROWS = 65_536


@dataclass(frozen=True, slots=True)
class Borders:
    """A file's row groups that hold anybody, with the first and last household of each."""

    path: Path
    metadata: pq.FileMetaData
    groups: list[int]
    first: Array
    last: Array
    # What is wrong with the keys: empty ones, steps backwards, and the same one again.
    empty: int
    back: int
    again: int

    @property
    def schema(self) -> pa.Schema:
        """The file's columns as Arrow has them."""
        return self.metadata.schema.to_arrow_schema()

    def nobody(self, columns: Sequence[str]) -> pa.Table:
        """No rows of these columns."""
        return self.schema.empty_table().select(list(columns))


def metadata_of(path: Path) -> pq.FileMetaData:
    """What a file says of itself. Raises FileProblems for one that is no whole Parquet file."""
    try:
        return pq.read_metadata(path)
    except FileNotFoundError as error:
        raise FileProblems([f"{path}：没有这个文件"]) from error
    except (OSError, pa.ArrowException) as error:
        told = f"打不开，不是 Parquet 文件，或者没有传完、已损坏；请重新导出（{error}）"
        raise FileProblems([f"{path}：{told}"]) from error


def statistics(metadata: pq.FileMetaData, column: str) -> list[pq.Statistics] | None:
    """What a file says of a column's values, for each row group that has rows; None if not of all.

    A row group in which the column is empty throughout has no least value, and says nothing.
    """
    names = [metadata.schema.column(place).path for place in range(metadata.num_columns)]
    if column not in names:
        return None
    place = names.index(column)
    groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    found = [group.column(place).statistics for group in groups if group.num_rows]
    whole = found and all(one is not None and one.has_min_max for one in found)
    return found if whole else None


def span(metadata: pq.FileMetaData, column: str) -> tuple[int, int] | None:
    """The least and the greatest value of a column, as the file's own statistics have them."""
    found = statistics(metadata, column)
    if found is None:
        return None
    return min(one.min for one in found), max(one.max for one in found)


def borders(path: Path, metadata: pq.FileMetaData) -> Borders:
    """Where row groups begin and end: as the file says, else as `looked_through` finds.

    A file may say so and yet be out of order inside a row group: whoever reads it must look.
    """
    told = statistics(metadata, HOME)
    if told is None or not all(one.has_null_count and one.null_count == 0 for one in told):
        return looked_through(path, metadata)
    first, last = (np.array([getattr(one, n) for one in told], np.int64) for n in ("min", "max"))
    if (first[1:] < last[:-1]).any():
        return looked_through(path, metadata)
    rows = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    groups = [number for number, count in enumerate(rows) if count]
    return Borders(path, metadata, groups, first, last, 0, 0, int((first[1:] == last[:-1]).sum()))


def looked_through(path: Path, metadata: pq.FileMetaData) -> Borders:
    """Reads the household numbers of a file, and nothing else. Raises FileProblems."""
    groups: list[int] = []
    first: list[int] = []
    last: list[int] = []
    empty = back = again = 0
    for group in range(metadata.num_row_groups):
        begun = False
        for table in read(path, metadata, group, [HOME]):
            empty += table[HOME].null_count
            keys = numbers(table[HOME].fill_null(0)).astype(np.int64, copy=False)
            if not len(keys):
                continue
            steps = np.diff(keys, prepend=last[-1] if last else keys[0] - 1)
            back += int((steps < 0).sum())
            again += int((steps == 0).sum())
            if not begun:
                begun = True
                groups.append(group)
                first.append(int(keys[0]))
                last.append(int(keys[-1]))
            last[-1] = int(keys[-1])
    edges = np.array([first, last], np.int64)
    return Borders(path, metadata, groups, edges[0], edges[1], empty, back, again)


def read(
    path: Path, metadata: pq.FileMetaData, group: int, columns: Sequence[str]
) -> Iterator[pa.Table]:
    """One row group, in pieces where it is large. Raises FileProblems where it is damaged.

    Every call opens the file anew, so threads share nothing.
    """
    try:
        file = pq.ParquetFile(path, metadata=metadata)
        if metadata.row_group(group).num_rows <= 2 * ROWS:
            yield file.read_row_group(group, columns=list(columns), use_threads=False)
            return
        for batch in file.iter_batches(
            ROWS, row_groups=[group], columns=list(columns), use_threads=False
        ):
            yield pa.Table.from_batches([batch])
    except (OSError, pa.ArrowException) as error:
        told = (
            f"第 {group + 1} 个行组（共 {metadata.num_row_groups} 个）读不出来，"
            f"文件没有传完或已损坏；请重新导出这一份（{error}）"
        )
        raise FileProblems([f"{path}：{told}"]) from error
