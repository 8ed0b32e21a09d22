"""A decided household: what each gets, why, why not, and what is not known."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from jiekun.kernel import units
from jiekun.kernel.language import Measure
from jiekun.kernel.program import Atom, Program, StepInfo
from jiekun.kernel.scalar import Values
from jiekun.kernel.telling import Figures, Telling, telling
from jiekun.kernel.values import yuan
from jiekun.kernel.waiting import Masks, keys_of, waiting
from jiekun.kernel.words import figures, phrase, value_words

Status = Literal["yes", "no", "ask", "judge", "unset"]
HOUSEHOLD = "household"
ORDERED = ("lt", "le", "gt", "ge")


class Condition(NamedTuple):
    """One thing that must hold. `gap` is how far a number falls short, in its own unit."""

    text: str
    holds: bool | None
    cites: tuple[str, ...]
    step: str
    gap: Decimal | None = None


class Step(NamedTuple):
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


class Told(NamedTuple):
    """A step's value, that value in words, and how it comes about."""

    value: Any
    words: str
    text: str


class Outcome(NamedTuple):
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
    _masks: tuple[Masks, list[Masks]] | None = None
    _missing_keys: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _telling: Telling = field(init=False)

    def __post_init__(self) -> None:
        self._telling = telling(self.program)

    # -- values

    def raw(self, position: int, person: int) -> Any:
        """A node's value for a person (-1: the household); None when unknown."""
        position = self.program.graph.source[position]
        node = self.program.graph[position]
        if node.op == "const":
            return node.value
        values = self.people_values[person] if node.entity == "person" else self.household_values
        return values[position]

    def number(self, position: int, person: int) -> Fraction | None:
        """A number node's exact value, money in yuan."""
        position = self.program.graph.source[position]
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

    def amount(self, position: int, person: int) -> Decimal | None:
        """A number rounded half up to hundredths: yuan for money."""
        node = self.program.graph[position]
        if node.den is not None:
            top = self.raw(position, person)
            if top is None or not units.is_money(node.unit):
                return None if top is None else yuan(top * 100, node.den)
            return yuan(top, node.den)
        exact = self.number(position, person)
        return None if exact is None else yuan(exact.numerator * 100, exact.denominator)

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
        name, at, subject = key.partition("@")
        info = self.program.steps[name]
        person = self._person(subject if at else HOUSEHOLD)
        told = self.told(info, person)
        return Step(
            key=key,
            name=name,
            label=info.label,
            subject=subject if at else HOUSEHOLD,
            value=told.value,
            words=told.words,
            kind=info.kind,
            unit=info.unit,
            cites=info.cites,
            inputs=tuple(self.input_keys(info, person)),
            text=told.text,
        )

    def told(self, info: StepInfo, person: int) -> Told:
        """A step's value and words for a person (-1: the household)."""
        figures = self._figures(info.body, person)
        found: Told = self._telling.once((info.name, *figures), lambda: self._tell(info, person))
        return found

    def _tell(self, info: StepInfo, person: int) -> Told:
        node = self.program.graph[info.node]
        raw: Any = self.raw(info.node, person)
        if node.kind == "number":
            raw = self.number(info.node, person)
        words = value_words(self.program, node, raw)
        chosen = node.kind == "choice" and raw is not None
        return Told(node.choices[raw] if chosen else raw, words, self._text(info, person))

    def _figures(self, position: int, person: int) -> Figures:
        own = self.people_values[person] if person >= 0 else None
        return self._telling.figures(position, self.household_values, own)

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

    def input_keys(self, info: StepInfo, person: int) -> list[str]:
        """Keys of what a step rests on."""
        found = inputs_of(self.program, info, person, len(self.keys))
        return [name if whose < 0 else f"{name}@{self.keys[whose]}" for name, whose in found]

    def conditions(self, outcome: Outcome) -> list[Condition]:
        """The conditions that must all hold for a measure, with how each stands."""
        use = self.program.measure(outcome.measure.name)
        person = self._person(outcome.subject)
        return [self._condition(atom, person) for atom in use.atoms]

    def _condition(self, atom: Atom, person: int) -> Condition:
        info = self.program.steps[atom.step]
        text, gap = self._telling.once(
            (atom.step, atom.node, *self._figures(atom.node, person)),
            lambda: self._tell_condition(atom, info, person),
        )
        return Condition(
            text,
            self.raw(atom.node, person),
            info.cites,
            atom.step if info.entity != "person" else f"{atom.step}@{self._subject(person)}",
            gap,
        )

    def _tell_condition(
        self, atom: Atom, info: StepInfo, person: int
    ) -> tuple[str, Decimal | None]:
        whole = info.body == atom.node and self.program.graph[atom.node].op not in ORDERED
        text = (
            info.label
            if whole
            else phrase(self.program, atom.node, lambda at: self._shown(at, person))
        )
        fails = self.raw(atom.node, person) is False
        return text, self._gap(atom.node, person) if fails else None

    def _gap(self, position: int, person: int) -> Decimal | None:
        graph = self.program.graph
        node = graph[graph.source[position]]
        if node.op not in ORDERED or graph[node.args[0]].kind != "number":
            return None
        left, right = (self.number(arg, person) for arg in node.args)
        if left is None or right is None:
            return None
        gap = abs(left - right)
        return yuan(gap.numerator * 100, gap.denominator)

    # -- what is missing

    def missing_for(self, position: int, person: int) -> tuple[str, ...]:
        """Keys of the facts and parameters that keep a node unknown; none for a known one."""
        if self._masks is None:
            self._masks = waiting(self.program)(self.household_values, self.people_values)
        position = self.program.graph.source[position]
        whose = self.program.graph.nodes[position].entity == "person"
        mask = (self._masks[1][person] if whose else self._masks[0])[position]
        found = self._missing_keys.get(mask)
        if found is None:
            found = self._missing_keys[mask] = keys_of(self.program, mask, self.keys)
        return found

    def reasons(self) -> list[tuple["Reason", Any]]:
        """Every step once with its raw value: the whole graph of reasons, as data."""
        household, people = self.household_values, self.people_values
        return [
            (reason, (household if reason.person < 0 else people[reason.person])[reason.position])
            for reason in _shape(self.program, len(self.keys))
        ]


class Reason(NamedTuple):
    """A step of a household of some size: whose it is (-1: the household's), what it rests on."""

    info: StepInfo
    person: int
    position: int
    inputs: tuple[tuple[str, int], ...]


def _shape(program: Program, people: int) -> list[Reason]:
    """The steps of any household of so many people: the same graph for each, made once."""
    shapes: dict[int, list[Reason]] = program.engines.setdefault("shapes", {})
    found = shapes.get(people)
    if found is None:
        found = shapes[people] = [
            Reason(info, person, source, inputs_of(program, info, person, people))
            for info in program.steps.values()
            if program.graph[source := program.graph.source[info.node]].op != "const"
            for person in (range(people) if info.entity == "person" else (-1,))
        ]
    return found


def inputs_of(
    program: Program, info: StepInfo, person: int, people: int
) -> tuple[tuple[str, int], ...]:
    """What a step rests on, in a household of so many: names, and whose each is."""
    made: dict[tuple[str, int, int], tuple[tuple[str, int], ...]]
    made = program.engines.setdefault("inputs", {})
    found = made.get((info.name, person, people))
    if found is None:
        found = made[info.name, person, people] = tuple(_inputs_of(program, info, person, people))
    return found


def _inputs_of(
    program: Program, info: StepInfo, person: int, people: int
) -> Iterable[tuple[str, int]]:
    for name in info.inputs:
        if program.graph[program.node_of(name)].entity != "person":
            yield name, -1
        elif person >= 0:
            yield name, person
        else:
            yield from ((name, member) for member in range(people))
