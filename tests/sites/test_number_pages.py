"""People's numbers: masked, shown for a purpose, written down and ended."""

from __future__ import annotations

import pytest
from stdnum.cn import ric

from jiekun.journal.models import Entry
from jiekun.registry import actions as registry
from jiekun.registry.models import (
    Identifier,
    Person,
)

from .conftest import AT


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
