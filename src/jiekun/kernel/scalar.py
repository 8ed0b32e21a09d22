"""The graph as straight-line Python for one household: exact, three-valued, nothing hidden.

The made function fills one list of node values for the household and one for each person, so
that every value of every step can be shown afterwards. None is unknown.
"""

from collections.abc import Callable
from typing import Any

from jiekun.kernel.graph import AGGREGATES, Node
from jiekun.kernel.language import complete_months
from jiekun.kernel.program import Program

Values = list[Any]
Run = Callable[[Values, list[Values]], tuple[Values, list[Values]]]

_SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}


def total(people: list[Values], slot: int) -> int | None:
    """The sum over people; unknown if one is."""
    found = 0
    for values in people:
        value = values[slot]
        if value is None:
            return None
        found += value
    return found


def some(people: list[Values], slot: int) -> bool | None:
    """Whether it holds for anybody."""
    found: bool | None = False
    for values in people:
        if values[slot]:
            return True
        if values[slot] is None:
            found = None
    return found


def each(people: list[Values], slot: int) -> bool | None:
    """Whether it holds for everybody."""
    found: bool | None = True
    for values in people:
        if values[slot] is False:
            return False
        if values[slot] is None:
            found = None
    return found


def compile_run(program: Program) -> Run:
    """The function deciding one household. Values are in the order of `leaf_order`."""
    writer = _Writer(program)
    writer.fixed = _made(program, writer.write_fixed())["fixed"]()
    run: Run = _made(program, writer.write(), FIXED=writer.fixed)["run"]
    return run


def _made(program: Program, source: str, **known: Any) -> dict[str, Any]:
    space = {
        "_sum": total,
        "_any": some,
        "_all": each,
        "_months": complete_months,
        "on": program.on,
        **known,
    }
    code = compile(source, f"<law of {program.place} on {program.on}>", "exec")
    exec(code, space)  # noqa: S102 - written just above from the checked graph, never by a user
    return space


def leaf_order(program: Program) -> tuple[list[str], list[str]]:
    """Names of the household's and of a person's leaves, in the order `run` takes their values."""
    household: list[str] = []
    person: list[str] = []
    for name, position in program.leaves.items():
        node = program.graph[position]
        if node.op != "param":
            (person if node.entity == "person" else household).append(name)
    return household, person


class _Writer:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.graph = program.graph
        self.lines: list[str] = []
        self.size = len(program.graph.nodes)
        household, person = leaf_order(program)
        self.leaf = {program.leaves[name]: index for index, name in enumerate(household)}
        self.leaf |= {program.leaves[name]: index for index, name in enumerate(person)}
        self.fresh: set[int] = set()
        # Values that are the same for every household, once they have been worked out.
        self.fixed: Values = []

    def write_fixed(self) -> str:
        """A function giving the household's values with all that numbers of the law decide."""
        self.lines = ["def fixed():", f" H = [None] * {2 * self.size}"]
        for position, node in enumerate(self.graph.nodes):
            if node.entity == "any":
                self._emit(position, " ")
        return "\n".join([*self.lines, " return H"])

    def write(self) -> str:
        self.lines = [
            "def run(hf, pf):",
            " H = FIXED.copy()",
            f" R = [[None] * {2 * self.size} for _ in pf]",
        ]
        stages = self.graph.stages()
        for stage in range(max(stages, default=0) + 1):
            here = [i for i, s in enumerate(stages) if s == stage]
            for position in here:
                if self.graph[position].entity == "household":
                    self._emit(position, " ")
            self._people([i for i in here if self.graph[i].entity == "person"])
        self.lines.append(" return H, R")
        return "\n".join(self.lines)

    def _people(self, positions: list[int]) -> None:
        if not any(self.graph[i].op not in ("step", "lift") for i in positions):
            return
        self.lines.append(" for r, f in zip(R, pf):")
        self.fresh = set()
        for position in positions:
            self._emit(position, "  ")

    def _emit(self, position: int, indent: str) -> None:
        node = self.graph[position]
        if node.op in ("step", "lift", "const"):
            return
        person = node.entity == "person"
        name, row = (f"p{position}", "r") if person else (f"h{position}", "H")
        if node.kind == "number" and node.den is None:
            den = self._den_expression(node)
            den_name, den_slot = f"{name}d", self.size + position
            self.lines.append(f"{indent}{row}[{den_slot}] = {den_name} = {den}")
        self.lines.append(
            f"{indent}{row}[{position}] = {name} = {self._expression(position, node)}"
        )
        if person:
            self.fresh.add(position)

    def _ref(self, position: int) -> str:
        position = self.graph.source[position]
        node = self.graph[position]
        if node.op == "const":
            return repr(node.value)
        if node.entity == "any" and self.fixed:
            return repr(self.fixed[position])
        if node.entity != "person":
            return f"h{position}"
        return f"p{position}" if position in self.fresh else f"r[{position}]"

    def _den(self, position: int) -> str:
        position = self.graph.source[position]
        node = self.graph[position]
        if node.den is not None:
            return str(node.den)
        if node.entity == "any" and self.fixed:
            return str(self.fixed[self.size + position])
        if node.entity != "person":
            return f"h{position}d"
        return f"p{position}d" if position in self.fresh else f"r[{self.size + position}]"

    def _expression(self, position: int, node: Node) -> str:
        if node.op in ("fact", "given"):
            return f"{'f' if node.entity == 'person' else 'hf'}[{self.leaf[position]}]"
        if node.op == "param":
            return repr(node.value[1])  # type: ignore[index]
        if node.op in AGGREGATES:
            return self._aggregate(node)
        write: Callable[[Node], str] = getattr(self, f"_{node.op}", self._compare)
        return write(node)

    def _aggregate(self, node: Node) -> str:
        term = self.graph.source[node.args[0]]
        if self.graph[term].entity == "person":
            return f"_{node.op}(R, {term})"
        value = self._ref(term)
        if node.op == "sum":
            return f"{self._unless(term)}{value} * len(R)"
        empty = "False" if node.op == "any" else "True"
        return f"{value} if R else {empty}"

    def _and(self, node: Node) -> str:
        return self._kleene(node, "False", "True")

    def _or(self, node: Node) -> str:
        return self._kleene(node, "True", "False")

    def _kleene(self, node: Node, decisive: str, otherwise: str) -> str:
        refs = [self._ref(arg) for arg in node.args]
        decided = " or ".join(f"{ref} is {decisive}" for ref in refs)
        unknown = " or ".join(f"{ref} is None" for ref in refs)
        return f"{decisive} if {decided} else None if {unknown} else {otherwise}"

    def _not(self, node: Node) -> str:
        ref = self._ref(node.args[0])
        return f"None if {ref} is None else not {ref}"

    def _in(self, node: Node) -> str:
        ref = self._ref(node.args[0])
        codes = ", ".join(str(code) for code in sorted(node.value))  # type: ignore[call-overload]
        return f"{self._unless(node.args[0])}{ref} in {{{codes}}}"

    def _compare(self, node: Node) -> str:
        left, right = node.args
        a, b = (
            self._cross(left, right)
            if self.graph[left].kind == "number"
            else (self._ref(left), self._ref(right))
        )
        return f"{self._unless(left, right)}{a} {_SIGNS[node.op]} {b}"

    def _cross(self, left: int, right: int) -> tuple[str, str]:
        """Both numerators over a common denominator."""
        a, b, da, db = self._ref(left), self._ref(right), self._den(left), self._den(right)
        if da == db:
            return a, b
        return (a if db == "1" else f"{a} * {db}"), (b if da == "1" else f"{b} * {da}")

    def _unknown(self, *positions: int) -> str:
        """The test that one of these is unknown; empty when none can be."""
        open_ends = [p for p in positions if not self._sure(self.graph.source[p])]
        return " or ".join(dict.fromkeys(f"{self._ref(p)} is None" for p in open_ends))

    def _sure(self, position: int) -> bool:
        """Whether a value is known whatever the household."""
        node = self.graph[position]
        if node.op != "const" and node.entity == "any" and self.fixed:
            return self.fixed[position] is not None
        return node.op == "const"

    def _unless(self, *positions: int) -> str:
        unknown = self._unknown(*positions)
        return f"None if {unknown} else " if unknown else ""

    def _scaled(self, position: int, den: int | None) -> str:
        """A numerator brought to the result's fixed denominator."""
        own = self.graph[position].den
        ref = self._ref(position)
        return ref if den is None or own is None or den == own else f"{ref} * {den // own}"

    def _add(self, node: Node, sign: str = "+") -> str:
        left, right = node.args
        if node.den is None:
            a, b = (
                f"{self._ref(left)} * {self._den(right)}",
                f"{self._ref(right)} * {self._den(left)}",
            )
        else:
            a, b = self._scaled(left, node.den), self._scaled(right, node.den)
        return f"{self._unless(left, right)}{a} {sign} {b}"

    def _sub(self, node: Node) -> str:
        return self._add(node, "-")

    def _mul(self, node: Node) -> str:
        a, b = (self._ref(arg) for arg in node.args)
        unknown = self._unknown(*node.args)
        return (
            f"((0 if {a} == 0 or {b} == 0 else None) if {unknown} else {a} * {b})"
            if unknown
            else f"{a} * {b}"
        )

    def _div(self, node: Node) -> str:
        top, bottom = node.args
        shared = f"({self._ref(bottom)} or 0) > 0"
        return f"{self._unless(top)}{self._ref(top)} if {shared} else None"

    def _round(self, node: Node) -> str:
        arg = node.args[0]
        ref, den = self._ref(arg), self._den(arg)
        return f"{self._unless(arg)}(2 * {ref} + {den}) // (2 * {den})"

    def _years(self, node: Node) -> str:
        ref = self._ref(node.args[0])
        return f"None if {ref} is None else _months({ref}, on) // 12"

    def _min(self, node: Node, sign: str = "<=") -> str:
        left, right = node.args
        a, b = self._cross(left, right)
        x, y = self._scaled(left, node.den), self._scaled(right, node.den)
        return f"{self._unless(left, right)}({x} if {a} {sign} {b} else {y})"

    def _max(self, node: Node) -> str:
        return self._min(node, ">=")

    def _if(self, node: Node) -> str:
        test, yes, no = node.args
        c = self._ref(test)
        x, y = self._scaled(yes, node.den), self._scaled(no, node.den)
        same = (
            f"{x} == {y}"
            if node.kind != "number" or node.den is not None
            else "{} == {}".format(*self._cross(yes, no))
        )
        unsure = f"None if {unknown} else " if (unknown := self._unknown(yes, no)) else ""
        guarded = [f"({self._unless(a)}{v})" if "*" in v else v for a, v in ((yes, x), (no, y))]
        agreed = f"({unsure}{x} if {same} else None)"
        return f"{guarded[0]} if {c} is True else {guarded[1]} if {c} is False else {agreed}"

    def _den_expression(self, node: Node) -> str:
        """The denominator of a number that varies; 1 stands in where the number is unknown."""
        if node.op == "div":
            left, right = node.args
            return f"({self._den(left)}) * max({self._ref(right)} or 1, 1)"
        if node.op == "if":
            test, yes, no = node.args
            return f"{self._den(no)} if {self._ref(test)} is False else {self._den(yes)}"
        if node.op in ("min", "max"):
            left, right = node.args
            a, b = self._cross(left, right)
            sign = "<=" if node.op == "min" else ">="
            picked = f"{self._den(left)} if {a} {sign} {b} else {self._den(right)}"
            return (
                f"1 if {unknown} else {picked}"
                if (unknown := self._unknown(left, right))
                else picked
            )
        left, right = node.args
        return f"{self._den(left)} * {self._den(right)}"
