"""OpenFisca-core and PolicyEngine-core over the dozen: whole arrays in 32-bit floats."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from bench.peers import files
from bench.peers.amounts import OUTPUTS
from bench.peers.variables import CORE, MONEY, system

PERIOD = "2024-11"
# People are joined to households as documented, or, faster, by setting the join's result.
BY_INDEX = os.environ.get("BENCH_ENGINE") == "index"
SYSTEM = system()
_Builder = import_module(f"{CORE}.simulations.simulation_builder").SimulationBuilder
Data = tuple[files.Arrays, files.Arrays]


def load(folder: Path, *, ids: bool = True) -> Data:
    """Both files in memory, in yuan, read by all of Arrow's threads."""
    persons, households = files.load(folder, ids=ids)
    for columns in (persons, households):
        for name in columns.keys() & MONEY:
            columns[name] = (columns[name] / 100).astype(np.float32)
    persons["birth_date"] = persons["birth_date"].astype("M8[D]")
    return persons, households


def ready(data: Data) -> Any:
    """A simulation with every input set and nothing calculated."""
    persons, households = data
    builder = _Builder()
    builder.create_entities(SYSTEM)
    builder.declare_person_entity("person", np.arange(len(persons["household_id"])))
    group = builder.declare_entity("household", households["household_id"])
    home, ids = persons["household_id"], households["household_id"]
    if BY_INDEX:
        # Households stand in order, so each person's is found without sorting or roles.
        group.members_entity_id = np.searchsorted(ids, home)
    else:
        builder.join_with_persons(group, home, roles=np.zeros(len(home), np.int64))
    simulation = builder.build(SYSTEM)
    for columns in (persons, households):
        for name, values in columns.items():
            if not name.endswith("_id"):
                simulation.set_input(name, PERIOD, values)
    return simulation


def evaluate(simulation: Any) -> files.Arrays:
    """All outputs, as this engine always has them: one whole array each."""
    return {name: simulation.calculate(name, PERIOD) for name in OUTPUTS}


def totals(folder: Path) -> dict[str, float]:
    """Sums over everybody, of 32-bit values in 64 bits."""
    return sums(evaluate(ready(load(folder, ids=False))))


def sums(found: files.Arrays) -> dict[str, float]:
    times = {"care_hours": 1, "insurance": 1}
    return {n: float(v.sum(dtype=np.float64)) * times.get(n, 100) for n, v in found.items()}


def write(folder: Path, out: Path) -> None:
    """Every output of everybody."""
    data = load(folder)
    files.write(out, *data, evaluate(ready(data)))


def rows(folder: Path) -> files.Arrays:
    """Every output in fen, hours or yes-or-no, with the fraction of a fen the floats leave."""
    found = evaluate(ready(load(folder)))
    return {
        n: v if n in ("care_hours", "insurance") else v.astype(np.float64) * 100
        for n, v in found.items()
    }


def one(family: dict[str, Any]) -> Callable[[], bytes]:
    """Answers one family with the whole trace as JSON. Facts are in yuan, unknown left out."""
    situation = _situation(family)

    def answer() -> bytes:
        simulation = _simulation(situation)
        simulation.trace = True
        for name in OUTPUTS:
            simulation.calculate(name, PERIOD)
        trace = simulation.tracer.get_serialized_flat_trace()
        return json.dumps(trace, default=str).encode()

    return answer


def _simulation(situation: dict[str, Any]) -> Any:
    if CORE == "openfisca_core":
        return _Builder().build_from_entities(SYSTEM, situation)
    make = import_module(f"{CORE}.simulations").Simulation
    return make(tax_benefit_system=SYSTEM, situation=situation)


def _situation(family: dict[str, Any]) -> dict[str, Any]:
    def dated(facts: dict[str, Any]) -> dict[str, Any]:
        texts = {n: v.isoformat() if isinstance(v, date) else v for n, v in facts.items()}
        return {n: {PERIOD: v} for n, v in texts.items() if v is not None}

    people = {f"p{n}": dated(facts) for n, facts in enumerate(family["people"], 1)}
    home = {**dated(family["household"]), "members": list(people)}
    return {"persons": people, "households": {"h1": home}}


def answers(family: dict[str, Any]) -> dict[str, list[float]]:
    """What it answers one family, in yuan."""
    simulation = _simulation(_situation(family))
    return {n: [float(v) for v in simulation.calculate(n, PERIOD)] for n in OUTPUTS}
