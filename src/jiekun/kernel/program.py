"""The law of one day and place as a single graph, shared by every engine."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jiekun.kernel.documents import Asked, DatedValue, Parameter
from jiekun.kernel.errors import nearest
from jiekun.kernel.facts import Fact, FactBook
from jiekun.kernel.graph import Entity, Graph, Kind
from jiekun.kernel.language import Measure
from jiekun.kernel.source import RuleSource


@dataclass(frozen=True, slots=True)
class StepInfo:
    """A rule in force: its node, and the names it is worked out from."""

    name: str
    label: str
    cites: tuple[str, ...]
    rule: RuleSource
    node: int
    body: int
    inputs: tuple[str, ...]
    kind: Kind
    unit: str
    entity: Entity


@dataclass(frozen=True, slots=True)
class ParameterUse:
    """A parameter as this program reads it; `dated` is None when no value covers the day."""

    parameter: Parameter
    dated: DatedValue | None
    node: int


@dataclass(frozen=True, slots=True)
class Atom:
    """One of the conditions that must all hold: a node, and the rule it stands in."""

    node: int
    step: str


@dataclass(frozen=True, slots=True)
class MeasureUse:
    """A measure in force, with the nodes that decide it."""

    measure: Measure
    file: str
    place: str
    eligible: int
    amount: int | None
    atoms: tuple[Atom, ...]


@dataclass(slots=True)
class Program:
    """The graph of one day's law at one place, with names for its nodes."""

    asked: Asked
    facts: FactBook
    graph: Graph = field(default_factory=Graph)
    steps: dict[str, StepInfo] = field(default_factory=dict)
    parameters: dict[str, ParameterUse] = field(default_factory=dict)
    leaves: dict[str, int] = field(default_factory=dict)
    measures: list[MeasureUse] = field(default_factory=list)
    engines: dict[str, Any] = field(default_factory=dict)

    @property
    def on(self) -> date:
        """The day the law is asked for."""
        return self.asked.on

    @property
    def place(self) -> str:
        """The place the law is asked for."""
        return self.asked.place

    @property
    def simulate(self) -> tuple[str, ...]:
        """The drafts taken as in force."""
        return self.asked.simulate

    def measure(self, name: str) -> MeasureUse:
        """The measure of a name. Raises KeyError naming the nearest one in force."""
        for use in self.measures:
            if use.measure.name == name:
                return use
        hint = nearest(name, [use.measure.name for use in self.measures])
        raise KeyError(f"no measure {name} is in force on {self.on} {hint}".strip())

    def facts_used(self) -> list[Fact]:
        """The facts this law asks about, in declared order."""
        return [fact for fact in self.facts.values() if fact.name in self.leaves]

    def node_of(self, name: str) -> int:
        """The node of a rule, parameter or fact. Raises KeyError."""
        if name in self.steps:
            return self.steps[name].node
        if name in self.parameters:
            return self.parameters[name].node
        return self.leaves[name]
