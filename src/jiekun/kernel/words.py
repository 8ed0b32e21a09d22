"""The graph in Chinese words: what a condition says, and the figures behind a number."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from jiekun.kernel import units
from jiekun.kernel.graph import Node
from jiekun.kernel.program import Program
from jiekun.kernel.values import plain

UNITS = {
    "yuan/month": "元/月",
    "yuan/year": "元/年",
    "yuan": "元",
    "yuan/day": "元/天",
    "yuan/hour": "元/小时",
    "yuan/time": "元/次",
    "hour/month": "小时/月",
    "hour/year": "小时/年",
    "time/month": "次/月",
    "time/year": "次/年",
    "time/week": "次/周",
    "hour": "小时",
    "month": "个月",
    "year": "周岁",
    "time": "次",
}
_COMPARE = {
    "lt": "低于",
    "le": "不超过",
    "gt": "高于",
    "ge": "不低于",
    "eq": "等于",
    "ne": "不等于",
}
_TURNED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}
_SIGNS = {"add": " + ", "sub": " − ", "mul": " × ", "div": " ÷ "}
_NAMED = ("fact", "param", "given", "step")

Show = Callable[[int], str]


def unit_words(unit: str) -> str:
    """A unit in Chinese, by its text in parameters.yaml or from `units.text`."""
    try:
        return UNITS.get(units.text(units.parse(unit)), "")
    except ValueError:
        return UNITS.get(unit, "")


def label_of(program: Program, node: Node) -> str:
    """The Chinese name of a fact, parameter or rule."""
    if node.op == "fact":
        return program.facts[str(node.value)].label
    if node.op == "param":
        return program.parameters[node.value[0]].parameter.label  # type: ignore[index]
    name = str(node.value)
    return program.steps[name].label if name in program.steps else name


def choice_labels(program: Program, node: Node) -> Mapping[str, str]:
    """Chinese words for a choice node's codes; the codes themselves where a rule made them."""
    for fact in program.facts.values():
        if fact.choices and tuple(fact.choices) == node.choices:
            return fact.choices
    return {code: code for code in node.choices}


def phrase(program: Program, position: int, show: Show | None = None) -> str:
    """What a node says. With `show`, named numbers carry their value."""
    templates: dict[int, list[str]] = program.engines.setdefault("phrases", {})
    parts = templates.get(position)
    if parts is None:
        parts = _Phrases(program).say(position).split("\0")
        templates[position] = parts
    if show is None:
        return "".join(parts[::2])
    values = [f" {value}" if (value := show(int(at))) else "" for at in parts[1::2]]
    return "".join(text + value for text, value in zip(parts[::2], [*values, ""], strict=True))


class _Phrases:
    """Writes a phrase once; the place of a number's value is marked by its node between NULs."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.graph = program.graph

    def say(self, position: int, inside: bool = False) -> str:
        node = self.graph[position]
        if node.op in _NAMED:
            shown = node.kind in ("number", "date")
            return label_of(self.program, node) + (f"\0{position}\0" if shown else "")
        if node.op in ("and", "or"):
            text = ("，并且" if node.op == "and" else "，或者").join(
                self.say(a, True) for a in node.args
            )
            return f"（{text}）" if inside else text
        write: Callable[[Node], str] = getattr(self, f"_{node.op}", self._pair)
        return write(node)

    def _const(self, node: Node) -> str:
        if node.kind == "bool":
            return "是" if node.value else "否"
        if node.kind == "choice":
            return choice_labels(self.program, node)[node.choices[int(str(node.value))]]
        return plain(Fraction(int(str(node.value)), node.den or 1))

    def _lift(self, node: Node) -> str:
        return self.say(node.args[0], True)

    def _not(self, node: Node) -> str:
        inner = self.graph[node.args[0]]
        if inner.op == "in":
            return self._in(inner, "不是")
        text = self.say(node.args[0], True)
        return f"不{text}" if text.startswith("符合") else f"并非{text}"

    def _in(self, node: Node, verb: str = "是") -> str:
        item = self.graph[node.args[0]]
        codes = sorted(node.value)  # type: ignore[call-overload]
        if item.kind == "choice":
            labels = list(choice_labels(self.program, item).values())
            return f"{self.say(node.args[0])}{verb}{'、'.join(labels[code] for code in codes)}"
        return f"{self.say(node.args[0])} {verb} {'、'.join(map(str, codes))} 之一"

    def _years(self, node: Node) -> str:
        return f"{self.say(node.args[0])}起的周年数"

    def _round(self, node: Node) -> str:
        return f"{self.say(node.args[0], True)}（四舍五入到分）"

    def _sum(self, node: Node) -> str:
        test, value = self._picked(node.args[0])
        who = (test if test.endswith("成员") else f"{test}的成员") if test else "全体成员"
        inner = self.graph[value]
        if inner.op == "const" and inner.value == 1:
            return f"{who}的人数"
        return f"{who}的{self.say(value, True)}合计"

    def _picked(self, term: int) -> tuple[str, int]:
        """A summed term taken apart: for whom, and what."""
        node, tests = self.graph[term], []
        while node.op in ("if", "lift"):
            if node.op == "if":
                tests.append(self.say(node.args[0], True))
                term = node.args[1]
            else:
                term = node.args[0]
            node = self.graph[term]
        return "、".join(tests), term

    def _any(self, node: Node) -> str:
        return f"有成员{self.say(node.args[0], True)}"

    def _all(self, node: Node) -> str:
        return f"每个成员都{self.say(node.args[0], True)}"

    def _if(self, node: Node) -> str:
        test, yes, no = node.args
        rest = self.say(no, True)
        otherwise = f"否则{rest}" if rest.startswith("若") else f"否则为{rest}"
        return f"若{self.say(test, True)}，为{self.say(yes, True)}；{otherwise}"

    def _min(self, node: Node) -> str:
        return self._bounded(node, "至多", "较小")

    def _max(self, node: Node) -> str:
        return self._bounded(node, "至少", "较大")

    def _bounded(self, node: Node, limit: str, wanted: str) -> str:
        """`max(0, x)` reads as x, at least 0; of two things that vary, the larger."""
        for this, other in (node.args, node.args[::-1]):
            if self.graph[this].op == "const":
                return f"{self.say(other, True)}（{limit} {self.say(this)}）"
        return f"{'与'.join(self.say(arg, True) for arg in node.args)}中{wanted}的"

    def _part(self, node: Node, arg: int, first: bool) -> str:
        """One side of a sum or product, in brackets where it could be misread."""
        inner = self.graph[arg]
        loose = inner.op in ("add", "sub", "if", "min", "max")
        if inner.op in ("add", "sub") and node.op in ("add", "sub"):
            loose = not first
        text = self.say(arg, True)
        return f"（{text}）" if loose else text

    def _pair(self, node: Node) -> str:
        if node.op not in _COMPARE:
            left, right = node.args
            return (
                f"{self._part(node, left, True)}{_SIGNS[node.op]}{self._part(node, right, False)}"
            )
        op, (left, right) = node.op, node.args
        if self.graph[left].op == "const":
            op, left, right = _TURNED[op], right, left
        limit = self.say(right, True)
        if self.graph[right].op == "const" and self.graph[right].kind == "number":
            limit += f" {unit_words(units.text(self.graph[left].unit))}".rstrip()
        return f"{self.say(left, True)} {_COMPARE[op]} {limit}"


def figures(program: Program, position: int, number: Callable[[int], Fraction | None]) -> str:
    """The arithmetic of a number in one line, with the values put in; '?' where unknown."""
    graph = program.graph

    def write(at: int, inside: bool) -> str:
        node = graph[at]
        if node.op in ("add", "sub", "mul", "div") and node.op in _SIGNS:
            return _arithmetic(node, write, number, inside)
        if node.op == "if":
            branch = next((arg for arg in node.args[1:] if number(arg) == number(at)), at)
            return write(branch, inside) if branch != at else _or_unknown(number(at))
        if node.op in ("min", "max"):
            return _bound(node, write, number, at)
        if node.op == "round":
            return write(node.args[0], inside)
        return _or_unknown(number(at))

    return write(position, False)


def _arithmetic(
    node: Node,
    write: Callable[[int, bool], str],
    number: Callable[[int], Fraction | None],
    inside: bool,
) -> str:
    """Two numbers and their sign; nothing is added where a part of a sum is zero."""
    left, right = node.args
    if node.op in ("add", "sub"):
        if number(right) == 0:
            return write(left, inside)
        if node.op == "add" and number(left) == 0:
            return write(right, inside)
        # What stands on the left needs no brackets: sums are read from the left.
        text = f"{write(left, False)}{_SIGNS[node.op]}{write(right, True)}"
        return f"({text})" if inside else text
    return f"{write(left, True)}{_SIGNS[node.op]}{write(right, True)}"


def _bound(
    node: Node,
    write: Callable[[int, bool], str],
    number: Callable[[int], Fraction | None],
    at: int,
) -> str:
    """A floor of zero shows only where it holds; a cap is always shown beside what it caps."""
    left, right = node.args
    if node.op == "max" and number(left) == 0 and number(right) == number(at):
        return write(right, True)
    word = "较小" if node.op == "min" else "较大"
    return f"{word}({write(left, False)}, {write(right, False)})"


def _or_unknown(value: Fraction | None) -> str:
    return "?" if value is None else plain(value)


def value_words(program: Program, node: Node, value: Any) -> str:
    """A value as a reader sees it, with its unit."""
    if value is None:
        return "还不知道"
    if node.kind == "bool":
        return "是" if value else "否"
    if node.kind == "choice":
        return choice_labels(program, node)[node.choices[value]]
    if isinstance(value, date):
        return value.isoformat()
    unit = unit_words(units.text(node.unit))
    return plain(value) + (f" {unit}" if unit else "")


def compared_unit(program: Program, position: int) -> str:
    """The unit both sides of a comparison share."""
    graph = program.graph
    sides = [graph[arg] for arg in graph[graph.source[position]].args]
    for side in sides:
        if side.op == "fact":
            return program.facts[str(side.value)].unit
        if side.op == "step":
            return program.steps[str(side.value)].unit
        if side.op == "param":
            return program.parameters[side.value[0]].parameter.unit  # type: ignore[index]
    return ""
