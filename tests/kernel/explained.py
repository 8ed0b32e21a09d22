"""What an explanation must say, told slowly from the decision itself."""

from datetime import date
from fractions import Fraction

from jiekun.kernel.decide import HOUSEHOLD


def expected(decision):
    """The household's, the people's and the missing part of an explanation."""
    return {
        "household": _part(decision, None),
        "people": {key: _part(decision, key) for key in decision.keys},
        "missing": [
            {
                "key": missing.key,
                "kind": missing.kind,
                "name": missing.name,
                "person": missing.key.partition("@")[2] if "@" in missing.key else None,
                "measures": list(missing.measures),
            }
            for missing in decision.missing
        ],
    }


def _part(decision, person):
    program, subject = decision.program, HOUSEHOLD if person is None else person

    def mine(position):
        return (program.graph[position].entity == "person") == (person is not None)

    return {
        "facts": {
            name: plain(decision.value(name, subject))
            for name, position in program.leaves.items()
            if name not in program.parameters and mine(position)
        },
        "steps": {
            name: plain(decision.value(name, subject))
            for name, step in program.steps.items()
            if (step.entity == "person") == (person is not None)
        },
        "outcomes": {
            outcome.measure.name: {
                "status": outcome.status,
                "amount": _amount(outcome.amount),
                "yearly": _amount(outcome.yearly),
                "holds": [condition.holds for condition in decision.conditions(outcome)],
                "missing": list(outcome.missing),
            }
            for outcome in decision.outcomes
            if outcome.subject == subject
            and (outcome.measure.to == "person") == (person is not None)
        },
    }


def _amount(value):
    """Money as text, without zeros at the end."""
    return None if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def plain(value):
    """A value as JSON holds it, numbers as exact fractions."""
    return value.isoformat() if isinstance(value, date) else value


def told(program, data):
    """The parts of a parsed explanation that `expected` gives, its numbers as fractions."""

    def read(values):
        kinds = {name: program.graph[program.node_of(name)].kind for name in values}
        return {
            name: Fraction(value) if kinds[name] == "number" and value is not None else value
            for name, value in values.items()
        }

    def part(told):
        return {**told, "facts": read(told["facts"]), "steps": read(told["steps"])}

    return {
        "household": part(data["household"]),
        "people": {key: part(found) for key, found in data["people"].items()},
        "missing": data["missing"],
    }
