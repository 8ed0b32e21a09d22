"""Who lives with whom: family patterns, and how many of each make the published age structure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .scale import (
    AGED_0_14,
    AGED_60,
    AGED_65,
    AGED_80,
    HOUSEHOLD_SIZE,
    HOUSEHOLDS,
    PEOPLE,
    Array,
    Scale,
    apportion,
    piecewise,
    spread,
)

MALE, FEMALE = 0, 1


class Member(NamedTuple):
    """One place in a family, for many families at once."""

    relation: str  # to the head, GB/T 4761
    age: Array  # exact, in years
    sex: Array


Draw = Callable[[np.random.Generator, int], list[Member]]


@dataclass(frozen=True)
class Pattern:
    """A kind of family: how common at first guess, how many people, who they are."""

    name: str
    share: float
    size: int
    draw: Draw


def _men(count: int) -> Array:
    return np.full(count, MALE, np.int16)


def _women(count: int) -> Array:
    return np.full(count, FEMALE, np.int16)


def _either(rng: np.random.Generator, count: int, women: float = 0.49) -> Array:
    return (spread(rng, count) < women).astype(np.int16)


def _elder_age(rng: np.random.Generator, count: int) -> Array:
    return piecewise(
        spread(rng, count), [60, 65, 70, 75, 80, 85, 90, 101], [25, 19, 15, 13, 14, 10, 4]
    )


def _mother(rng: np.random.Generator, child: Array) -> Array:
    """A mother's age, from her child's."""
    at_birth = piecewise(spread(rng, len(child)), [20, 24, 28, 32, 38, 43], [14, 38, 30, 15, 3])
    return np.asarray(child + at_birth)


def _within(age: Array, low: float, high: float) -> Array:
    """Ages folded back into a range: clipping would give everybody the same birthday."""
    folded = high - np.abs(high - age)
    return np.asarray(low + np.abs(low - folded))


def _husband(rng: np.random.Generator, wife: Array) -> Array:
    return _within(wife + rng.normal(1.9, 2.3, len(wife)).clip(-4, 9), 22, 100)


def _parent_of(rng: np.random.Generator, person: Array) -> Array:
    return np.asarray(person + rng.normal(26, 3.4, len(person)).clip(19, 38))


def _child(rng: np.random.Generator, age: Array) -> Member:
    sex = _either(rng, len(age), 0.47)
    # The relation is the son's; daughters' is set where relations become codes.
    return Member("child", age, sex)


def student(rng: np.random.Generator, n: int) -> list[Member]:
    age = piecewise(spread(rng, n), [18.2, 22, 25, 27], [70, 22, 8])
    return [Member("02", age, _either(rng, n, 0.5))]


def single(rng: np.random.Generator, n: int) -> list[Member]:
    age = piecewise(spread(rng, n), [22, 30, 40, 50, 59.9], [42, 30, 14, 14])
    return [Member("02", age, _either(rng, n, 0.44))]


def elder(rng: np.random.Generator, n: int) -> list[Member]:
    return [Member("02", _elder_age(rng, n), _either(rng, n, 0.62))]


def couple(rng: np.random.Generator, n: int) -> list[Member]:
    wife = piecewise(spread(rng, n), [23, 30, 40, 50, 57], [30, 25, 22, 23])
    return [
        Member("02", _within(_husband(rng, wife), 22, 59.9), _men(n)),
        Member("10", wife, _women(n)),
    ]


def elder_couple(rng: np.random.Generator, n: int) -> list[Member]:
    husband = _within(_elder_age(rng, n), 60, 98)
    wife = _within(husband - rng.normal(2, 2.6, n).clip(-4, 10), 56, 98)
    return [Member("02", husband, _men(n)), Member("10", wife, _women(n))]


def _parents(rng: np.random.Generator, child: Array) -> list[Member]:
    mother = _mother(rng, child)
    count = len(child)
    return [Member("02", _husband(rng, mother), _men(count)), Member("10", mother, _women(count))]


def couple_child(rng: np.random.Generator, n: int) -> list[Member]:
    child = piecewise(spread(rng, n), [0, 6, 12, 15, 18], [34, 36, 16, 14])
    return [*_parents(rng, child), _child(rng, child)]


def _two_children(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    first = piecewise(spread(rng, n), [3, 8, 12, 15, 18], [30, 34, 20, 16])
    gap = piecewise(spread(rng, n), [1.2, 3, 6, 9], [40, 45, 15])
    return first, _within(first - gap, 0.05, 18)


def couple_two(rng: np.random.Generator, n: int) -> list[Member]:
    first, second = _two_children(rng, n)
    return [*_parents(rng, first), _child(rng, first), _child(rng, second)]


def couple_grown(rng: np.random.Generator, n: int) -> list[Member]:
    child = piecewise(spread(rng, n), [18, 22, 26, 32], [42, 36, 22])
    return [*_parents(rng, child), _child(rng, child)]


def couple_grown_two(rng: np.random.Generator, n: int) -> list[Member]:
    family = couple_grown(rng, n)
    older = family[2].age
    gap = piecewise(spread(rng, n), [1.2, 3, 6], [60, 40])
    return [*family, _child(rng, _within(older - gap, 16, 32))]


def three_generations_grown(rng: np.random.Generator, n: int) -> list[Member]:
    family = couple_grown(rng, n)
    return [*family, Member("50", _within(_parent_of(rng, family[0].age), 55, 99), _women(n))]


def flatmates(rng: np.random.Generator, n: int) -> list[Member]:
    ages = [piecewise(spread(rng, n), [22, 26, 32, 45], [50, 35, 15]) for _ in range(3)]
    # One signed the lease; the others are no family of theirs.
    return [
        Member("02" if place == 0 else "99", age, _either(rng, n, 0.46))
        for place, age in enumerate(ages)
    ]


def three_generations(rng: np.random.Generator, n: int) -> list[Member]:
    family = couple_child(rng, n)
    return [*family, Member("50", _parent_of(rng, family[0].age), _women(n))]


def three_generations_full(rng: np.random.Generator, n: int) -> list[Member]:
    family = couple_child(rng, n)
    grandmother = _parent_of(rng, family[0].age)
    grandfather = _husband(rng, grandmother)
    old = [Member("50", grandfather, _men(n)), Member("50", grandmother, _women(n))]
    return [*family, *old]


def three_generations_two(rng: np.random.Generator, n: int) -> list[Member]:
    family = couple_two(rng, n)
    return [*family, Member("50", _parent_of(rng, family[0].age), _women(n))]


def lone_parent(rng: np.random.Generator, n: int) -> list[Member]:
    child = piecewise(spread(rng, n), [1, 6, 12, 18], [22, 38, 40])
    return [Member("02", _mother(rng, child), _either(rng, n, 0.8)), _child(rng, child)]


def lone_parent_two(rng: np.random.Generator, n: int) -> list[Member]:
    first, second = _two_children(rng, n)
    parent = Member("02", _mother(rng, first), _either(rng, n, 0.85))
    return [parent, _child(rng, first), _child(rng, second)]


def grandparent_child(rng: np.random.Generator, n: int) -> list[Member]:
    child = piecewise(spread(rng, n), [1, 6, 12, 18], [25, 40, 35])
    grandmother = child + rng.normal(53, 4, n).clip(42, 68)
    return [Member("02", grandmother, _women(n)), Member("40", child, _either(rng, n, 0.47))]


def elder_child(rng: np.random.Generator, n: int) -> list[Member]:
    child = piecewise(spread(rng, n), [30, 40, 50, 59.9], [25, 35, 40])
    return [Member("02", _parent_of(rng, child), _either(rng, n, 0.7)), _child(rng, child)]


def elder_couple_child(rng: np.random.Generator, n: int) -> list[Member]:
    child = piecewise(spread(rng, n), [28, 36, 46], [60, 40])
    mother = _parent_of(rng, child)
    father = Member("02", _husband(rng, mother), _men(n))
    return [father, Member("10", mother, _women(n)), _child(rng, child)]


PATTERNS = (
    Pattern("student", 0.025, 1, student),
    Pattern("single", 0.12, 1, single),
    Pattern("elder", 0.075, 1, elder),
    Pattern("couple", 0.145, 2, couple),
    Pattern("elder_couple", 0.105, 2, elder_couple),
    Pattern("couple_child", 0.2, 3, couple_child),
    Pattern("couple_two", 0.035, 4, couple_two),
    Pattern("couple_grown", 0.14, 3, couple_grown),
    Pattern("couple_grown_two", 0.035, 4, couple_grown_two),
    Pattern("three_generations_grown", 0.035, 4, three_generations_grown),
    Pattern("flatmates", 0.03, 3, flatmates),
    Pattern("three_generations", 0.03, 4, three_generations),
    Pattern("three_generations_full", 0.02, 5, three_generations_full),
    Pattern("three_generations_two", 0.008, 5, three_generations_two),
    Pattern("lone_parent", 0.022, 2, lone_parent),
    Pattern("lone_parent_two", 0.004, 3, lone_parent_two),
    Pattern("grandparent_child", 0.006, 2, grandparent_child),
    Pattern("elder_child", 0.03, 2, elder_child),
    Pattern("elder_couple_child", 0.012, 3, elder_couple_child),
)
PATTERN = {pattern.name: code for code, pattern in enumerate(PATTERNS)}


def _makeup(pattern: Pattern) -> list[float]:
    """What one family of a pattern adds, on average, to each published number."""
    rng = np.random.Generator(np.random.PCG64(1))
    count = 4000
    ages = np.concatenate([member.age for member in pattern.draw(rng, count)])
    counts = [(ages < 15).sum(), (ages >= 60).sum(), (ages >= 65).sum(), (ages >= 80).sum()]
    return [1.0, float(pattern.size), *(float(n) / count for n in counts)]


def calibrated_shares() -> Array:
    """The shares nearest to the first guess that meet every published number."""
    guess = np.array([pattern.share for pattern in PATTERNS])
    adds = np.array([_makeup(pattern) for pattern in PATTERNS]).T
    aged = [AGED_0_14, AGED_60, AGED_65, AGED_80]
    wanted = np.array([1.0, HOUSEHOLD_SIZE, *(share * HOUSEHOLD_SIZE for share in aged)])
    # Least squares weighted by the guess: common kinds of family give way more than rare ones.
    weighted = adds * guess
    step = np.linalg.solve(weighted @ adds.T, wanted - adds @ guess)
    shares = guess + weighted.T @ step
    if (shares <= 0).any():
        raise ArithmeticError("the family patterns cannot meet the published numbers")
    return np.asarray(shares)


def family_counts(scale: Scale) -> Array:
    """How many families of each pattern: whole numbers with exactly the right totals."""
    counts = apportion(scale.of(HOUSEHOLDS), calibrated_shares())
    sizes = np.array([pattern.size for pattern in PATTERNS])
    # Rounding may be a few people off; singles marry or couples part until it is not.
    surplus = int(counts @ sizes) - scale.of(PEOPLE)
    counts[PATTERN["couple"]] -= surplus
    counts[PATTERN["single"]] += surplus
    return counts
