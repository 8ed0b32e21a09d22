"""Where each node is worked out: as late as can be, as often as needed, each at one place.

A region is a stretch of code reached under a condition: the household's own, the body of a loop
over its people, what is left of an `and` once nothing before is false, a branch of an `if`. A
node stands in the innermost region around all its uses. Small nodes stand nowhere: they are
worked out again where they are used, which is cheaper than keeping them for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from jiekun.kernel.graph import AGGREGATES, LEAVES, Graph, Node

ORDERED = ("lt", "le", "gt", "ge")
# A node no bigger than this is worked out again rather than kept; see docs/decisions/0011.
SMALL = 4


@dataclass(eq=False, slots=True)
class Region:
    """A stretch of code. `inside` is the loop over people it belongs to; None: the household."""

    parent: Region | None
    inside: Loop | None
    depth: int
    nodes: list[int] = field(default_factory=list)
    loops: dict[int, Loop] = field(default_factory=dict)

    def child(self) -> Region:
        """What is reached only under a condition here."""
        return Region(self, self.inside, self.depth + 1)


@dataclass(eq=False, slots=True)
class Loop:
    """A loop over a household's people; `around` is where it stands."""

    around: Region
    body: Region = field(init=False)

    def __post_init__(self) -> None:
        self.body = Region(self.around, self, self.around.depth + 1)


class Reads:
    """What each node reads, once steps and lifts are seen through."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.ages = {
            position: limit
            for position, node in enumerate(graph.nodes)
            if (limit := _age_limit(graph, node)) is not None
        }
        self._args = [self._reads(position) for position in range(len(graph.nodes))]
        self._weights: list[int] = []
        for position, node in enumerate(graph.nodes):
            self._weights.append(self._weigh(position, node))

    def of(self, position: int) -> tuple[int, ...]:
        """The nodes whose values this one needs: an age limit reads the birth date itself."""
        return self._args[position]

    def small(self, position: int) -> bool:
        """Whether it costs next to nothing to work out."""
        return self._weights[position] <= SMALL

    def of_person(self, position: int) -> bool:
        """Whether each person has a value of their own."""
        return self.graph[position].entity == "person"

    def _reads(self, position: int) -> tuple[int, ...]:
        if position in self.ages:
            return (self.ages[position][0],)
        return tuple(self.graph.source[arg] for arg in self.graph[position].args)

    def _weigh(self, position: int, node: Node) -> int:
        if node.op in LEAVES or node.op == "const":
            return int(node.op == "fact")
        if node.op in (*AGGREGATES, "years"):
            return SMALL + 1
        return 1 + sum(self._weights[arg] for arg in self._args[position])


def _age_limit(graph: Graph, node: Node) -> tuple[int, int] | None:
    """(birth date node, years) of `years_since(birth) >= n` and the like."""
    if node.op not in ORDERED:
        return None
    years, limit = (graph[graph.source[arg]] for arg in node.args)
    if years.op != "years" or limit.op != "const" or limit.den != 1:
        return None
    more = int(str(limit.value)) + (node.op in ("gt", "le"))
    return (graph.source[years.args[0]], more) if 0 <= more <= 200 else None


class Places:
    """Finds every node's region from its uses, users before what they use."""

    def __init__(self, graph: Graph, reads: Reads, shared: int | None = None) -> None:
        self.graph = graph
        self.reads = reads
        self.stages = graph.stages()
        self.top = Region(None, None, 0)
        # Where people's own answers are worked out: in a loop of their own after all else, or
        # in the one that gathers for the household at stage `shared`.
        self.people = Loop(self.top)
        if shared is not None:
            self.top.loops[shared] = self.people
        # The region of each node, once in the household or once in each loop that needs it.
        self.home: dict[tuple[int, Loop | None], Region] = {}
        # For nodes worked out bit by bit: which region each argument is worked out in.
        self.parts: dict[tuple[int, Loop | None], list[tuple[int, Region]]] = {}

    def use(self, position: int, region: Region) -> None:
        """A value is needed in a region: a household's, outside any loop that region is in."""
        position = self.graph.source[position]
        if self.reads.small(position):
            return
        if not self.reads.of_person(position) and region.inside is not None:
            region = region.inside.around
        key = position, region.inside
        seen = self.home.get(key)
        self.home[key] = region if seen is None else _common(seen, region)

    def last_loop(self) -> int | None:
        """The stage of the last loop the household's own values need anyway, once settled."""
        return max(self.top.loops, default=None)

    def settle(self) -> None:
        """Place everything the uses told so far need, and list it in its regions in order."""
        loops = [self.people]
        order = sorted(
            range(len(self.graph.nodes)), key=lambda p: (self.stages[p], p), reverse=True
        )
        for position in order:
            for loop in (None, *loops) if self.reads.of_person(position) else (None,):
                region = self.home.get((position, loop))
                if region is None:
                    continue
                region.nodes.append(position)
                if self.graph[position].op in AGGREGATES:
                    loops += [made for made in self._gather(position, region) if made not in loops]
                else:
                    self.parts[position, loop] = self._spread(position, region)
        for region in set(self.home.values()):
            region.nodes.sort(key=lambda p: (self.stages[p], self._late(p), p))

    def _late(self, position: int) -> bool:
        """Aggregates of a stage come before everything else of it, in one loop."""
        return self.graph[position].op not in AGGREGATES

    def _gather(self, position: int, region: Region) -> list[Loop]:
        """The loop that gathers a person's value; none for what is everybody's alike."""
        (term,) = self.reads.of(position)
        if not self.reads.of_person(term):
            self.use(term, region)
            return []
        loop = region.loops.setdefault(self.stages[position], Loop(region))
        self.use(term, loop.body)
        return [loop]

    def _spread(self, position: int, region: Region) -> list[tuple[int, Region]]:
        parts = self._lazily(self.graph[position].op, self.reads.of(position), region)
        for arg, where in parts:
            self.use(arg, where)
        return parts

    def _lazily(self, op: str, args: tuple[int, ...], region: Region) -> list[tuple[int, Region]]:
        """Arguments with the region each is worked out in: small ones first and at once."""
        if op == "if":
            test, *branches = args
            return [
                (test, region),
                *((b, region if self.reads.small(b) else region.child()) for b in branches),
            ]
        if op not in ("and", "or"):
            return [(arg, region) for arg in args]
        found: list[tuple[int, Region]] = []
        for arg in sorted(args, key=lambda arg: not self.reads.small(arg)):
            if found and not self.reads.small(arg):
                region = region.child()
            found.append((arg, region))
        return found


def _common(a: Region, b: Region) -> Region:
    """The innermost region around both."""
    while a is not b:
        if a.depth >= b.depth:
            assert a.parent is not None
            a = a.parent
        else:
            assert b.parent is not None
            b = b.parent
    return a
