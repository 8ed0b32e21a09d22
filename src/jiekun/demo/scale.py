"""How large the synthetic district is, from which day and which seed, and what it is fitted to."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

SEED = 420106
# The demo lives on one fixed day, so that it is the same whenever it is built.
DEMO_TODAY = date(2024, 11, 1)
LAST_RUN = date(2024, 10, 1)
EPOCH = date(1970, 1, 1)
TODAY_DAYS = (DEMO_TODAY - EPOCH).days

# Year lengths matter only for drawing ages; every rule reads the birth date itself.
YEAR = 365.2425

PEOPLE = 1_092_750
HOUSEHOLD_SIZE = 2.47
HOUSEHOLDS = round(PEOPLE / HOUSEHOLD_SIZE)
AGED_0_14 = 0.1305
AGED_60 = 0.1723
AGED_65 = 0.1181
AGED_80 = 39_161 / PEOPLE
# Yuan a person a year.
DISPOSABLE_INCOME = 61_693

Array = npt.NDArray[Any]


class ScaleError(ValueError):
    """The scale asked for is not one the demo can be built at."""


@dataclass(frozen=True)
class Scale:
    """One synthetic person stands for this many residents."""

    divisor: Fraction

    @classmethod
    def parse(cls, text: str) -> Scale:
        """Read `1:50`. Anything from 1:1 to 1:100 will do."""
        found = re.fullmatch(r"\s*1\s*[:/]\s*(\d+(?:\.\d+)?)\s*", text)
        divisor = Fraction(found[1]) if found else Fraction(0)
        if not 1 <= divisor <= 100:
            raise ScaleError(f"比例 {text!r} 不行：请写 1:1 到 1:100 之间的比例，例如 1:50")
        return cls(divisor)

    def of(self, number: float) -> int:
        """A number of the whole district, at this scale; what exists does not vanish."""
        scaled = round(Fraction(number) / self.divisor)
        return max(1, scaled) if number > 0 else 0

    def stream(self, name: str) -> np.random.Generator:
        """An independent source of chance for one part of the work."""
        words = [SEED, self.divisor.numerator, self.divisor.denominator, zlib.crc32(name.encode())]
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))

    def __str__(self) -> str:
        return f"1:{float(self.divisor):g}"


def spread(rng: np.random.Generator, count: int) -> Array:
    """Chances evenly spread over 0..1 in random order: small samples keep large ones' shares."""
    return (rng.permutation(count) + rng.random(count)) / max(count, 1)


def piecewise(chance: Array, edges: list[float], shares: list[float]) -> Array:
    """Values whose shares between the edges are as given."""
    cumulative = np.concatenate([[0.0], np.cumsum(shares)]) / sum(shares)
    return np.asarray(np.interp(chance, cumulative, edges))


def apportion(total: int, shares: Array) -> Array:
    """Whole numbers that add up to the total, as near to the shares as can be."""
    exact = total * np.asarray(shares, float) / np.sum(shares)
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return np.asarray(whole)


def choose(rng: np.random.Generator, weight: Array, count: int) -> Array:
    """Indices of `count` different things, likelier where the weight is greater; sorted."""
    possible = np.flatnonzero(weight > 0)
    count = min(count, len(possible))
    if count == 0:
        return possible[:0]
    # The least of exponential waiting times: weighted drawing without putting back.
    wait = rng.exponential(size=len(possible)) / weight[possible]
    chosen: Array = np.sort(possible[np.argpartition(wait, count - 1)[:count]])
    return chosen
