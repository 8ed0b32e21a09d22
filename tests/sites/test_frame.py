"""What stands around every page: ways to go, help, and how pages look."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver

from jiekun.offices.models import Officer, Role
from jiekun.sites import desk
from jiekun.sites.desk import guide, navigation
from jiekun.sites.desk.urls import urlpatterns

from .conftest import PASSWORD

STYLES = Path(desk.__file__).parent / "static" / "desk"
# Addresses that are no page: acts, files to take away, and pieces of a page.
ACTS = {
    "sign-out", "looks", "save-filter", "act-on-saved", "journal-seal", "journal-export",
    "take-in", "act-on-officer", "upload-import", "act-on-import", "start-run", "act-on-run",
    "act-on-reform", "record", "act-on-value", "act-on-reading", "print-picked",
    "act-on-duplicate",
}  # fmt: skip
PIECES = {"import-progress", "run-progress", "reform-progress", "why-change"}
FILES = (".xlsx", ".pdf", ".csv", ".yaml")


def nav(page):
    return re.search(r'<nav class="main-nav".*?</nav>', page, re.DOTALL).group()


# -- ways to go


def test_every_role_has_ways_to_go_that_exist():
    names = {entry.name for entry in navigation.ENTRIES}
    assert set(navigation.FIRST) == set(Role.values)
    for first in navigation.FIRST.values():
        assert len(first) <= navigation.MOST_FIRST
        assert set(first) <= names
    known = {pattern.name for pattern in urlpatterns}
    assert names | {part for entry in navigation.ENTRIES for part in entry.parts} <= known


def test_no_way_stands_twice():
    names = [entry.name for entry in navigation.ENTRIES]
    assert len(set(names)) == len(names)


def test_no_two_ways_have_one_letter():
    letters = [entry.letter for entry in navigation.ENTRIES if entry.letter]
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize("who", ["shequ", "jiedao", "qu", "quzhang", "jiaoyu", "shenji", "admin"])
def test_every_way_offered_is_open(who, sign_in):
    client = sign_in(who)
    page = client.get("/help/").content.decode()
    ways = set(re.findall(r'href="(/[^"#]*)"', nav(page)))
    assert len(ways) > 5
    for address in ways:
        assert client.get(address).status_code == 200, address


def test_the_page_one_is_on_is_marked(see):
    assert 'href="/unreached/" aria-current="page"' in nav(see("/unreached/"))
    assert 'href="/measures/" aria-current="true"' in nav(see("/measures/dibao/"))
    assert "· 参数</span>" in nav(see("/parameters/"))


def test_ways_keep_the_law_chosen(see):
    assert 'href="/unreached/?law=W24"' in nav(see("/unreached/", law="W24"))


# -- help


def test_every_page_has_help():
    pages = {
        pattern.name
        for pattern in urlpatterns
        if not str(pattern.pattern).endswith(FILES) and pattern.name not in ACTS | PIECES
    }
    assert pages - {"help"} - guide.every_page().keys() == set()


def test_no_help_is_of_a_page_that_is_gone():
    assert (
        guide.every_page().keys() - get_resolver("jiekun.sites.desk.urls").reverse_dict.keys()
        == set()
    )


def test_help_says_what_how_and_from_where():
    for told in guide.every_page().values():
        assert told.shows.endswith("。"), told.name
        assert told.acts, told.name
        assert told.numbers.endswith("。"), told.name


def test_a_page_carries_its_own_help(see):
    page = see("/unreached/")
    assert "未到位：这一页怎么用" in page
    assert 'href="/help/#unreached"' in page


def test_all_help_stands_in_one_place(see):
    page = see("/help/")
    for told in guide.every_page().values():
        assert f'id="{told.name}"' in page


# -- looks


def test_looks_follow_an_officer_to_another_browser(street):
    street.post("/looks/", {"scheme": "dark", "percent": "150", "next": "/measures/"})
    try:
        other = Client()
        other.post("/sign-in/", {"username": "jiedao", "password": PASSWORD})
        page = other.get("/measures/").content.decode()
        assert 'class="dark type-150"' in page
        assert 'data-keys="off"' in page
    finally:
        Officer.objects.update(scheme="auto", type_percent=100, shortcuts=True)


@pytest.mark.django_db
def test_a_browser_keeps_looks_before_anybody_signs_in(village, demo_day):
    client = Client()
    answer = client.post("/looks/", {"scheme": "light", "percent": "125", "next": "/sign-in/"})
    assert answer["Location"] == "/sign-in/"
    page = client.get("/sign-in/").content.decode()
    assert 'class="light type-125"' in page
    assert "dark.css" not in page


@pytest.mark.parametrize(
    "wrong", [{"scheme": "pink"}, {"percent": "900"}, {"percent": ""}, {"percent": "一百"}]
)
def test_looks_there_are_none_of_change_nothing(wrong, street):
    answer = street.post("/looks/", {"scheme": "dark", "percent": "125", **wrong}, follow=True)
    assert "可以选" in answer.content.decode()
    assert "looks" not in street.cookies


@pytest.mark.parametrize("kept", ["", "dark", "dark.1000.1", "dark.150.9", '"><script>.100.1'])
def test_a_cookie_that_makes_no_sense_counts_for_nothing(kept, street):
    street.cookies["looks"] = kept
    assert 'class="auto type-100"' in street.get("/help/").content.decode()


def test_nobody_is_sent_elsewhere_by_looks(street):
    words = {"scheme": "auto", "percent": "100", "shortcuts": "on", "next": "https://evil.example"}
    assert street.post("/looks/", words)["Location"] == "/"


# -- colours: WCAG 2.1 asks 4.5 to 1 of text


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    line = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def tokens(*sheets):
    text = "".join((STYLES / name).read_text() for name in sheets)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", text))
    return {k: v if len(v) == 7 else "#" + "".join(c * 2 for c in v[1:]) for k, v in found.items()}


TEXT_ON = [
    *((text, "paper") for text in ("ink", "ink-2", "ink-3", "brand", "give", "ask", "stop", "sim")),
    *((text, "ground") for text in ("ink", "ink-2", "ink-3", "brand", "give", "ask", "stop")),
    *((tone, f"{tone}-soft") for tone in ("brand", "give", "ask", "stop", "sim")),
    ("on-brand", "brand"), ("ink", "brand-soft"), ("on-brand", "give"),
]  # fmt: skip


@pytest.mark.parametrize("sheets", [["desk.css"], ["desk.css", "dark.css"]])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read_on_its_ground(text, ground, sheets):
    found = tokens(*sheets)
    assert contrast(found[text], found[ground]) >= 4.5
