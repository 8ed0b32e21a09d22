"""The floor: the dozen as one loop over households, fused by hand and compiled by Numba.

Nothing is checked, unknown is taken for nothing, and the law is fixed: no rules engine can be
expected to do less. What it writes is what Jiekun writes: a row for whoever gets something.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numba as nb
import numpy as np

from bench.peers import arrays, files
from bench.peers.amounts import (
    B16,
    B18,
    B60,
    B70,
    B80,
    CARE,
    CARE_HOURS,
    EDUCATION,
    HOME_CARE_MOST,
    HOME_CARE_RATE,
    LIVING,
    MEALS_60,
    MEALS_70,
    MEALS_80,
    MEDICAL_CAP,
    MEDICAL_THRESHOLD,
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
from bench.peers.files import pa, pq

PEOPLE = (
    "birth_date", "wage_income", "other_income", "employed", "disability_level", "self_care",
    "no_supporter", "parents", "school_stage", "medical_cost", "seriously_ill", "insured",
    "hukou_here", "in_institution", "trainings_this_year", "started_business", "home_care_hours",
)  # fmt: skip
HOMES = ("region", "savings", "cars", "houses", "emergency_cost", "rigid_expense")
TEKUN, ORPHAN, UNIT = 1, 2, 4
_MOST = 64  # people of one household whose standing fits the loop's scratch


@nb.njit(nogil=True)
def _answer(
    tekun: Any, orphan: Any, hard: Any, edge: Any, living: Any, birth: Any, employed: Any,
    level: Any, care: Any, stage: Any, cost: Any, ill: Any, insured: Any, here: Any, away: Any,
    trainings: Any, business: Any, hours: Any, found: Any,
) -> Any:  # fmt: skip
    """One person's ten outputs into `found`; returns the fen of a year."""
    severe, sixty, seventy = level == 1 or level == 2, birth <= B60, birth <= B70
    found[:] = 0
    if tekun:
        found[0] = living + CARE[care]
    elif orphan:
        found[1] = ORPHAN_INSTITUTION if away else ORPHAN_HOME
    if here and (seventy or (sixty and hard)):
        found[2] = MEALS_80 if birth <= B80 else MEALS_70 if seventy else MEALS_60
    if severe and not away and not tekun:
        found[3] = min(hours, HOME_CARE_MOST) * HOME_CARE_RATE
    if hard:
        found[4] = EDUCATION[stage]
    if cost > MEDICAL_THRESHOLD and insured and (hard or (ill and edge)):
        found[5] = min(((cost - MEDICAL_THRESHOLD) * 3 + 5) // 10, MEDICAL_CAP)
    if (level > 0 or hard) and birth <= B16 and not sixty:
        if not employed and stage == 0 and trainings < 3:
            found[6] = TRAINING
        if business:
            found[7] = STARTUP
    if care == 2 and sixty and not away and hard:
        found[8] = CARE_HOURS
    found[9] = insured and (hard or severe)
    monthly = found[0] + found[1] + found[2] + found[3]
    return monthly * 12 + found[4] + found[5] + found[6] + found[7]


@nb.njit(nogil=True)
def _loop(borders: Any, p: Any, h: Any, sums: Any, wanted: Any, rows: Any, amounts: Any) -> Any:
    """All households: adds to `sums`; where `wanted`, a row (output, subject) and its amount."""
    (birth, wage, other, employed, level, care, alone, parents, stage, cost, ill, insured, here,
     away, trainings, business, hours) = p  # fmt: skip
    region, savings, cars, houses, emergency, rigid = h
    scratch = np.zeros(_MOST, np.int8)
    found = np.zeros(10, np.int64)
    count = 0
    for home in range(len(borders) - 1):
        first, last = borders[home], borders[home + 1]
        size = last - first
        standard = STANDARD[region[home]]
        modest = savings[home] <= standard * SAVINGS_MONTHS * size
        members, income = 0, 0
        for i in range(first, last):
            standing = 0
            if here[i]:
                if alone[i] and modest and wage[i] + other[i] < standard and (
                    birth[i] <= B60 or birth[i] > B16 or level[i] == 1 or level[i] == 2
                ):  # fmt: skip
                    standing = TEKUN
                elif parents[i] >= 2 and birth[i] > B18:
                    standing = ORPHAN
                elif not away[i]:
                    standing = UNIT
                    members += 1
                    earned = wage[i] - WORK_COST if employed[i] else wage[i]
                    income += max(earned, 0) + other[i]
            scratch[i - first] = standing
        income = max(income - rigid[home], 0)
        each = max(members, 1)
        dibao = 0
        poor = members > 0 and income < standard * members and modest
        if poor and cars[home] == 0 and houses[home] <= 1:
            dibao = standard * members - income
        relief = 0
        if emergency[home] > 0 and income < 2 * standard * each:
            relief = min(emergency[home], standard * RELIEF_MONTHS * size)
        edge = 2 * income < 3 * standard * each
        living = LIVING[region[home]]
        year = dibao * 12 + relief
        for i in range(first, last):
            standing = scratch[i - first]
            hard = (standing & (TEKUN | ORPHAN)) > 0 or (standing == UNIT and dibao > 0)
            year += _answer(
                standing == TEKUN, standing == ORPHAN, hard, edge, living, birth[i], employed[i],
                level[i], care[i], stage[i], cost[i], ill[i], insured[i], here[i], away[i],
                trainings[i], business[i], hours[i], found,
            )  # fmt: skip
            for output in range(10):
                if found[output]:
                    sums[output] += found[output]
                    if wanted:
                        rows[count, 0], rows[count, 1] = output, i
                        amounts[count] = found[output]
                        count += 1
        for output, amount in ((10, dibao), (11, relief), (12, year)):
            if amount:
                sums[output] += amount
                if wanted:
                    rows[count, 0], rows[count, 1] = output, home
                    amounts[count] = amount
                    count += 1
    return count


def _borders(home: Any) -> Any:
    starts = np.flatnonzero(home[1:] != home[:-1]) + 1
    return np.concatenate(([0], starts, [len(home)]))


def run(persons: files.Arrays, households: files.Arrays, wanted: bool) -> tuple[Any, Any, Any]:
    """(sums, rows, amounts) of some whole households; rows only where `wanted`."""
    most = 13 * len(persons["household_id"]) if wanted else 1
    sums = np.zeros(len(OUTPUTS), np.int64)
    rows, amounts = np.empty((most, 2), np.int32), np.empty(most, np.int64)
    p = tuple(persons[name] for name in PEOPLE)
    h = tuple(households[name] for name in HOMES)
    borders = _borders(persons["household_id"])
    count = _loop(borders, p, h, sums, wanted, rows, amounts)
    return sums, rows[:count], amounts[:count]


Chunks = list[arrays.Data]


def load(folder: Path) -> Chunks:
    return arrays.by_group(folder, lambda *chunk: chunk)


def ready(data: Chunks) -> Chunks:
    return data


def evaluate(data: Chunks) -> list[Any]:
    """Rows of every answer there is, a row group at a time."""
    with ThreadPoolExecutor(arrays.THREADS) as pool:
        return list(pool.map(lambda chunk: run(*chunk, wanted=True), data))


def counts(data: Chunks) -> list[Any]:
    """Sums alone."""
    with ThreadPoolExecutor(arrays.THREADS) as pool:
        return list(pool.map(lambda chunk: run(*chunk, wanted=False), data))


def totals(folder: Path) -> dict[str, float]:
    parts = arrays.by_group(folder, lambda *chunk: run(*chunk, wanted=False)[0], ids=False)
    return dict(zip(OUTPUTS, map(int, sum(parts)), strict=True))


SCHEMA = pa.schema(
    [
        pa.field("household_id", pa.int64(), nullable=False),
        pa.field("person_id", pa.int64()),
        pa.field("measure", pa.dictionary(pa.int8(), pa.string()), nullable=False),
        pa.field("amount", pa.int64()),
    ]
)


def write(folder: Path, out: Path) -> None:
    """A row for each person or household and each thing they get, as soon as it is worked out."""

    def work(persons: files.Arrays, households: files.Arrays) -> pa.Table:
        return _table(persons, households, *run(persons, households, wanted=True)[1:])

    with pq.ParquetWriter(
        out / "rows.parquet", SCHEMA, compression="zstd", compression_level=1
    ) as writer:
        for table in arrays.in_order(folder, work):
            writer.write_table(table)


def _table(persons: files.Arrays, households: files.Arrays, rows: Any, amounts: Any) -> pa.Table:
    output, subject = rows[:, 0], rows[:, 1]
    own = output >= len(PERSON)
    person = np.where(own, 0, subject)
    home = households["household_id"][np.where(own, subject, 0)]
    home = np.where(own, home, persons["household_id"][person])
    who = pa.array(persons["person_id"][person], mask=own)
    names = pa.DictionaryArray.from_arrays(pa.array(output.astype(np.int8)), list(OUTPUTS))
    return pa.table([pa.array(home), who, names, pa.array(amounts)], schema=SCHEMA)


def rows(folder: Path) -> files.Arrays:
    """Every output, for everybody."""
    persons, households = files.load(folder)
    _, found, amounts = run(persons, households, wanted=True)
    made = {}
    for output, name in enumerate(OUTPUTS):
        whose = persons if name in PERSON else households
        made[name] = np.zeros(len(whose["household_id"]), np.int64)
        here = found[:, 0] == output
        made[name][found[here, 1]] = amounts[here]
    return made
