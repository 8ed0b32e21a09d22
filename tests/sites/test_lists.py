"""Lists: filters, what they count, and what is behind a number."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiekun.offices.models import Division
from jiekun.registry.models import Person, Recognition
from jiekun.screening.models import Change, FamilySummary, Finding, Kind, Run

from .conftest import BEFORE, STREET, THERE, TODAY


@pytest.fixture
def look(sign_in):
    """A page's text as the district's officer sees it."""

    def looked(address, status=200, **words):
        answer = sign_in("qu").get(address, words)
        assert answer.status_code == status, answer.content.decode()[-500:]
        return answer.content.decode()

    return looked


def families(page):
    return set(re.findall(r'href="/households/(\d+)/', page))


def test_a_family_entitled_and_not_reached_is_on_the_list(look, village):
    page = look("/unreached/", measure="dibao")
    assert families(page) == {str(village.other.pk)}
    assert "11,280 元" in page


def test_a_family_one_fact_short_is_on_the_other_list(look, village):
    page = look("/unreached/", list="ask")
    assert str(village.home.pk) in families(page)
    assert "零工收入" in page


@pytest.mark.parametrize(
    ("words", "found"),
    [({"street": THERE[:9]}, 1), ({"street": "420106009"}, 0), ({"community": THERE}, 1),
     ({"measure": "dibao"}, 1), ({"least": "11280"}, 1), ({"least": "11280.01"}, 0)],
)  # fmt: skip
def test_count_and_sum_follow_the_filter(words, found, look):
    page = look("/unreached/", **words)
    assert f"{found} 户，一年约" in page
    assert len(families(page)) == found


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"measure": "dibaoo"}, "dibao"),
        ({"sort": "name"}, "-yearly"),
        ({"least": "一万"}, "一万"),
        ({"least": "-1"}, "0"),
        ({"street": "999999999"}, "999999999"),
        ({"list": "everybody"}, "unreached"),
        ({"page": "0"}, "1 到 1"),
        ({"page": "x"}, "整数"),
        ({"page": "2"}, "1 到 1"),
        ({"page": "0000000000019"}, "1 到 1"),
    ],
)
def test_a_value_that_is_none_is_refused_with_what_there_is(words, told, look):
    assert told in look("/unreached/", 400, **words)


@pytest.mark.parametrize(
    "address",
    ["/findings/?kind=x", "/findings/?measure=x", "/changes/?direction=x", "/changes/?measure=x",
     "/recognised/?category=x", "/people/1/?edit=x"],
)  # fmt: skip
def test_no_page_answers_an_unknown_value_with_everybody(address, look):
    look(address, 400)


def test_a_filter_in_force_is_a_chip_that_leads_back(look):
    page = look("/unreached/", measure="dibao", least="5")
    assert 'href="/unreached/?least=5" aria-label="去掉条件：低保"' in page


def test_what_is_paid_without_right_is_listed_for_review(look, village):
    page = look("/findings/", kind="review")
    assert families(page) == {str(village.paid.pk)}
    assert "不会自动停发" in page


@pytest.mark.django_db
def test_being_recognised_is_having_what_only_recognises(village):
    found = Finding.objects.get(
        run=Run.objects.get(on=TODAY, simulate=[]), household=village.home, measure="dibao_edge"
    )
    assert found.received


def test_policies_to_choose_from_stand_in_the_order_of_their_names(look, village):
    choice = look("/unreached/").partition('<select name="measure">')[2].partition("</select>")[0]
    labels = re.findall(r"<option[^>]*>([^<]*)", choice)[1:]
    assert len(labels) > 1
    assert labels == sorted(labels, key=lambda label: label.encode("gb18030"))


def test_a_list_with_nothing_on_it_is_not_offered_for_taking(look, village):
    assert "导出这个名单" in look("/unreached/")
    assert "导出这个名单" not in look("/unreached/", least="11280.01")


def test_what_changed_lists_who_fell_out(look, village):
    assert str(village.home.pk) in families(look("/changes/"))


def test_a_change_says_why_when_asked(look, village):
    found = re.search(r'hx-get="(/changes/\d+/why/)"', look("/changes/"))
    assert "公安" in look(found[1]) or "去世" in look(found[1]) or "✗" in look(found[1])


def test_recognitions_count_people_of_whole_families(look):
    page = look("/")
    assert "4 人" in page
    assert "/recognised/?category=dibao_edge" in page


def test_search_finds_by_name_pinyin_and_address(look, village):
    for text in ("陈雨桐", "陈", "chen", "复兴路"):
        assert str(village.home.pk) in families(look("/search/", q=text)), text


def test_a_condition_on_a_street_one_does_not_see_whole_is_told_by_its_name(sign_in):
    page = sign_in("shequ").get("/unreached/", {"street": STREET}).content.decode()
    chip = re.search(r'aria-label="去掉条件：([^"]+)"', page)[1]
    assert chip == Division.objects.get(pk=STREET).name


def test_the_way_down_to_a_family_links_only_places_that_are_the_officers(sign_in, village):
    for who, links in (("shequ", False), ("jiedao", True)):
        page = sign_in(who).get(f"/households/{village.home.pk}/").content.decode()
        crumb = re.search(r'<nav class="crumb".*?</nav>', page)[0]
        assert (f"street={STREET}" in crumb, "community=" in crumb) == (links, True)


def test_hits_are_told_apart(look, village):
    row = look("/search/", q="陈雨桐").partition("<tbody>")[2].partition("</tbody>")[0]
    for told in (f"户号 {village.home.pk} · 4 口人", "女儿，2008 年生", "第1网格"):
        assert told in row, told
    assert "2008-05" not in row


def test_search_finds_by_the_number_of_a_household_in_ones_area(see, village):
    for text in (str(village.home.pk), f"户号 {village.home.pk}"):
        assert str(village.home.pk) in families(see("/search/", q=text)), text
    assert families(see("/search/", q=str(village.other.pk))) == set()


def test_whoever_may_record_may_register_a_family_none_of_the_hits_is(see):
    assert "/households/new/" in see("/search/", q="陈雨桐")


def test_search_says_what_to_try_when_nothing_is_found(look):
    assert "没有找到" in look("/search/", q="不存在的人")


def test_search_takes_any_text(look):
    for text in ("%", "_", "'; --", "\\", "😀", " "):
        assert families(look("/search/", q=text)) == set()


def test_search_refuses_endless_text(look):
    look("/search/", 400, q="陈" * 41)


def test_a_number_searched_for_stands_in_no_address(street, village):
    answer = street.post("/search/", {"q": "138 0000 2210"})
    assert answer["Location"] == "/search/?number=1"
    assert str(village.home.pk) in families(street.get(answer["Location"]).content.decode())


def test_words_searched_for_stand_in_the_address(street, village):
    answer = street.post("/search/?law=W24", {"q": "陈雨桐"}, follow=True)
    assert answer.redirect_chain == [("/search/?law=W24&q=%E9%99%88%E9%9B%A8%E6%A1%90", 302)]
    assert str(village.home.pk) in families(answer.content.decode())


def crowd(village, many=30):
    """More of everything a list shows, each with a household and person of its own."""
    run = Run.objects.get(on=TODAY, simulate=[])
    home = village.other
    for number in range(many):
        home.pk = None
        home.save()
        who = Person.objects.create(name="王", sex="male", birth_date=TODAY, id_tail="0000")
        place = {"run": run, "household": home, "community_code": THERE, "street_code": THERE[:9]}
        FamilySummary.objects.create(
            **place, yearly_unreached_fen=number, n_unreached=1, n_ask=1, measures=["dibao"],
            asked_measures=["dibao"], missing=["wage_income"],
        )  # fmt: skip
        Finding.objects.create(
            **place, person=who, measure="tekun", kind=Kind.ASK, received=False, missing=["hukou"]
        )
        Change.objects.create(**place, person=who, measure="tekun", after=Kind.UNREACHED)
        Recognition.objects.create(household=home, person=who, category="tekun", since=BEFORE)


@pytest.mark.parametrize(
    "address",
    ["/", "/unreached/", "/unreached/?list=ask", "/findings/?kind=ask",
     "/changes/", "/recognised/", "/search/?q=复兴路"],
)  # fmt: skip
def test_a_longer_list_asks_the_database_no_more_often(address, village, sign_in):
    client = sign_in("qu")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
        crowd(village)
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "address",
    ["/", "/?law=W24", "/unreached/", "/unreached/?list=ask&law=W24",
     "/findings/?kind=ask&law=W24", "/changes/", "/recognised/", "/households/{home}/",
     "/households/{home}/?law=W24", "/households/{home}/what-if/",
     "/households/{home}/why/dibao/", "/people/{person}/", "/people/{person}/?edit=income",
     "/people/{person}/disagreements/", "/people/{person}/numbers/",
     "/households/{home}/change/?act=split",
     "/measures/", "/measures/dibao/", "/law/", "/law/W24/", "/search/?q=陈", "/demo-district/"],
)  # fmt: skip
def test_no_page_asks_the_database_more_than_fifteen_times(address, village, sign_in):
    client = sign_in("qu")
    path = address.format(home=village.home.pk, person=village.grandmother.pk)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    assert len(asked) <= 15
