"""What an explanation says of the law itself: the same for every household, so made once."""

import json
from typing import Any

from jiekun.kernel import units
from jiekun.kernel.explain.text import exact
from jiekun.kernel.program import MeasureUse, ParameterUse, Program, StepInfo
from jiekun.kernel.report import readings
from jiekun.kernel.words import phrase

Told = dict[str, Any]


def law_json(program: Program) -> bytes:
    """Measures with their conditions, rules, parameters and facts of one day and place."""
    told = {
        "on": program.on.isoformat(),
        "place": program.place,
        "simulate": list(program.simulate),
        "readings": readings(program),
        "measures": {use.measure.name: _measure(program, use) for use in program.measures},
        "rules": {name: _rule(step) for name, step in program.steps.items()},
        "parameters": {name: _parameter(program, p) for name, p in program.parameters.items()},
        "facts": {
            name: _fact(program, name)
            for name, position in program.leaves.items()
            if program.graph[position].op != "param"
        },
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _measure(program: Program, use: MeasureUse) -> Told:
    amount = None if use.amount is None else program.graph[program.graph.source[use.amount]]
    return {
        "label": use.measure.label,
        "to": use.measure.to,
        "gives": use.measure.gives,
        "office": use.measure.office,
        "unit": "" if amount is None else units.text(amount.unit),
        "eligible": use.measure.eligible,
        "amount": use.measure.amount,
        "conditions": [
            {
                "text": phrase(program, atom.node),
                "rule": atom.step,
                "cites": list(program.steps[atom.step].cites),
            }
            for atom in use.atoms
        ],
    }


def _rule(step: StepInfo) -> Told:
    return {
        "label": step.label,
        "of": "person" if step.entity == "person" else "household",
        "kind": step.kind,
        "unit": step.unit if step.kind == "number" else "",
        "cites": list(step.cites),
        "inputs": list(step.inputs),
    }


def _parameter(program: Program, use: ParameterUse) -> Told:
    node, dated = program.graph[use.node], use.dated
    top = node.value[1]  # type: ignore[index]
    hundred = 100 if units.is_money(node.unit) else 1
    since = dated.since if dated else None
    return {
        "label": use.parameter.label,
        "place": use.parameter.place,
        "value": None if top is None else exact(top, (node.den or 1) * hundred),
        "unit": use.parameter.unit,
        "since": since.isoformat() if since else None,
        "cites": [dated.cites] if dated and dated.cites else [],
    }


def _fact(program: Program, name: str) -> Told:
    fact = program.facts.get(name)
    node = program.graph[program.leaves[name]]
    return {
        "label": fact.label if fact else name,
        "of": "person" if node.entity == "person" else "household",
        "kind": node.kind,
        "unit": fact.unit if fact else "",
        "question": fact.question if fact else "",
        "ask": (fact.judged_by or fact.answered_by) if fact else "",
        "judged": bool(fact and fact.judged_by),
    }
