"""Whether everybody answers alike: row by row against plain Python, and where facts are unknown."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.dozen import oracle
from bench.dozen.facts import FACTS, ON, program
from bench.peers.amounts import HOUSEHOLD, OUTPUTS, PERSON
from bench.peers.families import family
from jiekun.kernel.decide import decider

Found = dict[str, Any]
Rows = Callable[[str, Path, Path], Found]


def exact(folder: Path) -> dict[str, list[oracle.Answer]]:
    """Plain Python's answers to everybody in a folder, in the files' order."""
    import pyarrow.parquet as pq

    persons, homes = (
        pq.read_table(folder / f"{name}.parquet").to_pylist() for name in ("persons", "households")
    )
    found: dict[str, list[oracle.Answer]] = {name: [] for name in OUTPUTS}
    at = 0
    for home in homes:
        until = at
        while until < len(persons) and persons[until]["household_id"] == home["household_id"]:
            until += 1
        own, each = oracle.decide(home, persons[at:until], ON)
        at = until
        for name in HOUSEHOLD:
            found[name].append(own[name])
        for answers in each:
            for name in PERSON:
                found[name].append(answers[name])
    return found


def given(answers: list[oracle.Answer], name: str) -> Any:
    """What is given: the amount where it surely holds, else nothing."""
    one = 1 if name == "insurance" else None
    return np.array([(one or amount or 0) if holds else 0 for holds, amount in answers], np.int64)


def compare(folder: Path, rows: Rows, engines: list[str]) -> Found:
    """For every engine: rows that differ, by how much, and its total against the exact one."""
    truth = {name: given(answers, name) for name, answers in exact(folder).items()}
    count = sum(map(len, truth.values()))
    found: Found = {"people": len(truth["tekun"]), "rows": count, "engines": {}}
    for engine in engines:
        with tempfile.TemporaryDirectory() as spare:
            saved = Path(spare) / "rows.npz"
            made = rows(engine, folder, saved)
            if "failed" in made:
                found["engines"][engine] = made
                continue
            with np.load(saved) as arrays:
                found["engines"][engine] = _against(truth, dict(arrays))
    return found


def _against(truth: dict[str, Any], arrays: dict[str, Any]) -> Found:
    """Differences in fen (or hours, or yes-or-no): how many, the largest, and of the total."""
    differ = flips = 0
    largest, worst, summed = 0.0, "", 0.0
    for name, wanted in truth.items():
        mine = np.asarray(arrays[name], np.float64)
        gap = np.abs(mine - wanted)
        differ += int((gap > 0).sum())
        flips += int(((np.rint(mine) != 0) != (wanted != 0)).sum())
        summed += abs(float(mine.sum()) - float(wanted.sum())) if name == "total" else 0.0
        if float(gap.max(initial=0.0)) > largest:
            largest, worst = float(gap.max()), name
    return {"differ": differ, "flips": flips, "largest": largest, "worst": worst, "total": summed}


def unknowns(folder: Path, totals: Callable[[str, Path], Found], engines: list[str]) -> Found:
    """With facts unknown: what surely is given and how many answers are open, against totals."""
    truth = exact(folder)
    sure = {name: int(given(answers, name).sum()) for name, answers in truth.items()}
    undecided = {
        name: sum(holds is None for holds, _ in answers) for name, answers in truth.items()
    }
    priced = {
        name: sum(bool(holds) and amount is None for holds, amount in answers)
        for name, answers in truth.items()
        if name != "insurance"
    }
    return {
        "people": len(truth["tekun"]),
        "sure": sure,
        "open": undecided,
        "unpriced": priced,
        "engines": {engine: totals(engine, folder) for engine in engines},
    }


def silence(ask: Callable[[str, str, Found], Found]) -> Found:
    """One family of whom nobody said what one member earns: what each engine answers."""
    found: Found = {}
    for name in ("told", "silent"):
        found[name] = {
            engine: ask(engine, "answers", {"family": name}).get("answers")
            for engine in ("openfisca", "policyengine")
        }
        found[name]["jiekun"] = _decided(name)
    return found


def _decided(name: str) -> Found:
    facts = family(name)
    named = {f"p{n}": person for n, person in enumerate(facts["people"], 1)}
    decision = decider(program()).decide({"household": facts["household"], "people": named})
    dibao = next(o for o in decision.outcomes if o.measure.name == "dibao")
    missing = [f"{FACTS[m.name].label}（{m.subject}）" for m in decision.missing]
    amount = None if dibao.amount is None else str(dibao.amount)
    return {"status": dibao.status, "amount": amount, "missing": missing}
