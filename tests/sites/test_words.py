"""How things are written: masks, money, figures, drawings."""

from datetime import date
from decimal import Decimal

import pytest

from jiekun.kernel.documents import DatedValue, Parameter
from jiekun.kernel.values import BadValue
from jiekun.law.facts import FACTS
from jiekun.sites.desk import answers, charts, words
from jiekun.sites.desk.family import Member, draw


@pytest.mark.parametrize(("name", "masked"), [("李小明", "李**"), ("李明", "李**"), ("", "")])
def test_a_name_keeps_its_surname_and_hides_its_length(name, masked):
    assert words.mask_name(name) == masked


def test_a_phone_keeps_its_ends():
    assert words.mask_phone("13800002210") == "138****2210"


@pytest.mark.parametrize("phone", ["88877766", "027-88877766", "+86 13800002210", "138-0000-2210"])
def test_a_phone_in_another_form_is_hidden_too(phone):
    masked = words.mask_phone(phone)
    assert sum(c.isdigit() for c in masked) <= 7
    assert phone not in masked


def test_an_address_keeps_its_road():
    assert words.mask_address("复兴路12号3单元") == "复兴路**号**单元"


@pytest.mark.parametrize(
    ("fen", "said"),
    [(150, "2"), (149, "1"), (-150, "−1"), (123456700, "1,234,567"), (None, "还不知道")],
)
def test_sums_are_told_in_whole_yuan(fen, said):
    assert words.yuan(fen) == said


@pytest.mark.parametrize(
    ("text", "plain"),
    [("较大(0, 940 × 4 − 600)", "940 × 4 − 600"), ("600 ÷ 较大(1, 4)", "600 ÷ 4"),
     ("较大(1,000, 20)", "1,000"), ("940 × 3", "940 × 3")],
)  # fmt: skip
def test_figures_leave_out_what_says_nothing(text, plain):
    assert words.arithmetic(text) == plain


def test_somebody_is_a_year_older_on_the_birthday():
    assert words.age_on(date(2000, 11, 1), date(2024, 11, 1)) == 24
    assert words.age_on(date(2000, 11, 2), date(2024, 11, 1)) == 23


@pytest.mark.parametrize(
    ("fact", "typed", "value"),
    [("wage_income", "1,500.50 元", Decimal("1500.50")), ("employed", "no", False),
     ("birth_date", "2008-02-29", date(2008, 2, 29)), ("disability_level", "3", 3),
     ("hukou", "city", "city"), ("wage_income", " ", None)],
)  # fmt: skip
def test_what_is_typed_becomes_the_laws_value(fact, typed, value):
    assert answers.read(FACTS[fact], typed) == value


@pytest.mark.parametrize(
    ("fact", "typed"),
    [("wage_income", "NaN"), ("employed", "maybe"), ("birth_date", "2023-02-29"),
     ("birth_date", "1700-01-01"), ("disability_level", "9"), ("hukou", "月球")],
)  # fmt: skip
def test_what_cannot_be_is_refused(fact, typed):
    with pytest.raises(BadValue, match=FACTS[fact].label):
        answers.read(FACTS[fact], typed)


@pytest.mark.parametrize("name", ["wage_income", "wage_income@9", "rural@1", "nothing@1", "@1", ""])
def test_a_field_that_means_nobody_is_refused(name):
    with pytest.raises(BadValue):
        answers.subject_of(name, ["1"])


def member(number, row, *, died_on=None):
    return Member(number, str(number), "", "李**", 40, "", False, died_on, row, False)


def test_generations_stand_one_below_the_other():
    boxes = draw([member(1, 1), member(2, 2), member(3, 3)]).boxes
    assert [box.y for box in boxes] == sorted({box.y for box in boxes})


def test_many_children_stay_on_the_page_and_off_each_other():
    drawing = draw([member(n, 3) for n in range(9)])
    places = {(box.x, box.y) for box in drawing.boxes}
    assert len(places) == 9
    assert all(0 <= box.x <= drawing.width - 124 for box in drawing.boxes)


def test_a_household_of_nobody_can_be_drawn():
    assert draw([]).boxes == ()


def number(*values):
    made = tuple(
        DatedValue(since, None, value, "", "报", "A", draft=False, line=1)
        for since, value in values
    )
    return Parameter("n", "数", "yuan/month", "up", "420106", made, "", "", 1)


def test_steps_leave_a_gap_where_nobody_knows():
    chart = charts.steps(
        number((date(2020, 1, 1), Decimal(100)), (date(2021, 1, 1), None),
               (date(2022, 1, 1), Decimal(200))),
        date(2024, 11, 1),
    )  # fmt: skip
    assert chart.unset.count("M") == 1
    assert "未查得" in chart.spoken


def test_one_value_needs_no_chart():
    assert charts.steps(number((date(2020, 1, 1), Decimal(100))), date(2024, 11, 1)) is None


def test_a_street_that_is_not_ours_shows_no_number():
    (tile,) = charts.tiles([("420106008", "紫阳街道", None, "")])
    assert tile.told == "不归本岗位看"
    assert tile.link == ""


def test_no_two_streets_share_a_place():
    assert len(set(charts.TILE_PLACES.values())) == len(charts.TILE_PLACES) == 14
