"""Households by law: who stands in which register, and where that differs from who lives where."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from jiekun.registry import actions, queries
from jiekun.registry.models import Person, Register, Registration

LAST_YEAR, LAST_WEEK = date(2023, 5, 1), date(2024, 10, 25)


@pytest.fixture
def enter(ring, officers, at):
    def enter(person, number="012345678", relation="02", on=LAST_YEAR, **more):
        return actions.enter_register(
            person=person, number=number, relation=relation, on=on,
            by=officers["jiedao"], at=at, **{"address": "复兴路1号", **more},
        )  # fmt: skip

    return enter


@pytest.fixture
def people(family):
    return {person.name: person for person in Person.objects.all()}


def test_who_lives_together_need_not_be_registered_together(family, people, enter, at):
    enter(people["何平"])
    enter(people["何小宁"], relation="20")
    enter(people["吴芳"], "999999999")
    grandmother = actions.register_person(
        name="周兰", sex="female", birth_date=date(1950, 1, 1), by=None, at=at
    )
    enter(grandmother, relation="52")
    assert queries.apart(family) == ([people["吴芳"]], [grandmother])
    assert Register.objects.count() == 2


def test_a_registers_number_is_kept_sealed(people, enter):
    register = enter(people["何平"]).register
    assert b"012345678" not in bytes(register.sealed)
    assert register.tail == "5678"


def test_entering_another_register_ends_the_one_before(people, enter):
    enter(people["何平"])
    enter(people["何平"], "999999999", on=LAST_WEEK)
    assert list(people["何平"].registrations.order_by("id").values_list("since", "until")) == [
        (LAST_YEAR, LAST_WEEK), (LAST_WEEK, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "已经在这本"),
        ({"number": "12"}, "6 到 20 位"),
        ({"number": "999999999", "on": date(2022, 1, 1)}, "早于上一次"),
        ({"number": "999999999", "on": date(2024, 11, 2)}, "不在出生日期和今天之间"),
        ({"number": "999999999", "relation": "30"}, "不能是“女儿”"),
        ({"number": "999999999", "address": " "}, "户籍地址"),
        ({"number": "999999999", "kind": "x"}, "集体户"),
    ],
)
def test_a_contradictory_registration_is_refused(people, enter, given, why):
    enter(people["何平"])
    with pytest.raises(actions.RefusedError, match=why):
        enter(people["何平"], **given)
    assert Registration.objects.count() == 1


def test_who_is_struck_off_stands_nowhere(people, enter, at):
    enter(people["何平"])
    leave = {"person": people["何平"], "reason": "注销", "by": None, "at": at}
    with pytest.raises(actions.RefusedError, match="迁出日期"):
        actions.leave_register(**leave, on=date(2023, 4, 30))
    actions.leave_register(**leave, on=LAST_WEEK)
    with pytest.raises(actions.RefusedError, match="不在任何"):
        actions.leave_register(**leave, on=LAST_WEEK)
    with pytest.raises(actions.RefusedError, match="日期重叠"):
        enter(people["何平"], "999999999", on=date(2024, 1, 1))


def test_the_database_too_lets_nobody_stand_in_two_registers_at_once(people, enter):
    row = enter(people["何平"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.create(
            person=row.person, register=row.register, relation="02", since=LAST_WEEK
        )
