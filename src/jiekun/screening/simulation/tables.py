"""The tables of a comparison, out of what every batch said of its households."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiekun.kernel.law import Law
from jiekun.kernel.law_change import Difference

from ..sweep import Array, Status
from .batch import Outcome
from .cliffs import STEPS
from .curves import Curves
from .homes import CATEGORIES, TYPES
from .plan import Plan, Task, Unpaid
from .seen import Batched

# Of a community's code, its street's part.
STREET = 9
NOWHERE = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table. Money in fen a year, of households whose difference is known;
    `held` is what undetermined ones surely have before the reform."""

    key: str
    label: str
    households: int
    people: int
    before: int
    after: int
    gaining: int
    losing: int
    same: int
    undetermined: int
    held: int


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure, each pair before and after; subjects over everybody: `entitled`, `open` (facts
    or judgments are missing), `unset` (only numbers of the law are, so nothing is counted).
    `yearly` and `once` (a month, for what is paid monthly) are fen, where the household's
    difference is known.
    """

    name: str
    label: str
    to: str
    money: bool
    entitled: tuple[int, int]
    open: tuple[int, int]
    unset: tuple[int, int]
    yearly: tuple[int, int]
    once: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Poverty:
    """Under one law: households surely poor and their people, those not known, and the gap: how
    much a year income and benefits of the poor fall short of the dibao line (fen)."""

    households: int
    people: int
    unknown: int
    gap: int


@dataclass(frozen=True, slots=True)
class Cliff:
    """Under one law: households left with less by so much more income (fen a month), what they
    lose net a year (fen), and of which measure most of it."""

    step: int
    looked_at: int
    households: int
    lost: int
    unknown: int
    measures: tuple[tuple[str, str, int, int], ...]


@dataclass(frozen=True)
class Comparison:
    """One reform beside the law before it. Every table adds up to `total`."""

    name: str
    label: str
    why: str
    text: str
    on: str
    place: str
    place_name: str
    drafts: tuple[tuple[str, ...], tuple[str, ...]]
    reform_digest: str
    total: Line
    measures: tuple[MeasureLine, ...]
    tables: dict[str, tuple[Line, ...]]
    poverty: tuple[Poverty, Poverty]
    cliffs: tuple[tuple[Cliff, ...], tuple[Cliff, ...]]
    curves: tuple[Curves, ...]
    law: tuple[Difference, ...]
    # Measures that pay nobody after the reform, since numbers are not set.
    unpaid: tuple[Unpaid, ...]
    # Facts that undetermined households wait for: name, label, households.
    waits: tuple[tuple[str, str, int], ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values: money in fen, exact."""
        return asdict(self)


TABLES = {
    "street": "街道",
    "category": "类别",
    "household_type": "家庭类型",
    "decile": "人均收入十等分",
}


@dataclass(frozen=True)
class Columns:
    """Everybody's households as columns; `street` and `community` are texts, empty if unknown."""

    id: Array
    community: pa.Array
    people: Array
    members: Array
    income: Array
    income_known: Array
    standard: Array
    category: Array
    type: Array
    before: Array
    after: Array
    outcome: Array
    unsettled_before: Array
    unsettled_after: Array


_OF_HOMES = ("people", "members", "income", "income_known", "standard", "category", "type")


@dataclass(eq=False)
class Population:
    """Everybody under one comparison, added up batch by batch."""

    plan: Plan
    task: Task
    parts: dict[str, list[Any]] = field(default_factory=dict)
    # By name, tables by measure: counts and unset of either side, yearly and once in fen.
    sums: dict[str, Array] = field(default_factory=dict)
    cliffs: list[list[Any]] = field(default_factory=lambda: [[], []])
    # Of touched households, (id, measure number) and (id, leaf).
    gained: list[tuple[Array, Array]] = field(default_factory=list)
    lost: list[tuple[Array, Array]] = field(default_factory=list)
    waits: dict[str, list[Array]] = field(default_factory=dict)

    def add(self, batch: Batched, place: int) -> None:
        """Add one batch; `place` is this comparison's among the plan's."""
        changes = batch.changes[place]
        two = batch.seen[self.task.before], batch.seen[self.task.after]
        ids, homes = batch.group.households, two[0].homes
        found = {"id": ids, **{name: getattr(homes, name) for name in _OF_HOMES}}
        found |= {"before": changes.before, "after": changes.after, "outcome": changes.outcome}
        found |= {"unsettled_before": two[0].unsettled, "unsettled_after": two[1].unsettled}
        found["community"] = _texts(batch.group.extra.get("community_code"), len(ids))
        for name, column in found.items():
            self.parts.setdefault(name, []).append(column)
        sums = batch.sums[place]
        for name, table in (
            ("counts", np.stack([side.counts for side in two])),
            ("unset", np.stack([side.unset for side in two])),
            ("yearly", sums.yearly),
            ("once", sums.once),
        ):
            self.sums[name] = table + self.sums.get(name, 0)
        for side, own in enumerate(two):
            self.cliffs[side].append(own.cliffs)
        self.gained.append((ids[changes.gained[0]], changes.gained[1]))
        self.lost.append((ids[changes.lost[0]], changes.lost[1]))
        for leaf, name in enumerate(changes.leaves):
            at = changes.waits[0][changes.waits[1] == leaf]
            self.waits.setdefault(name, []).append(ids[at])

    def columns(self) -> Columns:
        """Everybody, in the order they came."""
        return Columns(
            **{
                name: pa.concat_arrays(parts) if name == "community" else np.concatenate(parts)
                for name, parts in self.parts.items()
            }
        )


def _texts(community: pa.Array | None, count: int) -> pa.Array:
    """Codes as texts, empty where there is none, however the file keeps them."""
    if community is None:
        return pa.array([""] * count)
    if pa.types.is_dictionary(community.type):
        community = community.cast(community.type.value_type)
    return pc.fill_null(community.cast(pa.string()), "")


def tabulate(
    population: Population, law: Law, streets: Mapping[str, str], drawn: tuple[Curves, ...]
) -> Comparison:
    """All tables of one comparison; `streets` are names by code, `drawn` its curves."""
    task, homes = population.task, population.columns()
    before, after = (population.plan.views[at].lens.side for at in (task.before, task.after))
    return Comparison(
        name=task.reform.name,
        label=task.reform.label,
        why=task.reform.why,
        text=task.reform.text,
        on=before.on.isoformat(),
        place=before.place,
        place_name=law.places[before.place].name,
        drafts=(before.simulate, after.simulate),
        reform_digest=task.reform.digest,
        total=next(_lines(homes, np.zeros(len(homes.id), np.int64), [("all", "全部")])),
        measures=tuple(_measures(population)),
        tables={name: tuple(lines) for name, lines in _tables(homes, streets).items()},
        poverty=(
            _poverty(homes, homes.before, homes.unsettled_before),
            _poverty(homes, homes.after, homes.unsettled_after),
        ),
        cliffs=(_cliffs(population, 0), _cliffs(population, 1)),
        curves=drawn,
        law=task.law,
        unpaid=task.unpaid,
        waits=tuple(_waits(population)),
    )


def _lines(
    homes: Columns, group: Array, names: Sequence[tuple[str, str]], *, every: bool = True
) -> Iterator[Line]:
    """A line for each group; empty ones only where `every` is wanted."""
    size = len(names)
    sure = homes.outcome != Outcome.UNDETERMINED

    def counted(rows: Array, weights: Array | None = None) -> list[int]:
        # Weights are doubles: exact for sums below 2^53 fen.
        chosen = None if weights is None else weights[rows]
        found: Array = np.bincount(group[rows], weights=chosen, minlength=size)
        return [int(number) for number in found]

    whole = np.ones(len(group), bool)
    columns = [
        counted(whole),
        counted(whole, homes.people),
        counted(sure, homes.before),
        counted(sure, homes.after),
        *(counted(homes.outcome == each) for each in (Outcome.GAIN, Outcome.LOSE, Outcome.SAME)),
        counted(~sure),
        counted(~sure, homes.before),
    ]
    for (key, label), *numbers in zip(names, *columns, strict=True):
        if every or numbers[0]:
            yield Line(key, label, *numbers)


def _tables(homes: Columns, known: Mapping[str, str]) -> dict[str, Iterator[Line]]:
    streets = pc.utf8_slice_codeunits(homes.community, 0, STREET).dictionary_encode()
    codes = streets.dictionary.to_pylist()
    named = [(code or NOWHERE, known.get(code, code) or "没有注明") for code in codes]
    deciles = [(str(n), f"第 {n} 等") for n in range(1, 11)] + [(NOWHERE, "收入不清")]
    return {
        "street": _lines(homes, streets.indices.to_numpy(), named),
        "category": _lines(homes, homes.category, [(c.key, c.label) for c in CATEGORIES]),
        "household_type": _lines(homes, homes.type, [(t.key, t.label) for t in TYPES], every=False),
        "decile": _lines(homes, decile(homes), deciles),
    }


def decile(homes: Columns) -> Array:
    """Each household's tenth of the people by income per member, from 0; 10 where not known.

    Tenths hold equally many people, but for households of one income, which stay together.
    """
    found = np.full(len(homes.id), 10, np.int64)
    known = np.flatnonzero(homes.income_known & (homes.members > 0))
    if not len(known):
        return found
    each = homes.income[known] // homes.members[known]
    different, place = np.unique(each, return_inverse=True)
    people = np.bincount(place, weights=homes.members[known], minlength=len(different))
    below = np.cumsum(people) - people
    tenth = np.minimum(9, (10 * below / people.sum()).astype(np.int64))
    found[known] = tenth[place]
    return found


def _poverty(homes: Columns, total: Array, unsettled: Array) -> Poverty:
    """A household is poor when what it has a year is below the line before the reform.

    One above the line by what is settled is not poor whatever else it may get; one below it of
    which something is not settled is not known.
    """
    known = homes.income_known & (homes.standard >= 0) & (homes.members >= 0)
    line = 12 * homes.standard * homes.members
    short = np.where(known, np.maximum(0, line - 12 * homes.income - total), 0)
    left = homes.outcome == Outcome.UNDETERMINED
    below = known & (short > 0)
    poor = below & ~unsettled & ~left
    unknown = (below & (unsettled | left)) | ~known
    return Poverty(
        int(poor.sum()),
        int(homes.members[poor].sum()),
        int(unknown.sum()),
        int(short[poor].sum()),
    )


def _measures(population: Population) -> Iterator[MeasureLine]:
    plan, task = population.plan, population.task
    views = [plan.views[at].lens for at in (task.before, task.after)]
    counts, unset = population.sums["counts"], population.sums["unset"]
    for place, name in enumerate(plan.names):
        if not any((view.number == place).any() for view in views):
            continue
        measure = plan.measures[name].measure
        waiting = counts[:, place, Status.ASK] + counts[:, place, Status.JUDGE]
        left = unset[:, place].tolist()
        yearly, once = (
            t[place].tolist() for t in (population.sums["yearly"], population.sums["once"])
        )
        yes = counts[:, place, Status.YES].tolist()
        yield MeasureLine(
            name, measure.short or measure.label, measure.to, measure.gives == "money",
            (yes[0], yes[1]), (int(waiting[0]), int(waiting[1])), (left[0], left[1]),
            (yearly[0], yearly[1]), (once[0], once[1]),
        )  # fmt: skip


def _cliffs(population: Population, side: int) -> tuple[Cliff, ...]:
    plan, parts = population.plan, population.cliffs[side]
    found = []
    for place, step in enumerate(STEPS):
        table = sum((part.by_measure[place] for part in parts), np.zeros((len(plan.names), 2), int))
        measures = sorted(
            (
                (name, plan.measures[name].measure.label, int(row[0]), int(row[1]))
                for name, row in zip(plan.names, table, strict=True)
                if row[0]
            ),
            key=lambda each: -each[2],
        )
        found.append(
            Cliff(
                step,
                sum(part.looked_at for part in parts),
                int(sum(part.households[place] for part in parts)),
                int(sum(part.lost[place] for part in parts)),
                int(sum(part.unknown[place] for part in parts)),
                tuple(measures),
            )
        )
    return tuple(found)


def _waits(population: Population) -> Iterator[tuple[str, str, int]]:
    """What undetermined households wait for, the commonest first."""
    facts = population.plan.views[population.task.before].lens.program.facts
    counted = {name: sum(map(len, parts)) for name, parts in population.waits.items()}
    for name, count in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        yield name, facts[name].label, count
