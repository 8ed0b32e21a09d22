"""Households open, grow, part and merge; what was stays written, two officers never clash."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import Error, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiekun.journal.models import Entry
from jiekun.journal.queries import about
from jiekun.registry import actions, queries
from jiekun.registry.models import (
    Household,
    HouseholdChange,
    Membership,
    Person,
    PersonFacts,
    Relation,
)

from .conftest import HERE, LAST_WEEK, THERE, YESTERDAY, place, relations


def split(act, family, *leaving, **given):
    return act(
        actions.split_household, household=family, community=place(), address="东湖路1号",
        leaving={p.pk: code for p, code in leaving}, **given,
    )  # fmt: skip


def test_somebody_new_is_known_by_birthday_and_in_no_household(newcomer):
    assert newcomer.pinyin == "hexiaoman"
    facts = PersonFacts.objects.get(person=newcomer)
    assert (facts.birth_date, facts.household_id) == (date(2024, 10, 20), None)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"name": "\u202e"}, "U\\+202E"),
        ({"sex": "x"}, "性别"),
        ({"birth_date": date(2024, 11, 2)}, "出生日期"),
        ({"birth_date": date(1850, 1, 1)}, "出生日期"),
    ],
)
def test_an_impossible_person_is_refused(officers, at, given, why):
    fine = {"name": "何安", "sex": "male", "birth_date": date(2000, 1, 1)}
    with pytest.raises(actions.RefusedError, match=why):
        actions.register_person(**{**fine, **given}, by=None, at=at)


def test_a_newborn_joins_and_is_counted(act, family, newcomer):
    act(actions.join_household, household=family, person=newcomer, relation="30")
    assert str(newcomer.pk) in queries.household_facts(family)["people"]
    change = HouseholdChange.objects.get(household=family)
    assert (change.kind, change.version, change.person) == ("joined", 2, newcomer)
    assert about(family).get(act="join-household").area == HERE


@pytest.mark.parametrize(
    ("relation", "on", "why"),
    [
        ("20", LAST_WEEK, "登记为女性的人，与户主关系不能是“儿子”"),
        ("02", LAST_WEEK, "已有户主 何平"),
        ("10", LAST_WEEK, "已有配偶 吴芳"),
        ("ZZ", LAST_WEEK, "没有“ZZ”"),
        ("30", date(2024, 10, 1), "早于这个人的出生日期"),
        ("30", date(2024, 11, 2), "还没有到"),
    ],
)
def test_a_contradictory_joining_is_refused(act, family, newcomer, relation, on, why):
    with pytest.raises(actions.RefusedError, match=why):
        act(actions.join_household, household=family, person=newcomer, relation=relation, on=on)
    assert not HouseholdChange.objects.exists()


def test_who_lives_elsewhere_does_not_join_before_leaving(act, family, wife, newcomer):
    other = act(
        actions.open_household, members={newcomer.pk: "02"}, community=place(), address="东湖路2号"
    )
    with pytest.raises(actions.RefusedError, match="现在住在另一户") as refused:
        act(actions.join_household, household=other, person=wife, relation="52")
    assert "何家" not in str(refused.value)


def test_who_is_not_let_in_is_told_of_without_name_or_birthday(act, family, newcomer):
    early = {"household": family, "person": newcomer, "on": date(2024, 10, 1)}
    with pytest.raises(actions.RefusedError, match="早于这个人的出生日期") as refused:
        act(actions.join_household, relation="30", **early)
    assert not any(part in str(refused.value) for part in (newcomer.name, "2024-10-20"))


def test_who_left_does_not_join_before_the_day_they_left(act, family, wife, newcomer):
    other = act(
        actions.open_household, members={newcomer.pk: "02"}, community=place(), address="东湖路2号"
    )
    act(actions.leave_household, household=family, person=wife, on=YESTERDAY)
    with pytest.raises(actions.RefusedError, match="日期重叠"):
        act(actions.join_household, household=other, person=wife, relation="52")


def test_the_database_too_lets_nobody_live_in_two_homes_at_once(family, wife):
    wife.memberships.update(until=YESTERDAY)
    with pytest.raises(IntegrityError, match="not_in_two_at_once"), transaction.atomic():
        Membership.objects.create(
            person=wife, household=family, relation="10", since=LAST_WEEK, until=YESTERDAY
        )


def test_who_leaves_drops_out_and_stays_written(act, family, wife):
    act(actions.leave_household, household=family, person=wife, reason="离婚")
    assert relations(family) == {"何平": "02", "何小宁": "20"}
    assert PersonFacts.objects.get(person=wife).household_id is None
    assert wife.memberships.get().until == LAST_WEEK


def test_when_the_head_leaves_the_spouse_follows_unless_another_is_chosen(act, family, head, son):
    act(actions.leave_household, household=family, person=head, new_head=son.pk)
    assert relations(family) == {"何小宁": "02", "吴芳": "52"}


def test_a_head_chosen_from_outside_is_refused(act, family, head):
    with pytest.raises(actions.RefusedError, match="留下的人"):
        act(actions.leave_household, household=family, person=head, new_head=0)


def test_the_last_to_leave_dissolves_the_household(act, family):
    for person in Person.objects.all():
        act(actions.leave_household, household=family, person=person)
    family.refresh_from_db()
    assert family.dissolved_on == LAST_WEEK
    with pytest.raises(actions.RefusedError, match="已无人"):
        act(actions.join_household, household=family, person=person, relation="02")


def test_some_part_and_make_a_household_of_their_own(act, family, wife, son):
    made = split(act, family, (wife, "02"), (son, "20"))
    assert relations(family) == {"何平": "02"}
    assert relations(made) == {"吴芳": "02", "何小宁": "20"}
    assert (made.name, made.street_code) == ("吴家", THERE[:9])
    assert {p.household_id for p in PersonFacts.objects.filter(person__in=[wife, son])} == {made.pk}
    assert set(queries.household_facts(made)["household"].values()) == {None}


def test_when_the_head_parts_those_who_stay_get_one(act, family, head):
    split(act, family, (head, "02"))
    assert relations(family) == {"吴芳": "02", "何小宁": "20"}
    family.refresh_from_db()
    assert family.name == "吴家"


def test_what_somebody_holds_of_their_own_goes_with_them(act, family, wife, officers, at):
    own, shared = (
        actions.begin_receipt(
            household=family, person=whose, measure=name, amount_fen=1, since=LAST_WEEK,
            by=None, at=at,
        )
        for whose, name in ((wife, "disability_care"), (None, "dibao"))
    )  # fmt: skip
    made = split(act, family, (wife, "02"))
    own.refresh_from_db()
    shared.refresh_from_db()
    assert (own.household_id, shared.household_id) == (made.pk, family.pk)


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (("何平", "吴芳", "何小宁"), "所有人都走"),
        ((), "一个户主，现在写了 0 个"),
    ],
)
def test_a_split_that_is_none_is_refused(act, family, who, why):
    people = [Person.objects.get(name=name) for name in who]
    with pytest.raises(actions.RefusedError, match=why):
        split(act, family, *[(p, "02" if i == 0 else "97") for i, p in enumerate(people)])


def test_strangers_do_not_part_from_a_household(act, family, newcomer):
    with pytest.raises(actions.RefusedError, match="不住在"):
        split(act, family, (newcomer, "02"))


@pytest.mark.parametrize(
    ("community", "address", "why"), [("420106008", "东湖路1号", "不是社区"), (THERE, " ", "住址")]
)
def test_a_home_lies_in_a_community_at_an_address(act, family, wife, community, address, why):
    with pytest.raises(actions.RefusedError, match=why):
        act(
            actions.split_household, household=family, community=place(community),
            address=address, leaving={wife.pk: "02"},
        )  # fmt: skip


def test_parted_they_may_join_again(act, family, wife, son):
    made = split(act, family, (wife, "02"), (son, "20"))
    act(
        actions.merge_households, household=family, other=made,
        relations={wife.pk: "10", son.pk: "20"}, on=YESTERDAY,
    )  # fmt: skip
    assert relations(family) == {"何平": "02", "吴芳": "10", "何小宁": "20"}
    made.refresh_from_db()
    assert made.dissolved_on == YESTERDAY
    assert [m.household_id for m in wife.memberships.order_by("id")] == [
        family.pk, made.pk, family.pk,
    ]  # fmt: skip


def test_joining_households_asks_how_each_stands_to_the_head(act, family, wife, son):
    made = split(act, family, (wife, "02"), (son, "20"))
    with pytest.raises(actions.RefusedError, match="何小宁"):
        act(actions.merge_households, household=family, other=made, relations={wife.pk: "10"})
    with pytest.raises(actions.RefusedError, match="与自己"):
        act(actions.merge_households, household=family, other=family, relations={})


def test_somebody_moves_from_one_household_to_another(act, family, wife, son):
    made = split(act, family, (wife, "02"))
    act(actions.move_member, person=son, household=family, to=made, relation="20", on=YESTERDAY)
    assert relations(made) == {"吴芳": "02", "何小宁": "20"}
    assert {e.subject_id for e in Entry.objects.filter(act="move-member")} == {
        str(family.pk), str(made.pk),
    }  # fmt: skip


def test_another_head_and_everybody_stands_anew(act, family, head, wife, son):
    act(actions.change_head, household=family, person=son, relations={wife.pk: "58"})
    assert relations(family) == {"何小宁": "02", "何平": "51", "吴芳": "58"}
    with pytest.raises(actions.RefusedError, match="已经是户主"):
        act(actions.change_head, household=family, person=son)


def test_how_somebody_stands_may_be_said_better(act, family, son, head):
    act(actions.change_relation, household=family, person=son, relation="21")
    assert relations(family)["何小宁"] == "21"
    with pytest.raises(actions.RefusedError, match="换户主"):
        act(actions.change_relation, household=family, person=head, relation="10")


def test_a_second_officer_sees_what_changed_and_loses_nothing(act, family, wife, son, officers, at):
    seen = family.version
    act(actions.leave_household, household=family, person=wife, seen=seen)
    with pytest.raises(actions.StaleError, match=r"别人又改过：.*离开家庭（吴芳）") as stale:
        actions.change_contact(
            household=family, phone="13800002210", grid="", seen=seen, by=officers["shequ"], at=at
        )
    assert [c.person for c in stale.value.changes] == [wife]
    actions.change_contact(
        household=family, phone="138 0000 2210", grid="", seen=stale.value.version,
        by=officers["shequ"], at=at,
    )  # fmt: skip
    family.refresh_from_db()
    assert family.phone == "13800002210"


def test_a_telephone_that_is_none_is_refused(family, at):
    with pytest.raises(actions.RefusedError, match="手机是 11 位"):
        actions.change_contact(household=family, phone="110", grid="", by=None, at=at)


@pytest.mark.parametrize("change", ["UPDATE {} SET kind = 'left'", "DELETE FROM {}"])
def test_the_database_lets_nobody_change_a_households_past(act, family, wife, as_owner, change):
    act(actions.leave_household, household=family, person=wife)
    with pytest.raises(Error, match="only ever added to"), transaction.atomic():
        connection.cursor().execute(change.format("registry_householdchange"))


ACTS = st.sampled_from(["leave", "split", "merge", "head", "away", "back"])
STEPS = st.lists(st.tuples(ACTS, st.integers(0, 5)), max_size=8)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_is_done_everybody_lives_in_one_place_with_one_head(act, family, steps):
    point = transaction.savepoint()
    for name, pick in steps:
        try:
            _step(act, name, pick)
        except actions.RefusedError:
            continue
    for home in Household.objects.all():
        stays = list(queries.members(home))
        assert (home.dissolved_on is None) == bool(stays)
        assert [m.relation for m in stays].count(Relation.HEAD) == (1 if stays else 0)
    for facts in PersonFacts.objects.all():
        stay = Membership.objects.filter(person=facts.person_id, until__isnull=True).first()
        assert facts.household_id == (stay.household_id if stay else None)
    transaction.savepoint_rollback(point)


def _step(act, name, pick):
    people = list(Person.objects.order_by("pk"))
    person = people[pick % len(people)]
    stay = Membership.objects.filter(person=person, until__isnull=True).first()
    home = stay.household if stay else Household.objects.order_by("pk").first()
    match name:
        case "leave":
            act(actions.leave_household, household=home, person=person)
        case "split":
            split(act, home, (person, "02"))
        case "merge":
            other = Household.objects.exclude(pk=home.pk).filter(dissolved_on=None).first()
            if other is None:
                return
            come = {m.person_id: "97" for m in queries.members(other)}
            act(actions.merge_households, household=home, other=other, relations=come)
        case "head":
            act(actions.change_head, household=home, person=person)
        case "away":
            act(actions.move_away, household=home, people=[person], to="长沙")
        case "back":
            act(actions.join_household, household=home, person=person, relation="97")
