"""Asks all three readings the same and says where they differ."""

from datetime import date
from fractions import Fraction

import numpy as np

from jiekun.kernel.arrays import Batch, Column, evaluate
from jiekun.kernel.decide import HOUSEHOLD, decider
from jiekun.kernel.values import encode

from .reference import Person, Reference, half_up

EPOCH = date(1970, 1, 1)


def as_batch(facts, households):
    """Households as columns: some facts everywhere unknown are left out, as feeds do."""
    people = [person for household in households for person in household["people"].values()]
    own = [household["household"] for household in households]
    return Batch(
        np.array([len(household["people"]) for household in households], np.int64),
        {f.name: column for f in facts.of("person") if (column := _column(f, people))},
        {f.name: column for f in facts.of("household") if (column := _column(f, own))},
    )


def _column(fact, rows):
    values = [encode(fact, row.get(fact.name)) for row in rows]
    known = np.array([value is not None for value in values])
    if not known.any():
        return None
    if fact.kind == "date":
        values = [None if v is None else (v - EPOCH).days for v in values]
    kind = {"bool": bool, "date": np.int32, "money": np.int64}.get(fact.kind, np.int16)
    filled = np.array([0 if value is None else value for value in values], kind)
    return Column(filled, None if known.all() else known)


def differences(law, households, *, on, place, simulate=(), also=()):
    """Sentences telling where decide, arrays and the reference disagree; empty when nowhere."""
    program = law.program(on=on, place=place, simulate=simulate, also=also)
    nodes = {name: step.node for name, step in program.steps.items()}
    batch = as_batch(law.facts, households)
    results = evaluate(program, batch, missing=True, near=True, keep=nodes.values())
    columns = {name: _asked(program, results, node) for name, node in nodes.items()}
    decide, first = decider(program).decide, 0
    for index, household in enumerate(households):
        decision = decide(household)
        reference = Reference(
            law,
            on=on,
            place=place,
            simulate=simulate,
            household={n: _plain(law.facts[n], v) for n, v in household["household"].items()},
            people=[
                {n: _plain(law.facts[n], v) for n, v in person.items()}
                for person in household["people"].values()
            ],
        )
        for name, node in nodes.items():
            whose = program.graph[node].entity == "person"
            for number in range(len(household["people"])) if whose else (-1,):
                subject = decision.keys[number] if whose else HOUSEHOLD
                row = first + number if whose else index
                told = {
                    "decide": _from_decision(decision, name, node, number),
                    "arrays": columns[name](row),
                    "reference": _from_reference(reference, program, name, node, number),
                }
                if len(set(told.values())) > 1:
                    yield f"{name} of {subject} in household {index}: {told}"
        first += len(household["people"])


def _plain(fact, value):
    return date.fromisoformat(value) if fact.kind == "date" and isinstance(value, str) else value


def _scaled(program, node, value):
    """A number as the arrays give it: whole, money in fen."""
    money = dict(program.graph[node].unit).get("yuan") == 1
    return int(half_up(value * (100 if money else 1)))


def _from_decision(decision, name, node, person):
    value = decision.value(name, HOUSEHOLD if person < 0 else decision.keys[person])
    if value is None:
        keys = decision.missing_for(node, person)
        return None, frozenset(key.partition("@")[0] for key in keys)
    if isinstance(value, Fraction):
        value = _scaled(decision.program, node, value)
    return value, frozenset()


def _from_reference(reference, program, name, node, person):
    found = reference.value(name, None if person < 0 else Person(person))
    if found.value is None:
        return None, found.waits
    if isinstance(found.value, Fraction):
        return _scaled(program, node, found.value), frozenset()
    return found.value, frozenset()


def _asked(program, results, position):
    """A function giving a row's value and what it waits for."""
    node, leaves = program.graph[position], list(program.leaves)
    masks = results.missing(position)

    def waits(row):
        bits = (int(word) >> bit & 1 for word in masks[row] for bit in range(64))
        return frozenset(leaf for leaf, bit in zip(leaves, bits, strict=False) if bit)

    if node.kind == "bool":
        true, false = results.truth(position)
        return lambda row: (True if true[row] else False if false[row] else None, waits(row))
    values, known = results.number(position)

    def number(row):
        if known is not None and not known[row]:
            return None, waits(row)
        value = int(values[row])
        if node.kind == "choice":
            return node.choices[value], waits(row)
        return (
            date.fromordinal(EPOCH.toordinal() + value) if node.kind == "date" else value
        ), waits(row)

    return number
