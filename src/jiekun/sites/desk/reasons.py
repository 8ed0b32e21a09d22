"""Why a measure is or is not given: one plain line a condition, with its sign and clause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jiekun.kernel.decide import HOUSEHOLD, Condition, Decision, Outcome
from jiekun.kernel.graph import Node
from jiekun.kernel.program import Atom
from jiekun.kernel.words import (
    choice_labels,
    compared_unit,
    label_of,
    phrase,
    unit_words,
    value_words,
)

from . import words

_SIGNS = {True: ("yes", "✓", "满足"), False: ("no", "✗", "不满足"), None: ("q", "?", "还不知道")}
_COMPARE = {
    "lt": "低于",
    "le": "不超过",
    "gt": "高于",
    "ge": "不低于",
    "eq": "等于",
    "ne": "不等于",
}


@dataclass(frozen=True)
class Reason:
    """One condition as a line: its sign, what it says of this family, the clause."""

    kind: str
    sign: str
    said: str
    text: str
    cites: tuple[str, ...]
    gap: str


def reasons(decision: Decision, outcome: Outcome) -> list[Reason]:
    """A measure's conditions for one subject, in the order the law names them."""
    use = decision.program.measure(outcome.measure.name)
    person = -1 if outcome.subject == HOUSEHOLD else decision.keys.index(outcome.subject)
    found = zip(use.atoms, decision.conditions(outcome), strict=True)
    return [_reason(decision, atom, condition, person) for atom, condition in found]


def failing(decision: Decision, outcome: Outcome) -> list[Reason]:
    """Only the conditions that do not hold."""
    return [reason for reason in reasons(decision, outcome) if reason.kind == "no"]


def _reason(decision: Decision, atom: Atom, condition: Condition, person: int) -> Reason:
    kind, sign, said = _SIGNS[condition.holds]
    gap = ""
    if condition.gap:
        gap = f"差 {words.amount(condition.gap, compared_unit(decision.program, atom.node))}"
    text = _Line(decision, person, condition.holds).say(atom)
    return Reason(kind, sign, said, text, condition.cites, gap)


class _Line:
    """Writes one condition: what is so, and what would have to be."""

    def __init__(self, decision: Decision, person: int, holds: bool | None) -> None:
        self.decision, self.person, self.holds = decision, person, holds
        self.program, self.graph = decision.program, decision.program.graph

    def say(self, atom: Atom) -> str:
        node = self.graph[atom.node]
        step = self.program.steps[atom.step]
        if node.op in _COMPARE and self.graph[node.args[0]].kind == "number":
            return self._compared(node)
        if node.op == "in":
            return self._chosen(node, self.graph[node.args[0]], "要是")
        inner = self.graph[node.args[0]] if node.op == "not" else node
        if inner.op == "in":
            return self._chosen(inner, self.graph[inner.args[0]], "不能是")
        # A rule that is one long condition has a name people know better than its parts.
        if step.body == atom.node and node.op in ("or", "any", "all", "lift", "if"):
            return step.label
        return phrase(self.program, atom.node, self._shown)

    def _compared(self, node: Node) -> str:
        left, right = (phrase(self.program, arg, self._shown) for arg in node.args)
        must = "" if self.holds else "要"
        return f"{left}，{must}{_COMPARE[node.op]} {right}"

    def _chosen(self, node: Node, item: Node, must: str) -> str:
        name = label_of(self.program, item)
        value = self._value(item, node.args[0])
        if self.holds:
            return f"{name}：{value}"
        codes: list[int] = sorted(node.value)  # type: ignore[call-overload]
        labels = list(choice_labels(self.program, item).values())
        wanted = "、".join(labels[c] if item.kind == "choice" else str(c) for c in codes)
        return f"{name}：{value}，{must}{wanted}"

    def _value(self, node: Node, position: int) -> str:
        if node.entity == "person" and self.person < 0:
            return ""
        number = node.kind == "number"
        read: Callable[[int, int], object] = self.decision.number if number else self.decision.raw
        return value_words(self.program, node, read(position, self.person))

    def _shown(self, position: int) -> str:
        node = self.graph[position]
        if node.kind == "choice":
            return ""
        text = self._value(node, position)
        # “周岁 44 周岁” says it twice.
        unit = unit_words(self.program.steps[str(node.value)].unit) if node.op == "step" else ""
        if unit and label_of(self.program, node).endswith(unit):
            return text.removesuffix(unit).strip()
        return text
