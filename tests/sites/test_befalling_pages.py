"""What befalls a household: deaths, moves, splits and changes, as forms on one page."""

from __future__ import annotations

import re

import pytest

from jiekun.registry.models import (
    Household,
    Membership,
    Person,
)

from .conftest import HERE, THERE, TODAY


@pytest.fixture
def change(village):
    """Sends one act's form for the family as some officer."""

    def sent(client, act, **words):
        home = Household.objects.get(pk=village.home.pk)
        given = {"seen": home.version, "on": "2024-11-01", "reason": "家人报告", **words}
        return client.post(f"/households/{home.pk}/change/?act={act}", given)

    return sent


def here(village):
    rows = Membership.objects.filter(household=village.home, until=None).select_related("person")
    return {row.person.name: row.relation for row in rows}


def one(name):
    return Person.objects.get(name=name)


@pytest.mark.parametrize(
    "act", ["death", "leave", "away", "split", "move", "head", "relation", "contact"]
)
def test_every_change_has_a_form(village, street, act):
    page = street.get(f"/households/{village.home.pk}/change/", {"act": act})
    assert page.status_code == 200
    assert 'name="seen"' in page.content.decode()


def test_a_death_is_reported_and_the_family_goes_on(village, street, change):
    answer = change(street, "death", person=village.grandmother.pk, source="死亡证明")
    assert answer["Location"] == f"/households/{village.home.pk}/"
    assert "周桂英" not in here(village)
    assert one("周桂英").died_on == TODAY


def test_somebody_leaves_and_a_head_is_chosen(village, street, change):
    change(street, "leave", person=one("李丽萍").pk, new_head=village.grandmother.pk)
    assert here(village)["周桂英"] == "02"
    assert "李丽萍" not in here(village)


def test_people_move_away_and_stay_on_record(village, street, change):
    change(street, "away", people=[one("陈雨桐").pk], to="成都市武侯区")
    assert one("陈雨桐").moved_to == "成都市武侯区"
    assert len(here(village)) == 3


def test_a_household_is_split(village, street, change):
    change(street, "split", **{f"goes-{one('陈雨桐').pk}": "02"}, community=THERE,
           address="中北路1号")  # fmt: skip
    new = Household.objects.get(address="中北路1号")
    assert new.memberships.get().person == one("陈雨桐")
    home = street.get(f"/households/{village.home.pk}/").content.decode()
    assert f"户号是 {new.pk}，归那边管" in home


def test_a_split_begins_with_the_familys_own_community(village, street, change):
    address = f"/households/{village.home.pk}/change/?act=split"
    page = street.get(address).content.decode()
    assert f'<option value="{HERE}" selected>' in page
    assert page.index(HERE) < page.index("（不在您的辖区）") < page.index(THERE)
    change(street, "split", **{f"goes-{one('陈雨桐').pk}": "02"}, community=HERE,
           address="中北路2号")  # fmt: skip
    new = Household.objects.get(address="中北路2号")
    home = street.get(f"/households/{village.home.pk}/").content.decode()
    assert f'<a href="/households/{new.pk}/">' in home


def test_a_family_that_moved_to_another_street_is_that_streets(village, street, sign_in, change):
    answer = change(street, "move", community=THERE, address="中北路1号")
    assert answer["Location"] == "/"
    address = f"/households/{village.home.pk}/"
    assert street.get(address).status_code == 404
    assert sign_in("elsewhere").get(address).status_code == 200


def test_head_relation_and_contact_are_changed(village, street, change):
    change(street, "head", person=one("陈雨桐").pk)
    assert here(village)["陈雨桐"] == "02"
    change(street, "relation", person=one("陈浩然").pk, relation="73")
    assert here(village)["陈浩然"] == "73"
    change(street, "contact", grid="第9网格")
    home = Household.objects.get(pk=village.home.pk)
    assert (home.grid, home.phone) == ("第9网格", "13800002210")


def test_a_second_officer_is_told_of_the_first_and_loses_nothing(village, street, sign_in, change):
    seen = Household.objects.get(pk=village.home.pk).version
    change(street, "contact", grid="第9网格")
    answer = change(sign_in("qu"), "away", seen=seen, people=[one("陈雨桐").pk],
                    to="成都市武侯区", on="2024-10-30")  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 409
    assert re.search("陈静 .* 改联系方式", page)
    assert "成都市武侯区" in page
    assert 'value="2024-10-30"' in page
    assert f'value="{one("陈雨桐").pk}" checked' in page
    assert one("陈雨桐").moved_away_on is None
    assert f'name="seen" value="{seen + 1}"' in page


def test_what_is_told_of_the_family_is_masked(village, street, change):
    page = change(street, "head", person=one("李丽萍").pk).content.decode()
    assert "李** 已经是户主" in page
    assert "李丽萍" not in page


@pytest.mark.parametrize(
    ("act", "words", "told"),
    [
        ("death", {"person": ""}, "哪位家人"),
        ("death", {"person": "1", "on": "2024-11-02", "source": "家人"}, "还没有到|哪位|之间"),
        ("move", {"community": THERE, "address": "路", "on": "昨天"}, "日期要写成"),
        ("leave", {"person": "999999"}, "哪位家人"),
        ("away", {"to": "成都"}, "请选迁出的人"),
        ("split", {}, "谁分出去"),
        ("move", {"community": "420106999999", "address": "路"}, "从列表里选社区"),
        ("contact", {"phone": "123"}, "手机是 11 位"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(village, street, change, act, words, told):
    version = Household.objects.get(pk=village.home.pk).version
    answer = change(street, act, **words)
    assert answer.status_code == 409
    assert re.search(told, answer.content.decode())
    assert Household.objects.get(pk=village.home.pk).version == version


@pytest.mark.parametrize(
    ("who", "status"), [("elsewhere", 404), ("nextdoor", 404), ("jiaoyu", 403), ("shenji", 403)]
)
def test_only_who_records_here_changes_anything(village, sign_in, change, who, status):
    client = sign_in(who)
    assert client.get(f"/households/{village.home.pk}/change/").status_code == status
    assert change(client, "contact", grid="第9网格").status_code == status


def test_a_change_nobody_knows_is_refused(village, street, change):
    assert change(street, "erase").status_code == 400
