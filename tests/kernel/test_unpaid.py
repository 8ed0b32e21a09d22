"""Sums nobody can get, since a number of the law is not set."""

from __future__ import annotations

from datetime import date

import pytest

from jiekun.kernel.unpaid import unpaid

from .laws import one_rule

ON, PLACE = date(2024, 11, 1), "420106"
RULES = """
@rule(cites="N1-1", label="够")
def eligible(poor: bool) -> bool:
    return poor

@rule(cites="N1-2", label="额")
def amount(poor: bool, rooms: int, rent: Decimal, open_sum: Decimal, sum_set: Decimal) -> Decimal:
    return {}
"""
NUMBERS = """
open_sum: {label: 没定, unit: yuan/month, values: [{from: 2020-01-01, value: null, source: 未查得}]}
sum_set: {label: 定了, unit: yuan/month, values: [{from: 2020-01-01, value: 10, cites: N1-2}]}
"""


@pytest.mark.parametrize(
    ("amount", "is_unpaid"),
    [
        ("open_sum", True),
        ("open_sum + rent", True),
        ("open_sum * rooms", True),
        ("max(open_sum, rent)", True),
        ("open_sum if poor else Decimal(0)", True),
        ("sum_set", False),
        ("open_sum if poor else sum_set", False),
        # With nothing to take off, the rest is known.
        ("rent - (open_sum if poor else Decimal(0))", False),
        ("rent", False),
    ],
)
def test_a_sum_is_unpaid_when_no_facts_can_make_it_known(tmp_path, amount, is_unpaid):
    law = one_rule(tmp_path, RULES.format(amount), amount="amount", parameters=NUMBERS)
    program = law.program(on=ON, place=PLACE)
    (use,) = program.measures
    assert unpaid(program.graph, use.amount) == (("open_sum",) if is_unpaid else ())
