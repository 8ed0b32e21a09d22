"""One cell: days, yuan and numbers however offices write them, and what cannot be mended."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiekun.exchange import cells
from jiekun.exchange.cells import CellProblem
from jiekun.exchange.tables import Broken
from jiekun.law.facts import FACTS

from .conftest import TODAY, number

WRITTEN = (
    "{0.year}.{0.month}.{0.day}", "{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}", "{0:%Y-%m-%d}",
    "{0:%Y/%m/%d}", " {0:%Y-%m-%d} 00:00:00",
)  # fmt: skip
BORN = date(1980, 5, 1)


@given(st.dates(date(1911, 1, 1), date(2100, 12, 31)), st.sampled_from(WRITTEN))
def test_a_day_written_any_way_is_that_day(day, way):
    assert cells.day(way.format(day)) == day


@given(st.dates(date(1911, 1, 1), date(2100, 12, 31)))
def test_a_day_kept_as_a_number_is_that_day(day):
    serial = (day - date(1899, 12, 30)).days
    assert cells.day(float(serial)) == cells.day(str(serial)) == day
    assert cells.day(datetime.combine(day, datetime.min.time())) == day


@pytest.mark.parametrize("text", ["2024年3月", "202403", "2024-3", "2024.03"])
def test_a_month_is_its_first_day_only_where_a_month_will_do(text):
    assert cells.day(text, month_will_do=True) == date(2024, 3, 1)
    with pytest.raises(CellProblem, match="2024-03-05"):
        cells.day(text)


@pytest.mark.parametrize("text", ["2024.2.30", "20241301", "24.3.5", "去年", "2024", "", "3月5日"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(CellProblem):
        cells.day(text)


@given(st.integers(0, 10**11 - 1))
def test_yuan_written_any_way_are_exact(fen):
    amount = Decimal(fen) / 100
    for text in (f"{amount:,.2f}", f"￥{amount}", f"{amount}元", f"{amount} 元/月"):
        assert cells.yuan(text) == amount


@given(st.integers(0, 10**9))
def test_yuan_kept_as_a_number_are_exact(fen):
    assert cells.yuan(fen / 100) == Decimal(fen) / 100


@pytest.mark.parametrize("text", ["1.234", "-5", "1.2万", "五百", "NaN", "1e99", "", "1000000000"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(CellProblem):
        cells.yuan(text)


def test_a_number_is_read_through_its_dress():
    text = number(BORN, 1)
    wide = text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"})
    for way in (text, text.lower(), wide, f" {text[:6]} {text[6:]} ", f"'{text}"):
        assert cells.identity(way, TODAY).text == text


@pytest.mark.parametrize("cell", [float(number(BORN, 3)[:17] + "0"), 4.20106e17, "4.20106E+17"])
def test_a_number_that_lost_digits_is_refused_because_nobody_can_bring_them_back(cell):
    with pytest.raises(CellProblem, match=r"无法还原.*文本"):
        cells.identity(cell, TODAY)


def test_an_old_number_of_fifteen_digits_survives_as_a_number():
    assert cells.identity(420106800501001.0, TODAY).text == number(BORN, 1)


@pytest.mark.parametrize("text", ["420106198005010010", "42010619800501", "", "无"])
def test_a_wrong_number_is_refused(text):
    with pytest.raises(CellProblem):
        cells.identity(text, TODAY)


@pytest.mark.parametrize("text", ["何\u202e平", "何\u200b平", "何\0平", "何\ue000平"])
def test_characters_that_hide_or_turn_are_refused(text):
    with pytest.raises(CellProblem, match="U\\+"):
        cells.text(text)


def test_failed_formulas_are_refused_with_their_sign():
    with pytest.raises(CellProblem, match="#N/A"):
        cells.text(Broken("#N/A"))
    with pytest.raises(CellProblem, match="没有算出"):
        cells.yuan(Broken("公式"))


@pytest.mark.parametrize(
    ("fact", "cell", "value"),
    [
        ("disability_level", "二级", 2), ("disability_level", 3.0, 3), ("employed", "√", True),
        ("employed", "否", False), ("employed", True, True), ("disability_class", "肢体", "limb"),
        ("wage_income", "1,200.5", Decimal("1200.50")),
    ],
)  # fmt: skip
def test_facts_are_written_as_people_write_them(fact, cell, value):
    assert cells.fact_value(FACTS[fact], cell) == value


@pytest.mark.parametrize(
    ("fact", "cell"), [("disability_level", "九级"), ("employed", "大概"), ("wage_income", "很多")]
)
def test_a_fact_that_cannot_be_is_refused(fact, cell):
    with pytest.raises(CellProblem):
        cells.fact_value(FACTS[fact], cell)


@given(st.one_of(st.text(), st.floats(), st.booleans(), st.dates(), st.timedeltas(timedelta(0))))
def test_no_cell_at_all_breaks_the_reading(cell):
    for read in (cells.text, cells.day, cells.yuan, lambda c: cells.identity(c, TODAY)):
        with suppress(CellProblem):
            read(cell)
