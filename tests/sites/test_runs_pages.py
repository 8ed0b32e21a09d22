"""The record of runs: what each did and changed, and who may start, resume or cancel one."""

import re

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from jiekun.offices.models import Officer
from jiekun.screening import actions as screening
from jiekun.screening.models import Run

from .conftest import AT, DISTRICT, TODAY, main

DISTRICTS, OTHERS = ("qu", "quzhang"), ("shequ", "jiedao", "shenji")


def latest(simulate=()):
    return Run.objects.filter(simulate=list(simulate), state="done").latest("on", "pk")


def test_each_run_is_listed_with_its_day_law_and_people(see):
    page = see("/runs/")
    assert page.count('class="lead"><a href="/runs/') == Run.objects.count()
    assert "2024-11-01" in page
    assert "模拟 W24" in page


def test_a_run_shows_its_changes_and_each_leads_to_its_rows(street):
    run = latest()
    page = street.get(f"/runs/{run.pk}/").content.decode()
    assert "比上一次变了什么" in page
    links = re.findall(rf'"(/changes/\?run={run.pk}[^"]*direction=[^"]*)">(\d+)<', page)
    assert links
    for link, many in links:
        rows = street.get(link.replace("&amp;", "&")).content.decode()
        assert f'<span class="chip">{many} 项</span>' in rows


def test_changes_of_a_run_under_the_other_law_are_not_shown_under_this(see):
    see("/changes/", status=400, run=latest(["W24"]).pk)
    see("/changes/", run=latest(["W24"]).pk, law="W24")


@pytest.mark.parametrize("wrong", ["0", "x", "999999"])
def test_a_run_that_does_not_exist_is_an_error(see, wrong):
    see("/changes/", status=400, run=wrong)
    see("/runs/999999/", status=404)


def test_people_and_changes_stop_at_the_area(sign_in):
    page = sign_in("nextdoor").get(f"/runs/{latest().pk}/").content.decode()
    assert "<strong>0 人</strong>" in page
    assert "没有变化" in page


@pytest.mark.parametrize("who", OTHERS)
def test_who_may_not_run_sees_no_button_and_starts_nothing(who, sign_in):
    client, before = sign_in(who), Run.objects.count()
    assert "现在筛查一次" not in main(client.get("/runs/"))
    client.post("/runs/start/", {"which": ""})
    assert "要由本区的" in client.get("/runs/").content.decode()
    assert Run.objects.count() == before


@pytest.mark.parametrize("who", ["jiaoyu", "canlian"])
def test_departments_do_not_see_runs(who, sign_in):
    client = sign_in(who)
    for address in ("/runs/", f"/runs/{latest().pk}/", f"/runs/{latest().pk}/progress/"):
        assert client.get(address).status_code == 403
    assert client.post("/runs/start/").status_code == 403


@pytest.mark.parametrize("who", DISTRICTS)
def test_the_district_starts_one_and_may_cancel_it(who, sign_in):
    client = sign_in(who)
    answer = client.post("/runs/start/", {"which": "W24"})
    run = Run.objects.latest("pk")
    assert answer.url == f"/runs/{run.pk}/"
    assert (run.simulate, run.started_by.username, run.on) == (["W24"], who, TODAY)
    assert ProcrastinateJob.objects.get(args__run=run.pk).status == "todo"
    page = main(client.get(answer.url))
    assert "排着队" in page
    assert "接着做" not in page
    client.post(f"/runs/{run.pk}/act/", {"act": "cancel"})
    page = main(client.get(answer.url))
    assert "已取消" in page
    assert "取消这次" not in page


def test_a_run_nobody_works_on_can_be_taken_up(sign_in):
    client = sign_in("qu")
    run = screening.start_run(on=TODAY, place=DISTRICT, by=None, at=AT)
    page = client.get(f"/runs/{run.pk}/").content.decode()
    assert "现在没有程序在做" in page
    client.post(f"/runs/{run.pk}/act/", {"act": "resume"})
    assert "排着队" in client.get(f"/runs/{run.pk}/").content.decode()


def test_a_failed_run_says_what_to_do(sign_in):
    run = screening.start_run(on=TODAY, place=DISTRICT, by=None, at=AT)
    Run.objects.filter(pk=run.pk).update(state="failed", problem="OSError: disk full")
    page = sign_in("qu").get(f"/runs/{run.pk}/").content.decode()
    assert "接着做" in page
    assert "disk full" in page
    page = sign_in("jiedao").get(f"/runs/{run.pk}/").content.decode()
    assert "请区民政经办接着做" in page
    assert "disk full" not in page


def test_progress_asks_again_until_done_and_then_for_the_whole_page(sign_in):
    client = sign_in("qu")
    run = screening.ask_for_run(
        on=TODAY, place=DISTRICT, by=Officer.objects.get(username="qu"), at=AT
    )
    answer = client.get(f"/runs/{run.pk}/progress/")
    assert 'hx-trigger="every 2s"' in answer.content.decode()
    assert "HX-Refresh" not in answer
    Run.objects.filter(pk=run.pk).update(state="cancelled")
    assert client.get(f"/runs/{run.pk}/progress/")["HX-Refresh"] == "true"


def test_an_act_or_a_law_nobody_knows_is_an_error(sign_in):
    client = sign_in("qu")
    assert client.post(f"/runs/{latest().pk}/act/", {"act": "delete"}).status_code == 400
    assert client.post("/runs/start/", {"which": "W99"}).status_code == 400


def test_a_thinned_run_says_what_is_kept(sign_in):
    old = Run.objects.filter(simulate=[], state="done").order_by("pk").first()
    Run.objects.filter(pk=old.pk).update(findings_kept=False)
    client = sign_in("qu")
    assert "只留合计和下面的变化" in client.get(f"/runs/{old.pk}/").content.decode()
    assert "合计和变化" in client.get("/runs/").content.decode()
