"""Registration, school, work and income of ordinary families. Every share here is an estimate."""

from __future__ import annotations

import numpy as np

from .district import FEN, HEAD, District
from .scale import DISPOSABLE_INCOME, TODAY_DAYS, Array

# Days from the first of September, when school years begin, to the demo's day.
SINCE_SEPTEMBER = 61
HUKOU_SHARES = (0.72, 0.07, 0.13, 0.08)
STUDENT_HUKOU_SHARES = (0.18, 0.12, 0.42, 0.28)
LOWEST_WAGE = 2_210
BASIC_PENSION = 300
RELATIVES_HELP = (1_500, 3_500)
# What working people pay each month: contributions, and tax above the free 5,000 yuan.
CONTRIBUTION, TAX, TAX_FREE = 0.11, 0.05, 5_000


def settle_registration(district: District) -> None:
    """Where people are registered, since when they live here, who holds a permit."""
    with district.chance("registration") as rng:
        homes = rng.choice(4, district.households, p=HUKOU_SHARES)
        students = district.has_pattern("student")
        homes[students] = rng.choice(4, int(students.sum()), p=STUDENT_HUKOU_SHARES)
        hukou = district.of_household(homes).astype(np.int16)
        # One in twenty is registered elsewhere than the family.
        differs = rng.random(district.people) < 0.05
        hukou[differs] = rng.choice(4, int(differs.sum()), p=HUKOU_SHARES)
        lived = (TODAY_DAYS - district.birth) / 30.44
        stay = np.where(
            hukou == 0, rng.lognormal(5.2, 0.7, len(lived)), rng.lognormal(3.6, 0.8, len(lived))
        )
        permit = (hukou >= 2) & (stay > 6) & (rng.random(len(lived)) < 0.7)
    district.person["hukou"] = hukou
    district.person["months_lived_here"] = np.minimum(lived, stay).clip(0, 1200).astype(np.int16)
    district.person["residence_permit_valid"] = permit


def send_to_school(district: District) -> None:
    """School stages by age at the start of the school year, and what schools charge."""
    with district.chance("school") as rng:
        draw = rng.random(district.people)
    age = (TODAY_DAYS - SINCE_SEPTEMBER - district.birth) / 365.2425
    lone = district.of_household(district.has_pattern("student"))
    at_home = district.relation > HEAD + 1
    stages = {
        "kindergarten_public": (age >= 3) & (age < 6) & (draw < 0.42),
        "kindergarten_inclusive": (age >= 3) & (age < 6) & (draw >= 0.42) & (draw < 0.8),
        "kindergarten_other": (age >= 3) & (age < 6) & (draw >= 0.8) & (draw < 0.92),
        "primary": (age >= 6) & (age < 12),
        "junior": (age >= 12) & (age < 15),
        "senior": (age >= 15) & (age < 18) & (draw < 0.6),
        "vocational": (age >= 15) & (age < 18) & (draw >= 0.6) & (draw < 0.96),
        "college": (age >= 18) & (age < 22) & (lone | (at_home & (draw < 0.62))),
        "postgraduate": (age >= 22) & ((lone & (age < 27)) | (at_home & (age < 25) & (draw < 0.1))),
    }
    stage = np.zeros(district.people, np.int16)
    for name, where in stages.items():
        stage[where] = district.code("school_stage", name)
    district.person["school_stage"] = stage
    district.person["full_time_student"] = stage >= district.code("school_stage", "primary")
    _charge_fees(district, stage)


def _charge_fees(district: District, stage: Array) -> None:
    charges = {
        "kindergarten_fee": {
            "kindergarten_public": 600,
            "kindergarten_inclusive": 1_150,
            "kindergarten_other": 3_600,
        },
        "school_tuition": {"senior": 1_700, "college": 5_850, "postgraduate": 8_000},
        "school_book_fee": {"senior": 620, "vocational": 500, "college": 800, "postgraduate": 600},
    }
    for fact, prices in charges.items():
        column = district.fact(fact)
        for name, price in prices.items():
            column[stage == district.code("school_stage", name)] = price * FEN


def give_work(district: District) -> None:
    """Who works, as what, and what it brings before the level is fitted."""
    age, women = district.age, district.sex == 1
    studies = district.person["full_time_student"]
    with district.chance("work") as rng:
        chance = np.select(
            [age < 16, age < 25, age < 50, age < 55, age < 60], [0, 0.62, 0.86, 0.76, 0.6], 0.06
        )
        chance = chance - 0.11 * women
        employed = (rng.random(district.people) < chance) & ~studies & (age >= 18)
        own = employed & (rng.random(district.people) < 0.08)
        wage = rng.lognormal(9.0, 0.5, district.people)
        profit = rng.lognormal(9.0, 0.7, district.people)
    district.person["employed"] = employed
    district.person["self_employed"] = own
    district.extra["wage"] = np.where(employed & ~own, wage, 0)
    district.extra["profit"] = np.where(own, profit, 0)
    district.person["work_cost"] = np.where(employed, 200 * FEN, 0).astype(np.int64)


def give_pensions(district: District) -> None:
    """Pensions, the basic pension of those without one, allowances for great age, rents."""
    age = district.age
    retired = (age >= 60) | ((age >= 55) & (district.sex == 1))
    with district.chance("pensions") as rng:
        has = retired & (rng.random(district.people) < 0.9) & ~district.person["employed"]
        amount = rng.lognormal(8.15, 0.32, district.people).clip(1_100, 14_000)
        rents = rng.random(district.people) < 0.05
        rent = rng.lognormal(7.4, 0.7, district.people)
    district.person["receives_pension"] = has
    _yuan(district, "pension_income", np.where(has, amount, 0))
    _yuan(district, "basic_pension", np.where((age >= 60) & ~has, BASIC_PENSION, 0))
    _yuan(
        district,
        "old_age_allowance",
        np.select([age >= 100, age >= 90, age >= 80], [500, 200, 100], 0),
    )
    adult = rents & (age >= 25)
    _yuan(district, "property_income", np.where(adult, rent, 0))


def _yuan(district: District, fact: str, yuan: Array) -> None:
    """Whole yuan, kept in fen."""
    district.person[fact] = np.rint(yuan).astype(np.int64) * FEN


def support_students(district: District) -> None:
    """Families elsewhere support the students who live alone."""
    with district.chance("support") as rng:
        help_given = rng.uniform(*RELATIVES_HELP, district.people)
    alone = district.of_household(district.has_pattern("student")) & ~district.person["employed"]
    _yuan(district, "transfer_income", np.where(alone, help_given, 0))


def fit_income(district: District) -> None:
    """Scale wages until disposable income a head is the published one; hard-up families stay."""
    free = ~district.of_household(district.extra["hardship"] > 0)
    wage = district.extra["wage"] * free
    profit = district.extra["profit"] * free
    factor = 1.0
    for _ in range(12):
        _pay(district, free, wage * factor, profit * factor)
        missing = DISPOSABLE_INCOME / 12 * district.people - disposable_month(district)
        factor += missing / (0.83 * (wage.sum() + profit.sum()))


def _pay(district: District, free: Array, wage: Array, profit: Array) -> None:
    wage = np.where(wage > 0, np.maximum(wage, LOWEST_WAGE), 0)
    paid = np.where(wage > 0, wage * CONTRIBUTION + np.maximum(wage * 0.89 - TAX_FREE, 0) * TAX, 0)
    for fact, yuan in (("wage_income", wage), ("business_income", profit), ("transfer_paid", paid)):
        column = district.fact(fact)
        column[free] = np.rint(yuan[free]).astype(np.int64) * FEN


RECEIVED = (
    "wage_income",
    "odd_job_income",
    "business_income",
    "property_income",
    "pension_income",
    "basic_pension",
    "transfer_income",
    "exempt_income",
    "old_age_allowance",
)


def month_income(district: District) -> Array:
    """What each person has a month after what they pay, in fen."""
    received = sum(district.fact(name) for name in RECEIVED)
    return np.asarray(received - district.fact("transfer_paid"))


def disposable_month(district: District) -> float:
    """What the whole district has a month, in yuan; relief already received is part of it."""
    relief = district.extra.get("relief_fen")
    return float((month_income(district).sum() + (0 if relief is None else relief.sum())) / FEN)
