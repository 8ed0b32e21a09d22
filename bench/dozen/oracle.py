"""The dozen once more, in plain Python: slow, exact, and sharing nothing with the kernel.

Values are ints of fen, Fractions, bools or None for unknown. Conditions are lazy only in what
they mean: false and unknown is false, true or unknown is true, otherwise unknown stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

STANDARD = {"urban": 106000, "suburban": 91250, "rural": 79570}
CARE = {"none": 106250, "partial": 53130, "full": 10630}
SCHOOL = {"kindergarten": 100000, "compulsory": 125000, "senior": 200000, "college": 500000}
PERSON = [
    "tekun",
    "orphan",
    "meals",
    "education",
    "medical",
    "care_hours",
    "training",
    "startup",
    "home_care",
    "insurance",
]
HOUSEHOLD = ["dibao", "relief", "total"]
# Whether it holds, and the amount it would be: fen, or hours; each None where unknown.
Answer = tuple[bool | None, int | None]
Facts = Mapping[str, Any]


def all_of(*parts: bool | None) -> bool | None:
    return False if False in parts else None if None in parts else True


def any_of(*parts: bool | None) -> bool | None:
    return True if True in parts else None if None in parts else False


def opposite(part: bool | None) -> bool | None:
    return None if part is None else not part


def work(function: Any, *values: Any) -> Any:
    """A function of known values; unknown as soon as one is."""
    return None if None in values else function(*values)


def pick(test: bool | None, yes: Any, no: Any) -> Any:
    """One of two; alike, they need no test."""
    return (yes if yes == no else None) if test is None else yes if test else no


def half_up(value: Fraction | int) -> int:
    return floor(Fraction(value) + Fraction(1, 2))


def times(left: Any, right: Any) -> Any:
    """A product; nothing of whatever is nothing."""
    return 0 if 0 in (left, right) else work(lambda a, b: a * b, left, right)


def reached(birth: date | None, years: int, on: date) -> bool | None:
    return work(lambda b: (on.year - years, on.month, on.day) >= (b.year, b.month, b.day), birth)


def decide(
    household: Facts, people: list[Facts], on: date
) -> tuple[dict[str, Answer], list[dict[str, Answer]]]:
    """The answers of a household, and of each of its people."""
    standard = work(STANDARD.__getitem__, household["region"])
    modest = work(lambda s, v: v <= s * 36 * len(people), standard, household["savings"])
    firsts = [_alone(person, standard, modest, on) for person in people]
    units = [first["unit"] for first in firsts]
    members = None if None in units else sum(units)
    incomes = [pick(u, f["income"], 0) for u, f in zip(units, firsts, strict=True)]
    income = None if None in incomes else sum(incomes)
    income = work(lambda i, r: max(0, i - r), income, household["rigid_expense"])
    per_member = work(lambda i, m: Fraction(i, max(1, m)), income, members)

    def below(times_standard: Fraction) -> bool | None:
        return work(lambda p, s: p < s * times_standard, per_member, standard)

    dibao = all_of(
        work(lambda m: m > 0, members),
        below(Fraction(1)),
        modest,
        work(lambda c: c == 0, household["cars"]),
        work(lambda h: h <= 1, household["houses"]),
    )
    line = times(standard, members)
    dibao_amount = work(lambda li, i: max(0, li - i), line, income)
    cost = household["emergency_cost"]
    relief = all_of(work(lambda c: c > 0, cost), below(Fraction(2)))
    relief_amount = work(lambda c, s: min(c, s * 4 * len(people)), cost, standard)
    edge = below(Fraction(3, 2))
    each = [_within(p, f, dibao, edge, on) for p, f in zip(people, firsts, strict=True)]
    monthly = times(pick(dibao, dibao_amount, 0), 12)
    parts = [monthly, pick(relief, relief_amount, 0), *map(_year, each)]
    total = None if None in parts else sum(parts)
    own = {
        "dibao": (dibao, dibao_amount),
        "relief": (relief, relief_amount),
        "total": (work(lambda t: t > 0, total), total),
    }
    return own, each


def _alone(person: Facts, standard: int | None, modest: bool | None, on: date) -> dict[str, Any]:
    """What does not depend on dibao: tekun, orphan, and what counts towards dibao."""
    born, level = person["birth_date"], person["disability_level"]
    severe = work(lambda n: n in (1, 2), level)
    wage, other = person["wage_income"], person["other_income"]
    helpless = any_of(reached(born, 60, on), opposite(reached(born, 16, on)), severe)
    poor = work(lambda w, o, s: w + o < s, wage, other, standard)
    tekun = all_of(person["hukou_here"], person["no_supporter"], helpless, poor, modest)
    lost = work(lambda p: p in ("dead", "gone"), person["parents"])
    minor = opposite(reached(born, 18, on))
    orphan = all_of(lost, minor, person["hukou_here"], opposite(tekun))
    away = person["in_institution"]
    unit = all_of(person["hukou_here"], opposite(away), opposite(tekun), opposite(orphan))
    earned = pick(person["employed"], work(lambda w: max(0, w - 31800), wage), wage)
    living = work(lambda s: half_up(Fraction(s * 13, 10)), standard)
    return {
        "severe": severe,
        "unit": unit,
        "income": work(lambda e, o: e + o, earned, other),
        "tekun": (tekun, work(lambda s, c: s + CARE[c], living, person["self_care"])),
        "orphan": (orphan, pick(away, 267120, 178080)),
    }


def _within(
    person: Facts, first: dict[str, Any], dibao: bool | None, edge: bool | None, on: date
) -> dict[str, Answer]:
    """What stands on who is in hardship."""
    born, level = person["birth_date"], person["disability_level"]
    tekun, orphan, severe = first["tekun"][0], first["orphan"][0], first["severe"]
    hard = any_of(all_of(first["unit"], dibao), tekun, orphan)
    sixty, seventy, eighty = (reached(born, years, on) for years in (60, 70, 80))
    stage, care, away = person["school_stage"], person["self_care"], person["in_institution"]
    cost, hours = person["medical_cost"], person["home_care_hours"]
    meals = all_of(person["hukou_here"], any_of(seventy, all_of(sixty, hard)))
    schooled = work(lambda s: s != "none", stage)
    high = work(lambda c: c > 300000, cost)
    ill = any_of(hard, all_of(person["seriously_ill"], edge))
    weak = any_of(work(lambda n: n > 0, level), hard)
    working = all_of(reached(born, 16, on), opposite(sixty))
    free = all_of(opposite(person["employed"]), opposite(schooled))
    few = work(lambda n: n < 3, person["trainings_this_year"])
    at_home = all_of(opposite(away), opposite(tekun))
    frail = work(lambda c: c == "none", care)
    share = work(lambda c: min(1000000, half_up(Fraction((c - 300000) * 3, 10))), cost)
    return {
        "tekun": first["tekun"],
        "orphan": first["orphan"],
        "meals": (meals, pick(eighty, 15000, pick(seventy, 9000, 13550))),
        "education": (all_of(schooled, hard), work(lambda s: SCHOOL.get(s, 500000), stage)),
        "medical": (all_of(high, person["insured"], ill), share),
        "care_hours": (all_of(frail, sixty, opposite(away), hard), 365),
        "training": (all_of(working, free, few, weak), 80000),
        "startup": (all_of(person["started_business"], working, weak), 1000000),
        "home_care": (
            all_of(severe, work(lambda h: h > 0, hours), at_home),
            work(lambda h: min(h, 40) * 3500, hours),
        ),
        "insurance": (all_of(person["insured"], any_of(hard, severe)), None),
    }


def _year(answers: dict[str, Answer]) -> int | None:
    """What one person gets in a year."""
    monthly = [pick(*answers[n], 0) for n in ("tekun", "orphan", "meals", "home_care")]
    yearly = [pick(*answers[n], 0) for n in ("education", "medical", "training", "startup")]
    if None in monthly or None in yearly:
        return None
    return 12 * sum(monthly) + sum(yearly)
