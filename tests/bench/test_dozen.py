"""The dozen measures of the benchmark: Jiekun against plain Python that shares nothing with it."""

from datetime import date
from decimal import Decimal

from bench.dozen import facts, oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from jiekun.kernel.decide import decider

DECIDER = decider(facts.program())
# Where something turns: ages, the standards, the thresholds, and a fen to either side.
TURNS = [0, 1, 31800, 79570, 91250, 106000, 127200, 300000, 3633333, 2864520 * 3]
MONEY = st.one_of(
    st.sampled_from(TURNS).flatmap(lambda fen: st.integers(max(0, fen - 1), fen + 1)),
    st.integers(0, 12_000_000),
)
BIRTHS = st.one_of(
    st.builds(
        date, st.sampled_from([1944, 1954, 1964, 2006, 2008]), st.just(11), st.integers(1, 2)
    ),
    st.dates(date(1920, 1, 1), date(2024, 10, 31)),
)


def values(fact):
    known = {
        "bool": st.booleans(),
        "int": st.integers(0, min(fact.maximum, 60)),
        "money": MONEY,
        "date": BIRTHS,
        "choice": st.sampled_from(list(fact.choices) or [""]),
    }[fact.kind]
    return st.one_of(known, known, known, st.none())


def some(entity):
    return st.fixed_dictionaries({f.name: values(f) for f in facts.FACTS.of(entity)})


def in_yuan(given_facts):
    """As a family's file has it: money in yuan."""
    kinds = {name: facts.FACTS[name].kind for name in given_facts}
    return {
        name: Decimal(value) / 100 if kinds[name] == "money" and value is not None else value
        for name, value in given_facts.items()
    }


def fen(outcome):
    times = 1 if outcome.measure.gives == "hours" else 100
    return None if outcome.amount is None else oracle.half_up(outcome.amount * times)


@settings(max_examples=250, derandomize=True, deadline=None)
@given(some("household"), st.lists(some("person"), min_size=1, max_size=4))
def test_jiekun_answers_as_the_plain_reading_does(household, people):
    own, each = oracle.decide(household, people, facts.ON)
    named = {str(number): in_yuan(person) for number, person in enumerate(people)}
    decision = DECIDER.decide({"household": in_yuan(household), "people": named})
    for outcome in decision.outcomes:
        mine = own if outcome.measure.to == "household" else each[int(outcome.subject)]
        holds, amount = mine[outcome.measure.name]
        assert {"yes": True, "no": False}.get(outcome.status) is holds, outcome
        if holds:
            assert fen(outcome) == amount, outcome
