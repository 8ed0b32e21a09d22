"""People for the dozen: from a seed, the same on any day, streamed to two Parquet files.

Made up, with shares loosely like a city's: one household in twelve below the standard, six people
in a hundred disabled. Every group of households has a seed of its own, so sizes share a beginning.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.dozen.facts import CHOICES

SEED = 20241101
# About 64 thousand people stand in a row group, which ends where a household ends.
HOMES = 24_576
SIZES, SHARES = (1, 2, 3, 4, 5, 6), (0.22, 0.30, 0.25, 0.14, 0.06, 0.03)
TODAY = (np.datetime64("2024-11-01") - np.datetime64("1970-01-01")).astype(int)
# Facts that two people in a hundred are not asked about in the file of unknowns.
OFTEN_UNKNOWN = (
    "wage_income",
    "other_income",
    "employed",
    "disability_level",
    "self_care",
    "no_supporter",
    "parents",
    "medical_cost",
    "hukou_here",
    "home_care_hours",
    "savings",
    "cars",
    "rigid_expense",
)
UNKNOWN = 0.02
Columns = dict[str, Any]


def group(number: int, homes: int = HOMES) -> tuple[Columns, Columns]:
    """(persons, households) of one group of households as NumPy columns, money in fen."""
    rng = np.random.default_rng([SEED, number])
    sizes = rng.choice(SIZES, homes, p=SHARES)
    home = np.arange(homes, dtype=np.int64) + 1 + number * HOMES
    lower = rng.random(homes) < 0.11
    own = _homes(rng, home, lower)
    return _people(rng, np.repeat(home, sizes), np.repeat(lower, sizes)), own


def _money(rng: np.random.Generator, mean: Any, count: int) -> Any:
    """Fen, mostly near a mean in yuan and never below zero; every other one a whole yuan."""
    fen = np.rint(rng.gamma(3.0, 1 / 3.0, count) * np.asarray(mean) * 100).astype(np.int64)
    return np.where(rng.random(count) < 0.5, fen, fen // 100 * 100)


def _people(rng: np.random.Generator, home: Any, lower: Any) -> Columns:
    count = len(home)
    age = np.minimum(rng.gamma(4.0, 10.6, count), 102)
    adult, old = age >= 18, age >= 60
    disabled = rng.random(count) < np.where(old, 0.14, 0.035)
    level = np.where(disabled, rng.integers(1, 5, count), 0)
    employed = adult & ~old & (rng.random(count) < np.where(lower, 0.35, 0.82))
    wage = np.where(employed, _money(rng, np.where(lower, 1500, 5200), count), 0)
    pension = old & (rng.random(count) < np.where(lower, 0.45, 0.93))
    other = np.where(pension, _money(rng, np.where(lower, 700, 3300), count), 0)
    helpless = rng.random(count) < np.where(old, 0.05, 0.01) + np.where(level == 1, 0.4, 0)
    partly = rng.random(count) < np.where(old, 0.12, 0.02)
    stage = np.select([age < 3, age < 6, age < 15, age < 18, age < 22], [0, 1, 2, 3, 4], 0)
    stage = np.where(rng.random(count) < 0.93, stage, 0)
    parents = np.where(~adult, rng.choice(4, count, p=(0.97, 0.022, 0.004, 0.004)), 0)
    ill = rng.random(count) < 0.03
    cost = np.where(rng.random(count) < 0.45, _money(rng, np.where(ill, 30_000, 1500), count), 0)
    return {
        "household_id": home,
        "person_id": home * 16 + _place(home),
        "birth_date": (TODAY - age * 365.2425).astype(np.int32),
        "wage_income": wage,
        "other_income": other,
        "employed": employed,
        "disability_level": level.astype(np.int8),
        "self_care": np.where(helpless, 2, np.where(partly, 1, 0)).astype(np.int8),
        "no_supporter": rng.random(count) < np.where(lower, 0.09, 0.01),
        "parents": parents.astype(np.int8),
        "school_stage": stage.astype(np.int8),
        "medical_cost": cost,
        "seriously_ill": ill,
        "insured": rng.random(count) < 0.96,
        "hukou_here": rng.random(count) < 0.88,
        "in_institution": rng.random(count) < 0.008,
        "trainings_this_year": rng.choice(5, count, p=(0.8, 0.1, 0.05, 0.03, 0.02)).astype(np.int8),
        "started_business": adult & (rng.random(count) < 0.02),
        "home_care_hours": np.where(
            level >= 1, rng.integers(0, 61, count) * (rng.random(count) < 0.5), 0
        ).astype(np.int8),
    }


def _place(home: Any) -> Any:
    """Everybody's place in their household."""
    first = np.flatnonzero(np.diff(home, prepend=-1))
    return np.arange(len(home)) - np.repeat(first, np.diff(np.append(first, len(home))))


def _homes(rng: np.random.Generator, home: Any, lower: Any) -> Columns:
    count = len(home)
    blow = rng.random(count) < 0.02
    rigid = rng.random(count) < 0.12
    return {
        "household_id": home,
        "region": rng.choice(3, count, p=(0.6, 0.25, 0.15)).astype(np.int8),
        "savings": _money(rng, np.where(lower, 20_000, 180_000), count),
        "cars": rng.choice(3, count, p=(0.66, 0.29, 0.05)).astype(np.int8) * ~lower
        + (lower & (rng.random(count) < 0.06)).astype(np.int8),
        "houses": rng.choice(4, count, p=(0.15, 0.65, 0.15, 0.05)).astype(np.int8),
        "emergency_cost": np.where(blow, _money(rng, 9000, count), 0),
        "rigid_expense": np.where(rigid, _money(rng, 900, count), 0),
    }


def groups(people: int) -> Iterator[tuple[Columns, Columns]]:
    """Groups until there are at least so many people; the last is cut at a household's end."""
    number = left = 0
    left = people
    while left > 0:
        persons, homes = group(number)
        if len(persons["household_id"]) > left:
            last = persons["household_id"][left - 1]
            persons = {n: c[persons["household_id"] <= last] for n, c in persons.items()}
            homes = {n: c[homes["household_id"] <= last] for n, c in homes.items()}
        left -= len(persons["household_id"])
        number += 1
        yield persons, homes


def table(columns: Columns, unknown: np.random.Generator | None = None) -> pa.Table:
    """Columns as Arrow: choices by name, days as dates; with `unknown`, some of them null."""
    made: dict[str, pa.Array] = {}
    for name, values in columns.items():
        hide = None
        if unknown is not None and name in OFTEN_UNKNOWN:
            hide = unknown.random(len(values)) < UNKNOWN
        array = pa.array(values, mask=hide)
        if name in CHOICES:
            array = pa.DictionaryArray.from_arrays(array, pa.array(CHOICES[name]))
        elif name == "birth_date":
            array = array.cast(pa.date32())
        made[name] = array
    return pa.table(made)


def write(folder: Path, people: int, *, unknowns: bool = False) -> int:
    """Writes persons.parquet and households.parquet; returns how many people there are."""
    folder.mkdir(parents=True, exist_ok=True)
    writers: list[pq.ParquetWriter] = []
    count = 0
    for number, parts in enumerate(groups(people)):
        hide = np.random.default_rng([SEED, number, 1]) if unknowns else None
        tables = [table(columns, hide) for columns in parts]
        if not writers:
            writers = [
                pq.ParquetWriter(folder / f"{name}.parquet", made.schema)
                for name, made in zip(("persons", "households"), tables, strict=True)
            ]
        for writer, made in zip(writers, tables, strict=True):
            writer.write_table(made, row_group_size=len(made))
        count += len(tables[0])
    for writer in writers:
        writer.close()
    return count
