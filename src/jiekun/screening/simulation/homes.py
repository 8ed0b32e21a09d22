"""What a simulation tells households apart by: category, type, income; each defined here once.

The conditions are put into the law's own graph, so unknown facts stay unknown in them too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from jiekun.kernel import units
from jiekun.kernel.build import add_fact
from jiekun.kernel.native import Kept
from jiekun.kernel.numbers import Maker
from jiekun.kernel.program import Program

from ..sweep import Array

ELDER, ADULT = 60, 18


@dataclass(frozen=True, slots=True)
class Category:
    """Households with a measure that they are entitled to, or a fact that is recognised."""

    key: str
    label: str
    measures: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


# A household counts once, in the first that fits, by the law before the reform.
CATEGORIES = (
    Category("tekun", "特困", ("tekun",), ("tekun_recognised",)),
    Category("dibao", "低保", ("dibao",), ("dibao_recognised",)),
    Category("dibao_single", "单人户低保", ("dibao_single",)),
    Category("edge", "低保边缘", ("dibao_edge",), ("edge_recognised",)),
    Category(
        "child",
        "孤儿、事实无人抚养儿童",
        ("orphan", "unsupported_child"),
        ("orphan_recognised", "unsupported_recognised"),
    ),
    Category("disabled", "其他有残疾人的家庭", (), ("disability_cert_valid",)),
    Category("other", "其他家庭"),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """Of each household: people, of them elders and children, and what marks it; int64 and bool.

    `known` is false where a birth date that would tell is not known.
    """

    people: Array
    elders: Array
    children: Array
    disabled: Array
    single_parent: Array
    known: Array


@dataclass(frozen=True, slots=True)
class HomeType:
    """A type of household and who belongs to it."""

    key: str
    label: str
    fits: Callable[[Counts], Array]


# The first that fits; elders are 60 or more, children under 18.
TYPES = (
    HomeType("unknown", "年龄不清", lambda c: ~c.known),
    HomeType("disabled", "有残疾人", lambda c: c.disabled),
    HomeType("single_elder", "独居老人", lambda c: (c.people == 1) & (c.elders == 1)),
    HomeType("elders", "只有老人", lambda c: (c.people > 1) & (c.elders == c.people)),
    HomeType("single_parent", "单亲", lambda c: (c.children > 0) & c.single_parent),
    HomeType("children", "有孩子", lambda c: c.children > 0),
    HomeType("alone", "独居", lambda c: c.people == 1),
    HomeType("couple", "两口之家", lambda c: c.people == 2),
    HomeType("others", "其他", lambda c: c.people > 0),
)

# What comes in each month, and what of it goes out again. Exempt income is left out: it may be
# the very benefits that are added afterwards.
INCOMES = (
    "wage_income", "odd_job_income", "business_income", "property_income", "pension_income",
    "basic_pension", "transfer_income", "old_age_allowance",
)  # fmt: skip
OUTGOING = "transfer_paid"
STANDARD = "dibao_standard"


class HomeNodes:
    """The nodes of these conditions, added to a program's graph."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.maker = Maker(program.graph)
        born = self._fact("birth_date")
        years = self.maker.years(born)
        self.elders = self._count(self._at_least(years, ELDER))
        self.children = self._count(self.maker.logic("not", (self._at_least(years, ADULT),)))
        self.disabled = self._any(self._fact("disability_cert_valid"))
        self.single_parent = self._fact("single_parent")
        home = self._at_home()
        self.members = self._count(home)
        self.income = self._income(home)
        step = program.steps.get(STANDARD)
        self.standard = None if step is None else step.node
        uses = {use.measure.name: use.eligible for use in program.measures}
        self.categories = [
            [self._any(uses[name]) for name in category.measures if name in uses]
            + [self._any(self._fact(name)) for name in category.facts if name in program.facts]
            for category in CATEGORIES
        ]

    def all(self) -> tuple[int, ...]:
        """Every node, each once, to be kept by an evaluation."""
        found = [self.elders, self.children, self.disabled, self.single_parent, self.members]
        found += [self.income, *(node for nodes in self.categories for node in nodes)]
        found += [] if self.standard is None else [self.standard]
        return tuple(dict.fromkeys(found))

    def _fact(self, name: str) -> int:
        return add_fact(self.program, self.program.facts[name])

    def _any(self, node: int) -> int:
        if self.program.graph[node].entity == "person":
            return self.maker.gather("any", node)
        return node

    def _at_least(self, years: int, limit: int) -> int:
        return self.maker.compare("ge", years, self.maker.literal(Fraction(limit)))

    def _at_home(self) -> int:
        away = self._fact("away")
        choices = self.program.graph[away].choices
        return self.maker.among(away, frozenset({choices.index("home")}))

    def _count(self, condition: int) -> int:
        one, none = (self.maker.literal(Fraction(number)) for number in (1, 0))
        return self.maker.gather("sum", self.maker.pick("if", (condition, one, none)))

    def _income(self, home: int) -> int:
        own = self._fact(INCOMES[0])
        for name in INCOMES[1:]:
            own = self.maker.plus("add", own, self._fact(name))
        own = self.maker.plus("sub", own, self._fact(OUTGOING))
        none = self.maker.literal(Fraction(0))
        return self.maker.gather("sum", self.maker.pick("if", (home, own, none)))


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """What is known of each household, by position; money in fen a month, -1 where not known."""

    people: Array
    members: Array
    income: Array
    income_known: Array
    standard: Array
    category: Array
    type: Array


def home_facts(nodes: HomeNodes, sizes: Array, kept: Mapping[int, Kept]) -> HomeFacts:
    """Each household's place in every table."""
    elders, children = kept[nodes.elders], kept[nodes.children]
    counts = Counts(
        sizes.astype(np.int64),
        elders.top,
        children.top,
        _surely(kept[nodes.disabled]),
        _surely(kept[nodes.single_parent]),
        elders.known & children.known,
    )
    members, income = kept[nodes.members], kept[nodes.income]
    standard = np.full(len(sizes), -1, np.int64)
    if nodes.standard is not None:
        line = kept[nodes.standard]
        standard = np.where(line.known, (2 * line.top + line.den) // (2 * line.den), -1)
    known = members.known & income.known
    return HomeFacts(
        people=counts.people,
        members=np.where(members.known, members.top, -1),
        income=np.where(known, income.top, 0),
        income_known=known,
        standard=standard,
        category=_first(
            [np.logical_or.reduce([_surely(kept[n]) for n in own]) if own else None
             for own in nodes.categories],
            len(sizes),
        ),
        type=_first([kind.fits(counts) for kind in TYPES], len(sizes)),
    )  # fmt: skip


def _surely(kept: Kept) -> Array:
    sure: Array = kept.known & (kept.top != 0)
    return sure


def _first(fits: Iterable[Array | None], count: int) -> Array:
    """The index of the first condition that holds; the last one where none does."""
    conditions = list(fits)
    found = np.full(count, len(conditions) - 1, np.int8)
    for place, condition in reversed(list(enumerate(conditions))):
        if condition is not None:
            found[condition] = place
    return found


def is_monthly(program: Program, amount: int) -> bool:
    """Whether an amount is yuan a month."""
    return units.text(program.graph[amount].unit) == "yuan/month"
