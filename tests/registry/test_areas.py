"""Everybody's area, as the database keeps it: where they live, or lived last."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from jiekun.registry import actions
from jiekun.registry.models import Household, Membership, Person
from jiekun.registry.queries import area_of
from jiekun.registry.scope import seeing

from .conftest import HERE, LAST_WEEK, THERE, household, person, place

NOW = date(2024, 11, 1)


def right():
    """Every person's area beside the one their stays tell."""
    people = Person.objects.all()
    assert people
    return {p.name: p.area for p in people} == {p.name: area_of(p) for p in people}


def test_who_was_entered_and_lives_nowhere_has_none(newcomer):
    assert newcomer.area == ""
    assert right()


def test_a_family_entered_has_its_community(family):
    assert set(Person.objects.values_list("area", flat=True)) == {HERE}


def test_a_family_that_moves_takes_its_people_along(family, act):
    act(actions.move_household, household=family, community=place(), address="东湖路1号")
    assert set(Person.objects.values_list("area", flat=True)) == {THERE}


def test_who_joins_leaves_splits_off_and_moves_away_keeps_the_last_one(
    family, act, head, son, wife, newcomer
):
    act(actions.join_household, household=family, person=newcomer, relation="30")
    assert right()
    made = act(
        actions.split_household, household=family, leaving={wife.pk: "02", newcomer.pk: "30"},
        community=place(), address="东湖路1号", on=NOW,
    )  # fmt: skip
    assert right()
    assert Person.objects.get(pk=wife.pk).area == THERE
    act(actions.move_away, household=made, people=[newcomer], to="上海", on=NOW)
    act(actions.leave_household, household=family, person=son, on=NOW)
    assert right()
    assert Person.objects.get(pk=newcomer.pk).area == THERE
    assert Person.objects.get(pk=son.pk).area == HERE


def test_the_dead_stay_where_they_died_and_go_where_their_home_goes(family, act, head, at):
    actions.report_death(person=head, died_on=LAST_WEEK, source="公安", by=None, at=at)
    assert right()
    act(actions.move_household, household=family, community=place(), address="x", on=NOW)
    assert right()
    assert Person.objects.get(pk=head.pk).area == THERE


def test_stays_given_to_another_row_leave_the_last_area_behind(family, head):
    twin = person("何平", "he ping", date(1980, 5, 1))
    Membership.objects.filter(person=head).update(person=twin)
    assert Person.objects.get(pk=twin.pk).area == HERE
    assert Person.objects.get(pk=head.pk).area == HERE


def test_many_at_once_are_right_too(family):
    other = household(THERE, (person("远方", "yuan fang", date(1980, 1, 1)), "02"))
    Household.objects.filter(pk__in=[family.pk, other.pk]).update(community_id=THERE)
    assert right()
    Membership.objects.filter(household=family).update(until=NOW)
    Household.objects.update(community_id=HERE)
    assert right()


def test_a_row_read_before_a_move_and_saved_after_it_does_not_undo_it(family, act, head):
    act(actions.move_household, household=family, community=place(), address="东湖路1号")
    head.pinyin = "heping"
    head.save()
    assert Person.objects.get(pk=head.pk).area == THERE


def test_nobody_is_taken_into_an_area_by_writing_it_down(family, head):
    with seeing((HERE,)):
        Person.objects.filter(pk=head.pk).update(area=THERE)
    assert Person.objects.get(pk=head.pk).area == HERE


def test_a_street_officer_moves_a_family_out_of_sight(family, act):
    with seeing((HERE[:9],)):
        act(actions.move_household, household=family, community=place(), address="东湖路1号")
        assert not Household.objects.filter(pk=family.pk).exists()
        assert not Person.objects.exists()
    with seeing((THERE,)):
        assert Person.objects.count() == 3


def test_the_triggers_are_on_after_the_demo_was_loaded(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'membership%' AND"
                       " tgenabled = 'O' AND NOT tgisinternal")  # fmt: skip
        assert cursor.fetchone() == (4,)


@pytest.mark.parametrize("name", ["begins", "startswith"])
@pytest.mark.parametrize("text", ["何", "何小", "", "%", "_", "\\", "何%", "𠮷", "\U0010ffff"])
def test_what_begins_so_is_found_byte_by_byte(family, name, text):
    Person.objects.filter(name="吴芳").update(name="%何")
    found = set(Person.objects.filter(**{f"name__{name}": text}).values_list("name", flat=True))
    assert found == {n for n in ("何平", "%何", "何小宁") if n.startswith(text)}
