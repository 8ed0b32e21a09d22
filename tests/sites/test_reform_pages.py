"""What if the law were changed, as pages: composed, tried, shown, and only to whom it is theirs."""

import io
import re
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jiekun.journal.models import Entry
from jiekun.offices.models import Role
from jiekun.screening import actions as screening
from jiekun.screening import touched, trying
from jiekun.screening.models import Simulation
from jiekun.sites.desk import reform_result, reform_rows, reforms

from .conftest import AT, DISTRICT, TODAY, main

UP = "label: 低保标准提高 5%\nchanges:\n  - parameter: dibao_standard_urban\n    by: +5%\n"
MORE = UP.replace("5%", "20%")
PAGES = ("", "households/", "households/?outcome=gain", "progress/")


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    return tmp_path_factory.mktemp("state")


@pytest.fixture(autouse=True)
def kept(settings, state):
    settings.STATE = state


@pytest.fixture(scope="module")
def tried(village, state, django_db_blocker):
    """Two reforms tried on a snapshot of the village."""
    from django.conf import settings

    from jiekun.offices.models import Officer

    before, settings.STATE = settings.STATE, state
    try:
        with django_db_blocker.unblock():
            run = screening.start_run(on=TODAY, place=DISTRICT, snapshot=True, by=None, at=AT)
            screening.run_chunks(run=run, at=AT)
            made = []
            for text in (UP, MORE):
                qu = Officer.objects.get(username="qu")
                asked = trying.ask(text=text, file="x", place=DISTRICT, on=TODAY, by=qu, at=AT)
                made.append(trying.work_out(simulation=asked, at=AT))
            yield made
    finally:
        settings.STATE = before


def compose(client, act, text=UP, **given):
    return client.post("/reforms/new/", {"act": act, "text": text, **given})


def text_of(answer):
    page = answer.content.decode()
    return re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)[1]


def test_the_result_shows_the_headline_and_each_number_leads_to_its_households(tried, sign_in):
    client = sign_in("qu")
    page = client.get(f"/reforms/{tried[0].pk}/").content.decode()
    total = tried[0].totals["total"]
    assert f"{total['gaining']} 户" in page
    assert "一年多花" in page
    rows = client.get(f"/reforms/{tried[0].pk}/households/?outcome=gain").content.decode()
    assert f'<span class="chip">{total["gaining"]} 户</span>' in rows


def test_the_rows_add_up_to_the_figures(tried):
    for simulation in tried:
        total = simulation.totals["total"]
        every = touched.touched(simulation, frozenset({DISTRICT}), {})
        assert every.counts["gain"] == total["gaining"]
        assert every.counts["lose"] == total["losing"]
        assert every.counts["undetermined"] == total["undetermined"]
        assert every.gain - every.loss == total["after"] - total["before"]
        for word, column in (("street", "street"), ("type", "household_type"), ("decile",) * 2):
            for line in simulation.totals["tables"][column]:
                chosen = {word: line["key"], "outcome": "gain"}
                some = touched.touched(simulation, frozenset({DISTRICT}), chosen)
                assert some.many == line["gaining"], chosen


@pytest.mark.parametrize("who", ["nextdoor", "elsewhere"])
def test_a_street_or_community_sees_only_its_own_households(who, tried, village, sign_in):
    client = sign_in(who)
    for simulation in tried:
        for page in PAGES:
            answer = client.get(f"/reforms/{simulation.pk}/{page}")
            assert answer.status_code == 200
            assert f"/households/{village.home.pk}/" not in answer.content.decode()
            if "/households" in f"/{page}" and who == "nextdoor":
                assert '<span class="chip">0 户</span>' in answer.content.decode()
    if who == "nextdoor":
        page = main(client.get(f"/reforms/{tried[0].pk}/"))
        assert "<b>0 户</b>" in page
        assert "一年多花" not in page


def test_another_streets_filter_is_refused(tried, sign_in):
    address = f"/reforms/{tried[0].pk}/households/?street=420106008"
    assert sign_in("elsewhere").get(address).status_code == 400
    assert sign_in("qu").get(address).status_code == 200


@pytest.mark.parametrize("who", ["jiaoyu", "canlian"])
def test_departments_see_no_simulation(who, tried, sign_in):
    client = sign_in(who)
    addresses = [f"/reforms/{tried[0].pk}/{page}" for page in PAGES]
    addresses += [f"/reforms/{tried[0].pk}.{kind}" for kind in ("xlsx", "pdf", "yaml")]
    for address in ("/reforms/", "/reforms/new/", "/reforms/compare/?a=1&b=2", *addresses):
        assert client.get(address).status_code == 403, address
    assert compose(client, "start").status_code == 403


@pytest.mark.parametrize("who", ["shequ", "jiedao", "shenji"])
def test_only_the_district_composes_cancels_and_removes(who, tried, sign_in):
    client, before = sign_in(who), Simulation.objects.count()
    assert "写一份改动" not in main(client.get("/reforms/"))
    assert compose(client, "start").status_code == 403
    client.post(f"/reforms/{tried[0].pk}/act/", {"act": "remove"})
    tried[0].refresh_from_db()
    assert tried[0].state == "done"
    assert Simulation.objects.count() == before


@pytest.mark.parametrize(
    "wrong",
    ["outcome=win", "street=999", "street=4", "street=42010", "street=420106999", "category=x",
     "type=x", "decile=11", "measure=dibaoo", "x=1", "page=99", "page=x"],
)  # fmt: skip
def test_a_filter_nobody_knows_is_an_error(wrong, tried, sign_in):
    assert sign_in("qu").get(f"/reforms/{tried[0].pk}/households/?{wrong}").status_code == 400


def test_the_same_reform_again_leads_to_its_answer(tried, sign_in):
    answer = compose(sign_in("quzhang"), "start")
    # Under another file's name it is another reform: this one is what the page calls it.
    first = answer.url
    assert compose(sign_in("quzhang"), "start").url == first


def test_a_change_is_added_line_by_line(tried, sign_in):
    client = sign_in("qu")
    page = compose(client, "add-parameter", "label: 我的改动\nchanges:\n",
                   parameter="dibao_standard_urban", how="more", value="1,0")  # fmt: skip
    text = text_of(page)
    assert "parameter: dibao_standard_urban\n    by: +10 元/月" in text
    text = text_of(compose(client, "add-measure", text, measure="canteen_meals"))
    assert "measure: canteen_meals\n    in_force: no" in text
    text = text_of(compose(client, "add-document", text, document="W24"))
    answer = compose(client, "check", text)
    assert answer.status_code == 200
    assert "写法没有问题" in answer.content.decode()


@pytest.mark.parametrize(
    ("how", "value", "told"),
    [
        ("to", "", "要填一个数"),
        ("to", "很多", "要填一个数"),
        ("grow", "1", "怎么改"),
        ("to", "-1", "填一个数"),
    ],
)
def test_a_form_not_filled_in_says_what_is_missing(how, value, told, tried, sign_in):
    answer = compose(
        sign_in("qu"), "add-parameter", parameter="dibao_standard_urban", how=how, value=value
    )
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_mistakes_are_shown_by_line_and_nothing_starts(tried, sign_in):
    before = Simulation.objects.count()
    answer = compose(sign_in("qu"), "start", UP.replace("urban", "urbam"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r"第 [34] 行：没有名叫", page)
    assert "dibao_standard_urban" in page
    assert Simulation.objects.count() == before


def test_an_uploaded_file_is_read_and_checked(tried, sign_in):
    client = sign_in("qu")
    file = SimpleUploadedFile("提标.yaml", MORE.encode("utf-8-sig"))
    assert "低保标准提高 20%" in text_of(compose(client, "check", file=file))
    for bad in (b"\xff\xfe\x00", b"x" * 100_000):
        answer = compose(client, "check", file=SimpleUploadedFile("x.yaml", bad))
        assert answer.status_code == 422


def test_a_form_field_with_markup_is_shown_as_text(tried, sign_in):
    answer = compose(sign_in("qu"), "check", "label: <script>alert(1)</script>\nchanges: []\n")
    assert "<script>alert" not in answer.content.decode()


def test_two_are_shown_side_by_side(tried, sign_in):
    a, b = (each.pk for each in tried)
    client = sign_in("qu")
    page = client.get(f"/reforms/compare/?a={a}&b={b}").content.decode()
    assert "低保标准提高 5%" in page
    assert "低保标准提高 20%" in page
    assert client.get(f"/reforms/compare/?a={a}").status_code == 404
    assert client.get(f"/reforms/compare/?a={a}&b=x").status_code == 400
    assert sign_in("jiedao").get(f"/reforms/compare/?a={a}&b={b}").status_code == 400


def test_taking_the_result_away_is_written_down(tried, sign_in):
    client = sign_in("qu")
    book = client.get(f"/reforms/{tried[0].pk}.xlsx")
    assert book.content[:2] == b"PK"
    report = client.get(f"/reforms/{tried[0].pk}.pdf")
    assert report.content[:4] == b"%PDF"
    kinds = Entry.objects.filter(act="export-simulation").values_list("data__kind", flat=True)
    assert sorted(kinds) == ["pdf", "xlsx"]
    assert sign_in("jiedao").get(f"/reforms/{tried[0].pk}.xlsx").status_code == 400


def test_the_text_comes_back_as_it_was_written(tried, sign_in):
    answer = sign_in("jiedao").get(f"/reforms/{tried[0].pk}.yaml")
    assert io.BytesIO(answer.content).read().decode() == UP


def test_a_removed_one_is_gone(tried, sign_in):
    client = sign_in("qu")
    asked = compose(client, "start", UP.replace("5%", "7%")).url
    assert "排着队" in client.get(asked).content.decode()
    client.post(f"{asked}act/", {"act": "cancel"})
    assert "取消了" in client.get(asked).content.decode()
    client.post(f"{asked}act/", {"act": "remove"})
    assert client.get(asked).status_code == 404
    assert client.post(f"{asked}act/", {"act": "x"}).status_code == 404


def test_without_a_snapshot_the_page_offers_to_make_one(village, sign_in, settings, tmp_path):
    settings.STATE = tmp_path
    page = sign_in("qu").get("/reforms/").content.decode()
    assert "还没有可以用来试算的数据快照" in page
    assert "现在筛查一次，存下快照" in page
    assert "现在筛查一次，存下快照" not in sign_in("jiedao").get("/reforms/").content.decode()


def test_old_data_is_told(tried, sign_in, settings):
    settings.TODAY = TODAY.replace(year=2025)
    assert "天前的了" in sign_in("qu").get("/reforms/").content.decode()


def test_a_copy_of_a_number_nobody_has_is_an_error(tried, sign_in):
    client = sign_in("qu")
    for wrong in ("9" * 5000, "²", "0", "-1"):
        assert client.get(f"/reforms/new/?copy={wrong}").status_code == 400, wrong[:9]
    assert client.get(f"/reforms/new/?copy={tried[0].pk}").status_code == 200


def test_what_is_not_known_is_told_beside_the_figures(tried, sign_in):
    """Numbers the draft leaves open, and households of whom a cliff cannot be told."""
    simulation = tried[0]
    totals = simulation.totals
    unset = {"name": "dibao", "label": "某项没有定数的", "numbers": ["某个标准"]}
    cliffs = [[{**c, "unknown": 4321} for c in side] for side in totals["cliffs"]]
    Simulation.objects.filter(pk=simulation.pk).update(
        totals={**totals, "unpaid": [unset], "cliffs": cliffs}
    )
    page = sign_in("qu").get(f"/reforms/{simulation.pk}/").content.decode()
    assert "某项没有定数的（某个标准）" in page
    assert "4,321" in page
    assert "数未定" in page


def test_files_that_are_gone_are_told_and_not_a_failure(tried, sign_in, settings, tmp_path):
    settings.STATE = tmp_path
    for who, page in (("jiedao", ""), ("qu", "households/")):
        answer = sign_in(who).get(f"/reforms/{tried[0].pk}/{page}")
        assert answer.status_code == 400
        assert "结果文件不在了" in answer.content.decode()
    assert sign_in("qu").get(f"/reforms/{tried[0].pk}/").status_code == 200


def test_why_it_failed_is_told_to_who_can_see_to_it(tried, sign_in):
    Simulation.objects.filter(pk=tried[1].pk).update(state="failed", problem="/home/x：读不了")
    address = f"/reforms/{tried[1].pk}/"
    assert "/home/x" in sign_in("qu").get(address).content.decode()
    assert "/home/x" not in sign_in("jiedao").get(address).content.decode()


def test_lines_of_either_side_stand_in_a_comparison(tried, db):
    a, b = tried
    lines = b.totals["tables"]["street"]
    totals = {**b.totals["tables"], "street": [*lines, {**lines[0], "key": "x", "label": "只乙有"}]}
    b = Simulation(pk=b.pk, totals={**b.totals, "tables": totals})
    found = reform_rows._pairs(None, a, b, "street")
    assert [(row["label"], row["a"]) for row in found if row["key"] == "x"] == [("只乙有", 0)]
    assert sum(row["b"] for row in found) == sum(map(reform_result.difference, totals["street"]))


def test_the_district_stays_whole_when_a_community_goes_elsewhere():
    posts = [SimpleNamespace(area_id=DISTRICT, role=Role.DISTRICT_OFFICER)]
    assert reforms.whole(SimpleNamespace(posts=posts, areas={"420106008", "420106011003"}))
    posts = [SimpleNamespace(area_id=DISTRICT, role=Role.SYSTEM_ADMIN)]
    assert not reforms.whole(SimpleNamespace(posts=posts, areas=set()))
