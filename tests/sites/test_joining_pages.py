"""New households, people who come, go over to others or are called otherwise."""

from __future__ import annotations

import re
from datetime import date

import pytest
from stdnum.cn import ric

from jiekun.offices import actions
from jiekun.offices.models import Division, Role
from jiekun.registry.models import Candidate, Household, Identifier, Membership, Person

from .conftest import AT, DISTRICT, HERE, THERE, TODAY, officer

BORN = date(1990, 3, 14)


def number(born=BORN, place="420106", order="002"):
    """A resident's number; an even order tells a woman."""
    stem = f"{place}{born:%Y%m%d}{order}"
    return stem + ric.calc_check_digit(stem + "0")


@pytest.fixture
def change(village):
    """Sends one act's form for the family, as it would be shown now."""

    def sent(client, act, of=None, **words):
        home = of or Household.objects.get(pk=village.home.pk)
        given = {"seen": home.version, "seen_at": AT.isoformat(), "on": "2024-11-01", **words}
        return client.post(f"/households/{home.pk}/change/?act={act}", given)

    return sent


def here(home):
    rows = Membership.objects.filter(household=home, until=None).select_related("person")
    return {row.person.name: row.relation for row in rows}


def one(name):
    return Person.objects.get(name=name)


BRIDE = {"name": "阿依古丽·买买提", "sex": "female", "birth_date": "1990-03-14",
         "relation": "38"}  # fmt: skip


# -- somebody comes


def test_a_newborn_or_a_bride_joins(village, street, change):
    assert change(street, "join", **BRIDE).status_code == 302
    assert here(village.home)["阿依古丽·买买提"] == "38"


def test_a_card_tells_sex_and_birthday_and_is_kept_sealed(ring, village, street, change):
    answer = change(street, "join", name="吴㐂", number=number(), shown="本人出示", relation="38")
    assert answer.status_code == 302
    made = one("吴㐂")
    assert (made.sex, made.birth_date, made.id_tail) == ("female", BORN, number()[-4:])
    assert Identifier.objects.get(person=made).source == "本人出示"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"name": ""}, "姓名没有填"),
        ({"sex": "", "birth_date": ""}, "性别和出生日期都要填"),
        ({"birth_date": "昨天"}, "出生日期要写成"),
        ({"relation": ""}, "从列表里选"),
        ({"relation": "28"}, "登记为女性"),
        ({"name": "王\u202e芳"}, "U\\+202E"),
        ({"name": "很" * 61}, "姓名太长"),
        ({"reason": "因" * 201}, "“原因”太长"),
        ({"reason": "骗\u202e人"}, "U\\+202E"),
        ({"number": "42010619900314002", "shown": "本人"}, "身份证号"),
        ({"number": number()}, "谁出示的"),
        ({"number": number(order="001"), "shown": "本人"}, "性别和登记的不一样"),
    ],
)
def test_who_cannot_be_is_told_and_what_was_typed_stays(ring, village, street, change, words, told):
    answer = change(street, "join", **{**BRIDE, "reason": "嫁进来", **words})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(told, page)
    assert ("嫁进来" in page) is ("reason" not in words)
    assert len(here(village.home)) == 4


@pytest.mark.parametrize("name", ["𠮷野家", "䶮冰", "欧阳阿依古丽·买买提艾力"])
def test_rare_and_long_names_are_as_good_as_any(village, street, change, name):
    assert change(street, "join", **{**BRIDE, "name": name}).status_code == 302
    assert name in here(village.home)


def test_markup_in_what_was_typed_is_shown_as_it_was_typed(village, street, change):
    page = change(street, "join", **{**BRIDE, "name": "<b>王</b>"}).content.decode()
    assert "&lt;b&gt;王&lt;/b&gt;" in page
    assert "<b>王</b>" not in page


# -- somebody known already


@pytest.fixture
def gone_away(village, street, change):
    change(street, "away", people=[one("陈雨桐").pk], to="成都市武侯区")
    return one("陈雨桐")


DAUGHTER = {"name": "陈雨桐", "sex": "female", "birth_date": "2008-05-20", "relation": "30"}


def test_who_comes_back_is_known_again_and_not_entered_twice(village, street, change, gone_away):
    answer = change(street, "join", **DAUGHTER)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "2024-11-01 迁出本区" in page
    assert change(street, "join", **DAUGHTER, same=gone_away.pk).status_code == 302
    assert here(village.home)["陈雨桐"] == "30"
    gone_away.refresh_from_db()
    assert gone_away.moved_away_on is None
    assert Person.objects.filter(name="陈雨桐").count() == 1


def test_a_namesake_is_entered_when_the_officer_says_so(village, street, change, gone_away):
    told = {**DAUGHTER, "same": "new"}
    unasked = change(street, "join", **told)
    assert unasked.status_code == 409
    assert f'name="alike" value="{gone_away.pk}"' in unasked.content.decode()
    assert not Candidate.objects.exists()
    assert change(street, "join", **told, alike=[gone_away.pk]).status_code == 302
    assert Person.objects.filter(name="陈雨桐").count() == 2
    assert Candidate.objects.get().one == gone_away


def test_who_lives_elsewhere_is_not_told_where_and_not_taken(village, street, change):
    stranger = {"name": "远方人", "sex": "male", "birth_date": "1984-01-01", "relation": "97"}
    page = change(street, "join", **stranger).content.decode()
    assert "现在住在您的辖区以外" in page
    assert "远家" not in page
    assert change(street, "join", **stranger, same=one("远方人").pk).status_code == 409
    assert "远方人" not in here(village.home)


def test_somebody_of_another_family_here_comes_over(village, street, change):
    known = {"name": "富贵", "sex": "male", "birth_date": "1984-01-01", "relation": "97"}
    assert "富家（户号" in change(street, "join", **known).content.decode()
    assert change(street, "join", **known, same=one("富贵").pk).status_code == 302
    assert here(village.home)["富贵"] == "97"
    assert here(village.paid) == {}


# -- two households


def shown(client, home, other, act):
    page = client.get(f"/households/{home.pk}/change/", {"act": act, "home": other.pk})
    text = page.content.decode()
    return text, re.search(r'name="seen_other" value="(\d+)"', text)[1]


def test_somebody_moves_over_to_a_household_named_by_its_number(village, street, change):
    text, seen_other = shown(street, village.home, village.paid, "transfer")
    assert "富家" in text
    assert "富贵" not in text
    given = {"home": village.paid.pk, "seen_other": seen_other, "person": one("陈浩然").pk}
    assert change(street, "transfer", **given, relation="97").status_code == 302
    assert here(village.paid) == {"富贵": "02", "陈浩然": "97"}


def test_two_households_become_one(village, street, change):
    _, seen_other = shown(street, village.home, village.paid, "merge")
    given = {"home": village.paid.pk, "seen_other": seen_other, "reason": "再婚"}
    assert change(street, "merge", **given).status_code == 409
    given[f"comes-{one('富贵').pk}"] = "11"
    assert change(street, "merge", **given).status_code == 302
    assert here(village.home)["富贵"] == "11"
    assert Household.objects.get(pk=village.paid.pk).dissolved_on == TODAY


def test_the_other_household_too_may_have_changed_meanwhile(village, street, sign_in, change):
    _, seen_other = shown(street, village.home, village.paid, "merge")
    change(sign_in("qu"), "contact", of=village.paid, grid="第9网格")
    given = {"home": village.paid.pk, "seen_other": seen_other, "reason": "再婚",
             f"comes-{one('富贵').pk}": "11"}  # fmt: skip
    answer = change(street, "merge", **given)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "改联系方式" in page
    assert "再婚" in page
    given["seen_other"] = re.search(r'name="seen_other" value="(\d+)"', page)[1]
    assert change(street, "merge", **given).status_code == 302


@pytest.mark.parametrize("asked", ["999999", "x", "-1", "9" * 30])
def test_a_household_that_is_not_there_is_told(village, street, asked):
    page = street.get(f"/households/{village.home.pk}/change/", {"act": "merge", "home": asked})
    assert "您的辖区里没有户号" in page.content.decode()


def test_a_household_elsewhere_is_as_good_as_none(village, street, change):
    page = street.get(
        f"/households/{village.home.pk}/change/", {"act": "merge", "home": village.other.pk}
    ).content.decode()
    assert "您的辖区里没有户号" in page
    assert "远" not in page.replace("永远", "")
    given = {"home": village.other.pk, "seen_other": 1, "person": one("陈浩然").pk}
    assert change(street, "transfer", **given, relation="97").status_code == 409


def test_a_household_one_may_only_look_at_is_not_changed(village, sign_in, change):
    both = officer("looks", Role.COMMUNITY_WORKER, HERE)
    actions.appoint(
        officer=both, role=Role.AUDITOR, area=Division.objects.get(pk=DISTRICT), since=TODAY,
        by=None, at=AT,
    )  # fmt: skip
    client = sign_in("looks")
    given = {"home": village.other.pk, "seen_other": 1, "person": one("陈浩然").pk}
    answer = change(client, "transfer", **given, relation="97")
    assert "您能看、不能改" in answer.content.decode()
    assert "陈浩然" not in here(village.other)


# -- names and registers


def test_somebody_is_called_otherwise_and_found_by_both_names(village, street, change):
    given = {"person": one("李丽萍").pk, "name": "李𠮷萍", "document": "户口簿变更页"}
    assert change(street, "rename", **given).status_code == 302
    for name in ("李𠮷萍", "李丽萍"):
        assert (
            f"/households/{village.home.pk}/"
            in street.get("/search/", {"q": name}).content.decode()
        )


def test_who_renames_what_another_renamed_meanwhile_is_told(village, street, sign_in, change):
    given = {"person": one("李丽萍").pk, "name": "李莉萍"}
    assert change(sign_in("qu"), "rename", **given).status_code == 302
    before = {"seen_at": "2024-11-01T00:00:00+08:00"}
    answer = change(street, "rename", person=given["person"], name="李立平", **before)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "改名" in page
    assert "李立平" in page
    again = re.search(r'name="seen_at" value="([^"]+)"', page)[1].replace("&#x2B;", "+")
    sent = change(street, "rename", person=given["person"], name="李立平", seen_at=again)
    assert sent.status_code == 302


def test_where_somebody_is_registered_is_written_apart(ring, village, street, change):
    given = {"person": one("周桂英").pk, "number": "420106123", "relation": "02",
             "address": "中山路1号"}  # fmt: skip
    assert change(street, "register", **given).status_code == 302
    assert one("周桂英").registrations.get().register.address == "中山路1号"
    left = {"person": given["person"], "reason": "迁回原籍"}
    assert change(street, "unregister", **left).status_code == 302
    assert one("周桂英").registrations.get().until == TODAY


# -- a household there was not

HEAD = {"name": "新来", "sex": "male", "birth_date": "1984-06-05", "community": HERE,
        "address": "解放路8号", "on": "2024-11-01"}  # fmt: skip


def test_a_household_is_registered_and_opens(village, street):
    answer = street.post("/households/new/", HEAD)
    made = Household.objects.get(address="解放路8号")
    assert answer["Location"] == f"/households/{made.pk}/"
    assert (made.name, here(made)) == ("新家", {"新来": "02"})
    assert street.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"address": ""}, "住址没有填"),
        ({"community": THERE}, "不在您的辖区"),
        ({"community": "420106008"}, "不是社区"),
        ({"phone": "110"}, "手机是 11 位"),
        ({"on": "2024-11-02"}, "还没有到"),
        ({"name": "富贵", "birth_date": "1984-01-01"}, "册上已有的人"),
        ({"name": "富贵", "birth_date": "1984-01-01", "same": "own"}, "册上已有的人"),
    ],
)
def test_a_household_that_cannot_be_is_told_and_nothing_is_written(village, street, words, told):
    answer = street.post("/households/new/", {**HEAD, **words})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert told in page
    assert not Household.objects.filter(address="解放路8号").exists()
    assert not Person.objects.filter(name="新来").exists()


def test_a_household_sent_twice_is_registered_once(village, street):
    known = one("富贵")
    twice = {**HEAD, "name": known.name, "birth_date": "1984-01-01", "same": "new",
             "alike": [known.pk]}  # fmt: skip
    answers = [street.post("/households/new/", twice).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert Household.objects.filter(address="解放路8号").count() == 1


def test_whoever_lives_somewhere_cannot_head_another_household_too(village, street):
    known = {**HEAD, "name": "富贵", "birth_date": "1984-01-01", "same": one("富贵").pk}
    assert "分户" in street.post("/households/new/", known).content.decode()


@pytest.mark.parametrize(("who", "status"), [("shenji", 403), ("jiaoyu", 403), ("admin", 403)])
def test_only_who_records_families_registers_one(village, sign_in, who, status):
    client = sign_in(who)
    assert client.get("/households/new/").status_code == status
    assert client.post("/households/new/", HEAD).status_code == status
    assert not Household.objects.filter(address="解放路8号").exists()
