"""A street and its communities at a glance, and the lists behind every number."""

from __future__ import annotations

import re
from datetime import date

import pytest

from jiekun.offices.models import Division
from jiekun.registry.models import PersonFacts
from jiekun.registry.queries import ages, recognised_by_area

from .conftest import HERE, OTHER_STREET, STREET, TODAY


@pytest.fixture
def page(see, village):
    return see(f"/places/{STREET}/")


def test_a_street_says_what_does_not_reach_its_people(page):
    for told in ("还没到位", "可能享受", "已认定的困难群众", "低保边缘"):
        assert told in page


def test_its_communities_are_tiles_with_a_table_behind(page):
    code = Division.objects.get(pk=HERE)
    assert (
        page.count('<a href="/places/4201060080')
        == 2 * Division.objects.filter(parent=STREET, until=None).count()
    )
    assert code.name in page


def test_every_number_leads_to_its_rows(page, street):
    ways = {way.replace("&amp;", "&") for way in re.findall(r'href="(/[^"#]*)"', page)}
    ways = {way for way in ways if STREET in way}
    assert any(way.startswith("/changes/") for way in ways)
    assert any(way.startswith("/recognised/") for way in ways)
    for way in ways:
        assert street.get(way).status_code == 200, way


def test_the_rows_behind_a_number_are_as_many(see, village):
    page = see(f"/places/{HERE}/")
    many = int(
        re.search(r'/recognised/\?category=dibao_edge[^"]*">.*?<b class="num">', page) is not None
    )
    rows = see("/recognised/", category="dibao_edge", place=HERE)
    assert many == rows.count(f"/households/{village.home.pk}/")
    empty = see("/recognised/", place="420106008001")
    assert f"/households/{village.home.pk}/" not in empty


def test_a_community_has_a_page_of_its_own_and_a_way_up(see):
    page = see(f"/places/{HERE}/")
    assert f'href="/places/{STREET}/"' in page
    assert "按年龄" in page
    assert "每千人里没到位的家庭" not in page


def test_tiles_are_shaded_by_people_in_hardship_too(see):
    assert "每千人里的困难认定（人次）越多" in see(f"/places/{STREET}/", shade="hardship")


def test_a_shade_nobody_knows_is_refused(see):
    assert "shade" in see(f"/places/{STREET}/", 400, shade="fear")


def test_the_districts_page_is_the_overview(sign_in):
    assert sign_in("qu").get("/places/420106/")["Location"] == "/"


def test_the_overview_leads_to_places(sign_in):
    assert f'href="/places/{STREET}/"' in sign_in("qu").get("/").content.decode()


@pytest.mark.parametrize("code", [OTHER_STREET, "420106", "420106999", "x", "420106008" * 3])
def test_a_place_elsewhere_or_nowhere_is_not_there(see, code):
    see(f"/places/{code}/", 404)


@pytest.mark.parametrize("who", ["elsewhere", "nextdoor", "admin"])
def test_nobody_opens_anothers_place(sign_in, who):
    assert sign_in(who).get(f"/places/{HERE}/").status_code in (403, 404)


@pytest.mark.parametrize("way", ["changes", "findings", "recognised"])
@pytest.mark.parametrize("place", [OTHER_STREET, "420106", "420106008999", "9"])
def test_a_list_of_a_place_elsewhere_is_refused(see, way, place):
    assert "辖区" in see(f"/{way}/", 400, place=place)


def test_a_place_takes_few_questions(street, village, django_assert_max_num_queries):
    street.get(f"/places/{STREET}/")
    with django_assert_max_num_queries(15):
        street.get(f"/places/{STREET}/")


def test_people_are_counted_by_age_on_the_day(village, db):
    counted = ages(frozenset({HERE}), TODAY, (0, 18, 78))
    born = PersonFacts.objects.filter(household__community=HERE)
    assert sum(counted.values()) == born.exclude(birth_date=None).count()
    assert counted[78] == 1
    day_before = ages(frozenset({HERE}), date(2024, 2, 8), (0, 18, 78))
    assert day_before[78] == 0


def test_people_of_a_recognised_household_are_counted_each(village, db):
    held = recognised_by_area(frozenset({STREET}), TODAY)
    assert held == {("dibao_edge", HERE): (1, 4)}
