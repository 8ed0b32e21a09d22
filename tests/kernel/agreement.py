"""Asks all three readings the same and says where they differ."""

from datetime import date
from fractions import Fraction

import numpy as np

from jiekun.kernel.arrays import Batch, Bits, Column
from jiekun.kernel.decide import HOUSEHOLD, decider
from jiekun.kernel.native import native
from jiekun.kernel.values import encode

from .reference import Person, Reference, half_up

EPOCH = date(1970, 1, 1)


def as_batch(facts, households, forms=None):
    """Households as columns: some facts everywhere unknown are left out, as feeds do.

    `forms`, a random.Random, lays each column out in one of the ways files do.
    """
    people = [person for household in households for person in household["people"].values()]
    own = [household["household"] for household in households]
    return Batch(
        np.array([len(household["people"]) for household in households], np.int64),
        {f.name: column for f in facts.of("person") if (column := _column(f, people, forms))},
        {f.name: column for f in facts.of("household") if (column := _column(f, own, forms))},
    )


def _column(fact, rows, forms):
    values = [encode(fact, row.get(fact.name)) for row in rows]
    known = np.array([value is not None for value in values])
    if not known.any():
        return None
    if fact.kind == "date":
        values = [None if v is None else (v - EPOCH).days for v in values]
    kind = {"bool": bool, "date": np.int32, "money": np.int64}.get(fact.kind, np.int16)
    filled = np.array([0 if value is None else value for value in values], kind)
    plain = Column(filled, None if known.all() else known)
    return plain if forms is None else in_form(fact, plain, forms)


def in_form(fact, column, forms):
    """The same column as a file might hold it: packed bits, a dictionary, other widths."""
    values, known, codes = column.values, column.known, None
    if known is None and forms.random() < 0.3:
        known = np.ones(len(values), bool)
    if fact.kind == "choice" and forms.random() < 0.5:
        codes = list(range(len(fact.choices)))
        forms.shuffle(codes)
        values = np.array([codes.index(value) for value in values], np.int8)
        if known is not None:
            # Arrow leaves any index where a value is missing.
            values = np.where(known, values, np.int8(forms.choice([-128, 0, 127]))).astype(np.int8)
    elif fact.kind == "bool":
        values = packed(values, forms) if forms.random() < 0.6 else values
    elif fact.kind != "money":
        values = values.astype(forms.choice([np.int32, np.int64]))
    if known is not None and forms.random() < 0.6:
        known = packed(known, forms)
    return Column(values, known, None if codes is None else np.array(codes))


def packed(flags, forms):
    """Flags as bits that begin somewhere in a longer bitmap."""
    offset = forms.randrange(20)
    around = [forms.random() < 0.5 for _ in range(offset)]
    data = np.packbits(np.concatenate([np.array(around, bool), flags]), bitorder="little")
    return Bits(data, offset, len(flags))


def differences(law, households, *, on, place, simulate=(), also=(), forms=None):
    """Sentences telling where decide, native code and the reference disagree; empty: nowhere."""
    program = law.program(on=on, place=place, simulate=simulate, also=also)
    nodes = {name: step.node for name, step in program.steps.items()}
    batch = as_batch(law.facts, households, forms)
    found = native(program).run(batch, keep=list(nodes.values()), near=True)
    columns = {name: _asked(program, found.kept[node], node) for name, node in nodes.items()}
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
                    "native": columns[name](row),
                    "reference": _from_reference(reference, program, name, node, number),
                }
                if len(set(told.values())) > 1:
                    yield f"{name} of {subject} in household {index}: {told}"
        first += len(household["people"])


def _plain(fact, value):
    return date.fromisoformat(value) if fact.kind == "date" and isinstance(value, str) else value


def _scaled(program, node, value):
    """A number as native code's rows give it: whole, money in fen."""
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


def _asked(program, kept, position):
    """A function giving a row's value and what it waits for."""
    node = program.graph[position]

    def asked(row):
        if not kept.known[row]:
            return None, kept.waits(row)
        top, den = int(kept.top[row]), int(kept.den[row])
        if node.kind == "bool":
            return bool(top), kept.waits(row)
        if node.kind == "choice":
            return node.choices[top], kept.waits(row)
        if node.kind == "date":
            return date.fromordinal(EPOCH.toordinal() + top), kept.waits(row)
        return int(half_up(Fraction(top, den))), kept.waits(row)

    return asked
