"""A street of a few families, each with one thing to find, screened once for all tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.core.management import call_command
from django.db import connection

import jiekun.law
from jiekun.law import load
from jiekun.law.facts import FACTS
from jiekun.offices.chosen import Chosen
from jiekun.offices.models import Division
from jiekun.registry.models import (
    Household,
    HouseholdFacts,
    Membership,
    Person,
    PersonFacts,
    Receipt,
)
from jiekun.registry.wide import to_column
from jiekun.screening import actions, files

AT = datetime(2024, 11, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DISTRICT, STREET, OTHER_STREET = "420106", "420106008", "420106011"
HOME, OTHER_HOME = STREET + "001", OTHER_STREET + "001"
LAST_MONTH, TODAY = date(2024, 10, 1), date(2024, 11, 1)
EVERYWHERE = frozenset({DISTRICT})
BASE = yaml.safe_load((Path(jiekun.law.__file__).parent / "baseline.yaml").read_text())
POOR = {"assets_within_limit": True}


def settle(name, people, *, household=None, community=HOME):
    """A family with the baseline's facts but for those given; None is unknown."""
    home = Household.objects.create(
        name=name,
        community_id=community,
        street_code=community[:9],
        address="",
        created_on=LAST_MONTH,
    )
    HouseholdFacts.objects.create(household=home, **_row("household", household or {}))
    for number, facts in enumerate(people):
        born = date.fromisoformat(str(facts.get("birth_date", "1984-01-01")))
        person = Person.objects.create(name=f"{name}{number}", sex="male", birth_date=born)
        Membership.objects.create(
            person=person, household=home, relation="02" if number == 0 else "99", since=LAST_MONTH
        )
        PersonFacts.objects.create(person=person, household=home, **_row("person", facts))
    return home


def _row(entity, given):
    facts = {**BASE[entity], **given}
    assert given.keys() <= BASE[entity].keys()
    return {name: to_column(FACTS[name], value) for name, value in facts.items()}


def pay(home, measure, yuan=None, *, person=None, since=LAST_MONTH, until=None):
    fen = None if yuan is None else yuan * 100
    return Receipt.objects.create(
        household=home, person=person, measure=measure, amount_fen=fen,
        unit="yuan/month" if fen else "", since=since, until=until,
    )  # fmt: skip


def make_places():
    since = date(2023, 1, 1)
    Division.objects.create(code=DISTRICT, name="武昌区", kind="district", since=since)
    for street, home in ((STREET, HOME), (OTHER_STREET, OTHER_HOME)):
        Division.objects.create(
            code=street, name=street, kind="street", parent_id=DISTRICT, since=since
        )
        Division.objects.create(
            code=home, name=home, kind="community", parent_id=street, since=since
        )


def screen(on=TODAY, simulate=()):
    run = actions.start_run(on=on, place=DISTRICT, simulate=simulate, by=None, at=AT)
    return actions.run_chunks(run=run, at=AT)


def member(home, number=0):
    return home.memberships.order_by("id")[number].person


# The real law, of which only some measures are asked: new ones must not move these tests.
NAMES = ("dibao", "dibao_edge", "orphan", "tekun", "kindergarten_fee", "public_insurance")


def few_of(program):
    few = [use for use in program.measures if use.measure.name in NAMES]
    return replace(program, measures=few, engines={})


@pytest.fixture(scope="module")
def few_measures():
    def under(chosen, *, simulate=(), **asked):
        asked |= {"simulate": tuple(simulate), "readings": chosen.readings}
        return few_of(chosen.law.program(**asked))

    with pytest.MonkeyPatch.context() as patch:
        # Kept, so that the law is compiled once for all these tests.
        few = SimpleNamespace(program=cache(lambda **asked: few_of(load().program(**asked))))
        patch.setattr(files, "load", lambda: few)
        patch.setattr(Chosen, "program", under)
        yield


@pytest.fixture(scope="module")
def committed(few_measures, django_db_setup, django_db_blocker):
    """Rows that other connections see too, gone with the module."""
    with django_db_blocker.unblock():
        try:
            make_places()
            yield
        finally:
            call_command("flush", verbosity=0, interactive=False)
            connection.close()


@pytest.fixture(scope="module")
def village(committed):
    """One family for each kind of finding."""
    child = {"birth_date": date(2012, 5, 5)}
    homes = {
        "unreached": settle("甲", [{}, child], household=POOR),
        "receiving": settle("乙", [{}], household=POOR),
        "ask": settle("丙", [{"wage_income": None}], household=POOR),
        "judge": settle(
            "丁",
            [{"wage_income": 1500, "rigid_expense": 900, "rigid_deduction": None}],
            household=POOR,
        ),
        "near": settle("戊", [{"wage_income": 1000}], household=POOR),
        "review": settle("己", [{"wage_income": 9000}], household=POOR),
        "none": settle("庚", [{"wage_income": 9000}]),
        "far": settle("辛", [{"wage_income": 1200}], household=POOR),
        "unsure": settle(
            "壬",
            [{"wage_income": None}],
            household={**POOR, "edge_assets_within_limit": True},
        ),
        "pupil": settle(
            "子",
            [
                {"wage_income": 9000},
                {
                    "birth_date": date(2020, 5, 5),
                    "school_stage": "kindergarten_public",
                    "education_aid_recognised": True,
                    "kindergarten_fee": 600,
                },
            ],
        ),
        "elsewhere": settle("癸", [{}], household=POOR, community=OTHER_HOME),
    }
    pay(homes["receiving"], "dibao", 800)
    pay(homes["review"], "dibao", 500)
    # Paid, not known to be due; and whoever gets dibao need not be asked about its edge.
    pay(homes["unsure"], "dibao", 940)
    pay(homes["none"], "dibao", 300, until=TODAY)
    gone = Person.objects.create(name="亡", sex="male", birth_date=date(1940, 1, 1))
    pay(homes["none"], "tekun", 1880, person=gone)
    pay(homes["none"], "no_such_measure", 1)
    return homes


@pytest.fixture(scope="module")
def run(village):
    return screen()


@pytest.fixture(scope="module")
def simulated(village):
    return screen(simulate=["W24"])


@pytest.fixture(scope="module")
def next_year(village):
    return screen(on=date(2025, 6, 1))
