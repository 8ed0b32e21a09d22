"""Two streets, three families and everybody who works at the desk, screened twice."""

from __future__ import annotations

import time
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.test import Client

import jiekun.law
from jiekun.law.facts import FACTS
from jiekun.offices import actions as offices
from jiekun.offices.models import Department, Division, Officer, Role
from jiekun.registry import actions as registry
from jiekun.registry.models import Household, HouseholdFacts, Membership, Person, PersonFacts
from jiekun.registry.wide import to_column
from jiekun.screening import actions as screening

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2024, 11, 1, 9, 30, tzinfo=ZONE)
BEFORE, TODAY = date(2024, 10, 1), date(2024, 11, 1)
DISTRICT, STREET, OTHER_STREET = "420106", "420106008", "420106011"
HERE, THERE = "420106008002", "420106011003"
BASE = yaml.safe_load((Path(jiekun.law.__file__).parent / "baseline.yaml").read_text())
PASSWORD = "jiekun-demo"


def settle(name, people, *, community=HERE, household=None):
    """A family whose facts are the baseline's but for those given; None is unknown."""
    home = Household.objects.create(
        name=f"{name}家", community_id=community, street_code=community[:9], grid="第1网格",
        address="复兴路12号3单元", phone="13800002210", created_on=BEFORE,
    )  # fmt: skip
    HouseholdFacts.objects.create(household=home, **_row("household", household or {}))
    for called, relation, facts in people:
        person = Person.objects.create(
            name=called, pinyin="chen", initials="c", sex=facts.get("sex", "male"),
            birth_date=facts.get("birth_date", date(1984, 1, 1)), id_tail="0018",
        )  # fmt: skip
        Membership.objects.create(person=person, household=home, relation=relation, since=BEFORE)
        PersonFacts.objects.create(person=person, household=home, **_row("person", facts))
    return home


def _row(entity, given):
    facts = {**BASE[entity], **given}
    return {name: to_column(FACTS[name], value) for name, value in facts.items() if name in FACTS}


def bereaved():
    """A breadwinner, a wife without work, a daughter, a son with a disability, a grandmother."""
    return settle(
        "陈",
        [
            ("陈志强", "02", {"wage_income": 6400, "employed": True}),
            ("李丽萍", "10", {"sex": "female", "birth_date": date(1980, 6, 5)}),
            ("陈雨桐", "30", {"sex": "female", "birth_date": date(2008, 5, 20),
                           "school_stage": "senior", "full_time_student": True}),
            ("陈浩然", "20", {"birth_date": date(2015, 4, 16), "disability_class": "limb",
                           "disability_level": 3, "disability_cert_valid": True}),
            ("周桂英", "50", {"sex": "female", "birth_date": date(1946, 2, 9),
                           "odd_job_income": None}),
        ],
        household={"assets_within_limit": True, "edge_assets_within_limit": True,
                   "edge_recognised": True},
    )  # fmt: skip


def main(answer):
    """What a page itself says: the help around it names every act there is."""
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def officer(username, role, area, department="street", until=None):
    made = offices.hire(
        username=username, name=username, department=Department.objects.get(slug=department),
        password_hash=make_password(PASSWORD), by=None, at=AT,
    )  # fmt: skip
    place = Division.objects.get(code=area)
    offices.appoint(officer=made, role=role, area=place, since=BEFORE, until=until, by=None, at=AT)
    return made


def screen(on, simulate=()):
    run = screening.start_run(on=on, place=DISTRICT, simulate=simulate, by=None, at=AT)
    return screening.run_chunks(run=run, at=AT)


def screen_both(on):
    screen(on)
    screen(on, ("W24",))


def people_our_desk_knows():
    offices.seed_wuchang(at=AT)
    offices.seed_departments(at=AT)
    offices.seed_demo_officers(at=AT)
    officer("elsewhere", Role.STREET_OFFICER, OTHER_STREET)
    officer("nextdoor", Role.COMMUNITY_WORKER, "420106008001")
    officer("admin", Role.SYSTEM_ADMIN, DISTRICT)
    officer("gone", Role.DISTRICT_OFFICER, DISTRICT, until=TODAY)


def what_happened():
    """The families as of last month, then the death, then both screenings."""
    poor = {"assets_within_limit": True}
    home, other = bereaved(), settle("远", [("远方人", "02", {})], community=THERE, household=poor)
    paid = settle("富", [("富贵", "02", {"wage_income": 9000})], household=poor)
    since = date(2023, 9, 1)
    registry.recognise(household=home, category="dibao_edge", since=since, decided_by="区民政",
                       by=None, at=AT)  # fmt: skip
    registry.begin_receipt(household=paid, measure="dibao", amount_fen=50_000, unit="yuan/month",
                           since=since, by=None, at=AT)  # fmt: skip
    screen_both(BEFORE)
    father = Person.objects.get(name="陈志强")
    registry.report_death(person=father, died_on=date(2024, 10, 8), source="公安", by=None, at=AT)
    screen_both(TODAY)
    grandmother = Person.objects.get(name="周桂英")
    return SimpleNamespace(
        home=home, other=other, paid=paid, father=father, grandmother=grandmother
    )


@pytest.fixture(scope="module")
def village(django_db_setup, django_db_blocker):
    """Committed, because screening reads on connections of its own; gone with the module."""
    with django_db_blocker.unblock():
        try:
            people_our_desk_knows()
            yield what_happened()
        finally:
            call_command("flush", verbosity=0, interactive=False)
            connection.close()


@pytest.fixture
def demo_day(settings):
    """Pages work on the demo's day, whatever the calendar says."""
    settings.DEMO, settings.TODAY = True, TODAY
    return settings


@pytest.fixture
def sign_in(village, db, demo_day):
    """A browser somebody has signed in with."""

    def signed_in(username="jiedao"):
        client = Client()
        client.force_login(Officer.objects.get(username=username))
        now, session = time.time(), client.session
        session.update({"began": now, "seen": now})
        session.save()
        return client

    return signed_in


@pytest.fixture
def street(sign_in):
    """The street officer's browser."""
    return sign_in("jiedao")


@pytest.fixture
def see(street):
    """A page's text as the street officer sees it."""

    def seen(address, status=200, **words):
        answer = street.get(address, words)
        assert answer.status_code == status, answer.content.decode()[-600:]
        return answer.content.decode()

    return seen
