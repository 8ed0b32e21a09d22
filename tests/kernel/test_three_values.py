"""Unknown is unknown: neither no nor zero, unless the rest already decides."""

import pytest

from .laws import RULE, decide

T, F, U = True, False, None
HEADING = (
    RULE + "def eligible(poor: bool, owns: bool, rooms: int, rent: Decimal) -> bool:\n    return "
)


@pytest.fixture
def answer(rule_law):
    """What a condition over the household's facts comes to."""

    def ask(condition, **facts):
        decision = decide(rule_law(HEADING + condition), {}, **facts)
        return decision.value("eligible")

    return ask


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (T, T, T, T),
        (T, F, F, T),
        (F, T, F, T),
        (F, F, F, F),
        (T, U, U, T),
        (U, T, U, T),
        (F, U, F, U),
        (U, F, F, U),
        (U, U, U, U),
    ],
)
def test_and_and_or_know_what_one_side_decides(answer, a, b, both, either):
    assert answer("poor and owns", poor=a, owns=b) is both
    assert answer("poor or owns", poor=a, owns=b) is either


@pytest.mark.parametrize(("a", "result"), [(T, F), (F, T), (U, U)])
def test_not_unknown_is_unknown(answer, a, result):
    assert answer("not poor", poor=a) is result


def test_nothing_times_an_unknown_is_nothing(answer):
    assert answer("rent * rooms == 0", rent=0) is True
    assert answer("rent * rooms == 0", rent=5) is None


def test_an_unknown_compared_with_itself_stays_unknown(answer):
    assert answer("rooms == rooms") is None


def test_a_choice_between_equals_needs_no_condition(answer):
    assert answer("(rent if poor else rent + 0) > 0", rent=3) is True
    assert answer("(rent if poor else rent * 2) > rent", rent=3) is None


def test_the_branch_not_taken_may_be_unknown(answer):
    assert answer("(owns if poor else rooms > 1)", poor=True, owns=False) is False


def test_shared_among_nobody_there_is_no_answer(answer):
    assert answer("rent / rooms > rent", rent=5, rooms=0) is None
    assert answer("rent / (rooms - 2) < rent", rent=5, rooms=1) is None


SUM = RULE + "def eligible(people: People) -> bool:\n    return {}\n"


@pytest.mark.parametrize(
    ("word", "ills", "result"),
    [
        ("any", (U, T), T),
        ("any", (U, F), U),
        ("any", (F, F), F),
        ("all", (U, F), F),
        ("all", (U, T), U),
        ("all", (T, T), T),
    ],
)
def test_one_member_may_decide_for_a_family(rule_law, word, ills, result):
    law = rule_law(SUM.format(f"{word}(p.ill for p in people)"))
    assert decide(law, *({"ill": ill} for ill in ills)).value("eligible") is result


def test_a_sum_waits_only_for_those_it_counts(rule_law):
    law = rule_law(SUM.format("sum(p.visits for p in people if p.ill) > 2"))
    decision = decide(law, {"ill": True, "visits": 3}, {"ill": False})
    assert decision.value("eligible") is True


def test_what_is_missing_is_what_could_still_change_the_answer(rule_law):
    law = rule_law(HEADING + "poor and (owns or rooms > 1)")
    assert decide(law, {}, poor=True, owns=True).outcomes[0].missing == ()
    assert decide(law, {}, poor=True, rooms=0).outcomes[0].missing == ("owns",)
    assert decide(law, {}, poor=False).outcomes[0].missing == ()
