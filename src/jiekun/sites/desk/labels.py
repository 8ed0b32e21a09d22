"""Chinese names of what runs and registers keep by code."""

from __future__ import annotations

from jiekun.kernel import units
from jiekun.kernel.program import Program
from jiekun.law.facts import FACTS
from jiekun.offices.chosen import keeper

# Categories offices recognise that are no measure of their own.
CATEGORIES = {"low_income": "低收入家庭"}


def measure(program: Program, name: str) -> str:
    """A measure's short name, whether or not it is in force under this law."""
    for use in program.measures:
        if use.measure.name == name:
            return use.measure.short or use.measure.label
    return known(name)


def known(name: str) -> str:
    """A measure's or category's name by everything that is written down; else what was given."""
    for written in keeper.law().written:
        if written.measure.name == name:
            return written.measure.short or written.measure.label
    return CATEGORIES.get(name, name)


def unit(program: Program, name: str) -> str:
    """The unit a measure is counted in under this law; empty where it has none."""
    for use in program.measures:
        if use.measure.name == name and use.amount is not None:
            return units.text(program.graph[use.amount].unit)
    return ""


def leaf(program: Program, name: str) -> str:
    """A fact's, judgment's, number's or rule's name."""
    if name in FACTS:
        return FACTS[name].label
    if name in program.parameters:
        return program.parameters[name].parameter.label
    return program.steps[name].label if name in program.steps else name
