"""Money is exact to the fen: no step rounds unless the law says so, the end rounds half up."""

from decimal import Decimal
from fractions import Fraction

import pytest

from .laws import RULE, decide


@pytest.fixture
def amount(rule_law):
    """(exact value, amount) of a sum over rent, rooms and members, one member or more."""

    def ask(expression, *, people=1, **facts):
        law = rule_law(
            RULE + "def eligible(poor: bool) -> bool:\n    return poor\n"
            '@rule(cites="N1-2", label="钱")\n'
            "def money(rent: Decimal, rooms: int, people: People) -> Decimal:\n"
            f"    return {expression}\n",
            amount="money",
        )
        decision = decide(law, *([{"visits": 1}] * people), poor=True, **facts)
        return decision.value("money"), decision.outcomes[0].amount

    return ask


def test_a_third_of_a_hundred_is_kept_as_a_third(amount):
    assert amount("rent / 3 * 3", rent=100) == (100, 100)


def test_halves_of_a_fen_round_up_at_the_end(amount):
    assert amount("rent / 2", rent="0.01") == (Fraction(1, 200), Decimal("0.01"))


def test_halves_below_zero_round_up_too(amount):
    assert amount("0 - rent / 2", rent="0.01")[1] == 0


def test_rounding_early_is_a_step_of_its_own(amount):
    assert amount("round_half_up(rent / 3) * 3", rent=100) == (Decimal("99.99"), Decimal("99.99"))


def test_a_share_by_members_compares_exactly(rule_law):
    law = rule_law(
        RULE + "def eligible(rent: Decimal, people: People) -> bool:\n"
        "    return rent / len(people) < rent / 3\n"
    )
    assert decide(law, {}, {}, {}, rent=10).value("eligible") is False
    assert decide(law, {}, {}, {}, {}, rent=10).value("eligible") is True


def test_a_share_by_members_stays_a_fraction(amount):
    assert amount("rent / len(people)", rent=100, people=7)[0] == Fraction(100, 7)


def test_two_shares_add_over_a_common_denominator(amount):
    exact, paid = amount("rent / len(people) + rent / rooms", rent=1, people=3, rooms=7)
    assert (exact, paid) == (Fraction(10, 21), Decimal("0.48"))


def test_a_year_and_back_loses_nothing(amount):
    assert amount("per_month(per_year(rent) / 7) * 7", rent="0.01") == (
        Fraction(1, 100),
        Decimal("0.01"),
    )


def test_large_sums_stay_exact(amount):
    assert amount("rent * 1001", rent="99999.99")[0] == Fraction("99999.99") * 1001
