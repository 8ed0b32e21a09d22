"""A third reading of the law, slow and plain: straight from the rules' syntax, in fractions.

It shares nothing with the kernel but the text of the rules: it looks names up itself, counts in
yuan, walks the syntax tree for every value, and carries with each unknown what it waits for.
"""

import ast
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Val:
    """A value, or None with the names it waits for."""

    value: Any
    waits: frozenset[str] = NOTHING


def known(value):
    return Val(value)


def unknown(*values):
    return Val(None, frozenset().union(*(v.waits for v in values if v.value is None)))


@dataclass(frozen=True)
class Person:
    number: int


class Reference:
    """One household under one day's law."""

    def __init__(self, law, *, on, place, simulate, household, people):
        self.law, self.on = law, on
        self.simulate = [d for d in simulate if self.dated(law.documents[d].simulate_from, None)]
        self.chain = []
        while place is not None:
            self.chain.append(place)
            place = law.places[place].parent
        self.household, self.people = household, people
        self.done = {}

    # -- names

    def rule(self, name):
        found = []
        for rule in self.law.rules.get(name, ()):
            document = self.law.documents[rule.cites[0].split("-")[0]]
            if rule.place not in self.chain or not self.dated(rule.since, rule.until):
                continue
            if rule.reading:
                topic, option = rule.reading.split(":")
                if self.law.readings[topic].default != option:
                    continue
            begins = document.effective_from
            if begins and rule.since and rule.since < begins:
                begins = rule.since  # the clause itself reaches back
            if document.status == "draft":
                if document.id in self.simulate and self.dated(document.simulate_from, None):
                    found.append((self.chain.index(rule.place), 0, rule))
            elif self.dated(begins, document.effective_to):
                found.append((self.chain.index(rule.place), 1, rule))
        return min(found, key=lambda item: item[:2])[2] if found else None

    def read_so(self, reading):
        topic, _, option = reading.partition(":")
        return not reading or self.law.readings[topic].default == option

    def dated(self, since, until):
        return (since is None or since <= self.on) and (until is None or self.on <= until)

    def parameter(self, name):
        """None for a name that is no parameter."""
        here = [p for p in self.law.parameters.get(name, ()) if p.place in self.chain]
        for parameter in sorted(here, key=lambda p: self.chain.index(p.place)):
            for value in sorted(parameter.values, key=lambda value: not value.draft):
                simulated = value.draft and value.cites.split("-")[0] in self.simulate
                if simulated or (not value.draft and self.dated(value.since, value.until)):
                    if value.value is None:
                        return Val(None, frozenset({name}))
                    return known(Fraction(value.value))
        return Val(None, frozenset({name})) if here else None

    def of_person(self, name):
        """Whether a name is a person's."""
        if name in self.law.facts:
            return self.law.facts[name].entity == "person"
        rule = self.rule(name)
        if rule is None:
            return False
        plain = (n for n, kind in rule.arguments if kind != "People")
        return any(self.of_person(n) for n in plain)

    def value(self, name, person=None):
        if not self.of_person(name):
            person = None
        key = (name, person)
        if key not in self.done:
            self.done[key] = self.find(name, person)
        return self.done[key]

    def find(self, name, person):
        if name in self.law.facts:
            facts = self.household if person is None else self.people[person.number]
            value = facts.get(name)
            if value is not None and self.law.facts[name].kind in ("money", "int"):
                value = Fraction(str(value))
            return Val(None, frozenset({name})) if value is None else known(value)
        rule = self.rule(name)
        if rule is None:
            found = self.parameter(name)
            assert found is not None, name
            return found
        env = {}
        for argument, kind in rule.arguments:
            env[argument] = argument if kind == "People" else self.value(argument, person)
        return self.block(rule.body, env)

    # -- statements

    def block(self, statements, env):
        for position, statement in enumerate(statements):
            rest = tuple(statements[position + 1 :])
            if isinstance(statement, ast.Return):
                return self.expr(statement.value, env)
            if isinstance(statement, ast.If):
                test = self.expr(statement.test, env)
                yes = self.block((*statement.body, *rest), dict(env))
                no = self.block((*statement.orelse, *rest), dict(env))
                return either(test, yes, no)
            env[statement.targets[0].id] = self.expr(statement.value, env)
        raise AssertionError("no return")

    # -- expressions

    def expr(self, node, env):
        return getattr(self, f"on_{type(node).__name__.lower()}")(node, env)

    def on_constant(self, node, _env):
        value = node.value
        return known(Fraction(value) if type(value) is int else value)

    def on_name(self, node, env):
        return env[node.id]

    def on_attribute(self, node, env):
        return self.value(node.attr, env[node.value.id])

    def on_boolop(self, node, env):
        values = [self.expr(value, env) for value in node.values]
        return conjunction(values) if isinstance(node.op, ast.And) else disjunction(values)

    def on_unaryop(self, node, env):
        value = self.expr(node.operand, env)
        if value.value is None:
            return value
        return known(not value.value if isinstance(node.op, ast.Not) else -value.value)

    def on_ifexp(self, node, env):
        parts = (node.test, node.body, node.orelse)
        return either(*(self.expr(part, env) for part in parts))

    def on_compare(self, node, env):
        values = [self.expr(part, env) for part in (node.left, *node.comparators)]
        pairs = zip(values, node.ops, values[1:], strict=False)
        return conjunction([compared(a, op, b) for a, op, b in pairs])

    def on_set(self, node, env):
        return known({self.expr(part, env).value for part in node.elts})

    on_tuple = on_list = on_set

    def on_binop(self, node, env):
        a, b = self.expr(node.left, env), self.expr(node.right, env)
        if isinstance(node.op, ast.Mult) and (a.value == 0 or b.value == 0):
            return known(Fraction(0))
        if a.value is None or b.value is None:
            return unknown(a, b)
        match node.op:
            case ast.Add():
                return known(a.value + b.value)
            case ast.Sub():
                return known(a.value - b.value)
            case ast.Mult():
                return known(a.value * b.value)
        # Shared among nobody, there is no answer.
        return known(a.value / b.value) if b.value > 0 else unknown()

    def on_call(self, node, env):
        return getattr(self, f"call_{node.func.id.lower()}")(node, env)

    def call_decimal(self, node, _env):
        return known(Fraction(str(node.args[0].value)))

    def call_per_year(self, node, env):
        value = self.expr(node.args[0], env)
        return value if value.value is None else known(value.value * 12)

    def call_per_month(self, node, env):
        value = self.expr(node.args[0], env)
        return value if value.value is None else known(value.value / 12)

    def call_round_half_up(self, node, env):
        value = self.expr(node.args[0], env)
        return value if value.value is None else known(half_up(value.value * 100) / 100)

    def call_years_since(self, node, env):
        value = self.expr(node.args[0], env)
        return value if value.value is None else known(Fraction(birthdays(value.value, self.on)))

    def call_min(self, node, env):
        values = [self.expr(arg, env) for arg in node.args]
        if any(value.value is None for value in values):
            return unknown(*values)
        return known((min if node.func.id == "min" else max)(v.value for v in values))

    call_max = call_min

    # -- people

    def members(self, name):
        """Each person with whether they belong to the set."""
        for number in range(len(self.people)):
            person = Person(number)
            yield person, known(True) if name == "people" else self.value(name, person)

    def call_len(self, node, env):
        inside = [belongs for _, belongs in self.members(env[node.args[0].id])]
        return total([either(b, known(Fraction(1)), known(Fraction(0))) for b in inside])

    def through(self, node, env):
        """For each person: whether they count, and the value asked of them."""
        loop = node.args[0].generators[0]
        for person, belongs in self.members(env[loop.iter.id]):
            inner = {**env, loop.target.id: person}
            tests = [self.expr(test, inner) for test in loop.ifs]
            yield conjunction([belongs, *tests]), self.expr(node.args[0].elt, inner)

    def call_sum(self, node, env):
        zero = known(Fraction(0))
        terms = []
        for counts, value in self.through(node, env):
            terms.append(either(counts, value, zero))
        return total(terms)

    def call_any(self, node, env):
        return disjunction([conjunction([counts, v]) for counts, v in self.through(node, env)])

    def call_all(self, node, env):
        pairs = self.through(node, env)
        return conjunction([disjunction([negation(counts), v]) for counts, v in pairs])


def negation(value):
    return value if value.value is None else known(not value.value)


def conjunction(values):
    if any(value.value is False for value in values):
        return known(False)
    return unknown(*values) if any(v.value is None for v in values) else known(True)


def disjunction(values):
    if any(value.value is True for value in values):
        return known(True)
    return unknown(*values) if any(v.value is None for v in values) else known(False)


def either(test, yes, no):
    if test.value is not None:
        return yes if test.value else no
    if yes.value is not None and yes.value == no.value:
        return yes
    return unknown(test, yes, no)


def compared(a, op, b):
    if a.value is None or b.value is None:
        return unknown(a, b)
    x, y = a.value, b.value
    match op:
        case ast.Lt():
            return known(x < y)
        case ast.LtE():
            return known(x <= y)
        case ast.Gt():
            return known(x > y)
        case ast.GtE():
            return known(x >= y)
        case ast.Eq():
            return known(x == y)
        case ast.NotEq():
            return known(x != y)
        case ast.In():
            return known(x in y)
    return known(x not in y)


def total(terms):
    if any(term.value is None for term in terms):
        return unknown(*terms)
    return known(sum((term.value for term in terms), Fraction(0)))


def half_up(value):
    """The nearest whole number, halves upwards."""
    return Fraction((2 * value.numerator + value.denominator) // (2 * value.denominator))


def birthdays(born: date, on: date):
    """Whole years lived; somebody born on 29 February turns a year older on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
