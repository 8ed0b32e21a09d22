"""One line of time: facts, decisions, money, visits, changes and papers, each with its source."""

from __future__ import annotations

import re
from datetime import date

import pytest

from jiekun.offices.models import Division
from jiekun.registry import actions as registry
from jiekun.registry.models import Household, Person
from jiekun.sites.desk.story import A_PAGE, picture
from jiekun.sites.desk.timeline import KINDS, Event

from .conftest import AT, THERE, TODAY


@pytest.fixture
def busy(village, db, ring, settings, tmp_path):
    """A family of which there is something of every kind."""
    settings.PAPERS = tmp_path / "papers"
    home, grandmother = Household.objects.get(pk=village.home.pk), village.grandmother
    around = {"by": None, "at": AT}
    said = {"subject": grandmother, "value": 600, "as_of": date(2024, 10, 20), **around}
    registry.record_fact(fact="odd_job_income", source="入户查看", note="见到本人", **said)
    registry.record_fact(fact="wage_income", source="人社", **said)
    registry.begin_receipt(
        household=home, measure="dibao", amount_fen=50_000, unit="yuan/month",
        since=date(2024, 6, 1), **around,
    )  # fmt: skip
    registry.change_contact(household=home, phone="", grid="第9网格", **around)
    registry.rename_person(person=grandmother, name="周贵英", on=date(2024, 9, 1), **around)
    registry.note_ground(person=grandmother, scope="finances", ground="consent",
                         since=date(2024, 10, 2), paper="第 8 号", **around)  # fmt: skip
    registry.keep_attachment(subject=grandmother, content=b"%PDF-1.4\n%%EOF", filename="a.pdf",
                             label="出院小结", purpose="核对", **around)  # fmt: skip
    return f"/households/{home.pk}/story/"


def lines(page):
    return re.findall(r'<time datetime="([^"]+)">', page)


def test_everything_stands_on_one_line_newest_first(busy, see):
    page = see(busy)
    for told in ("去世", "600 元/月", "认定", "开始领低保 500 元/月", "第9网格", "改名",
                 "出院小结", "本人书面同意", "→"):  # fmt: skip
        assert told in page, told
    assert lines(page) == sorted(lines(page), reverse=True)


@pytest.mark.parametrize(
    ("kind", "there", "gone"),
    [
        ("contact", "零工收入：600", "工资收入：600"),
        ("fact", "工资收入：600", "零工收入：600"),
        ("money", "开始领低保", "第9网格"),
        ("people", "改联系方式", "开始领"),
        ("paper", "出院小结", "开始领"),
        ("decision", "认定", "出院小结"),
        ("finding", "→", "出院小结"),
    ],
)
def test_one_kind_may_be_looked_at_alone(busy, see, kind, there, gone):
    page = see(busy, kind=kind)
    assert there in page
    assert gone not in page


def test_behind_a_line_stands_where_it_comes_from(busy, see, village):
    page = see(busy)
    for told in ("见到本人", "系统 2024-11-01", "看现在用的事实", "按现行政策看为什么"):
        assert told in page
    assert f'href="/people/{village.grandmother.pk}/"' in page


def test_every_way_out_of_the_story_leads_somewhere(busy, see, street):
    ways = set(re.findall(r'</dl><p><a href="([^"]+)"', see(busy)))
    assert len(ways) > 3
    for way in ways:
        assert street.get(way.replace("&amp;", "&")).status_code == 200, way


def test_a_persons_story_is_only_theirs(busy, see, village):
    page = see(f"/people/{village.grandmother.pk}/story/")
    assert "工资收入：600" in page
    assert "去世" not in page
    assert "改联系方式" not in page


def test_names_in_the_story_are_masked(busy, see):
    page = see(busy)
    for name in ("陈志强", "周桂英", "周贵英"):
        assert name not in page


def test_the_household_page_shows_the_newest_and_leads_to_all(busy, see, village):
    page = see(f"/households/{village.home.pk}/")
    assert len(lines(page)) == 7
    assert f'href="{busy}"' in page


def test_a_story_nobody_wrote_says_what_will_be_there(village, see):
    lonely = Household.objects.create(
        name="空家", community_id=village.home.community_id, address="路",
        street_code=village.home.street_code, created_on=date(2024, 1, 1),
    )  # fmt: skip
    assert "还没有记下过什么" in see(f"/households/{lonely.pk}/story/")


def test_a_kind_nobody_knows_is_refused(busy, see):
    assert "kind" in see(busy, 400, kind="gossip")


def split(home, there, around):
    registry.split_household(
        household=home, leaving={Person.objects.get(name="陈雨桐").pk: "02"}, address="中北路1号",
        community=Division.objects.get(pk=THERE), **around,
    )  # fmt: skip


def transfer(home, there, around):
    son = Person.objects.get(name="陈浩然")
    registry.move_member(person=son, household=home, to=there, relation="97", **around)


def unite(home, there, around):
    coming = {Person.objects.get(name="远方人").pk: "97"}
    registry.merge_households(household=home, other=there, relations=coming, **around)


@pytest.mark.parametrize("act", [split, transfer, unite])
def test_an_act_with_a_household_in_another_street_is_told_without_its_name(village, street, act):
    home, there = (Household.objects.get(pk=h.pk) for h in (village.home, village.other))
    act(home, there, {"on": TODAY, "reason": "分开过", "by": None, "at": AT})
    for page in ("", "story/"):
        told = street.get(f"/households/{home.pk}/{page}")
        assert told.status_code == 200
        assert "辖区以外的一户" in told.content.decode()
        assert f"户号 {there.pk}）" not in told.content.decode()
    for page, purpose in (("unmasked", "核对身份"), ("print", "入户走访")):
        told = street.post(f"/households/{home.pk}/{page}/", {"purpose": purpose})
        assert told.status_code in (200, 302), page


@pytest.mark.parametrize("who", ["elsewhere", "nextdoor"])
def test_a_story_elsewhere_is_not_there(busy, sign_in, who, village):
    client = sign_in(who)
    assert client.get(busy).status_code == 404
    assert client.get(f"/people/{village.grandmother.pk}/story/").status_code == 404


@pytest.mark.parametrize("page", ["/households/{0}/story/", "/people/{1}/story/",
                                  "/households/{0}/", "/people/{1}/"])  # fmt: skip
def test_a_story_takes_few_questions(busy, street, village, page, django_assert_max_num_queries):
    address = page.format(village.home.pk, village.grandmother.pk)
    street.get(address)
    with django_assert_max_num_queries(15):
        street.get(address)


def test_a_long_story_is_told_in_pages(village, see, db):
    person = Person.objects.get(pk=village.grandmother.pk)
    for day in range(A_PAGE + 1):
        registry.record_fact(
            subject=person, fact="wage_income", value=day, source="人社",
            as_of=date.fromordinal(date(2024, 1, 1).toordinal() + day), by=None, at=AT,
        )  # fmt: skip
    address = f"/people/{person.pk}/story/"
    assert len(lines(see(address, kind="fact"))) == A_PAGE
    assert len(lines(see(address, kind="fact", page=2))) == 1


def test_days_stand_in_order_inside_the_picture():
    days = [date(2024, 10, 1), date(2023, 1, 1), date(2021, 5, 1), date(2024, 10, 1)]
    events = [Event(day, kind, "x") for day, kind in zip(days, KINDS, strict=False)]
    drawn = picture(events, ["#"] * 4, date(2024, 11, 1))
    places = sorted(dot.x for dot in drawn.dots)
    assert places[0] >= drawn.left
    assert places[-1] <= drawn.right
    assert [year.text for year in drawn.years] == ["2022", "2023", "2024"]
