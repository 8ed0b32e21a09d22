"""What offices found, what people were never asked, and what departments failed to deliver."""

from __future__ import annotations

import numpy as np

from jiekun.law.facts import FACTS

from .district import FEN, District
from .hardship import is_kind
from .scale import Array

# The share of those it should know whom each of these departments delivered nothing about.
SILENT = {
    "人社": 0.006,
    "税务": 0.006,
    "不动产登记": 0.006,
    "医保": 0.015,
    "教育": 0.01,
    "残联": 0.02,
}
# Decided by a person, one by one; where nobody decided, nobody knows.
UNDECIDED = ("startup_conditions_met", "vagrant_review_passed")


def recognise_pupils(district: District) -> None:
    """Schools know most pupils of recognised families, and not every other."""
    student = district.fact("school_stage") > 0
    helped = district.of_household(is_kind(district, "dibao", "edge", "low_income", "children"))
    poor = district.of_household(district.extra["hardship"] > 0)
    with district.chance("school aid") as rng:
        draw = rng.random(district.people)
    district.person["education_aid_recognised"] = student & helped & (draw < 0.72)
    district.forget("education_aid_recognised", student & poor & (draw > 0.9))


def ask_about_work(district: District) -> None:
    """Wishes are known only where somebody asked; a few take part in courses or drive."""
    jobless = district.fact("hard_to_employ")
    disabled = district.fact("disability_level") > 0
    with district.chance("wishes") as rng:
        draw = rng.random(district.people)
        paid = rng.random(district.people) < 0.4
    district.person["wants_training"] = jobless & (draw < 0.3)
    district.forget("wants_training", ~(jobless & (draw < 0.5)))
    district.person["trainings_this_year"] = (jobless & (draw < 0.12)).astype(np.int16)
    district.person["in_free_training"] = jobless & (draw < 0.03)
    district.person["in_disability_training"] = disabled & (draw > 0.99) & (district.age < 60)
    adult = disabled & (district.age >= 18) & (district.age < 65)
    district.person["licence_with_cert"] = adult & (draw > 0.96) & (draw < 0.975)
    district.person["licence_grant_paid"] = district.person["licence_with_cert"] & paid
    district.person["startup_grant_paid"] = disabled & district.fact("self_employed") & paid
    district.person["group_insured"] = disabled & (draw < 0.05)
    for fact in UNDECIDED:
        district.forget(fact, slice(None))


def taper(district: District) -> None:
    """Families whose wages rose count the months since; some of the ill were helped by charity."""
    grown = is_kind(district, "dibao_outgrown")
    with district.chance("months over") as rng:
        months = rng.integers(1, 9, district.households)
        helped = rng.random(district.people) < 0.1
    works = district.any(district.fact("employed"))
    district.home["months_over_standard"] = np.where(grown & works, months, 0).astype(np.int16)
    ill = district.fact("serious_illness") & (district.fact("medical_self_paid") > 8_000 * FEN)
    district.person["charity_paid"] = np.where(ill & helped, 1_200 * FEN, 0).astype(np.int64)


def fall_silent(district: District) -> None:
    """Leave out what a department did not deliver for some of those it should know."""
    asked = district.of_household(is_kind(district, "dibao", "dibao_outgrown", "tekun", "edge"))
    # Lists of pupils and of certificates are whole: who is not on them has none.
    listed = {
        "教育": district.fact("school_stage") > 0,
        "残联": district.fact("disability_level") > 0,
    }
    for department, share in SILENT.items():
        should_know = listed.get(department, district.age >= 18)
        with district.chance(f"silence of {department}") as rng:
            silent = (rng.random(district.people) < share) & should_know & ~asked
        for fact in FACTS.of("person"):
            if fact.answered_by == department and fact.judged_by is None:
                district.forget(fact.name, silent)


def complete(district: District) -> None:
    """Give every declared fact a column; what nothing was drawn for is no, none or nothing."""
    district.person["birth_date"] = district.birth
    district.person["sex"] = district.sex
    for name in FACTS:
        district.fact(name)


def known(district: District, name: str) -> Array:
    """Where a fact is known."""
    gap = district.unknown.get(name)
    return np.ones(len(district.fact(name)), bool) if gap is None else ~gap
