"""What the law says of the synthetic district: the demo shows what it means to show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from jiekun.demo import awards
from jiekun.demo.district import District
from jiekun.demo.hardship import is_kind
from jiekun.demo.scale import LAST_RUN
from jiekun.kernel.arrays import Batch, Column
from jiekun.kernel.native import native
from jiekun.law import load
from jiekun.law.facts import FACTS


def column(district: District, name: str) -> Column:
    gap = district.unknown.get(name)
    return Column(district.fact(name), None if gap is None else ~gap)


@pytest.fixture(scope="module")
def run(district: District) -> dict[str, Any]:
    """Dibao decided for every household on the day of the last run."""
    program = load().program(on=LAST_RUN, place="420106")
    batch = Batch(
        sizes=district.size.astype(np.int32),
        people={fact.name: column(district, fact.name) for fact in FACTS.of("person")},
        household={fact.name: column(district, fact.name) for fact in FACTS.of("household")},
    )
    use = program.measure("dibao")
    assert use.amount is not None
    kept = native(program).run(batch, keep=(use.eligible, use.amount)).kept
    answer, amount = kept[use.eligible], kept[use.amount]
    yes = answer.known & (answer.top == 1)
    assert (amount.den == 1).all()
    return {
        "yes": yes,
        "no": answer.known & ~yes,
        "open": ~answer.known,
        "amount": np.where(amount.known, amount.top, 0),
    }


def test_families_recognised_and_poor_are_entitled(district, run):
    assert run["yes"][is_kind(district, "dibao")].all()


def test_most_families_nobody_reached_are_entitled(district, run):
    assert run["yes"][is_kind(district, "dibao_unreached")].mean() > 0.8


def test_families_whose_income_grew_are_not_entitled(district, run):
    assert not run["yes"][is_kind(district, "dibao_outgrown")].any()


def test_open_cases_wait_for_a_fact(district, run):
    assert run["open"][is_kind(district, "dibao_open")].all()


def test_the_law_says_a_firm_no_to_nearly_every_ordinary_family(district, run):
    ordinary = district.extra["hardship"] == 0
    assert not run["yes"][ordinary].any()
    assert run["no"][ordinary].mean() > 0.99


def test_the_story_begins_just_above_the_line(district, run):
    assert run["no"][district.story]


def test_families_get_what_the_law_gives(district, run):
    paid = awards.receipts(district)
    rightly = (paid.what == "dibao") & is_kind(district, "dibao")[paid.household]
    assert (paid.amount[rightly] == run["amount"][paid.household[rightly]]).all()
