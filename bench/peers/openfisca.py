"""OpenFisca-core and PolicyEngine-core over the dozen: whole arrays in 32-bit floats."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from bench.peers import files
from bench.peers.amounts import OUTPUTS
from bench.peers.variables import CHOICES, CORE, MONEY, system

PERIOD = "2024-11"
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
    # Households stand in order, so each person's is found without sorting, roles or objects.
    group.members_entity_id = np.searchsorted(households["household_id"], persons["household_id"])
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
        if CORE == "openfisca_core":
            simulation = _Builder().build_from_entities(SYSTEM, situation)
        else:
            simulation = import_module(f"{CORE}.simulations").Simulation(
                tax_benefit_system=SYSTEM, situation=situation
            )
        simulation.trace = True
        for name in OUTPUTS:
            simulation.calculate(name, PERIOD)
        trace = simulation.tracer.get_serialized_flat_trace()
        return json.dumps(trace, default=str).encode()

    return answer


def _situation(family: dict[str, Any]) -> dict[str, Any]:
    def dated(facts: dict[str, Any]) -> dict[str, Any]:
        return {n: {PERIOD: v} for n, v in facts.items() if v is not None}

    people = {f"p{n}": dated(facts) for n, facts in enumerate(family["people"], 1)}
    home = {**dated(family["household"]), "members": list(people)}
    return {"persons": people, "households": {"h1": home}}


def answers(family: dict[str, Any]) -> dict[str, list[float]]:
    """What it answers one family, in yuan."""
    if CORE == "openfisca_core":
        simulation = _Builder().build_from_entities(SYSTEM, _situation(family))
    else:
        simulation = import_module(f"{CORE}.simulations").Simulation(
            tax_benefit_system=SYSTEM, situation=_situation(family)
        )
    return {n: [float(v) for v in simulation.calculate(n, PERIOD)] for n in OUTPUTS}


__all__ = ["CHOICES", "answers", "evaluate", "load", "one", "ready", "rows", "totals", "write"]
