"""A decision as JSON: outcomes, a DAG of steps keyed by step, what is missing."""

from datetime import date
from fractions import Fraction
from typing import Any

from jiekun.kernel.decide import Condition, Decision, Missing, Outcome
from jiekun.kernel.program import Program
from jiekun.kernel.values import plain


def decision_json(decision: Decision) -> dict[str, Any]:
    """Outcomes with conditions, every step once, what is missing most useful first."""
    program = decision.program
    return {
        "on": program.on.isoformat(),
        "place": program.place,
        "simulate": list(program.simulate),
        "readings": readings(program),
        "outcomes": [_outcome(decision, outcome) for outcome in decision.outcomes],
        "steps": {key: _step(decision, key) for key in decision.steps()},
        "missing": [_missing(missing) for missing in decision.missing],
    }


def readings(program: Program) -> dict[str, str]:
    """How the clauses that can be read in several ways were read, where a rule rests on one."""
    marks = sorted({step.rule.reading for step in program.steps.values() if step.rule.reading})
    return {topic: option for topic, _, option in (mark.partition(":") for mark in marks)}


def _outcome(decision: Decision, outcome: Outcome) -> dict[str, Any]:
    return {
        "measure": outcome.measure.name,
        "label": outcome.measure.label,
        "subject": outcome.subject,
        "status": outcome.status,
        "amount": None if outcome.amount is None else str(outcome.amount),
        "unit": outcome.unit,
        "yearly": None if outcome.yearly is None else str(outcome.yearly),
        "step": outcome.step,
        "amount_step": outcome.amount_step,
        "missing": list(outcome.missing),
        "conditions": [_condition(condition) for condition in decision.conditions(outcome)],
    }


def _condition(condition: Condition) -> dict[str, Any]:
    return {
        "text": condition.text,
        "holds": condition.holds,
        "cites": list(condition.cites),
        "step": condition.step,
        "gap": None if condition.gap is None else str(condition.gap),
    }


def _step(decision: Decision, key: str) -> dict[str, Any]:
    step = decision.step(key)
    return {
        "label": step.label,
        "value": _value(step.value),
        "unit": step.unit,
        "cites": list(step.cites),
        "inputs": list(step.inputs),
        "text": step.text,
    }


def _missing(missing: Missing) -> dict[str, Any]:
    return {
        "key": missing.key,
        "kind": missing.kind,
        "label": missing.label,
        "question": missing.question,
        "ask": missing.ask,
        "measures": list(missing.measures),
    }


def _value(value: Any) -> Any:
    if isinstance(value, Fraction):
        return plain(value).replace(",", "").replace("−", "-")
    return value.isoformat() if isinstance(value, date) else value
