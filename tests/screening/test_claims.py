from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from jiekun.screening.claims import Claim, best, clash, gain

PAIRS = frozenset(
    {("dibao", "tekun"), ("tekun", "dibao"), ("orphan", "tekun"), ("tekun", "orphan")}
)


def test_measures_that_agree_are_added_up():
    assert gain([Claim("dibao", None, 900), Claim("meals", 1, 100)], PAIRS) == 1000


def test_of_two_that_exclude_each_other_the_higher_counts():
    assert gain([Claim("dibao", None, 900), Claim("tekun", 1, 1500)], PAIRS) == 1500


def test_two_lower_ones_may_together_beat_the_one_they_exclude():
    claims = [Claim("tekun", 1, 1500), Claim("dibao", None, 900), Claim("orphan", 1, 800)]
    assert gain(claims, PAIRS) == 1700


def test_what_is_received_already_is_no_gain():
    claims = [Claim("dibao", None, 900, received=True), Claim("tekun", 1, 1500)]
    assert gain(claims, PAIRS) == 600


def test_something_lower_than_what_is_received_gains_nothing():
    claims = [Claim("tekun", 1, 1500, received=True), Claim("dibao", None, 900)]
    assert gain(claims, PAIRS) == 0


def test_receiving_two_that_clash_hides_no_other_claim():
    claims = [
        Claim("tekun", 1, 1500, received=True),
        Claim("orphan", 1, 1400, received=True),
        Claim("meals", 2, 100),
    ]
    assert gain(claims, PAIRS) == 100


def test_two_persons_measures_of_different_people_do_not_clash():
    assert not clash(Claim("tekun", 1, 1), Claim("orphan", 2, 1), PAIRS)
    assert gain([Claim("tekun", 1, 1500), Claim("orphan", 2, 800)], PAIRS) == 2300


CLAIMS = st.lists(
    st.builds(
        Claim,
        st.sampled_from(["dibao", "tekun", "orphan", "meals"]),
        st.sampled_from([None, 1, 2]),
        st.integers(0, 4),
    ),
    max_size=7,
    unique_by=lambda claim: (claim.measure, claim.person),
)


@given(CLAIMS)
def test_nothing_that_can_be_had_at_once_is_worth_more_than_the_best(claims):
    chosen = best(claims, PAIRS)
    assert not any(clash(a, b, PAIRS) for a, b in combinations(chosen, 2))
    every = (c for n in range(len(claims) + 1) for c in combinations(claims, n))
    possible = (c for c in every if not any(clash(a, b, PAIRS) for a, b in combinations(c, 2)))
    assert sum(c.yearly for c in chosen) == max(sum(c.yearly for c in each) for each in possible)


def test_a_home_of_two_thousand_is_worked_out_too():
    claims = [Claim("tekun", person, 10) for person in range(1, 2000)]
    claims += [Claim("orphan", person, 9) for person in range(1, 2000)]
    assert sum(c.yearly for c in best([Claim("dibao", None, 30), *claims], PAIRS)) == 19_990
