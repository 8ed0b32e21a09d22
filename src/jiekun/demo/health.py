"""Disability, illness and care of the synthetic people. Every share here is an estimate."""

from __future__ import annotations

import numpy as np

from .district import FEN, District
from .hardship import CHILDRENS, SINGLES, is_kind, spouses
from .scale import Array, choose

CERTIFICATES = 22_000
CLASSES = {
    "limb": 54,
    "visual": 12,
    "hearing": 13,
    "speech": 1,
    "intellectual": 8,
    "mental": 9,
    "multiple": 3,
}
LEVELS = (0.12, 0.22, 0.28, 0.38)
SERIOUSLY_ILL = 5_200
ADL = ("adl_eat", "adl_dress", "adl_bed", "adl_toilet", "adl_walk", "adl_bath")
FAMILY_PLANNING, BEREAVED = 1_500, 900


def certify_disability(district: District) -> None:
    """Certificates: rising with age, many times likelier in hardship."""
    age = district.age
    poor = district.of_household(district.extra["hardship"] > 0)
    weight = np.select(
        [age < 3, age < 18, age < 45, age < 60], [0, 0.35, 0.6, 1.5], 2.4
    ) * np.where(poor, 14, 1)
    # Nobody able to work and younger than sixty is kept as tekun.
    needs = district.of_household(is_kind(district, *SINGLES)) & (age < 60)
    with district.chance("disability") as rng:
        chosen = choose(rng, weight * ~needs, district.scale.of(CERTIFICATES) - int(needs.sum()))
        chosen = np.sort(np.concatenate([chosen, np.flatnonzero(needs)]))
        names, shares = list(CLASSES), np.array(list(CLASSES.values()), float)
        kind = rng.choice(len(names), len(chosen), p=shares / shares.sum())
        level = rng.choice(4, len(chosen), p=LEVELS) + 1
        kind[needs[chosen]], level[needs[chosen]] = names.index("mental"), 2
        codes = np.array([district.code("disability_class", name) for name in names], np.int16)
        district.fact("disability_class")[chosen] = codes[kind]
        district.fact("disability_level")[chosen] = level
        multiple = np.array(names)[kind] == "multiple"
        district.fact("disability_has_mental")[chosen] = multiple & (rng.random(len(chosen)) < 0.2)
        district.fact("disability_cert_valid")[chosen] = rng.random(len(chosen)) < 0.96
        local = (district.fact("hukou")[chosen] == 0) & (rng.random(len(chosen)) < 0.95)
        district.fact("disability_cert_local")[chosen] = local
        district.fact("low_mobility")[chosen] = (level == 1) | (rng.random(len(chosen)) < 0.08)
        _guard_patients(district, chosen[(np.array(names)[kind] == "mental") & (level <= 3)], rng)


def _guard_patients(district: District, patients: Array, rng: np.random.Generator) -> None:
    """Mental illness has a danger level, and a guardian at home if somebody grown lives there."""
    district.fact("danger_level")[patients] = rng.choice(
        6, len(patients), p=[0.35, 0.3, 0.2, 0.1, 0.04, 0.01]
    )
    homes = district.household[patients]
    guardian = np.where(patients == district.start[homes], patients + 1, district.start[homes])
    present = (guardian < district.start[homes + 1]) & (
        district.age[np.minimum(guardian, district.people - 1)] >= 18
    )
    district.fact("guards_patient")[guardian[present]] = True
    district.forget("guardian_award_approved", slice(None))
    decided = guardian[present][rng.random(int(present.sum())) < 0.5]
    district.fact("guardian_award_approved")[decided] = True
    district.learn("guardian_award_approved", decided)


def fall_ill(district: District) -> None:
    """Serious illness, and what the year's treatment cost people themselves."""
    age = district.age
    poor = district.of_household(district.extra["hardship"] > 0)
    weight = np.select([age < 18, age < 45, age < 60], [0.15, 0.5, 1.6], 3.0) * np.where(poor, 8, 1)
    with district.chance("illness") as rng:
        ill = choose(rng, weight, district.scale.of(SERIOUSLY_ILL))
        paid = rng.lognormal(5.9, 1.0, district.people) * np.where(age >= 60, 2.5, 1)
        paid[ill] = rng.lognormal(9.6, 0.8, len(ill))
        unknown = ill[rng.random(len(ill)) < np.where(poor[ill], 0.3, 0.05)]
    district.fact("serious_illness")[ill] = True
    district.person["medical_self_paid"] = np.rint(paid).astype(np.int64) * FEN
    district.forget("medical_self_paid", unknown)
    _cost_of_need(district, poor)


def _cost_of_need(district: District, poor: Array) -> None:
    """Hard costs of illness and disability: known where somebody asked, deducted where decided."""
    in_need = district.fact("serious_illness") | (
        (district.fact("disability_level") > 0) & (district.fact("disability_level") <= 2)
    )
    asked = district.of_household(is_kind(district, "dibao", "edge", "low_income"))
    with district.chance("hard costs") as rng:
        cost = np.rint(rng.lognormal(6.2, 0.6, district.people) / 10) * 10
        some = in_need & (rng.random(district.people) < np.where(poor, 0.5, 0.3))
        unasked = in_need & poor & ~asked & (rng.random(district.people) < 0.5)
    district.person["rigid_expense"] = np.where(some, cost, 0).astype(np.int64) * FEN
    district.forget("rigid_expense", unasked)
    district.person["rigid_deduction"] = np.where(some & asked, cost // 2, 0).astype(np.int64) * FEN
    district.forget("rigid_deduction", ~(some & asked))


def assess_care(district: District) -> None:
    """What people can do for themselves: assessed for tekun, seldom for others in hardship."""
    age = district.age
    poor = district.of_household(district.extra["hardship"] > 0)
    tekun = district.of_household(is_kind(district, "tekun"))
    frail = (age >= 80) | (district.fact("disability_level") == 1)
    with district.chance("care") as rng:
        lost = np.where(
            frail, rng.choice(7, district.people, p=[0.62, 0.1, 0.08, 0.06, 0.06, 0.04, 0.04]), 0
        )
        lost = np.where(
            tekun & ~frail,
            rng.choice(7, district.people, p=[0.7, 0.1, 0.06, 0.06, 0.04, 0.02, 0.02]),
            lost,
        )
        unassessed = ~tekun & (
            (poor & ((age >= 60) | frail)) | (frail & (rng.random(district.people) < 0.25))
        )
        weak = (age >= 80) & (rng.random(district.people) < 0.2)
    # The hardest is lost first: bathing, then walking, and eating last.
    for place, fact in enumerate(reversed(ADL)):
        district.person[fact] = lost <= place
        district.forget(fact, unassessed)
    district.fact("low_mobility")[weak | (lost >= 4)] = True
    _assess_support(district)


def _assess_support(district: District) -> None:
    age = district.age
    single = district.of_household(is_kind(district, *SINGLES))
    with district.chance("support by family") as rng:
        obligors = rng.choice([1, 2, 3], district.people, p=[0.4, 0.4, 0.2])
        lone = district.of_household(district.has_pattern("single", "student")) & (
            rng.random(district.people) < 0.8
        )
        lone |= district.of_household(district.has_pattern("elder")) & (
            rng.random(district.people) < 0.04
        )
        card = (age >= 60) & (rng.random(district.people) < 0.3)
        district.person["in_institution"] = district.of_household(is_kind(district, "tekun")) & (
            rng.random(district.people) < 0.2
        )
        service = (age >= 75) & district.of_household(
            is_kind(district, "dibao", "edge", "low_income")
        )
        service &= rng.random(district.people) < 0.5
        hours = rng.integers(4, 31, district.people)
    district.person["obligors_able"] = np.where(single, 0, obligors).astype(np.int16)
    district.fact("obligors_able")[
        district.of_household(is_kind(district, *CHILDRENS)) & (age < 18)
    ] = 0
    district.person["no_spouse_or_children"] = (single | lone | (age < 22)) & ~spouses(district)
    district.person["meal_card"] = card
    district.person["home_service_confirmed"] = service
    district.person["home_service_hours"] = np.where(service, hours, 0).astype(np.int16)
    district.person["cared_for"] = np.ones(district.people, bool)


def lose_only_child(district: District) -> None:
    """Families of the one-child policy whose child died or is disabled."""
    couples = district.has_pattern("elder_couple", "couple", "elder")
    oldest = np.maximum.reduceat(district.age, district.start[:-1])
    with district.chance("family planning") as rng:
        special = choose(
            rng,
            (couples & (oldest >= 49) & (oldest < 80)).astype(float),
            district.scale.of(FAMILY_PLANNING),
        )
        bereaved = special[rng.random(len(special)) < BEREAVED / FAMILY_PLANNING]
        died = bereaved[rng.random(len(bereaved)) < 0.02]
    district.fact("family_planning_special")[special] = True
    district.fact("bereaved_family")[bereaved] = True
    district.fact("bereaved_member_died")[died] = True
