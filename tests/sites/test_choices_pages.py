"""Numbers and readings at the desk: who sees, who proposes, who confirms, what is refused."""

import re
from decimal import Decimal
from unittest.mock import Mock

import pytest
from django.utils.html import escape

from jiekun.kernel.decide import decider
from jiekun.kernel.favour import Comparison
from jiekun.law import load
from jiekun.law.conflicts import conflicts
from jiekun.offices import actions
from jiekun.offices.choices import ParameterChoice, ReadingChoice
from jiekun.offices.chosen import keeper
from jiekun.offices.models import Officer
from jiekun.registry.queries import household_facts
from jiekun.sites.desk import favour, words

from .conftest import AT, DISTRICT, TODAY

STANDARD = "/parameters/dibao_standard_urban/"
FORM = {"value": "1,000", "since": "2025-01-01", "until": "", "source": "区文", "cites": ""}
READING = {"topic": "low_income_scope", "option": "recognised_only", "since": "2024-01-01",
           "source": "局务会"}  # fmt: skip


@pytest.fixture
def district(sign_in):
    return sign_in("qu")


@pytest.fixture
def leader(sign_in):
    return sign_in("quzhang")


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[-400:]
    return answer.content.decode()


def confirmed(since=TODAY, value=1200):
    """A standard both officers agreed on."""
    officers = [Officer.objects.get(username=name) for name in ("qu", "quzhang")]
    choice = actions.propose_value(
        name="dibao_standard_urban", place=DISTRICT, since=since, until=None,
        value=Decimal(value), unit="yuan/month", source="区文", cites="", by=officers[0], at=AT,
    )  # fmt: skip
    return actions.confirm(choice=choice, by=officers[1], at=AT)


def test_every_number_of_this_place_has_a_page_and_no_other(district):
    law = load()
    chain = law.chain(DISTRICT)
    for name, there in law.parameters.items():
        expected = 200 if any(p.place in chain for p in there) else 404
        assert district.get(f"/parameters/{name}/").status_code == expected, name


def test_the_list_shows_every_number_of_this_place(district):
    law = load()
    chain = law.chain(DISTRICT)
    here = {n for n, there in law.parameters.items() if any(p.place in chain for p in there)}
    shown = set(re.findall(r'href="/parameters/(\w+)/"', text(district.get("/parameters/"))))
    assert shown == here


def test_what_is_missing_comes_before_what_is_there(district):
    page = text(district.get("/parameters/"))
    assert page.index("还没有</span>") < page.index("940 元/月")


def test_only_missing_numbers_when_asked(district):
    page = text(district.get("/parameters/?show=missing"))
    assert "dibao_standard_urban" not in page
    assert "还没有</span>" in page


def test_an_unknown_kind_of_numbers_is_refused_with_those_there_are(district):
    assert "missing（缺数）" in text(district.get("/parameters/?show=x"), 400)


def test_a_missing_number_says_whom_it_leaves_open(district):
    """The grandmother's and the children's own amounts wait for numbers nobody found."""
    page = text(district.get("/parameters/?show=missing&law=W24"))
    assert re.search(r'data-label="定不下来">\d+ [人户]', page)


def test_whom_a_number_leaves_open_stops_at_the_area(sign_in):
    page = text(sign_in("nextdoor").get("/parameters/?law=W24"))
    assert not re.search(r'data-label="定不下来">\d', page)


def test_the_form_proposes_and_changes_nothing_yet(district):
    answer = district.post(STANDARD, FORM)
    assert answer["Location"] == STANDARD
    choice = ParameterChoice.objects.get()
    assert (choice.value, choice.unit, choice.state) == (1000, "yuan/month", "proposed")
    assert "待确认" in text(district.get(STANDARD))


def test_a_leader_confirms_and_the_number_is_the_districts(district, leader):
    district.post(STANDARD, FORM | {"since": "2024-11-01"})
    pk = ParameterChoice.objects.get().pk
    assert "比现在的 940 元/月多 60 元/月（+6.4%），对群众更有利" in text(leader.get(STANDARD))
    leader.post(f"/parameters/choices/{pk}/", {"act": "confirm"})
    page = text(leader.get(STANDARD))
    assert "1,000 元/月<small>现在用这个</small>" in page
    assert "张志远 2024-11-01 确认" in page


def test_the_proposer_has_no_button_to_confirm_and_cannot_without_one(district):
    district.post(STANDARD, FORM)
    choice = ParameterChoice.objects.get()
    assert 'value="confirm"' not in text(district.get(STANDARD))
    answer = district.post(f"/parameters/choices/{choice.pk}/", {"act": "confirm"}, follow=True)
    assert "要由本区的区民政负责人来做" in text(answer)
    assert ParameterChoice.objects.get().state == "proposed"


def test_withdrawing_says_why_on_the_page(district, leader):
    choice = confirmed()
    words = {"act": "withdraw", "why": "文件废止了"}
    assert "文件废止了" in text(
        leader.post(f"/parameters/choices/{choice.pk}/", words, follow=True)
    )


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"value": "很多"}, "要填数字，现在是“很多”"),
        ({"value": "-3"}, "不小于 0"),
        ({"since": "明天"}, "起始日要写成 2025-01-01 这样的日期"),
        ({"until": "2024-12-31"}, "早于起始日"),
        ({"source": ""}, "没有写出处"),
        ({"cites": "W22-99"}, "没有哪份文件有 W22-99 这一条"),
        ({"cites": "W24-2"}, "还是草案"),
    ],
)
def test_a_form_that_makes_no_sense_is_told_why_and_keeps_what_was_typed(district, wrong, told):
    page = text(district.post(STANDARD, FORM | wrong), 422)
    assert told in page
    assert f'value="{(FORM | wrong)["since"]}"' in page
    assert not ParameterChoice.objects.exists()


@pytest.mark.parametrize("who", ["quzhang", "jiedao", "jiaoyu", "shenji", "admin", "gone"])
@pytest.mark.parametrize(("address", "form"), [(STANDARD, FORM), ("/readings/", READING)])
def test_others_may_look_but_not_propose(sign_in, who, address, form):
    client = sign_in(who)
    assert 'name="since"' not in text(client.get(address))
    assert client.post(address, form).status_code == 403


@pytest.mark.parametrize("kind", ["parameters", "readings"])
def test_a_choice_that_is_not_there_is_not_found(leader, kind):
    assert leader.post(f"/{kind}/choices/999999/", {"act": "confirm"}).status_code == 404


def test_an_act_there_is_not_is_refused(leader):
    choice = confirmed()
    assert "没有“edit”这个动作" in text(
        leader.post(f"/parameters/choices/{choice.pk}/", {"act": "edit"}), 400
    )


def test_pages_work_under_the_confirmed_number_at_once(district, village):
    address = f"/households/{village.paid.pk}/why/dibao/"
    assert "940" in text(district.get(address))
    confirmed()
    page = text(district.get(address))
    assert "1,200 元/月" in page


def test_pages_say_that_the_lists_are_older_than_the_choice(district):
    assert "要到下次筛查" not in text(district.get("/parameters/"))
    confirmed()
    assert "要到下次筛查" in text(district.get("/parameters/"))


def test_every_reading_is_listed_with_its_options_and_default(district):
    page = text(district.get("/readings/"))
    for reading in load().readings.values():
        assert all(words in page for words in (reading.label, *reading.options.values()))


def test_a_reading_is_proposed_confirmed_and_then_used(district, leader):
    district.post("/readings/", READING)
    choice = ReadingChoice.objects.get()
    leader.post(f"/readings/choices/{choice.pk}/", {"act": "confirm"})
    page = text(leader.get("/readings/"))
    start = page.index('id="low_income_scope"')
    assert "本区已选" in page[start : start + 400]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"option": "both"}, "没有“low_income_scope:both”"), ({"source": ""}, "没有写依据")],
)
def test_a_reading_that_makes_no_sense_is_told_why(district, wrong, told):
    assert told in text(district.post("/readings/", READING | wrong), 422)


def test_a_measure_says_how_its_unclear_clauses_were_read(district):
    page = text(district.get("/measures/canteen_meals/?law=W24"))
    assert "按这样的读法算" in page
    assert load().readings["low_income_scope"].label in page


def test_an_answer_says_how_its_unclear_clauses_were_read(district, village):
    page = text(district.get(f"/households/{village.home.pk}/why/canteen_meals/?law=W24"))
    assert "默认" in page[page.index("按这样的读法算") :]


def test_a_familys_page_says_which_readings_it_used(district, village):
    page = text(district.get(f"/households/{village.home.pk}/?law=W24"))
    assert "这一页按哪些读法算" in page


def test_broken_law_files_are_told_to_the_district_and_nobody_else(sign_in, monkeypatch):
    monkeypatch.setattr(keeper, "problem", "wuhan/dibao/parameters.yaml:3: no unit")
    assert "parameters.yaml:3" in text(sign_in("qu").get("/measures/"))
    assert "parameters.yaml:3" not in text(sign_in("jiedao").get("/measures/"))


def test_conflicts_found_by_comparing_stand_side_by_side(district):
    page = text(district.get("/conflicts/"))
    assert "计入的零工收入" in page
    assert "只有模拟草案时按右边" in page


def test_conflicts_say_what_each_side_says_in_words(district):
    page = text(district.get("/conflicts/"))
    assert "户籍地是本区）" in page
    assert "本市居住证在有效期内" in page


@pytest.mark.parametrize(("value", "told"), [("0.035", "3.5%"), ("0.3", "30%"), ("1.5", "1.50")])
def test_a_share_is_shown_without_losing_its_decimals(value, told):
    assert words.amount(Decimal(value), "ratio") == told


def test_every_listed_conflict_is_shown_with_its_sides_and_who_settles_it(district):
    page = text(district.get("/conflicts/"))
    for conflict in conflicts():
        row = page[page.index(f'<tr id="{conflict.id}"') :].partition("</tr>")[0]
        for words_shown in (conflict.default, conflict.settles, *(s.says for s in conflict.sides)):
            assert escape(words_shown) in row, conflict.id


def test_a_listed_conflict_shows_the_numbers_of_its_sides(district):
    page = text(district.get("/conflicts/"))
    row = page[page.index('<tr id="C1"') :].partition("</tr>")[0]
    assert "15 周岁（草案）" in row


def test_a_chosen_reading_shows_beside_its_conflict(district, leader):
    district.post("/readings/", READING)
    pk = ReadingChoice.objects.get().pk
    leader.post(f"/readings/choices/{pk}/", {"act": "confirm"})
    page = text(leader.get("/conflicts/"))
    row = page[page.index('<tr id="C9"') :].partition("</tr>")[0]
    assert "本区已选" in row
    assert "只有低保和民政另行认定的" in row


def better(village):
    """One outcome that law from above would raise, as if a later document did."""
    program = load().program(on=TODAY, place=DISTRICT)
    decision = decider(program).decide(household_facts(village.home))
    outcome = next(o for o in decision.outcomes if o.measure.name == "dibao")
    raised = outcome._replace(status="yes", amount=Decimal(5000), unit="yuan/month")
    lower = raised._replace(amount=Decimal(10))
    return [Comparison(lower, raised, "MF57")]


def test_later_and_higher_law_from_above_is_told_only_where_the_draft_is_simulated(
    district, village, monkeypatch
):
    found = better(village)
    monkeypatch.setattr(favour, "compare_with_above", Mock(return_value=found))
    address = f"/households/{village.home.pk}/"
    assert "本区：10 元/月；按上级 MF57：5,000 元/月" in text(district.get(f"{address}?law=W24"))
    assert "上级后来的规定更高" not in text(district.get(address))


def test_without_later_law_from_above_nothing_is_told(district, village):
    page = text(district.get(f"/households/{village.home.pk}/?law=W24"))
    assert "上级后来的规定更高" not in page
