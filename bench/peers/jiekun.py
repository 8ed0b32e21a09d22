"""Jiekun over the dozen: its own law folder, its own engine, its own way with files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.dozen.facts import FACTS, LAW, ON
from bench.peers.amounts import OUTPUTS
from jiekun.kernel.explain import explain
from jiekun.kernel.law import read_law
from jiekun.kernel.native import Found, native

if TYPE_CHECKING:
    from jiekun.screening.groups import Group

THREADS = int(os.environ.get("BENCH_THREADS", "1"))
PLACE = "000000"
DOZEN = read_law(LAW, FACTS)
PROGRAM = DOZEN.program(on=ON, place=PLACE)
NAMES = [use.measure.name for use in PROGRAM.measures]
SPARE = "jiekun-out"


def load(folder: Path) -> list[Group]:
    """The file's row groups in memory, as Arrow decoded them."""
    from jiekun.screening.groups import groups

    files = folder / "persons.parquet", folder / "households.parquet"
    return list(groups(*files, [PROGRAM], workers=THREADS))


def ready(data: list[Group]) -> list[Group]:
    return data


def _each(data: list[Group], *, rows: bool) -> list[Found]:
    engine = native(PROGRAM)
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda group: engine.run(group.batch, rows=rows), data))


def evaluate(data: list[Group]) -> list[Found]:
    """A row for every answer that is not a firm no, in memory."""
    return _each(data, rows=True)


def counts(data: list[Group]) -> list[Found]:
    """Counts and totals alone."""
    return _each(data, rows=False)


def _screen(folder: Path, out: Path, *, findings: bool) -> dict[str, Any]:
    from jiekun.screening.files import screen_files

    return screen_files(
        folder / "persons.parquet",
        folder / "households.parquet",
        on=ON,
        place=PLACE,
        law=DOZEN,
        out=out,
        findings=findings,
        workers=THREADS,
    )


def totals(folder: Path) -> dict[str, float]:
    """Totals as totals.json has them; here the monthly sums behind its yearly ones."""
    out = folder / SPARE
    shutil.rmtree(out, ignore_errors=True)
    made = _screen(folder, out, findings=False)
    shutil.rmtree(out)
    measures = made["measures"]
    found = {n: round(float(measures[n]["yearly_yuan"]) * 100) for n in NAMES}
    monthly = {use.measure.name for use in PROGRAM.measures if _monthly(use.measure.name)}
    found = {n: v // 12 if n in monthly else v for n, v in found.items()}
    found["care_hours"] = measures["care_hours"]["yes"] * 365
    found["insurance"] = measures["insurance"]["yes"]
    return {name: found[name] for name in OUTPUTS}


def _monthly(name: str) -> bool:
    return name in {"tekun", "orphan", "meals", "home_care", "dibao"}


def write(folder: Path, out: Path) -> None:
    """A row for every answer that is not a firm no, and the totals, all or nothing."""
    _screen(folder, out, findings=True)


def rows(folder: Path) -> dict[str, Any]:
    """Every output of everybody; see `statuses` for who is undetermined."""
    return _dense(folder, lambda rows: np.where(rows.status == 1, _amounts(rows), 0))


def statuses(folder: Path) -> dict[str, Any]:
    """1 yes, 0 no, 2 and above undetermined, for everybody and every output."""
    return _dense(folder, lambda rows: rows.status)


def _amounts(rows: Any) -> Any:
    return np.where(rows.measure == NAMES.index("insurance"), 1, rows.amount)


def _dense(folder: Path, value: Callable[[Any], Any]) -> dict[str, Any]:
    parts: dict[str, list[Any]] = {name: [] for name in OUTPUTS}
    for group in load(folder):
        found = native(PROGRAM).run(group.batch)
        values = value(found.rows)
        for number, use in enumerate(PROGRAM.measures):
            person = use.measure.to == "person"
            made = np.zeros(found.people if person else found.households, np.int64)
            here = found.rows.measure == number
            made[found.rows.subject[here]] = values[here]
            parts[use.measure.name].append(made)
    return {name: np.concatenate(arrays) for name, arrays in parts.items()}


def undetermined(folder: Path) -> dict[str, Any]:
    """By output: how many are undetermined; and which facts they wait for, most often first."""
    open_, waiting = dict.fromkeys(OUTPUTS, 0), {}
    for found in counts(load(folder)):
        for name, row in zip(NAMES, found.counts, strict=True):
            open_[name] += int(row[2:].sum())
        for fact, times in found.waiting.items():
            waiting[fact] = waiting.get(fact, 0) + times
    return {"open": open_, "waiting": dict(sorted(waiting.items(), key=lambda item: -item[1]))}


def one(family: dict[str, Any]) -> Callable[[], bytes]:
    """Answers one family with everything it rests on, as JSON. Facts are in yuan."""
    explainer = explain(PROGRAM)
    named = {f"p{n}": facts for n, facts in enumerate(family["people"], 1)}
    household = {"household": family["household"], "people": named}
    return lambda: explainer.explain_json(household)
