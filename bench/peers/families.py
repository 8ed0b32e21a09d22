"""One family of three, for latency and for what is answered when something is not known."""

from __future__ import annotations

from datetime import date
from typing import Any

PLAIN: dict[str, Any] = {
    "birth_date": date(1980, 3, 2),
    "wage_income": 0,
    "other_income": 0,
    "employed": False,
    "disability_level": 0,
    "self_care": "full",
    "no_supporter": False,
    "parents": "alive",
    "school_stage": "none",
    "medical_cost": 0,
    "seriously_ill": False,
    "insured": True,
    "hukou_here": True,
    "in_institution": False,
    "trainings_this_year": 0,
    "started_business": False,
    "home_care_hours": 0,
}
HOME: dict[str, Any] = {
    "region": "urban",
    "savings": 8_000,
    "cars": 0,
    "houses": 1,
    "emergency_cost": 2_600,
    "rigid_expense": 150,
}
MONEY = {
    "wage_income", "other_income", "medical_cost", "savings", "emergency_cost", "rigid_expense",
}  # fmt: skip
PEOPLE = [
    {**PLAIN, "wage_income": 1_500, "employed": True},
    {**PLAIN, "birth_date": date(2012, 5, 5), "school_stage": "compulsory"},
    {
        **PLAIN,
        "birth_date": date(1946, 9, 9),
        "disability_level": 1,
        "self_care": "none",
        "medical_cost": 18_250,
        "seriously_ill": True,
        "home_care_hours": 26,
    },
]


def family(name: str, *, yuan: bool = True) -> dict[str, Any]:
    """`poor` is whole; in `silent` nobody said what the first of them earns, in fact 6,400."""
    people = [dict(person) for person in PEOPLE]
    if name == "silent":
        people[0]["wage_income"] = None
    elif name == "told":
        people[0]["wage_income"] = 6_400
    household = dict(HOME)
    if not yuan:
        for facts in [household, *people]:
            for key in facts.keys() & MONEY:
                facts[key] *= 100
    return {"household": household, "people": people}
