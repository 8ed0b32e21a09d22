"""Typical families along their income: every break of the law, at the very fen."""

from __future__ import annotations

from itertools import pairwise

import pytest

from jiekun.kernel.reform import read_reform
from jiekun.law import load
from jiekun.law.reforms import ready
from jiekun.screening.simulation.charts import bars, curve
from jiekun.screening.simulation.curves import FAMILIES, curves
from jiekun.screening.simulation.plan import plan

HEAD = 'label: 试\non: 2024-11-01\nplace: "420106"\n'


def drawn(reform):
    (task,) = (made := plan(load(), [reform])).tasks
    return {c.key: c for c in curves(*(made.views[at].lens for at in (task.before, task.after)))}


@pytest.fixture(scope="module")
def w24():
    return drawn(next(r for r in ready() if r.name == "w24_in_force"))


def test_every_family_has_a_curve(w24):
    assert list(w24) == [family.key for family in FAMILIES]


def test_dibao_falls_by_what_is_earned_and_never_by_more(w24):
    assert w24["alone"].before.points == ((0, 12 * 94_000), (94_000, 0), (282_000, 0))
    assert w24["alone"].before.breaks == ()


def test_the_draft_breaks_off_at_the_line_of_edge_families(w24):
    """Half a dibao a month is lost at 1.5 lines a head; the fen earned comes off the loss."""
    (found,) = w24["disabled"].after.breaks
    assert found.income == 2 * 141_000
    assert found.lost == 47_000 * 12 - 12
    points = dict(w24["disabled"].after.points)
    assert (points[281_999], points[282_000]) == (47_000 * 12, 0)


def test_measures_that_can_pay_nobody_are_named_with_the_number_not_set():
    (task,) = plan(load(), [next(r for r in ready() if r.name == "w24_in_force")]).tasks
    found = {unpaid.name: unpaid.numbers for unpaid in task.unpaid}
    assert found["disability_living"] == ("困难残疾人生活补贴",)
    assert "dibao" not in found


def test_points_only_go_on(w24):
    for family in w24.values():
        for side in (family.before, family.after):
            assert all(a[0] < b[0] for a, b in pairwise(side.points))


def test_the_line_moves_with_the_standard():
    text = HEAD + "changes:\n  - {parameter: dibao_standard_urban, by: +5%}\n"
    alone = drawn(read_reform(text, "试.yaml"))["alone"]
    assert alone.after.points == ((0, 12 * 98_700), (98_700, 0), (282_000, 0))


def test_a_chart_holds_no_markup_from_names():
    line = {"label": "<b>&", "before": 0, "after": -100, "undetermined": 3}
    made = bars([line])
    assert "<b>" not in made
    assert "&lt;b&gt;&amp;" in made
    assert "−1" in made


def test_a_curve_marks_where_money_is_lost():
    side = {"points": [(0, 0), (99, 1200), (100, 0), (300, 0)], "left_out": []}
    lost = {"income": 100, "lost": 1188, "measures": ["甲"]}
    family = {
        "label": "独居", "line": 100, "people": 1,
        "before": {**side, "breaks": []}, "after": {**side, "breaks": [lost]},
    }  # fmt: skip
    assert curve(family).count("<circle") == 1
