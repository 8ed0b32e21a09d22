"""Sums that no family can get, because a number of the law they stand on is not set."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jiekun.kernel.graph import Graph, Node

# What is unknown as soon as one part of it is.
_STRICT = ("add", "sub", "div", "min", "max", "round", "lift", "step", "sum")
# What is unknown or nothing when all its parts are.
_JOINING = (*_STRICT, "if")


def unpaid(graph: Graph, amount: int) -> tuple[str, ...]:
    """The unset numbers for which an amount is unknown, or nothing, whatever the facts are.

    Empty for an amount that some facts may make known and more than nothing.
    """
    if not _Reader(graph).nothing(amount):
        return ()
    return tuple(dict.fromkeys(_unset(graph, amount)))


class _Reader:
    """What a node can be, whatever the facts are; each node is looked at once."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.known: dict[tuple[str, int], bool] = {}

    def unknown(self, at: int) -> bool:
        """Whether a number is never known."""
        return self._once("unknown", at, self._unknown)

    def nothing(self, at: int) -> bool:
        """Whether a number is never known to be anything but zero."""
        return self._once("nothing", at, self._nothing)

    def _once(self, what: str, at: int, look: Callable[[int], bool]) -> bool:
        if (what, at) not in self.known:
            self.known[what, at] = look(at)
        return self.known[what, at]

    def _unknown(self, at: int) -> bool:
        node = self.graph[at]
        if node.op == "param":
            return _top(node) is None
        if node.op in _STRICT:
            return any(map(self.unknown, node.args))
        if node.op == "if":
            return all(map(self.unknown, node.args[1:]))
        # Nothing times something unknown is nothing, and known.
        return node.op == "mul" and all(map(self.unknown, node.args))

    def _nothing(self, at: int) -> bool:
        node = self.graph[at]
        if self.unknown(at) or (node.op == "const" and node.value == 0):
            return True
        if node.op == "param":
            return _top(node) == 0
        if node.op == "mul":
            return any(map(self.nothing, node.args))
        parts = node.args[1:] if node.op == "if" else node.args
        return node.op in _JOINING and all(map(self.nothing, parts))


def _top(node: Node) -> int | None:
    """A parameter's value; None where nobody set it."""
    top: int | None = node.value[1]  # type: ignore[index]
    return top


def _unset(graph: Graph, at: int) -> Iterator[str]:
    """The unset numbers below a node."""
    waiting, seen = [at], set[int]()
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        node = graph[here]
        if node.op == "param" and _top(node) is None:
            yield str(node.value[0])  # type: ignore[index]
        # A condition that cannot be told is another matter than a sum that is not set.
        waiting += reversed(node.args[1:] if node.op == "if" else node.args)
