"""One row a family: what it would gain, for what, and what it must be asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jiekun.kernel.program import Program

from .claims import Claim, excluding, gain
from .findings import Sheet
from .models import Kind
from .sweep import Array, unique_rows


@dataclass(frozen=True, slots=True)
class Families:
    """Columns of equal length; the texts are written as PostgreSQL arrays of names."""

    home: Array
    yearly: Array
    unreached: Array
    asked: Array
    measures: list[str]
    asked_measures: list[str]
    missing: list[str]


def families(
    program: Program, sheet: Sheet, waits: list[tuple[str, ...]], households: int
) -> Families:
    """The families with something unreached, or something to ask."""
    unreached = sheet.take(np.flatnonzero(sheet.kind == Kind.UNREACHED))
    ask = sheet.take(np.flatnonzero((sheet.kind == Kind.ASK) & ~_needless(program, sheet)))
    n_unreached = np.bincount(unreached.home, minlength=households)
    n_ask = np.bincount(ask.home, minlength=households)
    home = np.flatnonzero(n_unreached + n_ask)
    names = [use.measure.name for use in program.measures]
    return Families(
        home=home,
        yearly=yearly_gains(program, sheet, households)[home],
        unreached=n_unreached[home],
        asked=n_ask[home],
        measures=_sets(home, unreached.home, _flags(unreached.measure, len(names)), names),
        asked_measures=_sets(home, ask.home, _flags(ask.measure, len(names)), names),
        missing=_sets(home, ask.home, *_facts_to_ask(program, ask, waits)),
    )


def _needless(program: Program, sheet: Sheet) -> Array:
    """Answers nobody need ask for: of what is received, or of a mere status barred by it."""
    needless = sheet.received.copy()
    for place, use in enumerate(program.measures):
        barring = [other for other, _ in _clashing(program, use.measure.name)]
        if use.measure.gives == "status" and barring:
            paid = sheet.home[sheet.received & np.isin(sheet.measure, barring)]
            needless |= (sheet.measure == place) & np.isin(sheet.home, paid)
    return needless


def _clashing(program: Program, name: str) -> list[tuple[int, str]]:
    """The places and names of the measures that exclude one."""
    pairs = excluding(program)
    names = [use.measure.name for use in program.measures]
    return [(place, other) for place, other in enumerate(names) if (name, other) in pairs]


def yearly_gains(program: Program, sheet: Sheet, households: int) -> Array:
    """Fen a year each household would have more; where measures clash, the higher of them."""
    unreached = sheet.kind == Kind.UNREACHED
    yearly = np.bincount(
        sheet.home[unreached],
        weights=np.maximum(sheet.yearly[unreached], 0),
        minlength=households,
    ).astype(np.int64)
    pairs = excluding(program)
    if not pairs:
        return yearly
    barred = np.array(
        [any(name == use.measure.name for name, _ in pairs) for use in program.measures]
    )
    # Few families hold two claims that may clash; those are worked out one by one.
    claims = np.flatnonzero((unreached | sheet.received) & barred[sheet.measure])
    several = np.bincount(sheet.home[claims], minlength=households) > 1
    rows = np.flatnonzero((unreached | sheet.received) & several[sheet.home])
    by_home: dict[int, list[Claim]] = {}
    for row in rows.tolist():
        by_home.setdefault(int(sheet.home[row]), []).append(_claim(program, sheet, row))
    for home, all_claims in by_home.items():
        yearly[home] = gain(all_claims, pairs)
    return yearly


def _claim(program: Program, sheet: Sheet, row: int) -> Claim:
    """A finding as a claim; what is received counts as it is paid."""
    received = bool(sheet.received[row])
    yearly = int(sheet.received_yearly[row] if received else max(int(sheet.yearly[row]), 0))
    return Claim(
        program.measures[int(sheet.measure[row])].measure.name,
        int(sheet.person[row]) or None,
        yearly,
        received,
    )


def _flags(numbers: Array, size: int) -> Array:
    """Each number as a row with one place set."""
    found = np.zeros((len(numbers), size), np.uint8)
    found[np.arange(len(numbers)), numbers] = 1
    return found


def _facts_to_ask(
    program: Program, ask: Sheet, waits: list[tuple[str, ...]]
) -> tuple[Array, list[str]]:
    """For each open answer, the facts (no judgments, no numbers) it waits for."""
    facts = [
        name
        for name in program.leaves
        if name in program.facts and not program.facts[name].judged_by
    ]
    table = np.array([[name in wait for name in facts] for wait in waits], np.uint8)
    return table.reshape(len(waits), len(facts))[ask.waits], facts


def _sets(home: Array, rows: Array, flags: Array, names: list[str]) -> list[str]:
    """The names set for each home, joined over its rows, as PostgreSQL array text."""
    if not len(rows) or not names:
        return ["{}"] * len(home)
    table = np.zeros((len(home), len(names)), np.uint8)
    at = np.searchsorted(home, rows)
    # Row by row of a family: the first of each, then the second …
    order = np.argsort(at, kind="stable")
    starts = np.flatnonzero(np.diff(at[order], prepend=-1))
    table[at[order][starts]] = np.bitwise_or.reduceat(flags[order], starts, axis=0)
    different, which = unique_rows(table)
    texts = ["{" + ",".join(names[i] for i in np.flatnonzero(row)) + "}" for row in different]
    return [texts[i] for i in which]
