"""What a simulation works out: each law once, and which two of them are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jiekun.kernel.graph import Graph
from jiekun.kernel.law import Law
from jiekun.kernel.law_change import Difference, differences, identities, unlike
from jiekun.kernel.program import MeasureUse, Program
from jiekun.kernel.reform import Reform, Side, sides
from jiekun.kernel.unpaid import unpaid

from ..sweep import is_money
from .batch import Pair
from .claims import Lens, lens, pays
from .homes import HomeNodes


@dataclass(frozen=True)
class View:
    """One law of a simulation: its lens, and of a law before a reform the nodes to keep."""

    lens: Lens
    nodes: HomeNodes | None


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A measure of money that pays nobody, since these numbers of the law are not set."""

    name: str
    label: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """A reform and the two views it compares, by their places in the plan; `unpaid` after it."""

    reform: Reform
    before: int
    after: int
    pair: Pair
    law: tuple[Difference, ...]
    unpaid: tuple[Unpaid, ...]


@dataclass(frozen=True)
class Plan:
    """Everything to be worked out of each batch; `names` are the measures all views share."""

    names: tuple[str, ...]
    measures: dict[str, MeasureUse]
    views: tuple[View, ...]
    tasks: tuple[Task, ...]

    @property
    def programs(self) -> list[Program]:
        """Each law's program."""
        return [view.lens.program for view in self.views]


def plan(law: Law, reforms: Sequence[Reform], **asked: object) -> Plan:
    """Plan some reforms (see `sides` for `on` and `place`). Raises BadReform, LawError."""
    asked_for = [sides(law, reform, **asked) for reform in reforms]  # type: ignore[arg-type]
    different: list[Side] = []
    for each in (before for before, _ in asked_for), (after for _, after in asked_for):
        for side in each:
            if side not in different:
                different.append(side)
    programs = [side.program() for side in different]
    places = [(different.index(before), different.index(after)) for before, after in asked_for]
    uses = {use.measure.name: use for program in programs for use in program.measures}
    changed = {name for a, b in places for name in unlike(programs[a], programs[b])}
    names = tuple(
        name for name in uses if name in changed or any(_pays(each, name) for each in programs)
    )
    firsts = {before for before, _ in places}
    views = tuple(
        _view(side, program, names, first=place in firsts)
        for place, (side, program) in enumerate(zip(different, programs, strict=True))
    )
    tasks = tuple(
        Task(
            reform, a, b, _pair(views[a].lens, views[b].lens, names),
            differences(programs[a], programs[b]), tuple(_unpaid(programs[b])),
        )
        for reform, (a, b) in zip(reforms, places, strict=True)
    )  # fmt: skip
    return Plan(names, {name: uses[name] for name in names}, views, tasks)


def _pays(program: Program, name: str) -> bool:
    return any(pays(program, use) for use in program.measures if use.measure.name == name)


def _unpaid(program: Program) -> Iterator[Unpaid]:
    """Measures of money that cannot pay anybody under a law, and the numbers that are not set."""
    for use in program.measures:
        if use.amount is None or not is_money(program, use):
            continue
        numbers = unpaid(program.graph, use.amount)
        if numbers:
            labels = tuple(program.parameters[name].parameter.label for name in numbers)
            yield Unpaid(use.measure.name, use.measure.label, labels)


def _view(side: Side, program: Program, names: tuple[str, ...], *, first: bool) -> View:
    """A law's view; its program asks only for the facts that matter here."""
    # Categories are told by measures that are no money too, so nodes come before the restriction.
    nodes = HomeNodes(program) if first else None
    seen = lens(side, program, names)
    roots = [use.eligible for use in seen.program.measures]
    roots += [use.amount for use in seen.program.measures if use.amount is not None]
    roots += nodes.all() if nodes is not None else ()
    below = _below(program.graph, roots)
    leaves = {name: node for name, node in program.leaves.items() if node in below}
    return View(replace(seen, program=replace(seen.program, leaves=leaves)), nodes)


def _below(graph: Graph, roots: Iterable[int]) -> set[int]:
    seen: set[int] = set()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += graph[node].args
    return seen


def _pair(before: Lens, after: Lens, names: tuple[str, ...]) -> Pair:
    ours, theirs = identities(before.program.graph, after.program.graph)
    answers = []
    for view, own in ((before, ours), (after, theirs)):
        found = {}
        for use, times in zip(view.program.measures, view.times.tolist(), strict=True):
            amount = None if use.amount is None else own[use.amount]
            found[use.measure.name] = (own[use.eligible], (amount, times))
        answers.append(found)
    left, right = ([found.get(name) for name in names] for found in answers)
    priced = [
        any(view.times[view.number == place].any() for view in (before, after))
        for place in range(len(names))
    ]
    return Pair(
        before,
        after,
        np.array([a != b for a, b in zip(left, right, strict=True)], bool),
        np.array([bool(a and b and a[1] == b[1]) for a, b in zip(left, right, strict=True)], bool),
        np.array(priced, bool),
    )
