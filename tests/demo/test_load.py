"""The district in the database, and October happening to it."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from jiekun import demo
from jiekun.demo import doubles
from jiekun.demo.assembly import put_in, quiet
from jiekun.demo.district import District
from jiekun.demo.load import NotEmptyError
from jiekun.journal.models import Entry
from jiekun.offices import actions as offices
from jiekun.registry import keys, queries
from jiekun.registry.conflicts import conflicting
from jiekun.registry.identifiers import read
from jiekun.registry.models import (
    Candidate,
    FactRecord,
    Household,
    Identifier,
    Person,
    PersonFacts,
    Recognition,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(as_owner: None, ring: Path, district: District, tmp_path: Path, at: datetime) -> None:
    offices.seed_wuchang(at=at)
    offices.seed_departments(at=at)
    put_in(district, tmp_path, quiet)


@pytest.fixture
def story(built: None) -> Household:
    origin = queries.origin()
    assert origin is not None
    return Household.objects.get(pk=origin.details["story_household"])


def test_everybody_is_there_with_their_facts(built, district):
    assert Person.objects.count() == PersonFacts.objects.filter(household__isnull=False).count()
    planted = doubles.plant(district).extras
    assert Person.objects.count() == 10_928 + len(planted)


def test_the_fit_is_kept_beside_the_people(built):
    assert queries.origin().report[0]["quantity"] == "常住人口"
    assert queries.origin().synthetic


def test_the_demo_is_never_poured_on_top_of_people(built):
    with pytest.raises(NotEmptyError, match="空的登记册"):
        demo.build(scale="1:100")


def test_every_sealed_number_opens_and_is_its_holders(built, district):
    held, wrong = keys.ring(), []
    for kept in Identifier.objects.select_related("person").iterator(2_000):
        number = held.unseal(kept.sealed, kept.bound).decode()
        person, said = kept.person, read(kept.kind, number, demo.DEMO_TODAY)
        if kept.until is not None:
            continue
        told = (said.birth_date, said.sex, said.tail, bytes(kept.digest))
        own = (person.birth_date, person.sex, person.id_tail, held.digest(kept.kind, number))
        if told != own:
            wrong.append((person.pk, told))
    assert wrong == []
    shown = Identifier.objects.filter(until__isnull=True).values("person").distinct()
    assert shown.count() == 10_928 - len(doubles.plant(district).unproven)


def test_no_number_of_the_demo_could_be_anybodys(built):
    held = keys.ring()
    numbers = [held.unseal(kept.sealed, kept.bound) for kept in Identifier.objects.all()[:500]]
    assert {number[14:17] for number in numbers} == {b"000", b"999"}


def test_only_the_files_tell_who_was_entered_twice(built, tmp_path):
    truth = (tmp_path / "doubles.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(truth.splitlines()))
    assert {row["kind"] for row in rows} == doubles.KINDS.keys() | doubles.TRAPS.keys()
    for row in rows:
        one, like = Person.objects.in_bulk([int(row["person"]), int(row["like"])]).values()
        assert one.name[0] == like.name[0]
    assert Candidate.objects.count() == 0


def test_foreign_keys_and_indexes_are_back_after_loading(built):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated")
        keys = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 'person_by_pinyin'")
        index = cursor.fetchone()[0]
    assert (keys > 15, index) == (True, 1)


def test_people_entered_later_get_numbers_of_their_own(built):
    last = Person.objects.order_by("-pk").first()
    assert last is not None
    new = Person.objects.create(name="新来", birth_date=last.birth_date, sex="male", id_tail="0000")
    assert new.pk == last.pk + 1


def test_the_storys_family_is_edge_and_has_five_people(story):
    assert queries.members(story).get(relation="02").person.name == "陈志强"
    assert queries.members(story).count() == 5
    assert Recognition.objects.get(household=story).category == "dibao_edge"
    assert story.community_id == "420106008002"


def test_the_family_asked_about_has_one_thing_left_to_assess(story):
    facts = queries.household_facts(story)["people"]
    grandmother = facts[str(queries.members(story).last().person_id)]
    assert grandmother["adl_eat"] is None
    assert grandmother["odd_job_income"] == 600


def test_the_law_can_read_every_person(story):
    own = queries.household_facts(story)
    assert all(person["birth_date"] and person["hukou"] for person in own["people"].values())


def test_october_takes_the_breadwinner(story):
    assert demo.apply_events() > 10
    assert queries.members(story).count() == 4
    assert queries.members(story).get(relation="02").person.name == "李丽萍"
    children = FactRecord.objects.filter(fact="father_situation", person__facts__household=story)
    assert set(children.values_list("value", "source")) == {("dead", "公安")}


def test_a_death_stands_whatever_was_delivered_after_it(story):
    demo.apply_events()
    people = queries.household_facts(story)["people"].values()
    told = [one["father_situation"] for one in people if one["father_situation"] is not None]
    assert told == ["dead", "dead"]
    for one in queries.members(story).select_related("person"):
        facts = {conflict.fact.name for conflict in conflicting(one.person, demo.DEMO_TODAY)}
        assert "father_situation" not in facts


def test_october_happens_once(built):
    demo.apply_events()
    assert demo.apply_events() == 0


def test_october_is_journaled_in_october(built):
    demo.apply_events()
    days = Entry.objects.filter(act__in=("report-death", "record-facts")).values_list(
        "at", flat=True
    )
    assert {(day.year, day.month) for day in days} <= {(2024, 10)}
