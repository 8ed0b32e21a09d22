"""The family everybody is shown: its breadwinner dies in October, a week after the last run."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from .district import FEN, District
from .families import FEMALE, MALE
from .gaps import UNDECIDED
from .health import ADL
from .identity import SURNAMES, given_index
from .scale import EPOCH

DIED_ON = date(2024, 10, 8)
# Since when the family counts as edge: a little above the dibao line.
RECOGNISED_ON = date(2023, 9, 1)


class Role(NamedTuple):
    """One of the family, as the registry knows them before the death."""

    name: str
    birth: date
    sex: int
    facts: dict[str, int | str | bool]  # money in yuan


FATHER, MOTHER, DAUGHTER, SON, GRANDMOTHER = range(5)
ROLES = (
    Role(
        "陈志强",
        date(1978, 3, 12),
        MALE,
        {"employed": True, "wage_income": 6_400, "work_cost": 200},
    ),
    Role("李丽萍", date(1980, 6, 5), FEMALE, {"hard_to_employ": True}),
    Role(
        "陈雨桐",
        date(2008, 5, 20),
        FEMALE,
        {
            "school_stage": "senior",
            "full_time_student": True,
            "education_aid_recognised": True,
            "school_tuition": 1_700,
            "school_book_fee": 620,
        },
    ),
    Role(
        "陈浩然",
        date(2015, 4, 16),
        MALE,
        {
            "school_stage": "primary",
            "full_time_student": True,
            "education_aid_recognised": True,
            "disability_class": "limb",
            "disability_level": 3,
            "disability_cert_valid": True,
            "disability_cert_local": True,
        },
    ),
    Role(
        "周桂英", date(1946, 2, 9), FEMALE, {"odd_job_income": 600, "no_spouse_or_children": False}
    ),
)
MONEY = (
    "wage_income",
    "work_cost",
    "odd_job_income",
    "business_income",
    "property_income",
    "pension_income",
    "basic_pension",
    "transfer_income",
    "exempt_income",
    "old_age_allowance",
    "transfer_paid",
    "rigid_expense",
    "rigid_deduction",
    "kindergarten_fee",
    "school_tuition",
    "school_book_fee",
    "medical_self_paid",
    "charity_paid",
)
# Nothing of the kind is true of anybody in this family unless their role says so.
NO = (
    "employed",
    "self_employed",
    "hard_to_employ",
    "receives_pension",
    "full_time_student",
    "education_aid_recognised",
    "disability_cert_valid",
    "disability_cert_local",
    "disability_has_mental",
    "serious_illness",
    "low_mobility",
    "guards_patient",
    "in_free_training",
    "in_disability_training",
    "meal_card",
    "home_service_confirmed",
    "no_spouse_or_children",
    "licence_with_cert",
    "group_insured",
    "residence_permit_valid",
)
NOTHING = (
    "hukou",
    "school_stage",
    "disability_class",
    "disability_level",
    "danger_level",
    "trainings_this_year",
    "home_service_hours",
)
OPEN = ("wants_training", "guardian_award_approved", *UNDECIDED)


def plant(district: District) -> None:
    """Make the family who they are, after everybody has been named."""
    for who, person in zip(ROLES, district.members(district.story), strict=True):
        district.birth[person] = (who.birth - EPOCH).days
        district.sex[person] = who.sex
        district.extra["surname"][person] = SURNAMES.index(who.name[0])
        district.extra["given1"][person] = given_index(who.name[1])
        district.extra["given2"][person] = given_index(who.name[2])
    son, daughter = district.members(district.story)[[SON, DAUGHTER]]
    district.relation[[daughter, son]] = [3, 2]


def tell(district: District) -> None:
    """Set everything known of the family, whatever chance had drawn for it."""
    people = district.members(district.story)
    for fact in (*MONEY, *NO, *NOTHING):
        district.fact(fact)[people] = 0
    for fact in list(district.unknown):
        if len(district.unknown[fact]) == district.people and not fact.startswith(
            ("father_", "mother_")
        ):
            district.unknown[fact][people] = fact in OPEN
    for person, role in zip(people, ROLES, strict=True):
        for fact, value in role.facts.items():
            column = district.fact(fact)
            column[person] = (
                district.code(fact, value)
                if isinstance(value, str)
                else value * FEN
                if fact in MONEY
                else value
            )
    # Nobody has yet looked at what the grandmother can do for herself.
    for fact in ADL:
        district.fact(fact)[people] = True
        district.forget(fact, people[[GRANDMOTHER]])
    district.fact("obligors_able")[people] = 2
    lived = np.array([540, 252, 197, 114, 640], np.int16)
    district.fact("months_lived_here")[people] = lived
    for fact in ("assets_within_limit", "edge_assets_within_limit"):
        district.fact(fact)[district.story] = True
        district.learn(fact, [district.story])
    for fact in ("family_planning_special", "bereaved_family", "months_over_standard"):
        district.fact(fact)[district.story] = 0
