"""What typical families have in all as one of them earns more; every point decided by the law.

Where the law breaks off is found by halving, down to the very fen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from jiekun.kernel.decide import HOUSEHOLD, Decider, Outcome, decider
from jiekun.kernel.yamls import read

from ..claims import Claim, best
from .claims import Lens
from .cliffs import EARNED
from .homes import STANDARD

# How far a curve goes, in lines a member, and how many stretches it is first cut into.
REACH, STRETCHES = 3, 24
# Fen a year: what is lost by rounding is no cliff.
_TRIFLE = 100

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Family:
    """A typical family: what differs from a plain household; `ages` in years, the earner first."""

    key: str
    label: str
    ages: tuple[int, ...]
    people: tuple[Facts, ...] = ()
    household: Facts = field(default_factory=dict)


_LIMB_3 = {
    "disability_class": "limb", "disability_level": 3,
    "disability_cert_valid": True, "disability_cert_local": True,
}  # fmt: skip
_WITHIN = {"assets_within_limit": True, "edge_assets_within_limit": True}
_SENIOR = {"school_stage": "senior", "full_time_student": True}
_PRIMARY = {"school_stage": "primary", "full_time_student": True}

FAMILIES = (
    Family("alone", "独居成人", (40,)),
    Family("elder", "独居老人", (70,)),
    Family("couple", "夫妻二人", (40, 40)),
    Family("children", "夫妻和一个高中生", (45, 45, 16), ({}, {}, _SENIOR)),
    Family("single_parent", "单亲和一个小学生", (38, 9), ({}, _PRIMARY), {"single_parent": True}),
    Family("disabled", "夫妻二人，一人肢体三级残疾", (45, 45), ({}, _LIMB_3)),
)


@dataclass(frozen=True, slots=True)
class Break:
    """Where one more fen a month costs money: the first income (fen a month) with less, what is
    lost a year (fen), and the measures that end there."""

    income: int
    lost: int
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of (income, fen a month; what the law gives, fen a year), straight in between.

    `left_out` are measures whose sum was not known somewhere, and counts as nothing there.
    """

    points: tuple[tuple[int, int], ...]
    breaks: tuple[Break, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """One family under both laws."""

    key: str
    label: str
    people: int
    line: int
    before: Curve
    after: Curve


def curves(before: Lens, after: Lens) -> tuple[Curves, ...]:
    """Every typical family under two laws; none where the law before has no dibao line."""
    if STANDARD not in before.program.steps:
        return ()
    # The whole program: the restricted one lacks the facts of what it leaves out.
    deciders = [decider(view.side.program()) for view in (before, after)]
    found = []
    for family in FAMILIES:
        ours, theirs = _Walk(before, family, deciders[0]), _Walk(after, family, deciders[1])
        line = ours.line()
        if line is None:
            continue
        end = line * len(family.ages) * REACH
        found.append(
            Curves(
                family.key, family.label, len(family.ages), line, ours.walk(end), theirs.walk(end)
            )
        )
    return tuple(found)


@cache
def _plain() -> Any:
    return read(Path(str(files("jiekun.law"))) / "baseline.yaml", "baseline.yaml")


def _years_before(on: date, years: int) -> date:
    """A birth date with which somebody turned so many years at the last new year."""
    return date(on.year - years, 1, 1)


@dataclass(frozen=True, slots=True)
class _Point:
    """What the law gives at one income: which claims are had, and their sum a year."""

    yearly: int
    had: frozenset[str]


class _Walk:
    """One family along its income under one law; every income is decided once."""

    def __init__(self, view: Lens, family: Family, made: Decider) -> None:
        self.view, self.decider = view, made
        self.times = {
            use.measure.name: int(times)
            for use, times in zip(view.program.measures, view.times, strict=True)
        }
        self.labels = {use.measure.name: use.measure.label for use in view.program.measures}
        people = family.people or ({},) * len(family.ages)
        self.people = {
            str(number): {
                **_plain()["person"],
                "birth_date": _years_before(view.program.on, age),
                **facts,
            }
            for number, (age, facts) in enumerate(zip(family.ages, people, strict=True))
        }
        self.household = {**_plain()["household"], **_WITHIN, **family.household}
        self.seen: dict[int, _Point] = {}
        self.left_out: dict[str, None] = {}

    def line(self) -> int | None:
        """The dibao line for this family, fen a month."""
        decision = self.decider.decide({"household": self.household, "people": self.people})
        value = decision.value(STANDARD)
        return None if value is None else int(value * 100)

    def at(self, income: int) -> _Point:
        """What the law gives at an income of so many fen a month."""
        if income not in self.seen:
            earner = {**self.people["0"], EARNED: f"{income // 100}.{income % 100:02d}"}
            decision = self.decider.decide(
                {"household": self.household, "people": {**self.people, "0": earner}}
            )
            due = [self._claim(outcome) for outcome in decision.outcomes if self._priced(outcome)]
            had = best(due, self.view.pairs)
            names = frozenset(f"{c.measure}@{c.person}" for c in had)
            self.seen[income] = _Point(sum(c.yearly for c in had), names)
        return self.seen[income]

    def _priced(self, outcome: Outcome) -> bool:
        name = outcome.measure.name
        if not self.times.get(name) or outcome.status == "no":
            return False
        if outcome.status != "yes" or outcome.amount is None:
            self.left_out[name] = None
            return False
        return True

    def _claim(self, outcome: Outcome) -> Claim:
        person = None if outcome.subject == HOUSEHOLD else int(outcome.subject) + 1
        name = outcome.measure.name
        return Claim(name, person, max(0, int((outcome.amount or 0) * 100)) * self.times[name])

    def walk(self, end: int) -> Curve:
        """The curve from nothing to `end`, with every break in it."""
        steps = [end * n // STRETCHES for n in range(STRETCHES + 1)]
        for start, stop in pairwise(steps):
            self._between(start, stop)
        order = sorted(self.seen)
        breaks = [
            Break(b, lost, self._ended(a, b))
            for a, b in pairwise(order)
            if b - a == 1 and (lost := self.at(a).yearly - self.at(b).yearly - 12) >= _TRIFLE
        ]
        labels = tuple(self.labels[name] for name in self.left_out)
        return Curve(tuple(self._corners(order)), tuple(breaks), labels)

    def _between(self, start: int, stop: int) -> None:
        """Halves a stretch until it is straight, or one fen long."""
        if stop - start <= 1:
            return
        middle = (start + stop) // 2
        left, here, right = self.at(start), self.at(middle), self.at(stop)
        alike = left.had == here.had == right.had
        # Doubled and weighed, since the middle may lie half a fen beside the middle.
        bow = (here.yearly - left.yearly) * (stop - middle) - (right.yearly - here.yearly) * (
            middle - start
        )
        if alike and abs(bow) <= 24 * (stop - start):
            return
        self._between(start, middle)
        self._between(middle, stop)

    def _ended(self, income: int, more: int) -> tuple[str, ...]:
        gone = self.at(income).had - self.at(more).had
        return tuple(sorted({self.labels[each.split("@")[0]] for each in gone}))

    def _corners(self, order: list[int]) -> list[tuple[int, int]]:
        """The points without those that lie on the line between their neighbours."""
        found: list[tuple[int, int]] = []
        for income in order:
            point = (income, self.at(income).yearly)
            while len(found) > 1 and _straight(found[-2], found[-1], point):
                found.pop()
            found.append(point)
        return found


def _straight(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    return (b[1] - a[1]) * (c[0] - b[0]) == (c[1] - b[1]) * (b[0] - a[0])
