"""The shipped law, read three ways, on households and days nobody thought of."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jiekun.law
from jiekun.kernel.cases import read_cases
from jiekun.kernel.yamls import read

from .agreement import differences
from .laws import examples

LAW = jiekun.law.load()
BASE = read(Path(jiekun.law.__file__).parent / "baseline.yaml", "baseline.yaml")
CASES = [
    c for p in sorted(Path(jiekun.law.__file__).parent.rglob("cases.yaml")) for c in read_cases(p)
]
DRAFTS = [(), ("W24",)]
DAYS = st.dates(date(2018, 1, 1), date(2027, 12, 31)) | st.sampled_from(
    [d + timedelta(days=n) for d in LAW.change_dates() for n in (-1, 0) if 2018 <= d.year <= 2027]
)


def values(fact):
    """Values of a fact, those around the law's own limits often."""
    match fact.kind:
        case "bool":
            return st.booleans()
        case "choice":
            return st.sampled_from(list(fact.choices))
        case "date":
            # Some are born after the day asked: file readers refuse that, engines must agree.
            return st.dates(date(1920, 1, 1), date(2027, 12, 31))
        case "money":
            top = fact.maximum
            near = st.sampled_from([0, 1, 820, 940, 1230, 1410, 2350, 3000])
            return (near | st.integers(0, min(top, 6000))).map(str) | st.decimals(
                0, min(top, 20_000), places=2
            ).map(str)
    return st.integers(fact.minimum, min(fact.maximum, 70))


def changes(entity):
    """A few facts that differ from a plain one's, unknown ones among them."""
    one = st.sampled_from(LAW.facts.of(entity)).flatmap(
        lambda fact: st.tuples(st.just(fact.name), st.none() | values(fact))
    )
    return st.lists(one, max_size=12).map(dict)


PERSON = st.builds(
    lambda plain, said: {**(BASE["person"] if plain else {}), **said},
    st.booleans(),
    changes("person"),
)
HOUSEHOLD = st.builds(
    lambda plain, said, people: {
        "household": {**(BASE["household"] if plain else {}), **said},
        "people": {f"p{n}": person for n, person in enumerate(people, 1)},
    },
    st.booleans(),
    changes("household"),
    st.lists(PERSON, min_size=1, max_size=5),
)


@examples(40)
@given(
    on=DAYS,
    simulate=st.sampled_from(DRAFTS),
    households=st.lists(HOUSEHOLD, min_size=1, max_size=4),
)
def test_the_real_law_has_one_answer_for_any_household_on_any_day(on, simulate, households):
    found = differences(LAW, households, on=on, place="420106", simulate=simulate)
    assert list(found) == []


@pytest.mark.parametrize("simulate", DRAFTS, ids=["now", "W24"])
def test_the_real_law_has_one_answer_for_its_written_cases(simulate):
    # Every third: the cases themselves are checked with the law.
    households = [case.facts() for case in CASES[::3]]
    found = differences(LAW, households, on=date(2024, 11, 1), place="420106", simulate=simulate)
    assert list(found) == []
