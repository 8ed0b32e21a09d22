"""Pairs that may be one person: listed by area, side by side behind masks, decided and undone."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiekun.offices.models import Officer
from jiekun.registry import pairing
from jiekun.registry.alike import alike
from jiekun.registry.models import Candidate, Person, Receipt

from .conftest import AT, HERE, THERE, settle

pytestmark = pytest.mark.django_db
BORN = date(2008, 5, 20)


def noted(one, other):
    (pair,) = pairing.note_pairs(pairs=[alike(one.pk, other.pk)], found="nightly", by=None, at=AT)
    return pair


@pytest.fixture
def daughter(village):
    return Person.objects.get(name="陈雨桐")


def entered_again(community):
    settle("陈", [("陈雨彤", "02", {"sex": "female", "birth_date": BORN})], community=community)
    return Person.objects.get(name="陈雨彤")


@pytest.fixture
def pair(daughter):
    return noted(daughter, entered_again(HERE))


def test_the_list_shows_a_pair_of_ones_own_area_masked(pair, sign_in):
    shown = sign_in("jiedao").get("/duplicates/").content.decode()
    assert f"/duplicates/{pair.pk}/" in shown
    assert "陈** 和 陈**" in shown
    assert "陈雨" not in shown


def test_another_street_sees_neither_the_pair_nor_its_count(pair, sign_in):
    client = sign_in("elsewhere")
    assert "待核 0" in client.get("/duplicates/").content.decode()
    assert client.get(f"/duplicates/{pair.pk}/").status_code == 404
    assert client.post(f"/duplicates/{pair.pk}/act/", {"act": "later"}).status_code == 404


def test_of_a_pair_across_streets_each_sees_its_own_side(daughter, sign_in):
    away = entered_again(THERE)
    home = away.memberships.get().household
    pair = noted(daughter, away)
    shown = sign_in("jiedao").get(f"/duplicates/{pair.pk}/").content.decode()
    assert "辖区外的人" in shown
    assert f"/households/{home.pk}/" not in shown
    assert "报区民政核对" in shown
    assert "辖区外的人" not in sign_in("qu").get(f"/duplicates/{pair.pk}/").content.decode()


def test_side_by_side_says_why_and_what_differs(pair, sign_in):
    shown = sign_in("jiedao").get(f"/duplicates/{pair.pk}/").content.decode()
    assert "姓名读音相同、字不同" in shown
    assert "支持理由" in shown
    assert "✕ 不一样" in shown
    assert "✓ 一样" in shown


def test_merging_and_undoing_it_from_the_page(pair, daughter, sign_in):
    client = sign_in("jiedao")
    told = {"act": "same", "keep": str(daughter.pk), "reason": "看了户口簿"}
    gone = pair.other_id if pair.one_id == daughter.pk else pair.one_id
    assert client.post(f"/duplicates/{pair.pk}/act/", told).status_code == 302
    onward = client.get(f"/people/{gone}/")
    assert (onward.status_code, onward["Location"]) == (302, f"/people/{daughter.pk}/")
    assert "已经合并" in client.get(onward["Location"]).content.decode()
    looked = client.get(f"/people/{gone}/looked/")
    assert (looked.status_code, looked["Location"]) == (302, f"/people/{daughter.pk}/looked/")
    undo = {"act": "undo", "reason": "认错人了"}
    assert client.post(f"/duplicates/{pair.pk}/act/", undo).status_code == 302
    assert Candidate.objects.get(pk=pair.pk).state == "open"
    assert client.get(f"/people/{gone}/").status_code == 200


def test_the_old_number_tells_another_street_nothing(pair, daughter, sign_in):
    gone = pair.other_id if pair.one_id == daughter.pk else pair.one_id
    pairing.say_same(
        pair=pair, keep=daughter.pk, reason="看了", at=AT, by=Officer.objects.get(username="jiedao")
    )
    assert sign_in("elsewhere").get(f"/people/{gone}/").status_code == 404


def test_where_both_are_paid_a_second_officer_confirms(pair, daughter, sign_in):
    for one in (pair.one, pair.other):
        home = one.memberships.get(until__isnull=True).household
        Receipt.objects.create(
            household=home, person=one, measure="dibao", amount_fen=100, since=BORN
        )
    told = {"act": "same", "keep": str(daughter.pk), "reason": "看了户口簿"}
    url = f"/duplicates/{pair.pk}/"
    assert "另一位工作人员确认" in sign_in("jiedao").get(url).content.decode()
    sign_in("jiedao").post(f"{url}act/", told)
    waits = "别人提出的合并等您确认"
    assert waits not in sign_in("jiedao").get("/today/").content.decode()
    assert waits in sign_in("qu").get("/today/").content.decode()
    mine = "/duplicates/?state=proposed&mine=confirm"
    assert url not in sign_in("jiedao").get(mine).content.decode()
    assert url in sign_in("qu").get(mine).content.decode()
    again = sign_in("jiedao").post(f"{url}act/", {"act": "confirm", "reason": "我"})
    assert (again.status_code, "不能自己确认" in again.content.decode()) == (409, True)
    sign_in("qu").post(f"{url}act/", {"act": "confirm", "reason": "核过两份材料"})
    assert Candidate.objects.get(pk=pair.pk).state == "merged"
    assert "合并没有停掉任何一份" in sign_in("qu").get(url).content.decode()


@pytest.mark.parametrize(
    ("told", "status"),
    [({"act": "same", "keep": "1", "reason": "x"}, 409), ({"act": "same", "reason": "x"}, 409),
     ({"act": "different", "reason": " "}, 409), ({"act": "sink", "reason": "x"}, 400),
     ({"act": "confirm", "reason": "x"}, 409)],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_changes_nothing(pair, sign_in, told, status):
    answer = sign_in("jiedao").post(f"/duplicates/{pair.pk}/act/", told)
    assert answer.status_code == status
    assert Candidate.objects.get(pk=pair.pk).state == "open"


def test_an_unknown_filter_is_an_error(sign_in):
    assert sign_in("jiedao").get("/duplicates/?state=lost").status_code == 400
    assert sign_in("jiedao").get("/duplicates/?how=x").status_code == 400


@pytest.mark.parametrize("place", ["/duplicates/", "/duplicates/{}/"])
def test_a_page_asks_the_database_little(pair, sign_in, place):
    client = sign_in("qu")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(place.format(pair.pk)).status_code == 200
    assert len(asked) <= 15, "\n".join(q["sql"][:120] for q in asked.captured_queries)


def test_a_person_page_leads_to_their_pair(pair, daughter, sign_in):
    shown = sign_in("jiedao").get(f"/people/{daughter.pk}/").content.decode()
    assert f"/duplicates/{pair.pk}/" in shown


def test_what_waits_today_counts_the_pairs(pair, sign_in):
    assert "可能登记了两次的人" in sign_in("jiedao").get("/today/").content.decode()
