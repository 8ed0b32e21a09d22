"""The expression graph: what every rule becomes, and the only thing the engines read.

Numbers are exact: a number node is an integer numerator over a positive denominator, money in
fen. Most denominators are fixed when the graph is built (`den`); a quotient by a count has a
denominator that varies (`den` is None) and is compared by cross-multiplication.
"""

from dataclasses import dataclass, field
from typing import Literal

from jiekun.kernel import units
from jiekun.kernel.units import Unit

Kind = Literal["bool", "number", "date", "choice"]
Entity = Literal["person", "household", "any"]
Leaf = Literal["fact", "param", "given"]

LEAVES = ("fact", "param", "given")
AGGREGATES = ("sum", "any", "all")
# Arrays hold 64-bit integers; products of two bounded numbers must stay below this.
LIMIT = 2**62
MEMBERS_AT_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Node:
    """One operation. `args` are positions of earlier nodes; `value` depends on the operation."""

    op: str
    args: tuple[int, ...]
    kind: Kind
    entity: Entity
    value: object = None
    unit: Unit = units.PLAIN
    den: int | None = 1
    bound: int = 1
    den_bound: int = 1
    choices: tuple[str, ...] = ()
    literal: bool = False


@dataclass(slots=True)
class Graph:
    """Nodes in the order of their making, so every argument stands before its user."""

    nodes: list[Node] = field(default_factory=list)
    # Where a value really stands: steps and lifts only point to another node.
    source: list[int] = field(default_factory=list)
    _seen: dict[Node, int] = field(default_factory=dict)

    def add(self, node: Node) -> int:
        """The position of this node; an equal one is shared, never made twice."""
        position = self._seen.get(node)
        if position is None:
            position = self._seen[node] = len(self.nodes)
            passes_on = node.op in ("step", "lift")
            self.source.append(self.source[node.args[0]] if passes_on else position)
            self.nodes.append(node)
        return position

    def __getitem__(self, position: int) -> Node:
        return self.nodes[position]

    def entity_of(self, positions: tuple[int, ...]) -> Entity:
        """A person's if any part is a person's; else a household's; else free of both."""
        entities = {self.nodes[position].entity for position in positions}
        if "person" in entities:
            return "person"
        return "household" if "household" in entities else "any"

    def stages(self) -> list[int]:
        """When each node can be computed, counting changes between persons and household."""
        stages: list[int] = []
        for node in self.nodes:
            stage = max((stages[arg] for arg in node.args), default=0)
            stages.append(stage + (node.op == "lift" or node.op in AGGREGATES))
        return stages
