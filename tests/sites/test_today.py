"""Today: what waits for whom, how long, and a list behind every number."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiekun.offices import actions as offices
from jiekun.offices.models import Officer
from jiekun.registry.merging import merge
from jiekun.registry.models import Household, Receipt
from jiekun.screening.models import Run

from .conftest import AT, BEFORE, DISTRICT, PASSWORD, TODAY, settle


def waiting(page):
    """What waits, as {what: (how many, the list's address)}."""
    card = page.partition('id="waiting"')[2].partition("</section>")[0]
    rows = re.findall(r'class="lead"><a href="([^"]*)">([^<]*)</a>.*?"num lead">([\d,]+) ', card)
    return {what: (int(many.replace(",", "")), url) for url, what, many in rows}


@pytest.fixture
def dead_receipt(village, db):
    """The dead father's allowance, which nobody ended."""
    return Receipt.objects.create(
        household=village.home, person=village.father, measure="disability_living",
        amount_fen=7_000, unit="yuan/month", since=date(2023, 9, 1),
    )  # fmt: skip


def test_a_benefit_of_somebody_dead_waits(dead_receipt, village, sign_in):
    page = sign_in("jiedao").get("/today/").content.decode()
    assert waiting(page)["人已去世、迁出或登记重复，待遇还在领"] == (1, "/today/gone/")
    assert "2024-10-08，24 天前" in page
    listed = sign_in("jiedao").get("/today/gone/").content.decode()
    assert f'href="/households/{village.home.pk}/"' in listed
    assert "陈志强" not in listed
    for stranger in ("elsewhere", "nextdoor"):
        assert "人已去世" not in sign_in(stranger).get("/today/").content.decode()
        assert "/households/" not in sign_in(stranger).get("/today/gone/").content.decode()


def test_the_pages_it_leads_to_say_so_too(dead_receipt, village, sign_in):
    client = sign_in("jiedao")
    before = re.search("现在(享受一年 [^<· ]*|没有领到钱)", home(client, village)).group()
    for address in (f"/households/{village.home.pk}/", f"/people/{village.father.pk}/"):
        card = client.get(address).content.decode().partition('id="paid"')[2]
        assert card.startswith(">请复核：人已去世或迁出，待遇还在领")
        assert "70 元/月" in card.partition("</section>")[0]
        assert "10 月 8 日去世" in card.partition("</section>")[0]
    assert before == "现在没有领到钱"
    Receipt.objects.filter(pk=dead_receipt.pk).update(until=TODAY)
    assert 'id="paid"' not in home(client, village)


def home(client, village):
    return client.get(f"/households/{village.home.pk}/").content.decode()


def test_each_benefit_that_goes_on_says_why(village, dead_receipt, sign_in):
    """Somebody alive whose home is no more, and whoever turned out to be somebody else."""
    street = Officer.objects.get(username="jiedao")
    lone = settle("独", [("独居", "02", {})])
    Receipt.objects.create(
        household=lone, person=village.grandmother, measure="dibao", amount_fen=1, since=BEFORE
    )
    Household.objects.filter(pk=lone.pk).update(dissolved_on=TODAY)
    one, other = (settle("双", [("双生", "02", {})]) for _ in range(2))
    kept, gone = (home.memberships.get().person for home in (one, other))
    for home, person in ((one, kept), (other, gone)):
        Receipt.objects.create(
            household=home, person=person, measure="dibao", amount_fen=1, since=BEFORE
        )
    merge(kept=kept, gone=gone, reason="看了户口簿", by=street, at=AT)
    listed = sign_in("jiedao").get("/today/gone/").content.decode()
    for said in ("去世", "原来的户已无人", f"已与 {kept.pk} 号合并"):
        assert said in listed
    assert " 迁出<" not in listed


def test_a_benefit_that_ended_in_time_waits_for_nobody(dead_receipt, sign_in):
    Receipt.objects.filter(pk=dead_receipt.pk).update(until=date(2024, 10, 31))
    assert "人已去世" not in sign_in("jiedao").get("/today/").content.decode()


@pytest.mark.parametrize("who", ["jiedao", "qu"])
def test_every_number_is_that_of_the_list_behind_it(who, dead_receipt, sign_in):
    client = sign_in(who)
    found = waiting(client.get("/today/").content.decode())
    assert {"人已去世、迁出或登记重复，待遇还在领", "在领，但按现有事实不符合"} <= found.keys()
    for what, (many, url) in found.items():
        assert f'<span class="chip">{many} ' in client.get(url).content.decode(), what


def test_a_proposal_waits_for_whoever_may_confirm_it(sign_in):
    offices.propose_value(
        name="dibao_standard_urban", place=DISTRICT, since=date(2024, 12, 1), until=None,
        value=Decimal(1000), unit="yuan/month", source="区政府常务会议", cites="",
        by=Officer.objects.get(username="qu"), at=AT,
    )  # fmt: skip
    leader = waiting(sign_in("quzhang").get("/today/").content.decode())
    assert leader["别人提出的参数等您确认"][0] == 1
    assert "等您确认" not in sign_in("qu").get("/today/").content.decode()


def test_a_screening_that_failed_waits_for_who_may_go_on(sign_in):
    Run.objects.create(on=TODAY, place=DISTRICT, law_digest="x", state="failed", started_at=AT)
    assert "出错停下的筛查" in sign_in("qu").get("/today/").content.decode()
    assert "出错停下的筛查" not in sign_in("jiedao").get("/today/").content.decode()


def test_a_screening_that_failed_before_one_was_done_waits_for_nobody(sign_in):
    Run.objects.filter(simulate=[]).exclude(
        pk=Run.objects.filter(simulate=[]).latest("pk").pk
    ).update(state="failed")
    assert "出错停下的筛查" not in sign_in("qu").get("/today/").content.decode()


def test_the_day_begins_at_today_for_who_works_with_families(client, village, demo_day):
    for who, first in (("jiedao", "/today/"), ("jiaoyu", "/"), ("shenji", "/")):
        client.logout()
        answer = client.post("/sign-in/", {"username": who, "password": PASSWORD, "next": "/"})
        assert answer["Location"] == first, who


def test_nothing_waiting_is_said_plainly(sign_in):
    page = sign_in("nextdoor").get("/today/").content.decode()
    assert "现在没有等着您的事" in page


def test_who_sees_no_families_has_no_such_page(sign_in):
    assert sign_in("admin").get("/today/").status_code == 403


@pytest.mark.parametrize("who", ["shequ", "jiedao", "qu", "quzhang"])
def test_today_asks_the_database_little(who, sign_in):
    client = sign_in(who)
    client.get("/today/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/today/")
    assert len(asked) <= 15, [query["sql"][:80] for query in asked]
