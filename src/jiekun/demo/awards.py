"""What families were recognised as and what they are getting when the demo begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .district import FEN, District
from .hardship import CHILD_STANDARD, DIBAO_STANDARD, TEKUN_STANDARD, is_kind
from .scale import DEMO_TODAY, EPOCH, Array

EARLIEST = -5 * 365
NOBODY = -1


@dataclass(frozen=True)
class Awards:
    """Rows of recognitions or receipts, column by column."""

    household: Array
    person: Array  # NOBODY where it goes to the household
    what: Array
    since: Array
    amount: Array  # fen a month; 0 for recognitions and for sums only a department knows

    def __len__(self) -> int:
        return len(self.household)


def _since(district: District, count: int, name: str) -> Array:
    """First days of months in the last five years, none after the last spring."""
    with district.chance(f"since {name}") as rng:
        days = (DEMO_TODAY - EPOCH).days + rng.integers(EARLIEST, -200, count)
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int32)


def _rows(district: District, name: str, homes: Array, people: Array, amount: Array) -> Awards:
    count = len(homes)
    return Awards(homes, people, np.full(count, name), _since(district, count, name), amount)


def _joined(parts: list[Awards]) -> Awards:
    columns = ("household", "person", "what", "since", "amount")
    return Awards(
        *(np.concatenate([getattr(part, column) for part in parts]) for column in columns)
    )


def _recognised(district: District) -> list[tuple[str, Array, Array]]:
    """Each category with its households and, where it is a person's, the people."""
    found = []
    for category, fact in (
        ("dibao", "dibao_recognised"),
        ("dibao_edge", "edge_recognised"),
        ("low_income", "low_income_recognised"),
    ):
        homes = np.flatnonzero(district.fact(fact))
        found.append((category, homes, np.full(len(homes), NOBODY)))
    for category, fact in (
        ("tekun", "tekun_recognised"),
        ("orphan", "orphan_recognised"),
        ("unsupported_child", "unsupported_recognised"),
    ):
        people = np.flatnonzero(district.fact(fact))
        found.append((category, district.household[people].astype(np.int64), people))
    return found


def recognitions(district: District) -> Awards:
    """Everything offices have recognised."""
    return _joined(
        [
            _rows(district, category, homes, people, np.zeros(len(homes), np.int64))
            for category, homes, people in _recognised(district)
        ]
    )


def receipts(district: District) -> Awards:
    """Everything people get: what is paid each month, and what departments mostly see to."""
    return _joined([*_paid(district), *_seen_to(district)])


# Of a hundred who may have it, how many do: estimates, so that what is not reached stands out.
REACHED = {
    "medical_aid": 92,
    "premium_aid": 92,
    "disability_care": 90,
    "disability_living": 88,
    "education_aid": 85,
    "child_rehab_training": 75,
    "child_rehab_family": 75,
    "family_planning_support": 93,
    "family_planning_first": 93,
    "family_planning_solace": 93,
    "family_planning_festival": 93,
}


def _seen_to(district: District) -> list[Awards]:
    """Help that departments give without a decision of ours; its sums are theirs to know."""
    parts = []
    for measure, people, homes in _may_have(district):
        with district.chance(f"reached {measure}") as rng:
            has = rng.integers(0, 100, len(homes)) < REACHED[measure]
        nothing = np.zeros(int(has.sum()), np.int64)
        parts.append(_rows(district, measure, homes[has], people[has], nothing))
    return parts


def _may_have(district: District) -> list[tuple[str, Array, Array]]:
    """(measure, people or NOBODY, households) of those whom departments look after."""
    home = district.household
    poor = district.fact("dibao_recognised")[home].astype(bool)
    near = district.fact("edge_recognised")[home] | district.fact("low_income_recognised")[home]
    kept = district.fact("tekun_recognised") | district.fact("orphan_recognised")
    kept = (kept | district.fact("unsupported_recognised")).astype(bool)
    here = district.fact("hukou") == district.code("hukou", "district")
    certified = district.fact("disability_cert_valid").astype(bool) & here
    level, age = district.fact("disability_level"), district.age
    groups = {
        "medical_aid": poor | near.astype(bool) | kept,
        "premium_aid": poor | near.astype(bool) | kept,
        "disability_care": certified & (level >= 1) & (level <= 2),
        "disability_living": certified & poor,
        "education_aid": poor & (district.fact("school_stage") > 0),
        "child_rehab_training": certified & (age < 15),
        "child_rehab_family": certified & (age < 7),
    }
    found = []
    for measure, group in groups.items():
        people = np.flatnonzero(group)
        found.append((measure, people, home[people].astype(np.int64)))
    special = district.fact("family_planning_special").astype(bool)
    for measure in REACHED:
        if measure.startswith("family_planning"):
            solace = measure == "family_planning_solace"
            homes = np.flatnonzero(
                special & (district.fact("bereaved_family") if solace else special)
            )
            found.append((measure, np.full(len(homes), NOBODY), homes))
    return found


def _paid(district: District) -> list[Awards]:
    """Everything paid out each month, at the amounts last decided."""
    parts = []
    for category, homes, people in _recognised(district):
        if category == "dibao":
            parts.append(_rows(district, category, homes, people, _dibao_amount(district, homes)))
        elif category in {"tekun", "orphan", "unsupported_child"}:
            standard = TEKUN_STANDARD if category == "tekun" else CHILD_STANDARD
            amount = np.full(len(homes), standard * FEN)
            parts.append(_rows(district, category, homes, people, amount))
    return parts


def _dibao_amount(district: District, homes: Array) -> Array:
    """The line less the income; families that have outgrown it still get what they got before."""
    deducted = district.total(district.fact("rigid_deduction"))[homes]
    income = np.maximum(district.extra["poor_income"][homes] - deducted, 0)
    line = DIBAO_STANDARD * FEN * district.size[homes]
    before = np.where(is_kind(district, "dibao_outgrown")[homes], line // 2, line - income)
    return np.maximum(before, 0).astype(np.int64)


def add_relief(district: District) -> None:
    """Relief is part of the district's disposable income; note it before wages are fitted."""
    district.extra["relief_fen"] = _joined(_paid(district)).amount
