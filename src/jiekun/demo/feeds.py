"""What departments deliver: small files with the mistakes real deliveries have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from jiekun.law.facts import FACTS

from . import identity
from .district import FEN, District
from .scale import DEMO_TODAY, TODAY_DAYS, Array

# Shares of rows with each mistake.
WRONG_CHECKSUM, MOVED_AWAY, TWICE, STALE = 0.004, 0.006, 0.005, 0.008
# How long before the demo's day each department last delivered everything.
DAYS_AGO = {
    "公安": 1,
    "人社": 12,
    "医保": 9,
    "教育": 31,
    "残联": 20,
    "卫健": 26,
    "民政": 1,
    "税务": 41,
    "司法": 31,
    "不动产登记": 12,
    "慈善会": 31,
    "街道评估": 31,
    "街道": 1,
    "本人": 31,
}


@dataclass(frozen=True)
class Delivery:
    """One department's file: how many rows, and what is wrong with how many of them."""

    department: str
    file: str
    as_of: date
    rows: int
    problems: dict[str, int]


def deliver(district: District, folder: Path) -> list[Delivery]:
    """Write the departments' files and say what is wrong with them."""
    folder.mkdir(parents=True, exist_ok=True)
    digits = identity.identity_digits(district)
    lists: list[tuple[str, str, Array, dict[str, Array]]] = [
        (
            "残联",
            "disability",
            district.fact("disability_level") > 0,
            {
                "class": district.fact("disability_class"),
                "level": district.fact("disability_level"),
            },
        ),
        (
            "医保",
            "serious_illness",
            district.fact("serious_illness"),
            {"self_paid_yuan": district.fact("medical_self_paid") // FEN},
        ),
        (
            "人社",
            "hard_to_employ",
            district.fact("hard_to_employ"),
            {"employed": district.fact("employed").astype(np.int8)},
        ),
        (
            "教育",
            "school_aid",
            district.fact("education_aid_recognised"),
            {"stage": district.fact("school_stage")},
        ),
    ]
    return [
        _write(district, digits, folder, department, name, np.flatnonzero(where), columns)
        for department, name, where, columns in lists
    ]


def _write(
    district: District,
    digits: Array,
    folder: Path,
    department: str,
    name: str,
    people: Array,
    columns: dict[str, Array],
) -> Delivery:
    as_of = TODAY_DAYS - DAYS_AGO[department]
    with district.chance(f"delivery {name}") as rng:
        twice = people[rng.random(len(people)) < TWICE]
        rows = np.concatenate([people, twice])
        wrong, moved, stale = (
            rng.random(len(rows)) < s for s in (WRONG_CHECKSUM, MOVED_AWAY, STALE)
        )
        wrong &= ~moved
        age_of_row = np.where(stale, rng.integers(400, 1500, len(rows)), 0)
    number = digits[rows]
    number[wrong, -1] = (number[wrong, -1] + 1) % 11
    # Whoever moved away is on the list and lives here no more: a number nobody here has.
    number[moved, :6] = [6, 5, 0, 1, 0, 2]
    number[moved, -1] = identity.check_digits(number[moved, :17].astype(np.int64))
    everybody = identity.names(district, slice(0, district.people))["name"]
    table = pa.table(
        {
            "id_no": identity.digits_text(number),
            "name": everybody.take(pa.array(rows)),
            **{column: pa.array(values[rows]) for column, values in columns.items()},
            "as_of": pa.array((as_of - age_of_row).astype(np.int32)).cast(pa.date32()),
        }
    )
    pacsv.write_csv(table, folder / f"{name}.csv")
    problems = {"身份证号校验码不对": wrong, "已不在本区": moved, "数据过期": stale}
    counts = {told: int(where.sum()) for told, where in problems.items()}
    counts["同一人登记两次"] = len(twice)
    day = pc.max(table["as_of"]).as_py() if len(rows) else DEMO_TODAY
    return Delivery(department, f"{name}.csv", day, len(rows), counts)


def departments() -> list[str]:
    """Every department some fact is answered by, in the order facts are declared."""
    return list(dict.fromkeys(fact.answered_by for fact in FACTS.values()))
