"""People like somebody who is being entered, and how like two people are."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from jiekun.registry import actions, likeness
from jiekun.registry.alike import people_like
from jiekun.registry.likeness import LEVELS, Identity, compare, one_off, thousandths, told
from jiekun.registry.models import Candidate, Person
from jiekun.registry.scope import seeing
from jiekun.registry.welcoming import Newcomer, known_already

from .conftest import THERE, household, person

BORN = date(1980, 5, 1)
names = st.sampled_from(["何平", "何萍", "何小宁", "何宁", "平何", "宁"])
people = st.builds(
    Identity,
    name=names,
    pinyin=st.sampled_from(["", "heping"]),
    sex=st.sampled_from(["male", "female"]),
    birth_date=st.dates(date(1980, 1, 1), date(1981, 12, 31)),
    former=st.lists(names, max_size=1).map(tuple),
    number=st.sampled_from(["", "a", "b"]),
    household=st.sampled_from([None, 1, 2]),
    community=st.sampled_from(["", "420106008002", "420106008003", "420106012001"]),
    address=st.sampled_from(["", "复兴路1号"]),
    phone=st.sampled_from(["", "138"]),
)


@pytest.mark.parametrize(
    ("one", "other", "off"),
    [("何平", "何萍", True), ("何小宁", "何宁", True), ("何宁", "何小宁", True),
     ("何平", "何平", False), ("何平", "平何", False), ("何平", "何小宁", False), ("平", "", True)],
)  # fmt: skip
def test_one_letter_is_another_or_missing(one, other, off):
    assert one_off(one, other) is off


@given(people, people)
def test_likeness_is_the_same_seen_from_either_side(one, other):
    levels = compare(one, other)
    assert levels == compare(other, one)
    assert all(level in LEVELS[field] for field, level in levels.items())
    assert 0 <= thousandths(levels, 1_000_000) <= 1000


@given(people)
def test_nobody_is_unlike_themselves(one):
    firsts = {field: next(iter(words)) for field, words in LEVELS.items()}
    levels = compare(one, one)
    assert {f: v for f, v in levels.items() if f != "home"}.items() <= firsts.items()


def test_every_level_has_its_two_numbers():
    kept = likeness.model().levels
    assert {field: set(of) for field, of in kept.items()} == {
        field: set(of) for field, of in LEVELS.items()
    }


def test_a_weight_is_told_in_words():
    assert told(12.0) == "很强的支持理由"
    assert told(-4.0) == "较强的反对理由"
    assert told(0.2) == "说明不了什么"


@pytest.mark.parametrize(
    ("name", "born"),
    [("何平", BORN), ("何萍", BORN), ("何平", date(1980, 1, 5)), ("何平", date(1980, 5, 11))],
)
def test_somebody_alike_is_shown_before_they_are_entered(head, name, born):
    assert people_like(name=name, sex="male", birth_date=born) == [head]


def test_nobody_unlike_is_shown(head):
    assert people_like(name="赵武", sex="male", birth_date=BORN) == []


def test_a_former_name_is_known_too(head, officers, at):
    actions.rename_person(
        person=head, name="何平安", on=date(2024, 1, 1), by=officers["jiedao"], at=at
    )
    assert people_like(name="何平", sex="male", birth_date=BORN) == [head]


def test_whoever_holds_the_number_comes_first(head, wife, officers, at, ring):
    number = "42010619820602002"
    number += ric.calc_check_digit(number + "0")
    actions.claim_identifier(
        person=wife, kind="resident_id", number=number, source="本人", by=officers["jiedao"], at=at
    )
    found = people_like(name="何平", sex="male", birth_date=BORN, number=number)
    assert found == [wife, head]


def entered(family, officers, at, **more):
    return actions.take_in(
        household=family, newcomer=Newcomer("何萍", "male", BORN), relation="99",
        on=date(2024, 10, 1), by=officers["jiedao"], at=at, **more,
    ).person  # fmt: skip


def test_whoever_was_told_apart_at_the_counter_is_not_asked_about_again(family, head, officers, at):
    new = entered(family, officers, at, unlike=[head.pk])
    kept = Candidate.objects.get()
    assert (kept.one, kept.other, kept.found) == (head, new, "entry")
    assert (kept.state, kept.decided_by) == ("different", officers["jiedao"])


def test_of_people_elsewhere_the_district_decides(family, officers, at):
    away = person("何萍", "he ping", BORN)
    household(THERE, (away, "02"))
    entered(family, officers, at, unlike=[away.pk])
    assert Candidate.objects.get().state == "open"


def test_who_is_hardly_alike_is_nobodys_question(family, officers, at):
    away = person("何宁", "he ning", date(1980, 9, 9))
    household(THERE, (away, "02"))
    entered(family, officers, at, unlike=[away.pk])
    assert not Candidate.objects.exists()


def test_who_is_being_entered_is_waited_for(db):
    known_already(Newcomer("何萍", "male", BORN))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                       " AND pid = pg_backend_pid()")  # fmt: skip
        assert cursor.fetchone() == (1,)


def test_a_number_somebody_holds_is_refused_with_who_may_help(head, wife, officers, at, ring):
    number = "42010619800501003"
    number += ric.calc_check_digit(number + "0")
    told = {"kind": "resident_id", "number": number, "source": "本人", "at": at}
    actions.claim_identifier(person=head, by=officers["jiedao"], **told)
    Person.objects.filter(pk=wife.pk).update(birth_date=BORN, sex="male")
    with pytest.raises(actions.TakenError, match="紫阳街道或区民政"):
        actions.claim_identifier(person=wife, by=officers["jiedao"], **told)
    # Behind the wall too, where the holder is not seen.
    away = person("何萍", "he ping", BORN)
    household(THERE, (away, "02"))
    with seeing([THERE[:9]]), pytest.raises(actions.TakenError, match="紫阳街道或区民政"):
        actions.claim_identifier(person=away, by=officers["qu"], **told)
