"""Lists an officer keeps under a name: on the list itself, for themselves alone, never a lie."""

import re

import pytest

from jiekun.offices.models import Officer, SavedFilter
from jiekun.sites.desk import saved

from .conftest import STREET

NARROWED = {"measure": "dibao", "street": STREET}


@pytest.fixture(autouse=True)
def clean(village, db):
    yield
    SavedFilter.objects.all().delete()


@pytest.fixture
def keep(street):
    def kept(name="八铺街低保", page="unreached", words="street=420106008&measure=dibao"):
        given = {"page": page, "words": words, "name": name}
        return street.post("/saved/", given, follow=True).content.decode()

    return kept


def bar(page):
    found = re.search(r'<div class="kept".*?</div>\n', page, re.DOTALL)
    return found.group() if found else ""


def test_a_list_is_kept_and_opened_again(keep, see):
    page = keep()
    assert "已存为“八铺街低保”" in page
    again = see("/unreached/")
    assert 'href="/unreached/?measure=dibao&amp;street=420106008"' in bar(again)
    assert 'aria-current="true"' in bar(see("/unreached/", **NARROWED))


def test_the_page_one_is_on_is_no_part_of_a_list(keep, see):
    keep(words="page=3&measure=dibao")
    assert SavedFilter.objects.get().words == "measure=dibao"


def test_keeping_is_offered_where_something_is_narrowed(see):
    assert "存为常用" in see("/unreached/", **NARROWED)
    assert "存为常用" not in see("/unreached/")
    assert "存为常用" not in see("/search/", q="陈")


def test_nobody_sees_or_touches_anothers(keep, sign_in):
    keep()
    other, pk = sign_in("elsewhere"), SavedFilter.objects.get().pk
    assert "八铺街低保" not in other.get("/unreached/").content.decode()
    assert other.post(f"/saved/{pk}/", {"act": "remove"}).status_code == 404
    assert SavedFilter.objects.exists()


def test_a_kept_list_is_renamed_and_given_up(keep, street):
    keep()
    pk = SavedFilter.objects.get().pk
    page = street.post(f"/saved/{pk}/", {"act": "rename", "name": "每天看"}, follow=True)
    assert "每天看" in bar(page.content.decode())
    street.post(f"/saved/{pk}/", {"act": "remove"})
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("given", "status"),
    [({"page": "household"}, 400), ({"words": ""}, 400), ({"words": "page=2"}, 400),
     ({"name": "低\0保"}, 400)],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(given, status, street):
    words = {"page": "unreached", "words": "measure=dibao", "name": "低保", **given}
    assert street.post("/saved/", words).status_code == status
    assert not SavedFilter.objects.exists()


def test_a_name_already_taken_is_told(keep):
    keep()
    assert "没有存：已经有一个叫“八铺街低保”" in keep()


def test_a_name_is_shown_as_it_is_written(keep, see):
    keep(name="<b>低保</b>")
    assert "&lt;b&gt;低保&lt;/b&gt;" in bar(see("/unreached/"))


@pytest.mark.parametrize("words", ["measure=gone", "streeet=420106008", "street=420106099"])
def test_words_that_are_no_more_are_told_never_passed_over(words, keep, see):
    officer = Officer.objects.get(username="jiedao")
    SavedFilter.objects.create(
        officer=officer,
        page="unreached",
        words=words,
        name="旧的",
        made_at="2024-11-01T09:00+08:00",
    )
    name, _, value = words.partition("=")
    page = see("/unreached/", 400, **{name: value})
    assert "您存的常用条件“旧的”" in page
    assert "/households/" not in page


def test_every_list_that_can_be_kept_is_a_page():
    for name in saved.LISTS:
        assert saved.Kept(SavedFilter(page=name, words="x=1"), current=False).url
