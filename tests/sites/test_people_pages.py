"""Settling what sources say differently, numbers behind a mask, and what befalls a household."""

from __future__ import annotations

import re
from datetime import date

import pytest
from stdnum.cn import ric

from jiekun.journal.models import Entry
from jiekun.registry import actions as registry
from jiekun.registry.models import (
    FactRecord,
    Household,
    Identifier,
    Membership,
    Person,
    Settlement,
)

from .conftest import AT, HERE, THERE, TODAY

OLD = date(2024, 10, 20)


def say(person, value, source, as_of=OLD):
    registry.record_fact(
        subject=person, fact="wage_income", value=value, source=source, as_of=as_of, by=None, at=AT
    )


@pytest.fixture
def disputed(village, db):
    """Two sources say different wages of the grandmother."""
    say(village.grandmother, 100, "本人")
    say(village.grandmother, 300, "人社")
    return f"/people/{village.grandmother.pk}/disagreements/"


def settle(client, address, seen=0, **words):
    given = {"act": "settle", "fact": "wage_income", "source": "本人", "reason": "看过存折",
             "seen": seen, **words}  # fmt: skip
    return client.post(address, given)


# -- what sources say differently


def test_sources_stand_side_by_side_with_their_days(disputed, street, village):
    page = street.get(disputed).content.decode()
    for told in ("工资收入", "100 元/月", "300 元/月", "2024-10-20", "还没有定"):
        assert told in page
    assert "说法不一 1 项" in street.get(f"/people/{village.grandmother.pk}/").content.decode()


def test_an_officer_decides_and_the_page_says_who_and_why(disputed, street, village):
    assert settle(street, disputed).status_code == 302
    page = street.get(disputed).content.decode()
    assert "定以本人为准：看过存折" in page
    assert "已定" in page
    person = street.get(f"/people/{village.grandmother.pk}/").content.decode()
    assert "已定不用——人社 2024-10-20：300 元/月" in person


@pytest.mark.parametrize(
    ("words", "told"),
    [({"reason": " "}, "请写明为什么"), ({"source": "税务"}, "没有说过"), ({"source": ""}, "先选"),
     ({"fact": "nonsense"}, "没有叫")],
)  # fmt: skip
def test_what_cannot_be_decided_is_told_and_what_was_typed_stays(disputed, street, words, told):
    answer = settle(street, disputed, document="存折复印件", **words)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert told in page
    assert "fact" in words or "存折复印件" in page
    assert not Settlement.objects.exists()


def test_a_second_officer_sees_what_the_first_decided_and_loses_nothing(disputed, street, sign_in):
    settle(street, disputed)
    answer = settle(sign_in("qu"), disputed, source="人社", reason="工资单上就是这个数")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "陈静" in page
    assert "已定以本人为准（看过存折）" in page
    assert "工资单上就是这个数" in page
    standing = Settlement.objects.get(lifted_at=None)
    assert standing.source == "本人"
    assert f'name="seen" value="{standing.pk}"' in page
    settle(sign_in("qu"), disputed, seen=standing.pk, source="人社", reason="工资单上就是这个数")
    assert Settlement.objects.get(lifted_at=None).source == "人社"


def test_a_decision_may_be_taken_back(disputed, street):
    settle(street, disputed)
    standing = Settlement.objects.get()
    back = {"act": "lift", "fact": "wage_income", "seen": standing.pk, "reason": "看错了存折"}
    assert street.post(disputed, back).status_code == 302
    assert street.post(disputed, back).status_code == 409
    assert "还没有定" in street.get(disputed).content.decode()


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30])
def test_a_form_without_what_was_seen_is_refused(disputed, street, seen):
    assert settle(street, disputed, seen=seen).status_code == 400


@pytest.mark.parametrize(
    ("who", "status"), [("elsewhere", 404), ("nextdoor", 404), ("jiaoyu", 403), ("shenji", 403)]
)
def test_only_who_records_here_decides(disputed, sign_in, who, status):
    assert settle(sign_in(who), disputed).status_code == status
    assert not Settlement.objects.exists()


def test_a_households_own_facts_may_be_decided_too(village, street):
    for value, source in ((True, "本人"), (False, "入户查看")):
        registry.record_fact(
            subject=village.home, fact="assets_within_limit", value=value, source=source,
            as_of=OLD, by=None, at=AT,
        )  # fmt: skip
    address = f"/households/{village.home.pk}/disagreements/"
    assert "入户查看" in street.get(address).content.decode()
    assert settle(street, address, fact="assets_within_limit").status_code == 302
    assert Settlement.objects.get().household == village.home


# -- numbers


@pytest.fixture
def number(ring, village):
    stem = f"420106{village.grandmother.birth_date:%Y%m%d}001"
    return stem + ric.calc_check_digit(stem + "0")


@pytest.fixture
def kept(number, village, db):
    Person.objects.filter(pk=village.grandmother.pk).update(sex="male")
    return registry.claim_identifier(
        person=Person.objects.get(pk=village.grandmother.pk), kind="resident_id", number=number,
        source="本人出示", by=None, at=AT,
    )  # fmt: skip


@pytest.fixture
def numbers(village, db):
    return f"/people/{village.grandmother.pk}/numbers/"


def test_a_number_is_masked_until_somebody_says_what_for(kept, number, numbers, street):
    page = street.get(numbers).content.decode()
    assert number not in page
    assert f"**** {number[-4:]}" in page
    shown = street.post(numbers, {"act": "reveal", "identifier": kept.pk, "purpose": "核对身份"})
    assert number in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert number not in street.get(numbers).content.decode()
    assert Entry.objects.get(act="reveal-identifier").purpose == "核对身份"


@pytest.mark.parametrize(
    "words", [{"purpose": "好奇"}, {"purpose": ""}, {"identifier": "0"}, {"identifier": "x"}]
)
def test_without_a_purpose_or_a_number_nothing_is_shown(kept, number, numbers, street, words):
    given = {"act": "reveal", "identifier": kept.pk, "purpose": "核对身份", **words}
    answer = street.post(numbers, given)
    assert answer.status_code == 400
    assert number not in answer.content.decode()
    assert not Entry.objects.filter(act="reveal-identifier").exists()


def test_anothers_number_is_not_shown_on_this_page(kept, number, village, sign_in):
    answer = sign_in("qu").post(
        f"/people/{Person.objects.get(name='远方人').pk}/numbers/",
        {"act": "reveal", "identifier": kept.pk, "purpose": "核对身份"},
    )
    assert answer.status_code == 400
    assert number not in answer.content.decode()


@pytest.mark.parametrize("who", ["elsewhere", "nextdoor", "jiaoyu"])
def test_numbers_elsewhere_are_not_there(kept, number, numbers, sign_in, who):
    given = {"act": "reveal", "identifier": kept.pk, "purpose": "核对身份"}
    for answer in (sign_in(who).get(numbers), sign_in(who).post(numbers, given)):
        assert answer.status_code in (403, 404)
        assert number[-4:] not in answer.content.decode()


def test_a_number_is_written_down_and_ended(ring, numbers, street):
    given = {"act": "claim", "kind": "bank_card", "number": "6228 4804 0256 4890 018",
             "source": "本人出示", "seen_at": AT.isoformat()}  # fmt: skip
    assert street.post(numbers, given).status_code == 302
    made = Identifier.objects.get()
    end = {"act": "end", "identifier": made.pk, "until": "2024-11-01", "reason": "换卡",
           "seen_at": AT.isoformat()}  # fmt: skip
    assert street.post(numbers, end).status_code == 302
    assert "停用" in street.get(numbers).content.decode()


def test_a_wrong_number_is_told_plainly_and_stays_in_the_form(ring, numbers, street):
    answer = street.post(
        numbers, {"act": "claim", "kind": "bank_card", "number": "6222021234567890123",
                  "source": "本人出示", "seen_at": AT.isoformat()},
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "校验位不对" in page
    assert "6222021234567890123" in page
    assert not Identifier.objects.exists()


# -- what befalls a household


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


# -- answers others gave meanwhile


def answer(client, village, seen_at="", source="本人", **words):
    given = {f"{name}@{village.grandmother.pk}": value for name, value in words.items()}
    sent = {**given, "source": source, "as_of": "2024-11-01", "seen_at": seen_at}
    return client.post(f"/households/{village.home.pk}/record/", sent)


def shown_at(client, village):
    page = client.get(f"/people/{village.grandmother.pk}/", {"edit": "income"}).content.decode()
    return re.search('name="seen_at" value="([^"]+)"', page)[1]


def test_who_answers_what_another_answered_meanwhile_sees_it_and_loses_nothing(
    village, street, sign_in
):
    seen = shown_at(street, village)
    assert answer(sign_in("qu"), village, odd_job_income="600").status_code == 302
    again = answer(street, village, seen, odd_job_income="777", wage_income="50")
    page = again.content.decode()
    assert again.status_code == 409
    assert "别人又记过" in page
    assert "现在记着的：600 元/月" in page
    assert 'value="777"' in page
    assert 'value="50"' in page
    seen = re.search('name="seen_at" value="([^"]+)"', page)[1].replace("&#x2B;", "+")
    assert answer(street, village, seen, odd_job_income="777").status_code == 302


def test_a_wrong_answer_is_told_beside_what_was_typed(village, street):
    again = answer(street, village, odd_job_income="很多", wage_income="50")
    page = again.content.decode()
    assert again.status_code == 409
    assert 'value="很多"' in page
    assert 'value="50"' in page
    assert not FactRecord.objects.filter(fact="wage_income").exists()


@pytest.mark.parametrize("seen_at", ["yesterday", "2024-11-01T09:00:00"])
def test_a_form_whose_moment_makes_no_sense_is_refused(village, street, seen_at):
    assert answer(street, village, seen_at, odd_job_income="600").status_code == 400


# -- a form that holds what is known already


def edited(client, village, group="income", **words):
    """Send the person's own form as it was shown, with these fields altered."""
    page = client.get(f"/people/{village.grandmother.pk}/", {"edit": group}).content.decode()
    shown = dict(re.findall(r'name="was-([^"]+)" value="([^"]*)"', page))
    at = f"@{village.grandmother.pk}"
    sent = {**shown, **{f"was-{name}": value for name, value in shown.items()}}
    sent |= {f"{name}{at}": value for name, value in words.items() if name != "checked"}
    around = {"source": "本人", "as_of": "2024-11-01", "checked": words.get("checked", "")}
    return client.post(f"/households/{village.home.pk}/record/", {**sent, **around})


def recorded():
    return dict(FactRecord.objects.values_list("fact", "value"))


def test_only_what_was_altered_is_recorded(village, street):
    edited(street, village, odd_job_income="600")
    assert recorded() == {"odd_job_income": "600.00"}


def test_a_form_sent_as_it_was_shown_records_nothing(village, street):
    edited(street, village)
    assert recorded() == {}


def test_who_checked_everything_may_say_so(village, street):
    edited(street, village, checked="1")
    assert recorded()["wage_income"] == "0.00"
    assert "odd_job_income" not in recorded()


def test_a_field_made_empty_is_not_known_any_more(village, street):
    edited(street, village, wage_income="")
    assert recorded() == {"wage_income": None}
    page = street.get(f"/people/{village.grandmother.pk}/").content.decode()
    assert "工资收入：还不知道" in page


def test_a_birthday_behind_the_mask_that_is_left_empty_stays(village, street):
    page = street.get(f"/people/{village.grandmother.pk}/", {"edit": "identity"}).content.decode()
    assert "1946-02-09" not in page
    edited(street, village, group="identity", birth_date="")
    assert recorded() == {}
    village.grandmother.refresh_from_db()
    assert village.grandmother.birth_date.year == 1946


def test_the_household_is_named_once_on_the_way_to_it(village, street):
    page = street.get(f"/households/{village.home.pk}/disagreements/").content.decode()
    crumb = re.search(r'<nav class="crumb".*?</nav>', page)[0]
    assert crumb.count("</a>") == 1
