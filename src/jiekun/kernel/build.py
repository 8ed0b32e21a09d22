"""Building a program: names resolved to nodes, rules translated, circles noticed."""

import ast
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

from jiekun.kernel import units
from jiekun.kernel.documents import Asked, Parameter, exact
from jiekun.kernel.errors import LawError, nearest
from jiekun.kernel.facts import Fact, FactBook
from jiekun.kernel.graph import LIMIT, Kind, Node
from jiekun.kernel.language import Measure
from jiekun.kernel.program import Atom, MeasureUse, ParameterUse, Program, StepInfo
from jiekun.kernel.source import RuleSource
from jiekun.kernel.translate import Members, Translator

_KINDS = {"bool": "bool", "date": "date", "str": "choice", "int": "number", "Decimal": "number"}


class Lookup(Protocol):
    """What a program asks of the law."""

    facts: FactBook

    @property
    def written(self) -> Any: ...
    @property
    def rules(self) -> Mapping[str, Any]: ...
    @property
    def parameters(self) -> Mapping[str, Any]: ...
    def rule(self, name: str, asked: Asked) -> RuleSource | None: ...
    def parameter(self, name: str, asked: Asked) -> Parameter | None: ...
    def cites(self, rule: RuleSource, asked: Asked) -> tuple[str, ...]: ...


def build_program(
    law: Lookup,
    asked: Asked,
    given: dict[str, Node],
    also: tuple[str, ...] = (),
    measures: bool = True,
) -> Program:
    """Builds the graph for every measure in force, and the rules `also` named. Raises LawError."""
    program = Program(asked, law.facts)
    builder = _Builder(law, program, given)
    local: dict[str, Any] = {}
    for written in law.written if measures else ():
        if written.place in asked.chain:
            before = local.get(written.measure.name)
            if before is None or asked.chain.index(before.place) < asked.chain.index(written.place):
                local[written.measure.name] = written
    for written in local.values():
        builder.add_measure(written)
    for name in also:
        builder.add_wanted(name)
    return program


class _Builder:
    """Resolves names to nodes, depth first, and notices circles."""

    def __init__(self, law: Lookup, program: Program, given: dict[str, Node]) -> None:
        self.law = law
        self.program = program
        self.asked = program.asked
        self.given = given
        self.open: list[str] = []

    def add_measure(self, written: Any) -> None:
        measure: Measure = written.measure
        eligible_rule = self._rule(measure.eligible)
        if eligible_rule is None:
            return
        eligible = self.resolve(measure.eligible, eligible_rule)
        amount = self.resolve(measure.amount, eligible_rule) if measure.amount else None
        for node, what in ((eligible, measure.eligible), (amount, measure.amount)):
            if node is None:
                continue
            entity = self.program.graph[node].entity
            if entity not in (measure.to, "any"):
                raise LawError(
                    f"measure {measure.name} goes to a {measure.to}, but {what} is a {entity}'s",
                    file=written.file,
                    line=1,
                )
        if self.program.graph[eligible].kind != "bool":
            raise LawError(
                f"measure {measure.name}: {measure.eligible} is not a yes or no",
                file=written.file,
                line=1,
            )
        if amount is not None and _past_rounding(self.program.graph[amount]):
            raise LawError(
                f"measure {measure.name}: {measure.amount} may grow past 64 bits",
                file=written.file,
                line=1,
                hint="round_half_up earlier",
            )
        atoms = tuple(_atoms(self.program, eligible, measure.eligible))
        self.program.measures.append(
            MeasureUse(measure, written.file, written.place, eligible, amount, atoms)
        )

    def add_wanted(self, name: str) -> None:
        """A rule or parameter asked for by name; one that is not in force is left out."""
        if name in self.given:
            return
        rule = self._rule(name)
        parameter = self.law.parameter(name, self.asked)
        if rule is not None:
            self.resolve(name, rule)
        elif parameter is not None and name not in self.program.parameters:
            self._parameter(parameter)

    def resolve(self, name: str, asker: RuleSource) -> int:
        """The node of a name: a rule in force, a parameter or a fact. Raises LawError."""
        program = self.program
        if name in program.steps:
            return program.steps[name].node
        if name in program.parameters:
            return program.parameters[name].node
        if name in program.leaves:
            return program.leaves[name]
        if name in self.given:
            program.leaves[name] = program.graph.add(self.given[name])
            return program.leaves[name]
        if name in self.law.facts:
            return self._fact(self.law.facts[name])
        rule = self._rule(name)
        if rule is not None:
            return self._step(rule, asker)
        parameter = self.law.parameter(name, self.asked)
        if parameter is not None:
            return self._parameter(parameter)
        known = [*self.law.rules, *self.law.parameters, *self.law.facts]
        place = "" if name not in self.law.rules else f" on {program.on} in {program.place}"
        raise LawError(
            f"{asker.name}: nobody provides {name}{place}",
            file=asker.file,
            line=asker.line,
            hint=nearest(name, [k for k in known if k != name]),
        )

    def _rule(self, name: str) -> RuleSource | None:
        return self.law.rule(name, self.asked)

    def _fact(self, fact: Fact) -> int:
        return add_fact(self.program, fact)

    def _parameter(self, parameter: Parameter) -> int:
        dated = parameter.on(self.program.on, self.program.simulate)
        unit = units.parse(parameter.unit)
        value = None if dated is None or dated.value is None else exact(dated.value, unit)
        top = None if value is None else value.numerator
        den = 1 if value is None else value.denominator
        node = self.program.graph.add(
            Node(
                "param",
                (),
                "number",
                "any",
                (parameter.name, top),
                unit,
                den,
                bound=abs(top or 0),
                den_bound=den,
            )
        )
        self.program.parameters[parameter.name] = ParameterUse(parameter, dated, node)
        if value is None:
            self.program.leaves[parameter.name] = node
        return node

    def _step(self, rule: RuleSource, asker: RuleSource) -> int:
        if rule.name in self.open:
            circle = " > ".join([*self.open[self.open.index(rule.name) :], rule.name])
            raise LawError(
                f"rules go round in a circle: {circle}", file=asker.file, line=asker.line
            )
        self.open.append(rule.name)
        env = {name: self._argument(rule, name, kind) for name, kind in rule.arguments}
        translator = Translator(rule, self.program.graph, self.resolve)
        body = translator.translate(env)
        self.open.pop()
        self._same_kind(rule, "the result", body, rule.returns)
        inputs = _inputs(rule)
        return self._close(rule, body, inputs)

    def _refuse_mixture(self, rule: RuleSource) -> None:
        """One person's value and a set of people cannot meet in one rule."""
        graph = self.program.graph
        sets = [n for n, kind in rule.arguments if kind == "People"]
        others = [n for n, kind in rule.arguments if kind != "People"]
        persons = [n for n in others if graph[self.program.node_of(n)].entity == "person"]
        if persons and sets:
            raise LawError(
                f"{rule.name}: {persons[0]} is one person's, {sets[0]} a set of people",
                file=rule.file,
                line=rule.line,
                hint=f"use p.{persons[0]} inside 'for p in {sets[0]}', or make two rules",
            )

    def _close(self, rule: RuleSource, body: int, inputs: tuple[str, ...]) -> int:
        self._refuse_mixture(rule)
        graph = self.program.graph
        inner = graph[body]
        node = graph.add(
            Node(
                "step",
                (body,),
                inner.kind,
                inner.entity,
                rule.name,
                inner.unit,
                inner.den,
                inner.bound,
                inner.den_bound,
                inner.choices,
            )
        )
        self.program.steps[rule.name] = StepInfo(
            rule.name,
            rule.label,
            self.law.cites(rule, self.asked),
            rule,
            node,
            body,
            inputs,
            inner.kind,
            units.text(inner.unit),
            inner.entity,
        )
        return node

    def _argument(self, rule: RuleSource, name: str, annotation: str) -> int | Members:
        if annotation == "People" and name == "people":
            return Members(None)
        node = self.resolve(name, rule)
        if annotation != "People":
            self._same_kind(rule, name, node, annotation)
            return node
        found = self.program.graph[node]
        if found.kind != "bool" or found.entity != "person":
            raise LawError(
                f"{rule.name}: {name} does not pick people",
                file=rule.file,
                line=rule.line,
                hint="a set of people is named by a person's yes-or-no rule",
            )
        return Members(node)

    def _same_kind(self, rule: RuleSource, what: str, position: int, annotation: str) -> None:
        node = self.program.graph[position]
        fits = _KINDS.get(annotation) == node.kind
        if annotation == "int" and units.is_money(node.unit):
            fits = False
        if not fits:
            unit = f" in {units.text(node.unit)}" if node.kind == "number" else ""
            raise LawError(
                f"{rule.name}: {what} is a {node.kind}{unit}, not {annotation}",
                file=rule.file,
                line=rule.line,
                hint=f"annotate it as {_annotation_for(node)}",
            )


def add_fact(program: Program, fact: Fact) -> int:
    """The node of a fact, which from then on is one of those the program asks about."""
    if fact.name in program.leaves:
        return program.leaves[fact.name]
    kind: Kind = "number" if fact.kind in ("int", "money") else fact.kind  # type: ignore[assignment]
    size = max(abs(fact.minimum), abs(fact.maximum)) * (100 if fact.kind == "money" else 1)
    program.leaves[fact.name] = program.graph.add(
        Node(
            "fact",
            (),
            kind,
            fact.entity,
            fact.name,
            unit=units.parse(fact.unit),
            bound=size if kind == "number" else 1,
            choices=tuple(fact.choices),
        )
    )
    return program.leaves[fact.name]


def _past_rounding(amount: Node) -> bool:
    """Whether rounding an amount to whole units, halves up, may need more than 63 bits."""
    return 2 * max(amount.bound, amount.den_bound) + amount.den_bound >= 2 * LIMIT


def _annotation_for(node: Node) -> str:
    if node.kind == "number":
        return "Decimal"
    return {"bool": "bool", "date": "date", "choice": "str"}[node.kind]


@cache
def _inputs(rule: RuleSource) -> tuple[str, ...]:
    """Names a rule reads: its arguments and what it asks of each person, as far as resolved."""
    found = dict.fromkeys(name for name, _ in rule.arguments if name != "people")
    for statement in rule.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Attribute):
                found[node.attr] = None
    return tuple(found)


def _atoms(program: Program, node: int, step: str) -> list[Atom]:
    """The conditions joined by 'and' below a node, through the rules it is made of."""
    found = program.graph[node]
    if found.op == "step":
        return _atoms(program, found.args[0], str(found.value))
    if found.op == "lift":
        return _atoms(program, found.args[0], step)
    if found.op == "and":
        return [atom for arg in found.args for atom in _atoms(program, arg, step)]
    return [Atom(node, step)]
