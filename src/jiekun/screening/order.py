"""Household order, and what only shows over everybody, by DuckDB: within a limit of memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pyarrow as pa

from jiekun.kernel.facts import Fact

from .borders import ROWS, metadata_of, span
from .file_checks import HOME, PERSON, FileProblems, Problems, check_columns
from .outputs import CannotWrite
from .parts import Part

if TYPE_CHECKING:
    import duckdb

MEMORY = "300MB"
THREADS = 2
_EMPTY = {"bool": "BOOLEAN", "int": "INTEGER", "money": "BIGINT", "date": "DATE", "choice": "TEXT"}


@contextmanager
def _duckdb(temporary: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    # Files are mostly in order; then its 40 MB stay out of memory.
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "threads": THREADS,
        "preserve_insertion_order": False,
        "temp_directory": str(temporary),
    }
    with duckdb.connect(config=settings) as database:
        yield database


def repeated(files: Sequence[Path], column: str) -> int:
    """How many values of a column stand in these Parquet files more than once.

    What does not fit into memory waits in a folder nobody else can read. Raises CannotWrite.
    """
    import duckdb

    sql = (
        f'SELECT count(*) FROM (SELECT 1 FROM read_parquet(?) WHERE "{column}" IS NOT NULL '  # noqa: S608
        f'GROUP BY "{column}" HAVING count(*) > 1)'
    )
    with TemporaryDirectory(prefix="jiekun-") as folder:
        try:
            with _duckdb(Path(folder)) as database:
                found = database.execute(sql, [[str(path) for path in files]]).fetchone()
        except duckdb.Error as error:
            raise CannotWrite(
                f"{folder}：查有没有重复的 {column} 时读不了或写不下（{error}）；"
                "看看磁盘满没满、原文件是否完整，或用环境变量 TMPDIR 换一个地方放临时文件"
            ) from error
    return int(found[0]) if found else 0


def check_parts(parts: Sequence[Part], mend: str) -> None:
    """No household and nobody may stand in two parts; `mend` says what to do about a household.

    Raises FileProblems, or CannotWrite.
    """
    _check_keys(parts)
    problems = []
    for name, column, files in (
        ("households", HOME, [part.households for part in parts]),
        ("persons", PERSON, [part.persons for part in parts]),
    ):
        spans = [span(metadata_of(path), column) for path in files]
        known = sorted(each for each in spans if each is not None)
        apart = len(known) == len(spans) and all(a[1] < b[0] for a, b in pairwise(known))
        # Parts cut by ranges of numbers need no more; only others are compared one by one.
        count = 0 if apart else repeated(files, column)
        if count and column == HOME:
            problems.append(f"{name}：{count:,} 个住户分在几份文件里；{mend}")
        elif count:
            problems.append(f"{name}：{count:,} 人在几份文件里重复出现（{column}）")
    if problems:
        raise FileProblems(problems)


def _check_keys(parts: Sequence[Part]) -> None:
    """The numbers by which parts are compared: there, and numbers."""
    problems = Problems()
    for part in parts:
        for path in (part.persons, part.households):
            schema = metadata_of(path).schema.to_arrow_schema()
            check_columns(problems, str(path), schema, [], person=path == part.persons)
    problems.refuse()


def sorted_part(parts: Sequence[Part], facts: Sequence[Fact], folder: Path) -> Part:
    """These parts as one, in household order, written into a folder; only what the law needs.

    Raises FileProblems where a column is missing or of a wrong type, or a file is damaged.
    """
    made = Part("sorted", folder / "persons.parquet", folder / "households.parquet")
    for target, files, person in (
        (made.persons, [part.persons for part in parts], True),
        (made.households, [part.households for part in parts], False),
    ):
        entity = "person" if person else "household"
        columns = _columns(files, [f for f in facts if f.entity == entity], person=person)
        _sort(files, columns, f"{HOME}, {PERSON}" if person else HOME, target)
    return made


def _columns(files: Sequence[Path], facts: Sequence[Fact], *, person: bool) -> str:
    problems = Problems()
    schemas = []
    for path in files:
        schemas.append(metadata_of(path).schema.to_arrow_schema())
        check_columns(problems, path.name, schemas[-1], list(facts), person=person)
    problems.refuse()
    names = [f'"{HOME}"'] + [f'"{PERSON}"'] * person
    for fact in facts:
        # A column in which nothing is known has no type of its own.
        empty = all(pa.types.is_null(schema.field(fact.name).type) for schema in schemas)
        column = f'NULL::{_EMPTY[fact.kind]} AS "{fact.name}"' if empty else f'"{fact.name}"'
        names.append(column)
    return ", ".join(names)


def _sort(files: Sequence[Path], columns: str, order: str, target: Path) -> None:
    sql = (
        f"COPY (SELECT {columns} FROM read_parquet(?) ORDER BY {order}) "  # noqa: S608
        f"TO '{str(target).replace(chr(39), chr(39) * 2)}' "
        f"(FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE {ROWS})"
    )
    import duckdb

    try:
        with _duckdb(target.parent) as database:
            database.execute(sql, [[str(path) for path in files]])
    except duckdb.Error as error:
        raise CannotWrite(
            f"{target.parent}：排序时读不了或写不下（{error}）；"
            "排序需要和原文件差不多大的临时空间，看看磁盘满没满、原文件是否完整"
        ) from error
