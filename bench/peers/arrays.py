"""The dozen by hand in NumPy: whole arrays, or a row group at a time on every core."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Any

import numpy as np

from bench.peers import files
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
    MEALS_60,
    MEALS_70,
    MEALS_80,
    MEDICAL_CAP,
    MEDICAL_THRESHOLD,
    ORPHAN_HOME,
    ORPHAN_INSTITUTION,
    OUTPUTS,
    RELIEF_MONTHS,
    SAVINGS_MONTHS,
    STANDARD,
    STARTUP,
    TRAINING,
    WORK_COST,
)

THREADS = int(os.environ.get("BENCH_THREADS", "1"))
Data = tuple[files.Arrays, files.Arrays]


def dozen(persons: files.Arrays, households: files.Arrays) -> files.Arrays:
    """Every output in fen (int64), hours, or yes-or-no, for people in household order."""
    p, h = persons, households
    home = p["household_id"]
    starts = np.flatnonzero(np.concatenate(([True], home[1:] != home[:-1])))
    sizes = np.diff(np.append(starts, len(home)))
    standard = np.array(STANDARD)[h["region"]]
    modest = h["savings"] <= standard * SAVINGS_MONTHS * sizes
    birth, level = p["birth_date"], p["disability_level"]
    severe, sixty = (level == 1) | (level == 2), birth <= B60
    tekun = p["hukou_here"] & p["no_supporter"] & (sixty | (birth > B16) | severe)
    tekun &= p["wage_income"] + p["other_income"] < np.repeat(standard, sizes)
    tekun &= np.repeat(modest, sizes)
    orphan = (p["parents"] >= 2) & (birth > B18) & p["hukou_here"] & ~tekun
    unit = p["hukou_here"] & ~p["in_institution"] & ~tekun & ~orphan
    earned = np.maximum(p["wage_income"] - WORK_COST * p["employed"], 0)
    income = np.add.reduceat(np.where(unit, earned + p["other_income"], 0), starts)
    income = np.maximum(income - h["rigid_expense"], 0)
    members = np.add.reduceat(unit.astype(np.int64), starts)
    each = np.maximum(members, 1)
    dibao = (members > 0) & (income < standard * each) & modest
    dibao &= (h["cars"] == 0) & (h["houses"] <= 1)
    edge = 2 * income < 3 * standard * each
    cost = h["emergency_cost"]
    relief = (cost > 0) & (income < 2 * standard * each)
    hard = (np.repeat(dibao, sizes) & unit) | tekun | orphan
    found = _people(p, sizes, standard, severe, sixty, tekun, orphan, hard, edge)
    found["dibao"] = np.where(dibao, np.maximum(standard * members - income, 0), 0)
    found["relief"] = np.where(relief, np.minimum(cost, standard * RELIEF_MONTHS * sizes), 0)
    monthly = found["tekun"] + found["orphan"] + found["meals"] + found["home_care"]
    yearly = found["education"] + found["medical"] + found["training"] + found["startup"]
    people = np.add.reduceat(monthly * 12 + yearly, starts)
    found["total"] = people + found["dibao"] * 12 + found["relief"]
    return found


def _people(
    p: files.Arrays,
    sizes: Any,
    standard: Any,
    severe: Any,
    sixty: Any,
    tekun: Any,
    orphan: Any,
    hard: Any,
    edge: Any,
) -> files.Arrays:
    birth, stage, at_home = p["birth_date"], p["school_stage"], ~p["in_institution"]
    living = np.repeat((standard * 13 + 5) // 10, sizes)
    seventy, cost = birth <= B70, p["medical_cost"]
    meal = np.where(birth <= B80, MEALS_80, np.where(seventy, MEALS_70, MEALS_60))
    share = np.minimum(((cost - MEDICAL_THRESHOLD) * 3 + 5) // 10, MEDICAL_CAP)
    ill = p["insured"] & (hard | (p["seriously_ill"] & np.repeat(edge, sizes)))
    frail = (p["self_care"] == 2) & sixty & at_home & hard
    weak = (birth <= B16) & ~sixty & ((p["disability_level"] > 0) | hard)
    train = weak & ~p["employed"] & (stage == 0) & (p["trainings_this_year"] < 3)
    hours = np.minimum(p["home_care_hours"], HOME_CARE_MOST).astype(np.int64)
    return {
        "tekun": np.where(tekun, living + np.array(CARE)[p["self_care"]], 0),
        "orphan": np.where(orphan, np.where(at_home, ORPHAN_HOME, ORPHAN_INSTITUTION), 0),
        "meals": np.where(p["hukou_here"] & (seventy | (sixty & hard)), meal, 0),
        "home_care": np.where(severe & at_home & ~tekun, hours * HOME_CARE_RATE, 0),
        "education": np.where(hard, np.array(EDUCATION)[stage], 0),
        "medical": np.where((cost > MEDICAL_THRESHOLD) & ill, share, 0),
        "training": np.where(train, TRAINING, 0),
        "startup": np.where(p["started_business"] & weak, STARTUP, 0),
        "care_hours": np.where(frail, CARE_HOURS, 0),
        "insurance": p["insured"] & (hard | severe),
    }


def sums(found: files.Arrays) -> dict[str, float]:
    return {name: int(found[name].sum()) for name in OUTPUTS}


def load(folder: Path) -> Data:
    return files.load(folder)


def ready(data: Data) -> Data:
    return data


def evaluate(data: Data) -> files.Arrays:
    return dozen(*data)


def totals(folder: Path) -> dict[str, float]:
    return sums(dozen(*files.load(folder, ids=False)))


def write(folder: Path, out: Path) -> None:
    data = load(folder)
    files.write(out, *data, dozen(*data))


def rows(folder: Path) -> files.Arrays:
    return dozen(*load(folder))


# -- by row group


def by_group(
    folder: Path, work: Callable[[files.Arrays, files.Arrays], Any], *, ids: bool = True
) -> list[Any]:
    """Row groups decoded and worked out side by side; what `work` made of each, in order."""
    groups = files.opened(folder)[0].num_row_groups

    def some(first: int) -> list[tuple[int, Any]]:
        opened = files.opened(folder)
        return [(n, work(*files.group(opened, n, ids))) for n in range(first, groups, THREADS)]

    with ThreadPoolExecutor(THREADS) as pool:
        found = [item for part in pool.map(some, range(THREADS)) for item in part]
    return [item for _, item in sorted(found, key=lambda pair: pair[0])]


def in_order(folder: Path, work: Callable[[files.Arrays, files.Arrays], Any]) -> Iterator[Any]:
    """The same one after the other, few ahead of whoever writes them."""
    groups = files.opened(folder)[0].num_row_groups
    waiting: list[Any] = []
    mine = local()

    def one(number: int) -> Any:
        if not hasattr(mine, "opened"):
            mine.opened = files.opened(folder)
        return work(*files.group(mine.opened, number))

    with ThreadPoolExecutor(THREADS) as pool:
        for number in range(groups):
            waiting.append(pool.submit(one, number))
            if len(waiting) > 2 * THREADS:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()
