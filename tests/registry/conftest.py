"""One family of three in 紫阳街道, and officers who may or may not see it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from jiekun.offices import actions as offices
from jiekun.offices.models import Officer
from jiekun.registry.models import Household, Membership, Person, PersonFacts

COMMUNITY = "420106008002"


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
