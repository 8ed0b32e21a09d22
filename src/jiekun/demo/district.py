"""The synthetic district while it is being made: arrays of people and of households."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from jiekun.law.facts import FACTS

from .families import PATTERN, PATTERNS, family_counts
from .places import Community, household_communities
from .scale import TODAY_DAYS, YEAR, Array, Scale

_DTYPES = {"money": np.int64, "int": np.int16, "choice": np.int16, "date": np.int32, "bool": bool}
RELATIONS = ("02", "10", "20", "30", "40", "50", "60", "70", "97", "99")
HEAD, SPOUSE, SON, DAUGHTER, GRANDCHILD, PARENT = range(6)
OTHER = RELATIONS.index("99")
FEN = 100
# A mask, indices, or everybody.
Where = Array | list[int] | slice
# The family everybody is shown lives in the community the demo's community worker looks after.
STORY_COMMUNITY, STORY_PATTERN = "420106008002", "three_generations_two"


@dataclass
class District:
    """People stand in household order; a household's people are `start[h]` to `start[h + 1]`."""

    scale: Scale
    communities: list[Community]
    pattern: Array
    community: Array
    start: Array
    household: Array  # of each person
    relation: Array
    birth: Array  # days since 1970
    sex: Array
    person: dict[str, Array] = field(default_factory=dict)
    home: dict[str, Array] = field(default_factory=dict)
    # Where a fact is not known; a fact that is not named here is known of everybody.
    unknown: dict[str, Array] = field(default_factory=dict)
    # What is no fact of the law: surnames, kinds of hardship, text.
    extra: dict[str, Array] = field(default_factory=dict)

    @property
    def people(self) -> int:
        return len(self.household)

    @property
    def households(self) -> int:
        return len(self.pattern)

    @property
    def size(self) -> Array:
        return np.diff(self.start)

    @property
    def age(self) -> Array:
        """Completed years on the demo's day."""
        return ((TODAY_DAYS - self.birth) / YEAR).astype(np.int16)

    def fact(self, name: str) -> Array:
        """The column of a fact, made with zeros (no, none, nothing) when first asked for."""
        book = FACTS[name]
        columns, count = (
            (self.person, self.people) if book.entity == "person" else (self.home, self.households)
        )
        if name not in columns:
            columns[name] = np.zeros(count, _DTYPES[book.kind])
        return columns[name]

    def forget(self, name: str, where: Where) -> None:
        """Mark a fact as not known (a mask, or indices)."""
        if name not in self.unknown:
            self.unknown[name] = np.zeros(len(self.fact(name)), bool)
        self.unknown[name][where] = True

    def learn(self, name: str, where: Where) -> None:
        """Mark a fact as known after all."""
        if name in self.unknown:
            self.unknown[name][where] = False

    def code(self, name: str, choice: str) -> int:
        """The code of a choice of a fact."""
        return FACTS[name].code_of(choice)

    def total(self, values: Array) -> Array:
        """Sums over the people of each household."""
        return np.add.reduceat(values.astype(np.int64), self.start[:-1])

    def any(self, condition: Array) -> Array:
        """Whether somebody in each household meets the condition."""
        return self.total(condition) > 0

    def of_household(self, values: Array) -> Array:
        """A household's value, for each of its people."""
        return values[self.household]

    def has_pattern(self, *names: str) -> Array:
        """Which households are of these patterns."""
        return np.isin(self.pattern, [PATTERN[name] for name in names])

    @property
    def story(self) -> int:
        """The household of the family everybody is shown."""
        place = [place.code for place in self.communities].index(STORY_COMMUNITY)
        return int(np.argmax(self.has_pattern(STORY_PATTERN) & (self.community == place)))

    def members(self, household: int) -> Array:
        """The people of one household, as indices."""
        return np.arange(self.start[household], self.start[household + 1])

    @contextmanager
    def chance(self, name: str) -> Iterator[np.random.Generator]:
        """A stream of chance of its own for one part of the work."""
        yield self.scale.stream(name)


def settle(scale: Scale) -> District:
    """Draw the families, give each a home, and stand everybody in household order."""
    counts = family_counts(scale)
    sizes = np.array([pattern.size for pattern in PATTERNS])
    pattern = np.repeat(np.arange(len(PATTERNS)), counts)
    communities, community = household_communities(scale, pattern)
    _seat_story(communities, pattern, community)
    # The order in which households are listed says nothing about them.
    order = np.lexsort((scale.stream("order").random(len(pattern)), community))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    start = np.concatenate([[0], np.cumsum(sizes[pattern[order]])])
    district = District(
        scale=scale,
        communities=communities,
        pattern=pattern[order].astype(np.int8),
        community=community[order].astype(np.int16),
        start=start,
        household=np.repeat(np.arange(len(order)), sizes[pattern[order]]).astype(np.int32),
        relation=np.zeros(start[-1], np.int8),
        birth=np.zeros(start[-1], np.int32),
        sex=np.zeros(start[-1], np.int16),
    )
    _move_in(district, counts, place)
    return district


def _seat_story(communities: list[Community], pattern: Array, community: Array) -> None:
    """Let a family of the story's pattern change places with one in the story's community."""
    wanted = [place.code for place in communities].index(STORY_COMMUNITY)
    family = int(np.argmax(pattern == PATTERN[STORY_PATTERN]))
    other = int(np.argmax(community == wanted))
    community[[family, other]] = community[[other, family]]


def _move_in(district: District, counts: Array, place: Array) -> None:
    """Draw each pattern's members and put them where their households stand."""
    first = 0
    for pattern, count in zip(PATTERNS, counts, strict=True):
        homes = place[first : first + count]
        first += count
        rng = district.scale.stream(f"family {pattern.name}")
        for slot, member in enumerate(pattern.draw(rng, int(count))):
            where = district.start[homes] + slot
            district.birth[where] = TODAY_DAYS - np.ceil(member.age * YEAR).astype(np.int32)
            district.sex[where] = member.sex
            district.relation[where] = (
                np.where(member.sex == 0, SON, DAUGHTER)
                if member.relation == "child"
                else RELATIONS.index(member.relation)
            )
