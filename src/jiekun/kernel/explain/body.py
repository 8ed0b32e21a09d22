"""Writes the functions that tell one household's and one person's values as JSON.

Each is one long f-string of ready-made pieces. Nothing of a household enters the source: only
names of rules, facts and measures, which are Python names, and positions of values.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from jiekun.kernel import units
from jiekun.kernel.explain.text import TRUTH, day, exact, number, quoted, ratio
from jiekun.kernel.graph import Node
from jiekun.kernel.program import MeasureUse, Program
from jiekun.kernel.values import PER_YEAR

Tell = Callable[..., str]
_YES = '{{"status":"yes","amount":{},"yearly":{},"holds":[{}],"missing":[]}}'
_NO = '{{"status":"no","amount":null,"yearly":null,"holds":[{}],"missing":[]}}'


def tellers(program: Program) -> tuple[Tell, Tell]:
    """`home(H, unsure)` and `person(H, r, n, unsure)`: the JSON of facts, steps and outcomes.

    `unsure(measure, position, n, holds)` gives the JSON of an open outcome, without `holds` that
    of one whose amount is unknown; `n` is whose value stands at the position, -1 a household's.
    """
    writer = _Writer(program)
    source = f"{writer.write(person=False)}\n{writer.write(person=True)}"
    code = compile(source, f"<telling {program.place} on {program.on}>", "exec")
    exec(code, writer.space)  # noqa: S102 - written from the checked graph, never by a user
    return writer.space["home"], writer.space["person"]


class _Writer:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.graph = program.graph
        self.size = len(program.graph.nodes)
        self.space: dict[str, Any] = {
            "truth": TRUTH,
            "day": day,
            "fen": number(100),
            "ratio": ratio,
            "refused": refused,
        }
        self.lines: list[str] = []

    def write(self, *, person: bool) -> str:
        self.lines = ["def person(H, r, n, unsure):" if person else "def home(H, unsure):"]
        leaves = {
            name: at
            for name, at in self.program.leaves.items()
            if self.graph[at].op != "param" and self._whose(at) is person
        }
        steps = {
            name: step.node
            for name, step in self.program.steps.items()
            if (step.entity == "person") is person
        }
        facts = ",".join(f"{_bare(quoted(n))}:{self._text(at)}" for n, at in leaves.items())
        values = ",".join(f"{_bare(quoted(n))}:{self._text(at)}" for n, at in steps.items())
        told = ",".join(
            f"{_bare(quoted(use.measure.name))}:{{{self._outcome(index, use)}}}"
            for index, use in enumerate(self.program.measures)
            if (use.measure.to == "person") is person
        )
        body = f'{{{{"facts":{{{{{facts}}}}},"steps":{{{{{values}}}}},"outcomes":{{{{{told}}}}}}}}}'
        return "\n".join([*self.lines, f" return f'{body}'"])

    def _whose(self, position: int) -> bool:
        return self.graph[position].entity == "person"

    def _ref(self, position: int) -> str:
        position = self.graph.source[position]
        node = self.graph[position]
        if node.op == "const":
            return repr(node.value)
        return f"{'r' if node.entity == 'person' else 'H'}[{position}]"

    def _den(self, position: int) -> str:
        """The denominator of a number, where it varies."""
        position = self.graph.source[position]
        return f"{'r' if self._whose(position) else 'H'}[{self.size + position}]"

    def _at(self, position: int) -> str:
        """Where an unknown value stands, and whose it is."""
        position = self.graph.source[position]
        return f"{position}, {'n' if self._whose(position) else -1}"

    def _text(self, position: int) -> str:
        """A piece of an f-string telling a value."""
        position = self.graph.source[position]
        node = self.graph[position]
        if (known := _known(node)) is not None:
            return _bare(known)
        value = self._ref(position)
        if node.kind == "number":
            hundred = 100 if units.is_money(node.unit) else 1
            if node.den is None:
                return f"{{ratio({value}, {hundred} * {self._den(position)})}}"
            scale = node.den * hundred
            self.space[f"over{scale}"] = number(scale)
            return f"{{over{scale}[{value}]}}"
        if node.kind == "choice":
            codes = {code: quoted(choice) for code, choice in enumerate(node.choices)}
            self.space[f"choice{position}"] = {**codes, None: "null"}
            return f"{{choice{position}[{value}]}}"
        return f"{{truth[{value}]}}" if node.kind == "bool" else f"{{day({value})}}"

    def _outcome(self, index: int, use: MeasureUse) -> str:
        """Writes lines that leave an outcome's JSON in a name, which is returned."""
        name, atoms = f"o{index}", [self._ref(atom.node) for atom in use.atoms]
        holds = f"({', '.join(atoms)},)"
        sure = ",".join(["true"] * len(atoms))
        self.lines += [
            f" e = {self._ref(use.eligible)}",
            f" if e is False: {name} = refused({holds})",
            f" elif e is None: {name} = unsure({index}, {self._at(use.eligible)}, {holds})",
            *self._granted(index, use, sure),
        ]
        return name

    def _granted(self, index: int, use: MeasureUse, sure: str) -> list[str]:
        name = f"o{index}"
        if use.amount is None:
            return [f" else: {name} = {_YES.format('null', 'null', sure)!r}"]
        position = self.graph.source[use.amount]
        node = self.graph[position]
        yearly = PER_YEAR.get(units.text(node.unit))
        a_year = f"{{fen[a * {yearly}]}}" if yearly else "null"
        told = _YES.format("{fen[a]}", a_year, sure)
        return [
            " else:",
            f"  a = {self._ref(position)}",
            f"  if a is None: {name} = unsure({index}, {self._at(position)})",
            "  else:",
            f"   a = {self._hundredths(position, node)}",
            f"   {name} = f'{{{told}}}'",
        ]

    def _hundredths(self, position: int, node: Node) -> str:
        """The amount `a` in hundredths, half up."""
        times = 1 if units.is_money(node.unit) else 100
        if node.den == 1:
            return f"a * {times}" if times > 1 else "a"
        den = self._den(position) if node.den is None else str(node.den)
        return f"(a * {2 * times} + {den}) // (2 * {den})"


def _bare(text: str) -> str:
    """Text as it stands inside a single-quoted f-string."""
    return repr(text + '"')[1:-2].replace("{", "{{").replace("}", "}}")


@lru_cache(4096)
def refused(holds: tuple[bool | None, ...]) -> str:
    """The JSON of an outcome that is no, by how its conditions stand."""
    return _NO.format(",".join(TRUTH[hold] for hold in holds))


def _known(node: Node) -> str | None:
    """The text of a value that is the same for everybody; None where it differs."""
    if node.op == "param":
        top = node.value[1]  # type: ignore[index]
        if top is None:
            return "null"
    elif node.op == "const":
        top = node.value
    else:
        return None
    if node.kind == "bool":
        return TRUTH[top]
    if node.kind == "choice":
        return quoted(node.choices[top])
    if isinstance(top, date):
        return f'"{top}"'
    return f'"{exact(top, (node.den or 1) * (100 if units.is_money(node.unit) else 1))}"'
