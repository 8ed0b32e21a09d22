"""Who lives with whom, deaths, and what people are given."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from jiekun.journal.queries import about
from jiekun.registry import actions, queries
from jiekun.registry.models import Membership, Person, PersonFacts

DIED_ON = date(2024, 10, 8)


@pytest.fixture
def die(officers, at):
    def die(person, died_on=DIED_ON):
        return actions.report_death(
            person=person, died_on=died_on, source="公安", by=officers["jiedao"], at=at
        )

    return die


def test_nobody_belongs_to_two_households(family, head):
    with pytest.raises(IntegrityError, match="person_in_one_household"), transaction.atomic():
        Membership.objects.create(
            person=head, household=family, relation="97", since=date(2024, 1, 1)
        )


def test_a_membership_cannot_end_before_it_began(family, head):
    with pytest.raises(IntegrityError, match="dates_in_order"), transaction.atomic():
        head.memberships.update(until=date(2009, 12, 31))


def test_the_dead_leave_the_household(family, head, die):
    die(head)
    assert [m.person.name for m in queries.members(family)] == ["吴芳", "何小宁"]
    assert str(head.pk) not in queries.household_facts(family)["people"]
    assert PersonFacts.objects.get(person=head).household_id is None


def test_the_spouse_becomes_head(family, head, die):
    die(head)
    assert queries.members(family).get(relation="02").person.name == "吴芳"


def test_without_a_spouse_the_oldest_becomes_head(family, head, die):
    die(Person.objects.get(name="吴芳"))
    die(head)
    assert queries.members(family).get().relation == "02"


def test_a_childs_death_leaves_the_head(family, head, die):
    die(Person.objects.get(name="何小宁"))
    assert queries.members(family).get(relation="02").person == head


def test_a_death_is_journaled_where_it_happened(head, die):
    die(head)
    entry = about(head).get(act="report-death")
    assert entry.area == "420106008002"
    assert entry.data == {"died_on": "2024-10-08", "source": "公安"}


def test_nobody_dies_twice(head, die):
    die(head)
    with pytest.raises(actions.RefusedError, match="已登记"):
        die(head)


@pytest.mark.parametrize("day", [date(1979, 1, 1), date(2024, 11, 2)])
def test_nobody_dies_before_birth_or_tomorrow(head, die, day):
    with pytest.raises(actions.RefusedError, match="之间"):
        die(head, day)


def test_a_family_gets_one_measure_once_at_a_time(family, at):
    def begin():
        return actions.begin_receipt(
            household=family, measure="dibao", amount_fen=1, since=DIED_ON, by=None, at=at
        )

    begin()
    with pytest.raises(IntegrityError, match="received_once"), transaction.atomic():
        begin()


def test_what_ended_may_begin_again(family, at):
    given = {"household": family, "category": "dibao", "decided_by": "区民政", "by": None, "at": at}
    first = actions.recognise(**given, since=date(2023, 1, 1))
    actions.end_award(award=first, until=date(2024, 1, 1), reason="复核", by=None, at=at)
    actions.recognise(**given, since=date(2024, 6, 1))
    assert family.recognitions.filter(until__isnull=True).count() == 1


def test_nothing_ends_before_it_began(family, at):
    award = actions.begin_receipt(
        household=family, measure="dibao", amount_fen=1, since=DIED_ON, by=None, at=at
    )
    with pytest.raises(actions.RefusedError, match="早于"):
        actions.end_award(award=award, until=date(2024, 1, 1), reason="", by=None, at=at)
