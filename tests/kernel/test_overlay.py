"""Numbers a district confirmed, laid over those the law ships with."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiekun.kernel.overlay import SetValue, with_values
from jiekun.kernel.values import BadValue

from .laws import COUNTRY, DISTRICT, MEASURE, RULE, decide, write_law

AID = RULE + "def eligible(poor: bool) -> bool:\n    return poor\n"
SUM = """
@rule(cites="N1-2", label="金额")
def amount(aid_sum: Decimal) -> Decimal:
    return aid_sum
"""
SHIPPED = """
aid_sum:
  label: 补助额
  unit: yuan/month
  favourable: up
  values:
    - {from: 2020-01-01, until: 2023-12-31, value: 300, cites: N1-2}
    - {from: 2024-01-01, value: null, source: 未查得}
old_sum:
  label: 旧额
  unit: yuan/month
  values:
    - {from: 2010-01-01, until: 2019-12-31, value: 1, cites: N1-2}
city_sum: {label: 市额, unit: yuan, values: [{from: 2010-01-01, value: 1, cites: N1-2}]}
"""
DRAFT = (
    "aid_sum: {label: 补助额, unit: yuan/month, values: [{from: draft, value: %s, cites: D1-2}]}\n"
)


@pytest.fixture
def law(tmp_path):
    aid = AID + SUM + MEASURE.format(to="household", eligible="eligible", amount="amount")
    return write_law(
        tmp_path,
        {
            "country/aid/measure.py": aid,
            "country/aid/parameters.yaml": SHIPPED,
            "city/district/draft_only/measure.py": "",
            "city/district/draft_only/parameters.yaml": "only: {label: 草, unit: ratio, values: "
            "[{from: draft, value: null, cites: D1-3}]}\n",
        },
    )


def set_to(value="400", since=date(2024, 1, 1), until=None, **more):
    given = {"name": "aid_sum", "place": DISTRICT, "unit": "yuan/month", "source": "区文", **more}
    return SetValue(since=since, until=until, value=Decimal(value), **given)


def amount(law, on, **more):
    (outcome,) = decide(law, on=on, poor=True, **more).outcomes
    return outcome.amount if outcome.amount is None else int(outcome.amount)


def test_a_number_nobody_found_is_the_one_the_district_confirmed(law):
    ours = with_values(law, [set_to()])
    assert amount(law, date(2024, 6, 1)) is None
    assert amount(ours, date(2024, 6, 1)) == 400


def test_the_shipped_law_stays_as_it_was(law):
    before = dict(law.parameters)
    with_values(law, [set_to()])
    assert law.parameters == before


def test_the_districts_number_wins_on_its_days_and_no_others(law):
    days = {"since": date(2021, 1, 1), "until": date(2021, 12, 31)}
    ours = with_values(law, [set_to(**days)])
    around = [date(2020, 12, 31), date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1)]
    assert [amount(ours, day) for day in around] == [300, 400, 400, 300]


def test_at_the_place_itself_the_shipped_spans_are_cut_around_it(law):
    days = {"since": date(2021, 1, 1), "until": date(2024, 6, 30)}
    ours = with_values(law, [set_to(place=COUNTRY, **days)])
    (parameter,) = ours.parameters["aid_sum"]
    spans = [(v.since.year, v.until and v.until.isoformat(), v.value) for v in parameter.values]
    assert spans == [
        (2020, "2020-12-31", 300),
        (2021, "2024-06-30", 400),
        (2024, None, None),
    ]


def test_a_districts_number_is_nobody_elses(law):
    ours = with_values(law, [set_to()])
    assert amount(ours, date(2024, 6, 1), place="420100") is None


def test_an_open_number_holds_until_the_next_begins(law):
    ours = with_values(law, [set_to("500", since=date(2025, 1, 1)), set_to()])
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2030, 1, 1)]
    assert [amount(ours, day) for day in days] == [400, 500, 500]


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 9)), unique_by=lambda v: v[0]))
def test_every_day_has_the_last_number_begun(rule_law_with_aid, begun):
    start = date(2024, 1, 1)
    values = [set_to(str(n), since=start + timedelta(days=d)) for d, n in begun]
    ours = with_values(rule_law_with_aid, values).parameters["aid_sum"]
    (district,) = [p for p in ours if p.place == DISTRICT] or [None]
    for day in range(0, 402, 3):
        last = max((v for v in begun if v[0] <= day), default=None)
        said = district and district.on(start + timedelta(days=day), ())
        assert (said and int(said.value)) == (last and last[1])


@pytest.fixture(scope="module")
def rule_law_with_aid(tmp_path_factory):
    return write_law(
        tmp_path_factory.mktemp("aid"),
        {"country/aid/measure.py": "", "country/aid/parameters.yaml": SHIPPED},
    )


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": "aid_sun"}, "没有名叫“aid_sun”的参数，最接近的是 aid_sum"),
        ({"place": "420016"}, "最接近的是 420106"),
        ({"unit": "yuan/year"}, r"单位是元/月（yuan/month），不是 yuan/year"),
        ({"unit": ""}, "不是 空的"),
        ({"value": "-1"}, "不小于 0"),
        ({"value": "NaN"}, "不小于 0"),
        ({"until": date(2023, 12, 31)}, "早于起始日"),
        ({"source": " "}, "没有写出处"),
        ({"cites": "N1-21"}, "没有哪份文件有 N1-21"),
        ({"cites": "N9-1"}, "没有哪份文件有 N9-1"),
        ({"cites": "D1-1"}, "D1 还是草案，不能作“补助额”的依据"),
    ],
)  # fmt: skip
def test_a_number_that_does_not_fit_is_refused_and_told_why(law, wrong, told):
    with pytest.raises(BadValue, match=told):
        with_values(law, [set_to(**wrong)])


def test_a_draft_may_found_what_only_the_draft_uses(law):
    value = set_to("0.3", name="only", unit="ratio", source="", cites="D1-3")
    assert with_values(law, [value]).parameters["only"][0].on(date(2024, 6, 1), ()).value


@pytest.mark.parametrize(
    "second",
    [{"since": date(2024, 1, 1)}, {"since": date(2024, 6, 30)}, {"since": date(2024, 3, 1)}],
)
def test_two_numbers_for_one_day_are_refused(law, second):
    with pytest.raises(BadValue, match="有两个数：400 和 500"):
        with_values(law, [set_to(until=date(2024, 6, 30)), set_to("500", **second)])


def test_days_nobody_speaks_of_are_refused(law):
    value = set_to(name="old_sum", place=COUNTRY, since=date(2020, 1, 2))
    with pytest.raises(BadValue, match="从 2020-01-01 到 2020-01-01 没有数"):
        with_values(law, [value])


def test_between_two_of_a_districts_numbers_the_wider_places_number_holds(law):
    first = set_to("5", since=date(2020, 1, 1), until=date(2020, 12, 31))
    ours = with_values(law, [first, set_to("7", since=date(2022, 1, 1))])
    assert amount(ours, date(2021, 6, 1)) == 300


@pytest.mark.parametrize(("drafted", "shown"), [("null", 400), ("250", 250)])
def test_a_simulated_drafts_own_number_stays_and_its_open_one_is_filled(tmp_path, drafted, shown):
    aid = AID + SUM + MEASURE.format(to="household", eligible="eligible", amount="amount")
    law = write_law(
        tmp_path,
        {
            "country/aid/measure.py": aid,
            "country/aid/parameters.yaml": SHIPPED,
            "city/district/aid/measure.py": "",
            "city/district/aid/parameters.yaml": DRAFT % drafted,
        },
    )
    ours = with_values(law, [set_to()])
    assert amount(ours, date(2024, 6, 1), simulate=("D1",)) == shown
