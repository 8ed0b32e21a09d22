"""What unknown values wait for, as straight-line Python beside the values themselves.

A mask has one bit for each leaf of the household and of each person. It stands where the value
it belongs to stands; a known value's mask is 0.
"""

from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

from jiekun.kernel.graph import AGGREGATES, LEAVES, Node
from jiekun.kernel.program import Program
from jiekun.kernel.scalar import Values

Masks = list[int]
Wait = Callable[[Values, list[Values]], tuple[Masks, list[Masks]]]


def waiting(program: Program) -> Wait:
    """The function giving masks for the values `run` found, made once."""
    found: Wait | None = program.engines.get("waiting")
    if found is None:
        writer = _Writer(program)
        space: dict[str, Any] = {"_join": _join}
        if writer.own:
            # Twice the first, so that even a single one comes as a tuple.
            space["leaves"] = itemgetter(*writer.own, writer.own[0])
        source = writer.write()
        code = compile(source, f"<waits of {program.place} on {program.on}>", "exec")
        exec(code, space)  # noqa: S102 - written from the checked graph, never by a user
        found = program.engines["waiting"] = space["wait"]
    return found


def _join(rows: list[Masks], position: int) -> int:
    mask = 0
    for row in rows:
        mask |= row[position]
    return mask


def keys_of(program: Program, mask: int, people: tuple[str, ...]) -> tuple[str, ...]:
    """A mask's leaves by name, `name@person` for a person's, in alphabetical order."""
    names = list(program.leaves)
    pairs = bits_of(mask, len(people))
    return tuple(sorted(names[i] if p < 0 else f"{names[i]}@{people[p]}" for i, p in pairs))


def bits_of(mask: int, people: int) -> Iterator[tuple[int, int]]:
    """The leaves in a mask by their place in `program.leaves`, and whose each is (-1: the home)."""
    while mask:
        low = mask & -mask
        mask ^= low
        leaf, person = divmod(low.bit_length() - 1, people + 1)
        yield leaf, person - 1


class _Writer:
    """Writes the function: leaf `i` of person `s` (0: the household) has bit `i * width + s`."""

    def __init__(self, program: Program) -> None:
        self.graph = program.graph
        self.leaf = {position: i for i, position in enumerate(program.leaves.values())}
        ops = {
            position: (self.graph[position].op, self._person(position)) for position in self.leaf
        }
        self.own = [position for position, (_, person) in ops.items() if person]
        self.unset = any(op == "param" for op, _ in ops.values())

    def write(self) -> str:
        size = len(self.graph.nodes)
        lines = [
            "def wait(H, R):",
            f" M = [0] * {size}",
            f" Q = [[0] * {size} for _ in R]",
            " w = len(R) + 1",
        ]
        stages = self.graph.stages()
        for stage in range(max(stages, default=0) + 1):
            here = [i for i, s in enumerate(stages) if s == stage and self._open(i)]
            lines += [self._line(i, " ") for i in here if not self._person(i)]
            people = [self._line(i, "  ") for i in here if self._person(i)]
            if people:
                lines.append(" for s, (r, q) in enumerate(zip(R, Q), 1):")
                # Of whom everything is known, nothing waits that rests on them alone.
                if stage == 0 and not self.unset:
                    lines.append("  if None not in leaves(r): continue")
                lines += people
        return "\n".join([*lines, " return M, Q"])

    def _person(self, position: int) -> bool:
        return self.graph[position].entity == "person"

    def _open(self, position: int) -> bool:
        """Whether a value of its own stands here that can be unknown."""
        node = self.graph[position]
        if node.op == "param":
            return position in self.leaf
        return node.op not in ("step", "lift", "const")

    def _line(self, position: int, indent: str) -> str:
        node = self.graph[position]
        values, masks = ("r", "q") if node.entity == "person" else ("H", "M")
        waits = self._waits(position, node)
        return f"{indent}if {values}[{position}] is None: {masks}[{position}] = {waits}"

    def _waits(self, position: int, node: Node) -> str:
        if node.op in LEAVES:
            at = f"{self.leaf[position]} * w"
            return f"1 << {at} + s" if self._person(position) else f"1 << {at}"
        if node.op in AGGREGATES:
            return self._members(self.graph.source[node.args[0]])
        if node.op == "if":
            return self._branch(node)
        return self._either(node.args)

    def _members(self, term: int) -> str:
        if not self._person(term):
            return f"{self._ref(term)} if R else 0"
        return f"_join(Q, {term})"

    def _branch(self, node: Node) -> str:
        test, yes, no = (self.graph.source[arg] for arg in node.args)
        if self.graph[test].op == "const":
            return self._ref(yes if self.graph[test].value else no)
        value = f"{'r' if self.graph[test].entity == 'person' else 'H'}[{test}]"
        taken = f"{self._ref(no)} if {value} is False else {self._either(node.args)}"
        return f"{self._ref(yes)} if {value} else {taken}"

    def _either(self, args: tuple[int, ...]) -> str:
        refs = dict.fromkeys(self._ref(self.graph.source[arg]) for arg in args)
        return " | ".join(ref for ref in refs if ref != "0") or "0"

    def _ref(self, position: int) -> str:
        if not self._open(position):
            return "0"
        return f"{'q' if self.graph[position].entity == 'person' else 'M'}[{position}]"
