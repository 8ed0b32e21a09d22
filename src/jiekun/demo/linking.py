"""How well double entries are found: a district with planted mistakes, held against its truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from jiekun.screening import linkage

from . import identity
from .district import District
from .doubles import KINDS, TRAPS, Extra, Planted, plant
from .make import Progress, make
from .scale import Scale


def placed(district: District, planted: Planted) -> list[tuple[Extra, int]]:
    """Each extra row with the number of the household it stands in; new ones come last."""
    found, last = [], district.households
    for made in planted.extras:
        if made.household is None:
            last += 1
        found.append((made, last if made.household is None else made.household + 1))
    return found


def addresses(district: District, planted: Planted) -> tuple[list[str], list[str]]:
    """The address and telephone of every extra row's household."""
    texts = identity.home_texts(district)
    told, phones = [], []
    for nth, made in enumerate(planted.extras):
        home = int(district.household[made.of])
        if made.household is not None or made.address == "same":
            told.append(texts["address"][home].as_py())
            phones.append(texts["phone"][home].as_py())
        else:
            road = texts["address"][home].as_py().partition("2")[0]
            # Beyond every number the demo gives out.
            told.append(f"{road}{20_001 + nth}号")
            phones.append(made.phone)
    return told, phones


def people_table(district: District, planted: Planted) -> pa.Table:
    """Everybody as the registry would say them, as `linkage.COLUMNS`."""
    everybody = slice(0, district.people)
    texts, names = identity.home_texts(district), identity.names(district, everybody)
    homes = pa.array(district.household)
    codes = pa.array([place.code for place in district.communities])
    unproven = np.zeros(district.people, bool)
    unproven[sorted(planted.unproven)] = True
    # In memory a number stands for itself: what a digest would tell is only that two are equal.
    number = pa.array([f"n{i}" for i in range(district.people)])
    own = {
        "unique_id": pa.array(np.arange(1, district.people + 1)),
        "name": names["name"],
        "pinyin": names["pinyin"],
        "former": pa.array([[]] * district.people, pa.list_(pa.string())),
        "sex": pa.array(["male", "female"]).take(pa.array(district.sex)),
        "birth_date": pa.array(district.birth).cast(pa.date32()),
        "number": pa.array(np.where(unproven, "", number.to_numpy(zero_copy_only=False))),
        "household": pa.array(district.household.astype(np.int64) + 1),
        "community": codes.take(pa.array(district.community)).take(homes),
        "address": texts["address"].take(homes),
        "phone": texts["phone"].take(homes),
        "proven": pa.array(~unproven),
    }
    table = pa.table(own).cast(linkage.COLUMNS)
    return pa.concat_tables([table, _extra_table(district, planted)])


def _extra_table(district: District, planted: Planted) -> pa.Table:
    told, phones = addresses(district, planted)
    rows = []
    for nth, (made, home) in enumerate(placed(district, planted)):
        place = district.communities[made.community]
        rows.append(
            {
                "unique_id": district.people + nth + 1,
                "name": made.name,
                "pinyin": "".join(identity.sound(letter) for letter in made.name),
                "former": [],
                "sex": ("male", "female")[made.sex],
                "birth_date": np.datetime64(made.birth, "D").astype(object),
                "number": f"n{made.of}" if made.old_number else "",
                "household": home,
                "community": place.code,
                "address": told[nth],
                "phone": phones[nth],
                "proven": False,
            }
        )
    return pa.Table.from_pylist(rows, linkage.COLUMNS)


class Score(NamedTuple):
    """How one kind fared: planted, found, and told apart rightly."""

    kind: str
    planted: int
    found: int


@dataclass(frozen=True)
class Measured:
    """What a run found, against the truth."""

    people: int
    pairs: int
    doubles: tuple[Score, ...]
    # Of traps: how many were wrongly shown as one.
    traps: tuple[Score, ...]
    right: int
    strangers: int

    @property
    def precision(self) -> float:
        return self.right / max(self.pairs, 1)

    @property
    def recall(self) -> float:
        return self.right / max(sum(score.planted for score in self.doubles), 1)


def measure(scale: str, seed: int, threshold: float, progress: Progress) -> Measured:
    """Make a district, plant the mistakes of a seed, find them, and count."""
    district, planted = _planted(scale, seed, progress)
    found = linkage.find(people_table(district, planted), threshold=threshold)
    return score(district, planted, [(pair.one, pair.other) for pair in found])


def _planted(scale: str, seed: int, progress: Progress) -> tuple[District, Planted]:
    district = make(Scale.parse(scale), progress)
    return district, plant(district, seed)


def score(district: District, planted: Planted, found: list[tuple[int, int]]) -> Measured:
    """The pairs found, held against who was planted as what."""
    pairs = set(found)
    truth = {
        (made.of + 1, district.people + nth + 1): made for nth, made in enumerate(planted.extras)
    }
    hits = [made for pair, made in truth.items() if pair in pairs]

    def of(kinds: dict[str, str]) -> tuple[Score, ...]:
        count: Callable[[list[Extra], str], int] = lambda rows, kind: sum(  # noqa: E731
            row.kind == kind for row in rows
        )
        return tuple(
            Score(words, count(planted.extras, kind), count(hits, kind))
            for kind, words in kinds.items()
        )

    doubles = of({kind: words for kind, (words, _) in KINDS.items()})
    right = sum(made.same for made in hits)
    return Measured(
        district.people + len(planted.extras), len(pairs), doubles, of(TRAPS),
        right, len(pairs) - len(hits),
    )  # fmt: skip


def learn(
    scale: str, seed: int, progress: Progress
) -> tuple[dict[str, dict[str, list[float]]], float]:
    """What levels are worth, from a district with the mistakes of a seed; its truth is not read."""
    district, planted = _planted(scale, seed, progress)
    return linkage.learn(people_table(district, planted), seed=seed)
