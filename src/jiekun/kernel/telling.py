"""Words of steps and conditions, kept for as long as the same figures come back.

What is said of a node depends on the values below it and on nothing else; most people of most
families have the same ones.
"""

from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

from jiekun.kernel.graph import LEAVES
from jiekun.kernel.program import Program
from jiekun.kernel.scalar import Values

Reads = Callable[[Values], Any]
Figures = tuple[Any, ...]
# So many texts are kept for a program before they are forgotten and made anew.
_KEPT = 20_000


class Telling:
    """Remembers what was said under one program, by what it rested on."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._said: dict[Figures, Any] = {}
        self._reads: dict[int, tuple[Reads, Reads]] = {}

    def figures(self, position: int, household: Values, own: Values | None) -> Figures:
        """All values words about a node may rest on: the household's, and one person's."""
        reads = self._reads.get(position)
        if reads is None:
            reads = self._reads[position] = self._readers(position)
        return reads[0](household), None if own is None else reads[1](own)

    def once(self, key: Figures, make: Callable[[], Any]) -> Any:
        """What was said for a key, made now if never before."""
        found = self._said.get(key)
        if found is None:
            if len(self._said) >= _KEPT:
                self._said.clear()
            found = self._said[key] = make()
        return found

    def _readers(self, position: int) -> tuple[Reads, Reads]:
        graph, size = self.program.graph, len(self.program.graph.nodes)
        home: list[int] = []
        own: list[int] = []
        for at in dict.fromkeys(graph.source[below] for below in self._below(position)):
            node = graph[at]
            if node.op != "const":
                varies = node.kind == "number" and node.den is None
                (own if node.entity == "person" else home).extend(
                    [at, size + at] if varies else [at]
                )
        return _reader(home), _reader(own)

    def _below(self, position: int) -> Iterator[int]:
        """A node and those it is said with, down to what has a name."""
        yield position
        node = self.program.graph[position]
        if node.op not in (*LEAVES, "step"):
            for arg in node.args:
                yield from self._below(arg)


def _reader(positions: list[int]) -> Reads:
    return itemgetter(*positions) if positions else lambda _values: ()


def telling(program: Program) -> Telling:
    """What is remembered of a program's words."""
    found: Telling | None = program.engines.get("telling")
    if found is None:
        found = program.engines["telling"] = Telling(program)
    return found
