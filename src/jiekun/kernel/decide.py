"""One household decided: what each gets, why, why not, and what to ask next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from jiekun.kernel import units
from jiekun.kernel.graph import AGGREGATES, LEAVES, Node
from jiekun.kernel.language import Measure
from jiekun.kernel.program import Atom, MeasureUse, Program, StepInfo
from jiekun.kernel.scalar import Run, Values, compile_run, leaf_order, resolve
from jiekun.kernel.values import encode, yuan
from jiekun.kernel.words import figures, phrase, value_words

Status = Literal["yes", "no", "ask", "judge", "unset"]
HOUSEHOLD = "household"
_PER_YEAR = {"yuan/year": 1, "yuan/month": 12, "yuan": 1}


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold. `gap` is how far a number falls short, in its own unit."""

    text: str
    holds: bool | None
    cites: tuple[str, ...]
    step: str
    gap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One rule worked out for one subject. `inputs` are keys of other steps or leaves."""

    key: str
    name: str
    label: str
    subject: str
    value: Any
    words: str
    kind: str
    unit: str
    cites: tuple[str, ...]
    inputs: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Something not known, and the measures that wait for it."""

    key: str
    kind: Literal["fact", "judgment", "parameter"]
    name: str
    subject: str
    label: str
    question: str
    ask: str
    measures: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one measure says of one subject. `yearly` is in yuan; amounts in `unit`."""

    measure: Measure
    subject: str
    status: Status
    amount: Decimal | None
    unit: str
    yearly: Decimal | None
    step: str
    amount_step: str | None
    missing: tuple[str, ...]
    failing: int


@dataclass(slots=True)
class Decision:
    """All outcomes for one household; steps and conditions are written out when asked for."""

    program: Program
    keys: tuple[str, ...]
    household_values: Values
    people_values: list[Values]
    outcomes: list[Outcome] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    _missing_sets: dict[tuple[int, int], frozenset[tuple[str, int]]] = field(default_factory=dict)

    # -- values

    def raw(self, position: int, person: int) -> Any:
        """A node's value for a person (-1: the household); None when unknown."""
        position = resolve(self.program.graph, position)
        node = self.program.graph[position]
        if node.op == "const":
            return node.value
        values = self.people_values[person] if node.entity == "person" else self.household_values
        return values[position]

    def number(self, position: int, person: int) -> Fraction | None:
        """A number node's exact value, money in yuan."""
        position = resolve(self.program.graph, position)
        node = self.program.graph[position]
        top = self.raw(position, person)
        if top is None:
            return None
        den = node.den
        if den is None:
            values = (
                self.people_values[person] if node.entity == "person" else self.household_values
            )
            den = values[len(self.program.graph.nodes) + position]
        return Fraction(top, den * (100 if units.is_money(node.unit) else 1))

    def value(self, name: str, subject: str = HOUSEHOLD) -> Any:
        """A rule's, fact's or parameter's value: bool, date, choice code, exact number or None."""
        position = self.program.node_of(name)
        node = self.program.graph[position]
        person = self._person(subject)
        if node.kind == "number":
            return self.number(position, person)
        found = self.raw(position, person)
        return node.choices[found] if node.kind == "choice" and found is not None else found

    def _person(self, subject: str) -> int:
        return -1 if subject == HOUSEHOLD else self.keys.index(subject)

    def _subject(self, person: int) -> str:
        return HOUSEHOLD if person < 0 else self.keys[person]

    # -- reasons

    def step(self, key: str) -> Step:
        """One step written out. Raises KeyError for a key that is none."""
        name, _, subject = key.partition("@")
        info = self.program.steps[name]
        person = self._person(subject or HOUSEHOLD)
        node = self.program.graph[info.node]
        value = (
            self.number(info.node, person) if node.kind == "number" else self.raw(info.node, person)
        )
        return Step(
            key=key,
            name=name,
            label=info.label,
            subject=subject or HOUSEHOLD,
            value=self.value(name, subject or HOUSEHOLD),
            words=value_words(self.program, node, value),
            kind=info.kind,
            unit=info.unit,
            cites=info.cites,
            inputs=tuple(self._input_keys(info, person)),
            text=self._text(info, person),
        )

    def steps(self) -> Iterable[str]:
        """Keys of every step any measure in force stands on."""
        for name, info in self.program.steps.items():
            if info.entity == "person":
                yield from (f"{name}@{key}" for key in self.keys)
            else:
                yield name

    def _text(self, info: StepInfo, person: int) -> str:
        if info.kind != "number":
            return phrase(self.program, info.body, lambda at: self._shown(at, person))
        return figures(self.program, info.body, lambda at: self._figure(at, person))

    def _figure(self, position: int, person: int) -> Fraction | None:
        node = self.program.graph[position]
        if node.kind != "number" or (node.entity == "person" and person < 0):
            return None
        return self.number(position, person)

    def _shown(self, position: int, person: int) -> str:
        node = self.program.graph[position]
        if node.entity == "person" and person < 0:
            return ""
        value = (
            self.number(position, person) if node.kind == "number" else self.raw(position, person)
        )
        return (
            ""
            if node.kind == "choice" and value is None
            else value_words(self.program, node, value)
        )

    def _input_keys(self, info: StepInfo, person: int) -> Iterable[str]:
        for name in info.inputs:
            node = self.program.graph[self.program.node_of(name)]
            if node.entity != "person":
                yield name
            elif person >= 0:
                yield f"{name}@{self.keys[person]}"
            else:
                yield from (f"{name}@{key}" for key in self.keys)

    def conditions(self, outcome: Outcome) -> list[Condition]:
        """The conditions that must all hold for a measure, with how each stands."""
        use = self.program.measure(outcome.measure.name)
        person = self._person(outcome.subject)
        return [self._condition(atom, person) for atom in use.atoms]

    def _condition(self, atom: Atom, person: int) -> Condition:
        info = self.program.steps[atom.step]
        holds = self.raw(atom.node, person)
        return Condition(
            text=phrase(self.program, atom.node, lambda at: self._shown(at, person)),
            holds=holds,
            cites=info.cites,
            step=atom.step if info.entity != "person" else f"{atom.step}@{self._subject(person)}",
            gap=self._gap(atom.node, person) if holds is False else None,
        )

    def _gap(self, position: int, person: int) -> Decimal | None:
        graph = self.program.graph
        node = graph[resolve(graph, position)]
        if node.op not in ("lt", "le", "gt", "ge") or graph[node.args[0]].kind != "number":
            return None
        left, right = (self.number(arg, person) for arg in node.args)
        if left is None or right is None:
            return None
        gap = abs(left - right)
        return yuan(gap.numerator * 100, gap.denominator)

    # -- what is missing

    def missing_for(self, position: int, person: int) -> frozenset[tuple[str, int]]:
        """The leaves, with whose they are, that keep a node unknown; empty for a known one."""
        graph = self.program.graph
        position = resolve(graph, position)
        node = graph[position]
        person = person if node.entity == "person" else -1
        if self.raw(position, person) is not None:
            return frozenset()
        found = self._missing_sets.get((position, person))
        if found is None:
            found = self._missing_sets[position, person] = frozenset(
                self._gather_missing(node, person)
            )
        return found

    def _gather_missing(self, node: Node, person: int) -> set[tuple[str, int]]:
        if node.op in LEAVES:
            name = node.value[0] if node.op == "param" else str(node.value)  # type: ignore[index]
            return {(name, person)}
        if node.op in AGGREGATES:
            people = range(len(self.keys))
            return {leaf for i in people for leaf in self.missing_for(node.args[0], i)}
        args = node.args
        if node.op == "if" and (test := self.raw(args[0], person)) is not None:
            args = (args[1],) if test else (args[2],)
        return {leaf for arg in args for leaf in self.missing_for(arg, person)}


class Decider:
    """Decides households under one program. Make it once, use it often."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.household_leaves, self.person_leaves = leaf_order(program)
        self.run: Run = compile_run(program)

    def decide(self, household: Mapping[str, Any]) -> Decision:
        """Decides {"household": {fact: value}, "people": {key: {fact: value}}}. Raises BadValue."""
        people: Mapping[str, Mapping[str, Any]] = household["people"]
        own = self._encoded(household.get("household") or {}, self.household_leaves)
        each = [self._encoded(facts, self.person_leaves) for facts in people.values()]
        return self.decide_encoded(own, each, tuple(people))

    def decide_encoded(self, own: Values, people: list[Values], keys: tuple[str, ...]) -> Decision:
        """Decides from values already in leaf order, money in fen."""
        top, each = self.run(own, people)
        decision = Decision(self.program, keys, top, each)
        for use in self.program.measures:
            if use.measure.to == "household":
                decision.outcomes.append(_outcome(decision, use, -1))
            else:
                decision.outcomes += [_outcome(decision, use, i) for i in range(len(keys))]
        if any(outcome.missing for outcome in decision.outcomes):
            decision.missing = _rank(decision)
        return decision

    def _encoded(self, facts: Mapping[str, Any], leaves: list[str]) -> Values:
        book, found = self.program.facts, []
        for name in leaves:
            value = facts.get(name)
            found.append(value if value is None or name not in book else encode(book[name], value))
        return found


def _outcome(decision: Decision, use: MeasureUse, person: int) -> Outcome:
    graph = decision.program.graph
    holds = decision.raw(use.eligible, person)
    amount, yearly, unit, missing = None, None, "", frozenset[tuple[str, int]]()
    if use.amount is not None:
        unit = units.text(graph[use.amount].unit)
    if holds and use.amount is not None:
        exact = decision.number(use.amount, person)
        if exact is None:
            missing = decision.missing_for(use.amount, person)
        else:
            amount = yuan(exact.numerator * 100, exact.denominator)
            yearly = amount * _PER_YEAR[unit] if unit in _PER_YEAR else None
    elif holds is None:
        missing = decision.missing_for(use.eligible, person)
    at = "" if person < 0 else f"@{decision.keys[person]}"
    return Outcome(
        measure=use.measure,
        subject=HOUSEHOLD if person < 0 else decision.keys[person],
        status=_status(decision, holds, missing),
        amount=amount,
        unit=unit,
        yearly=yearly,
        step=use.measure.eligible + at,
        amount_step=use.measure.amount + at if use.measure.amount else None,
        missing=tuple(sorted(_key(decision, leaf) for leaf in missing)),
        failing=0 if holds else sum(decision.raw(atom.node, person) is False for atom in use.atoms),
    )


def _status(decision: Decision, holds: bool | None, missing: frozenset[tuple[str, int]]) -> Status:
    if holds is not None:
        return "yes" if holds else "no"
    kinds = {_kind(decision.program, name) for name, _ in missing}
    if "fact" in kinds or not kinds:
        return "ask"
    return "judge" if "judgment" in kinds else "unset"


def _kind(program: Program, name: str) -> Literal["fact", "judgment", "parameter"]:
    if name in program.parameters:
        return "parameter"
    fact = program.facts.get(name)
    return "judgment" if fact is not None and fact.judged_by else "fact"


def _key(decision: Decision, leaf: tuple[str, int]) -> str:
    name, person = leaf
    return name if person < 0 else f"{name}@{decision.keys[person]}"


def _rank(decision: Decision) -> list[Missing]:
    """What is missing, most useful first: facts a family can be asked before the rest."""
    weights: dict[str, float] = {}
    waiting: dict[str, dict[str, None]] = {}
    for outcome in decision.outcomes:
        for key in outcome.missing:
            weights[key] = weights.get(key, 0.0) + 1 / len(outcome.missing)
            waiting.setdefault(key, {})[outcome.measure.name] = None
    order = {"fact": 0, "judgment": 1, "parameter": 2}
    found = [_missing(decision.program, key, tuple(waiting[key]), weights[key]) for key in waiting]
    return sorted(found, key=lambda m: (order[m.kind], -round(m.weight, 9), m.key))


def _missing(program: Program, key: str, measures: tuple[str, ...], weight: float) -> Missing:
    name, _, subject = key.partition("@")
    kind = _kind(program, name)
    label, question, ask = name, "", ""
    if kind == "parameter":
        label = program.parameters[name].parameter.label
        question, ask = f"“{label}”还没有设定", "区民政"
    elif name in program.facts:
        fact = program.facts[name]
        label, question, ask = fact.label, fact.question, fact.judged_by or fact.answered_by
    return Missing(key, kind, name, subject or HOUSEHOLD, label, question, ask, measures, weight)


def decider(program: Program) -> Decider:
    """The decider of a program, made once."""
    found = program.engines.get("scalar")
    if found is None:
        found = program.engines["scalar"] = Decider(program)
    decided: Decider = found
    return decided
