"""Finding a family by numbers, telephones, former names and names of several parts."""

from __future__ import annotations

from datetime import date

import pytest
from stdnum.cn import ric

from jiekun.registry import actions
from jiekun.registry.finding import search
from jiekun.registry.models import Household, Person
from jiekun.registry.queries import family_areas

ON = date(2024, 11, 1)


@pytest.fixture
def number(ring, head, at):
    stem = "42010619800501001"
    whole = stem + ric.calc_check_digit(stem + "0")
    actions.claim_identifier(
        person=head, kind="resident_id", number=whole, source="本人", by=None, at=at
    )
    return whole


@pytest.fixture
def finds(officers, family):
    def finds(text, who="shequ"):
        return [found.household for found in search(family_areas(officers[who], ON), text, ON)] == [
            family
        ]

    return finds


def test_a_family_is_found_by_a_members_whole_number_or_its_end(number, finds):
    assert finds(number)
    assert finds(f" {number[:6]} {number[6:14]} {number[14:].lower()}")
    assert finds(number[-4:])
    assert finds(f"何 {number[-4:]}")
    assert not finds("吴 " + number[-4:])


def test_a_number_nobody_has_finds_nobody(number, finds):
    assert not finds("11010519491231002X")
    assert not finds(number[:-1] + ("0" if number[-1] != "0" else "1"))


def test_others_do_not_find_a_family_by_its_number(number, finds):
    assert not finds(number, "jiaoyu")


def test_a_family_is_found_by_telephone(finds, family, head, ring, at):
    Household.objects.filter(pk=family.pk).update(phone="13800002210")
    actions.claim_identifier(
        person=head, kind="phone", number="13911112222", source="本人", by=None, at=at
    )
    written = ("13800002210", "138 0000 2210", "138-0000", "2210", "１３８００００２２１０")
    for text in (*written, "13911112222"):
        assert finds(text), text
    assert not finds("13800002211")


def test_a_family_is_found_by_a_name_its_member_had(finds, head, at):
    actions.rename_person(person=head, name="欧阳平", on=date(2024, 10, 1), by=None, at=at)
    assert finds("何平")
    assert finds("heping")
    assert finds("oyp")
    assert finds("欧阳")


def test_a_name_of_parts_is_found_with_any_dot_or_none(finds, head):
    Person.objects.filter(pk=head.pk).update(name="阿依·买买提")
    for text in ("阿依·买买提", "阿依•买", "阿依买买提", "阿依 买买提"):
        assert finds(text), text


def test_an_address_is_found_however_much_stands_before_the_road(finds):
    assert finds("湖北省武汉市武昌区紫阳街道复兴路2001号")
    assert finds("复兴路２００１号")
    assert not finds("复兴路2009号")


NOTHING = ["", " ", "\0", "%", "_", "\\", "何\0", "1234567890" * 4]


@pytest.mark.parametrize("text", NOTHING)
def test_what_says_nothing_finds_nothing(finds, officers, family, text):
    assert search(family_areas(officers["qu"], ON), text, ON) == []
