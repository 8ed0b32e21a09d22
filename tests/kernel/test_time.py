"""When rules, numbers and citations apply: documents, reaching back, drafts."""

from datetime import date

import pytest

from jiekun.kernel.decide import decider

DOCUMENTS = """
- {id: N1, title: 国家办法, place: "000000", status: in_force, effective_from: 2000-01-01,
   articles: 20}
- {id: C1, title: 五月的文件, place: "420100", status: in_force, effective_from: 2020-05-22,
   effective_to: 2020-12-31, articles: 20}
- {id: D1, title: 征求意见稿, place: "420106", status: draft, simulate_from: 2024-01-01,
   articles: 20}
"""
RULES = """
@rule(cites=("N1-1", "C1-1"), label="可领", {dates})
def eligible(poor: bool, enough: Decimal) -> bool:
    return poor and enough == 2
MEASURE = Measure(name="aid", label="救助", to="household", gives="money", office="民政",
                  eligible="eligible", about="给钱。")
"""
NUMBERS = """
enough:
  label: 够
  unit: ratio
  values:
    - {from: 2000-01-01, value: 1, cites: N1-1}
    - {from: draft, value: 2, cites: D1-1}
"""
BACK = """
@rule(cites="C1-2", label="可领", since="2020-04-01")
def eligible(poor: bool) -> bool:
    return not poor
"""


@pytest.fixture
def law(law_of):
    return law_of(
        {
            "documents.yaml": DOCUMENTS,
            "country/aid/measure.py": RULES.format(dates=""),
            "country/aid/parameters.yaml": NUMBERS,
            "city/aid/measure.py": BACK,
        }
    )


def status(law, on, simulate=()):
    program = law.program(on=on, place="420106", simulate=simulate)
    return decider(program).decide({"household": {"poor": False}, "people": {}}).outcomes[0].status


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2020, 3, 31), "no"),
        (date(2020, 4, 1), "yes"),
        (date(2020, 12, 31), "yes"),
        (date(2021, 1, 1), "no"),
    ],
)
def test_a_rule_that_names_an_earlier_day_reaches_back_before_its_document(law, on, found):
    assert status(law, on) == found


def test_a_simulated_drafts_number_wins_over_the_one_in_force(law):
    program = law.program(on=date(2024, 1, 1), place="420106", simulate=("D1",))
    assert program.parameters["enough"].dated.value == 2


def test_a_draft_is_not_simulated_before_it_was_written(law):
    program = law.program(on=date(2023, 12, 31), place="420106", simulate=("D1",))
    assert (program.simulate, program.parameters["enough"].dated.value) == ((), 1)


@pytest.mark.parametrize(
    ("on", "cites"),
    [(date(2020, 5, 21), ("N1-1",)), (date(2020, 5, 22), ("N1-1", "C1-1"))],
)
def test_a_rule_cites_only_what_is_in_force_that_day(law, on, cites):
    assert law.program(on=on, place="000000").steps["eligible"].cites == cites
