"""One family of three in 紫阳街道, and officers who may or may not see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from jiekun.offices import actions as offices
from jiekun.offices.models import Division, Officer
from jiekun.registry import actions, queries
from jiekun.registry.models import Household, Membership, Person, PersonFacts

COMMUNITY = HERE = "420106008002"
THERE = "420106012001"
LAST_WEEK, YESTERDAY = date(2024, 10, 25), date(2024, 10, 31)


@pytest.fixture
def officers(db: None, at: datetime) -> dict[str, Officer]:
    offices.seed_wuchang(at=at)
    offices.seed_departments(at=at)
    return {officer.username: officer for officer in offices.seed_demo_officers(at=at)}


def person(name: str, pinyin: str, born: date, sex: str = "male") -> Person:
    initials = "".join(sound[0] for sound in pinyin.split())
    return Person.objects.create(
        name=name,
        pinyin=pinyin.replace(" ", ""),
        initials=initials,
        sex=sex,
        birth_date=born,
        id_tail="000X",
    )


def household(community: str, *people: tuple[Person, str]) -> Household:
    home = Household.objects.create(
        name=f"{people[0][0].name[0]}家",
        community_id=community,
        street_code=community[:9],
        address="复兴路2001号3栋2单元501室",
        created_on=date(2010, 1, 1),
    )
    for one, relation in people:
        Membership.objects.create(
            person=one, household=home, relation=relation, since=date(2010, 1, 1)
        )
        PersonFacts.objects.create(person=one, household=home, birth_date=one.birth_date)
    return home


@pytest.fixture
def family(officers: dict[str, Officer]) -> Household:
    return household(
        COMMUNITY,
        (person("何平", "he ping", date(1980, 5, 1)), "02"),
        (person("吴芳", "wu fang", date(1982, 6, 2), "female"), "10"),
        (person("何小宁", "he xiao ning", date(2014, 7, 3)), "20"),
    )


@pytest.fixture
def head(family: Household) -> Person:
    return Person.objects.get(name="何平")


@pytest.fixture
def wife(family: Household) -> Person:
    return Person.objects.get(name="吴芳")


@pytest.fixture
def son(family: Household) -> Person:
    return Person.objects.get(name="何小宁")


@pytest.fixture
def act(officers: dict[str, Officer], at: datetime) -> Callable[..., Any]:
    """An act by the street's officer a week ago, for a reason."""

    def act(action: Callable[..., Any], **given: Any) -> Any:
        return action(
            **{"on": LAST_WEEK, "reason": "入户核实", **given}, by=officers["jiedao"], at=at
        )

    return act


@pytest.fixture
def newcomer(officers: dict[str, Officer], at: datetime) -> Person:
    return actions.register_person(
        name="何小满", sex="female", birth_date=date(2024, 10, 20), by=officers["jiedao"], at=at
    )


def place(code: str = THERE) -> Division:
    """A community, one of another street unless said."""
    return Division.objects.get(code=code)


def relations(home: Household) -> dict[str, str]:
    """How each member stands to the head, by name."""
    return {m.person.name: m.relation for m in queries.members(home)}
