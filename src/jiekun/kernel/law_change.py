"""Two programs beside each other: which measures answer alike, and what the law says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from jiekun.kernel.graph import Graph
from jiekun.kernel.program import MeasureUse, ParameterUse, Program, StepInfo
from jiekun.kernel.values import plain
from jiekun.kernel.words import phrase, unit_words

Identities = list[int]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing the law says otherwise; `before` or `after` is empty where it says nothing."""

    kind: Literal["measure", "number", "rule"]
    name: str
    label: str
    before: str
    after: str
    cites: tuple[str, ...]


def identities(*graphs: Graph) -> list[Identities]:
    """A number for every node: equal numbers compute the same, in whichever of the graphs."""
    seen: dict[object, int] = {}
    found = []
    for graph in graphs:
        own: Identities = []
        for position, node in enumerate(graph.nodes):
            if graph.source[position] != position and node.op == "step":
                own.append(own[node.args[0]])
                continue
            key = (
                node.op, tuple(own[arg] for arg in node.args), node.kind, node.entity,
                node.value, node.unit, node.den, node.choices,
            )  # fmt: skip
            own.append(seen.setdefault(key, len(seen)))
        found.append(own)
    return found


def unlike(before: Program, after: Program) -> set[str]:
    """Measures that may answer differently under two programs, or stand in one of them alone."""
    ours, theirs = identities(before.graph, after.graph)
    left = {use.measure.name: _answer(use, ours) for use in before.measures}
    right = {use.measure.name: _answer(use, theirs) for use in after.measures}
    return {name for name in left.keys() | right.keys() if left.get(name) != right.get(name)}


def _answer(use: MeasureUse, own: Identities) -> tuple[object, ...]:
    return (
        own[use.eligible],
        None if use.amount is None else own[use.amount],
        use.measure.to,
        use.measure.gives,
    )


def differences(before: Program, after: Program) -> tuple[Difference, ...]:
    """What the law says otherwise: measures, numbers, then rules; a rule only where its own text
    changed, not where it merely stands on one that did."""
    return (*_measures(before, after), *_numbers(before, after), *_rules(before, after))


def _measures(before: Program, after: Program) -> Iterator[Difference]:
    left = {use.measure.name: use for use in before.measures}
    right = {use.measure.name: use for use in after.measures}
    for name in dict.fromkeys([*left, *right]):
        if (name in left) != (name in right):
            use = (left.get(name) or right[name]).measure
            told = ("施行", "") if name in left else ("", "施行")
            program = before if name in left else after
            cites = program.steps[use.eligible].cites if use.eligible in program.steps else ()
            yield Difference("measure", name, use.label, *told, cites)


def _numbers(before: Program, after: Program) -> Iterator[Difference]:
    for name in dict.fromkeys([*before.parameters, *after.parameters]):
        left, right = before.parameters.get(name), after.parameters.get(name)
        told = _number(left), _number(right)
        if told[0] != told[1]:
            used = right or left
            assert used is not None
            cites = () if left is None or left.dated is None else (left.dated.cites,)
            yield Difference(
                "number", name, used.parameter.label, *told, tuple(c for c in cites if c)
            )


def _number(use: ParameterUse | None) -> str:
    if use is None:
        return ""
    if use.dated is None or use.dated.value is None:
        return "没有定"
    if use.parameter.unit == "ratio":
        return f"{plain(use.dated.value * 100)}%"
    return f"{plain(use.dated.value)} {unit_words(use.parameter.unit)}".strip()


def _rules(before: Program, after: Program) -> Iterator[Difference]:
    for name in dict.fromkeys([*before.steps, *after.steps]):
        left, right = before.steps.get(name), after.steps.get(name)
        if left is not None and right is not None and left.rule is right.rule:
            continue
        step = right or left
        assert step is not None
        yield Difference(
            "rule", name, step.label, _rule(before, left), _rule(after, right), step.cites
        )


def _rule(program: Program, step: StepInfo | None) -> str:
    return "" if step is None else phrase(program, step.body)
