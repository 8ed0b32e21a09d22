"""One household decided: statuses, reasons, and what to ask next."""

from decimal import Decimal

import pytest

from jiekun.kernel.report import decision_json
from jiekun.kernel.values import BadValue, encode

from .laws import FACTS, MEASURE, RULE, decide

LINE = "line: {label: 线, unit: yuan/month, values: [{from: 2020-01-01, value: 940, source: x}]}\n"
UNSET = LINE.replace("value: 940", "value: null")
BODY = (
    RULE + "def eligible(rent: Decimal, line: Decimal, poor: bool) -> bool:\n"
    "    return rent < line and poor\n"
    '@rule(cites="N1-2", label="补差")\n'
    "def topped(rent: Decimal, line: Decimal) -> Decimal:\n    return line - rent\n"
)


@pytest.fixture
def aid(rule_law):
    """The outcome and decision of a small top-up."""

    def ask(parameters=LINE, **facts):
        law = rule_law(BODY, amount="topped", parameters=parameters)
        decision = decide(law, {}, **facts)
        return decision.outcomes[0], decision

    return ask


def test_what_is_given_is_the_difference_a_month_and_a_year(aid):
    outcome, _ = aid(rent="939.99", poor=True)
    assert (outcome.status, outcome.amount, outcome.yearly) == (
        "yes",
        Decimal("0.01"),
        Decimal("0.12"),
    )


@pytest.mark.parametrize(
    ("parameters", "facts", "status", "missing"),
    [
        (LINE, {"rent": 940, "poor": True}, "no", ()),
        (LINE, {"rent": 5}, "ask", ("poor",)),
        (LINE, {"rent": 940}, "no", ()),
        (LINE, {}, "ask", ("poor", "rent")),
        (UNSET, {"rent": 5, "poor": True}, "unset", ("line",)),
        (UNSET, {"rent": 5}, "ask", ("line", "poor")),
        (UNSET, {"rent": 5, "poor": False}, "no", ()),
    ],
)
def test_a_status_says_what_is_in_the_way(aid, parameters, facts, status, missing):
    outcome, _ = aid(parameters, **facts)
    assert (outcome.status, outcome.missing) == (status, missing)


def test_a_persons_judgment_is_never_guessed(rule_law):
    law = rule_law(RULE + "def eligible(frail: bool) -> bool:\n    return frail\n", to="person")
    decision = decide(law, {})
    assert decision.outcomes[0].status == "judge"
    assert (decision.missing[0].kind, decision.missing[0].ask) == ("judgment", "区民政局")


def test_a_condition_says_by_how_much_it_fails(aid):
    outcome, decision = aid(rent="990.5", poor=True)
    first, second = decision.conditions(outcome)
    assert (first.holds, first.gap, second.holds) == (False, Decimal("50.5"), True)
    assert outcome.failing == 1


def test_a_condition_shows_the_values_it_compared(aid):
    outcome, decision = aid(rent=500, poor=True)
    assert decision.conditions(outcome)[0].text == "rent 500 元/月 低于 线 940 元/月"


def test_an_amount_shows_its_figures_and_where_they_come_from(aid):
    outcome, decision = aid(rent=500, poor=True)
    step = decision.step(outcome.amount_step)
    assert (step.text, step.words, step.inputs) == ("940 − 500", "440 元/月", ("rent", "line"))


def test_a_fact_that_opens_more_measures_is_asked_first(law_of):
    one = RULE.replace("够", "甲") + "def a(poor: bool) -> bool:\n    return poor\n"
    two = (
        RULE.replace("够", "乙")
        + "def b(poor: bool, owns: bool) -> bool:\n    return poor and owns\n"
    )
    texts = [
        text
        + MEASURE.format(to="household", eligible=name, amount=None).replace('"aid"', f'"{name}"')
        for name, text in (("a", one), ("b", two))
    ]
    files = {f"country/{n}/measure.py": text for n, text in enumerate(texts)}
    assert [m.name for m in decide(law_of(files), {}).missing] == ["poor", "owns"]


def test_the_graph_of_reasons_names_each_step_once(rule_law):
    law = rule_law(
        RULE + "def eligible(sick: People) -> bool:\n    return len(sick) > 0\n"
        '@rule(cites="N1-2", label="病")\ndef sick(ill: bool) -> bool:\n    return ill\n'
    )
    told = decision_json(decide(law, {"ill": True}, {"ill": False}))
    assert sorted(told["steps"]) == ["eligible", "sick@p1", "sick@p2"]
    assert told["steps"]["eligible"]["inputs"] == ["sick@p1", "sick@p2"]


@pytest.mark.parametrize(
    ("fact", "value", "says"),
    [
        ("poor", "yes", "应填是或否"),
        ("rent", -1, "不能小于 0"),
        ("rent", "1.001", "最小到分"),
        ("rent", True, "应填数字"),
        ("rent", "many", "应填数字"),
        ("rent", float("inf"), "应填数字"),
        ("rooms", 51, "不能大于 50"),
        ("rooms", 1.5, "应是整数"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_plain_words(fact, value, says):
    with pytest.raises(BadValue, match=says):
        encode(FACTS[fact], value)


def test_deciding_refuses_a_bad_value(aid):
    with pytest.raises(BadValue, match="不能小于 0"):
        aid(rent=-1)
