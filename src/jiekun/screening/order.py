"""Household order, and what only shows over everybody, by DuckDB: within a limit of memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

MEMORY = "1GB"


def repeated(files: Sequence[Path], column: str) -> int:
    """How many values of a column stand in these Parquet files more than once."""
    with duckdb.connect() as database:
        database.execute(f"SET memory_limit = '{MEMORY}'")
        found = database.execute(
            f'SELECT count(*) FROM (SELECT 1 FROM read_parquet(?) GROUP BY "{column}" '  # noqa: S608 - our own keys
            "HAVING count(*) > 1)",
            [[str(path) for path in files]],
        ).fetchone()
    return int(found[0]) if found else 0
