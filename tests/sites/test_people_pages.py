"""What is said of people: sources that differ, answers given meanwhile, a form half known."""

from __future__ import annotations

import re
from datetime import date

import pytest

from jiekun.registry import actions as registry
from jiekun.registry.models import (
    FactRecord,
    Settlement,
)

from .conftest import AT

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
