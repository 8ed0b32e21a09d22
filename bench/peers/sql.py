"""The dozen in DuckDB's SQL, over tables in memory or straight from Parquet."""

# Every statement is made of the constants above it.
# ruff: noqa: S608

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from bench.peers.amounts import (
    CARE,
    CARE_HOURS,
    CODES,
    EDUCATION,
    HOME_CARE_MOST,
    HOME_CARE_RATE,
    HOUSEHOLD,
    LIVING,
    MEALS_60,
    MEALS_70,
    MEALS_80,
    MEDICAL_CAP,
    MEDICAL_THRESHOLD,
    ON,
    ORPHAN_HOME,
    ORPHAN_INSTITUTION,
    OUTPUTS,
    PERSON,
    RELIEF_MONTHS,
    SAVINGS_MONTHS,
    STANDARD,
    STARTUP,
    TRAINING,
    WORK_COST,
)

THREADS = int(os.environ.get("BENCH_THREADS", "1"))
# What a table of one family holds, when it is not read from a file.
TYPES = {
    "household_id": "BIGINT", "person_id": "BIGINT", "birth_date": "DATE",
    "wage_income": "BIGINT", "other_income": "BIGINT", "employed": "BOOLEAN",
    "disability_level": "TINYINT", "self_care": "VARCHAR", "no_supporter": "BOOLEAN",
    "parents": "VARCHAR", "school_stage": "VARCHAR", "medical_cost": "BIGINT",
    "seriously_ill": "BOOLEAN", "insured": "BOOLEAN", "hukou_here": "BOOLEAN",
    "in_institution": "BOOLEAN", "trainings_this_year": "TINYINT",
    "started_business": "BOOLEAN", "home_care_hours": "TINYINT", "region": "VARCHAR",
    "savings": "BIGINT", "cars": "TINYINT", "houses": "TINYINT", "emergency_cost": "BIGINT",
    "rigid_expense": "BIGINT",
}  # fmt: skip


def _aged(years: int) -> str:
    return f"birth_date <= DATE '{ON.replace(year=ON.year - years)}'"


def _case(name: str, amounts: tuple[int, ...]) -> str:
    cases = " ".join(
        f"WHEN '{choice}' THEN {amount}"
        for choice, amount in zip(CODES[name], amounts, strict=True)
    )
    return f"CASE {name} {cases} END"


# One row a household: what its people must know of it, and its own two outputs.
HOMES = f"""
CREATE OR REPLACE TEMP TABLE homes AS
WITH sized AS (
  SELECT household_id, count(*) AS size FROM persons GROUP BY household_id
), lines AS (
  SELECT h.*, size, {_case("region", STANDARD)} AS standard
  FROM households h JOIN sized USING (household_id)
), modest AS (
  SELECT *, savings <= standard * {SAVINGS_MONTHS} * size AS modest FROM lines
), stood AS (
  SELECT household_id, hukou_here AND NOT in_institution AND NOT tekun AND NOT (
      parents IN ('dead', 'gone') AND NOT {_aged(18)}
    ) AS unit,
    greatest(wage_income - CASE WHEN employed THEN {WORK_COST} ELSE 0 END, 0)
      + other_income AS counted
  FROM (
    SELECT p.*, hukou_here AND no_supporter AND modest AND wage_income + other_income < standard
      AND ({_aged(60)} OR NOT {_aged(16)} OR disability_level IN (1, 2)) AS tekun
    FROM persons p JOIN modest USING (household_id)
  )
), families AS (
  SELECT household_id, count(*) FILTER (unit) AS members,
    coalesce(sum(counted) FILTER (unit), 0)::BIGINT AS income
  FROM stood GROUP BY household_id
), counted AS (
  SELECT m.*, members, greatest(members, 1) AS each,
    greatest(income - rigid_expense, 0) AS income
  FROM modest m JOIN families USING (household_id)
), gated AS (
  SELECT *, members > 0 AND income < standard * each AND modest AND cars = 0 AND houses <= 1 AS gate
  FROM counted
)
SELECT household_id, standard, modest, gate, 2 * income < 3 * standard * each AS edge,
  {_case("region", LIVING)} AS living,
  CASE WHEN gate THEN standard * members - income ELSE 0 END AS dibao,
  CASE WHEN emergency_cost > 0 AND income < 2 * standard * each
    THEN least(emergency_cost, standard * {RELIEF_MONTHS} * size) ELSE 0 END AS relief
FROM gated
"""
# One row a person: ten outputs.
PEOPLE = f"""
WITH first AS (
  SELECT p.*, gate, edge, living, disability_level IN (1, 2) AS severe,
    hukou_here AND no_supporter AND modest AND wage_income + other_income < standard
      AND ({_aged(60)} OR NOT {_aged(16)} OR disability_level IN (1, 2)) AS is_tekun
  FROM persons p JOIN homes USING (household_id)
), second AS (
  SELECT *, parents IN ('dead', 'gone') AND NOT {_aged(18)} AND hukou_here AND NOT is_tekun
    AS is_orphan
  FROM first
), third AS (
  SELECT *, is_tekun OR is_orphan OR (gate AND hukou_here AND NOT in_institution) AS hard,
    {_aged(16)} AND NOT {_aged(60)} AS of_age
  FROM second
), fourth AS (
  SELECT *, of_age AND (disability_level > 0 OR hard) AS weak FROM third
)
SELECT household_id, person_id,
  CASE WHEN is_tekun THEN living + {_case("self_care", CARE)} ELSE 0 END AS tekun,
  CASE WHEN is_orphan
    THEN CASE WHEN in_institution THEN {ORPHAN_INSTITUTION} ELSE {ORPHAN_HOME} END
    ELSE 0 END AS orphan,
  CASE WHEN hukou_here AND ({_aged(70)} OR ({_aged(60)} AND hard))
    THEN CASE WHEN {_aged(80)} THEN {MEALS_80} WHEN {_aged(70)} THEN {MEALS_70}
      ELSE {MEALS_60} END
    ELSE 0 END AS meals,
  CASE WHEN severe AND NOT in_institution AND NOT is_tekun
    THEN least(home_care_hours, {HOME_CARE_MOST})::BIGINT * {HOME_CARE_RATE}
    ELSE 0 END AS home_care,
  CASE WHEN hard THEN {_case("school_stage", EDUCATION)} ELSE 0 END AS education,
  CASE WHEN medical_cost > {MEDICAL_THRESHOLD} AND insured AND (hard OR (seriously_ill AND edge))
    THEN least(((medical_cost - {MEDICAL_THRESHOLD}) * 3 + 5) // 10, {MEDICAL_CAP})
    ELSE 0 END AS medical,
  CASE WHEN weak AND NOT employed AND school_stage = 'none' AND trainings_this_year < 3
    THEN {TRAINING} ELSE 0 END AS training,
  CASE WHEN weak AND started_business THEN {STARTUP} ELSE 0 END AS startup,
  CASE WHEN self_care = 'none' AND {_aged(60)} AND NOT in_institution AND hard
    THEN {CARE_HOURS} ELSE 0 END AS care_hours,
  insured AND (hard OR severe) AS insurance
FROM fourth
"""
YEAR = "(tekun + orphan + meals + home_care) * 12 + education + medical + training + startup"
PERSON_ROWS = f"CREATE OR REPLACE TEMP TABLE person_rows AS {PEOPLE}"
HOUSEHOLD_ROWS = f"""
CREATE OR REPLACE TEMP TABLE household_rows AS
SELECT household_id, dibao, relief, (year + dibao * 12 + relief)::BIGINT AS total
FROM homes JOIN (
  SELECT household_id, sum({YEAR}) AS year FROM person_rows GROUP BY household_id
) USING (household_id)
"""
SUMS = f"""
WITH p AS ({PEOPLE})
SELECT {", ".join(f"sum({n}::BIGINT)" for n in PERSON)},
  (SELECT sum(dibao) FROM homes), (SELECT sum(relief) FROM homes),
  sum({YEAR}) + (SELECT sum(dibao * 12 + relief) FROM homes)
FROM p
"""
Connection = duckdb.DuckDBPyConnection


def _connect() -> Connection:
    return duckdb.connect(config={"threads": THREADS})


def _named(folder: Path, kind: str) -> Connection:
    connection = _connect()
    for name in ("persons", "households"):
        path = folder / f"{name}.parquet"
        connection.execute(f"CREATE TEMP {kind} {name} AS SELECT * FROM read_parquet('{path}')")
    return connection


def load(folder: Path) -> Connection:
    """Both files as tables in memory."""
    return _named(folder, "TABLE")


def ready(data: Connection) -> Connection:
    return data


def evaluate(data: Connection) -> Connection:
    """Every output of everybody, as tables."""
    for statement in (HOMES, PERSON_ROWS, HOUSEHOLD_ROWS):
        data.execute(statement)
    return data


def totals(folder: Path) -> dict[str, float]:
    connection = _named(folder, "VIEW")
    connection.execute(HOMES)
    row = connection.execute(SUMS).fetchone()
    assert row is not None
    return dict(zip(OUTPUTS, map(int, row), strict=True))


def write(folder: Path, out: Path) -> None:
    """Every output of everybody, by DuckDB's own writer."""
    connection = evaluate(_named(folder, "VIEW"))
    for table, names, name in (
        ("person_rows", ("person_id", *PERSON), "persons"),
        ("household_rows", ("household_id", *HOUSEHOLD), "households"),
    ):
        chosen = f"SELECT {', '.join(names)} FROM {table}"
        connection.execute(f"COPY ({chosen}) TO '{out / name}.parquet'")


def rows(folder: Path) -> dict[str, Any]:
    """Every output in the files' order."""
    connection = evaluate(_named(folder, "VIEW"))
    people = connection.execute("SELECT * FROM person_rows ORDER BY person_id").fetchnumpy()
    homes = connection.execute("SELECT * FROM household_rows ORDER BY household_id").fetchnumpy()
    return {name: (people if name in PERSON else homes)[name] for name in OUTPUTS}


def one(family: dict[str, Any]) -> Callable[[], bytes]:
    """Answers one family put into emptied tables. Facts are in fen; there is no explanation."""
    connection = _connect()
    people = [
        {"household_id": 1, "person_id": n, **facts} for n, facts in enumerate(family["people"])
    ]
    home = {"household_id": 1, **family["household"]}
    for name, facts in (("persons", people[0]), ("households", home)):
        columns = ", ".join(f"{n} {TYPES[n]}" for n in facts)
        connection.execute(f"CREATE TABLE {name} ({columns})")

    def answer() -> bytes:
        connection.execute("DELETE FROM persons")
        connection.execute("DELETE FROM households")
        for name, facts in [("households", home), *(("persons", p) for p in people)]:
            marks = ", ".join("?" * len(facts))
            connection.execute(f"INSERT INTO {name} VALUES ({marks})", list(facts.values()))
        evaluate(connection)
        found = [
            connection.execute("SELECT * FROM person_rows").fetchall(),
            connection.execute("SELECT * FROM household_rows").fetchall(),
        ]
        return json.dumps(found, default=str).encode()

    return answer
