"""Households and people move and die: with the day, with their past, and never back to front."""

from __future__ import annotations

from datetime import date

import pytest

from jiekun.journal.queries import about
from jiekun.registry import actions, queries
from jiekun.registry.models import Household, HouseholdChange, Person

from .conftest import HERE, LAST_WEEK, THERE, YESTERDAY, place, relations


def test_a_household_moves_to_another_street_with_its_past(act, family, officers):
    act(actions.move_household, household=family, community=place(), address="东湖路9号")
    on = date(2024, 11, 1)
    assert family not in queries.visible_to(officers["jiedao"], on)
    family.refresh_from_db()
    assert (family.community_id, family.street_code) == (THERE, THERE[:9])
    change = HouseholdChange.objects.get(household=family)
    assert change.before == {"community": HERE, "address": "复兴路2001号3栋2单元501室", "grid": ""}
    assert {e.area for e in about(family).filter(act="move-household")} == {HERE, THERE}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"address": "复兴路2001号3栋2单元501室", "community": HERE}, "和现在的一样"),
        ({"on": date(2009, 1, 1)}, "立户"),
        ({"on": date(2030, 1, 1)}, "还没有到"),
    ],
)
def test_a_move_that_is_none_is_refused(act, family, given, why):
    to = {"address": "东湖路9号", "community": THERE, **given}
    with pytest.raises(actions.RefusedError, match=why):
        act(actions.move_household, household=family, **{**to, "community": place(to["community"])})


def test_who_moves_away_stays_with_the_day_and_drops_out(act, family, wife):
    act(actions.move_away, household=family, people=[wife], to="长沙")
    wife.refresh_from_db()
    assert (wife.moved_away_on, wife.moved_to) == (LAST_WEEK, "长沙")
    assert str(wife.pk) not in queries.household_facts(family)["people"]


def test_who_moved_away_may_come_back(act, family, wife):
    act(actions.move_away, household=family, people=[wife], to="长沙")
    with pytest.raises(actions.RefusedError, match=r"日期重叠|才迁出"):
        act(
            actions.join_household, household=family, person=wife, relation="10",
            on=date(2024, 10, 1),
        )  # fmt: skip
    act(actions.join_household, household=family, person=wife, relation="10", on=YESTERDAY)
    wife.refresh_from_db()
    assert wife.moved_away_on is None
    kinds = list(family.changes.order_by("version").values_list("kind", flat=True))
    assert kinds == ["moved_away", "joined"]


@pytest.mark.parametrize(("people", "to", "why"), [((), "长沙", "请选"), (("吴芳",), " ", "哪里")])
def test_moving_away_needs_people_and_a_place(act, family, people, to, why):
    who = [Person.objects.get(name=name) for name in people]
    with pytest.raises(actions.RefusedError, match=why):
        act(actions.move_away, household=family, people=who, to=to)


def test_a_death_is_part_of_the_households_past(act, family, head, at):
    actions.report_death(person=head, died_on=LAST_WEEK, source="公安", by=None, at=at)
    kinds = list(family.changes.order_by("version").values_list("kind", flat=True))
    assert kinds == ["died", "head"]


def test_who_reports_a_death_may_say_who_heads_the_family_now(family, head, son, at):
    seen = family.version
    with pytest.raises(actions.RefusedError, match="哪里查的"):
        actions.report_death(person=head, died_on=LAST_WEEK, source=" ", by=None, at=at)
    actions.change_contact(household=family, phone="", grid="第2网格", by=None, at=at)
    told = {"person": head, "died_on": LAST_WEEK, "source": "公安", "by": None, "at": at}
    with pytest.raises(actions.StaleError, match="改联系方式") as stale:
        actions.report_death(seen=seen, **told)
    actions.report_death(seen=stale.value.version, new_head=son.pk, **told)
    assert relations(family)["何小宁"] == "02"


def test_a_telephone_that_stays_is_not_read_anew(family, at):
    Household.objects.filter(pk=family.pk).update(phone="10012345678")
    home = actions.change_contact(
        household=family, phone="10012345678", grid="第2网格", by=None, at=at
    )
    assert (home.phone, home.grid) == ("10012345678", "第2网格")


def test_the_dead_join_nobody(act, family, wife, at):
    actions.report_death(person=wife, died_on=LAST_WEEK, source="公安", by=None, at=at)
    with pytest.raises(actions.RefusedError, match="去世"):
        act(actions.join_household, household=family, person=wife, relation="10", on=YESTERDAY)
