"""A group of households under the law: its totals, and a row for whatever is no firm no."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from jiekun.kernel.native import Found, native
from jiekun.kernel.program import Program
from jiekun.kernel.values import PER_YEAR

from .file_checks import HOME, PERSON
from .groups import Group
from .sweep import Array, is_money, unit_of
from .totals import STATUSES, Totals

SCHEMA = pa.schema(
    [
        pa.field(HOME, pa.int64(), nullable=False),
        pa.field(PERSON, pa.int64()),
        pa.field("measure", pa.dictionary(pa.int16(), pa.string()), nullable=False),
        pa.field("status", pa.dictionary(pa.int8(), pa.string()), nullable=False),
        pa.field("amount", pa.int64(), metadata={"unit": "fen where the measure is money"}),
        pa.field("yearly_fen", pa.int64()),
        pa.field("missing", pa.list_(pa.string())),
    ]
)


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a group; `rows` has the columns of SCHEMA, universal measures left out."""

    totals: Totals
    rows: pa.Table


def answer(program: Program, group: Group, *, rows: bool = True) -> Answered:
    """Every measure for everybody of a group; without `rows` only the totals."""
    found = native(program).run(group.batch, rows=rows, universal=False)
    return Answered(
        _totals(program, found), _rows(program, found, group) if rows else SCHEMA.empty_table()
    )


def _totals(program: Program, found: Found) -> Totals:
    totals = Totals(found.people, found.households, missing=Counter(found.waiting))
    for place, use in enumerate(program.measures):
        name, times = use.measure.name, _times(program)[place]
        totals.counts[name] = Counter(
            dict(zip(STATUSES, found.counts[place].tolist(), strict=True))
        )
        totals.yearly[name] = found.sums[place] * int(times)
    return totals


def _rows(program: Program, found: Found, group: Group) -> pa.Table:
    rows = found.rows
    persons = np.array([use.measure.to == "person" for use in program.measures])[rows.measure]
    times = _times(program)[rows.measure]
    people = group.people[np.where(persons, rows.subject, 0)]
    names = pa.array([use.measure.name for use in program.measures], pa.string())
    waits = pa.array(found.waits, SCHEMA.field("missing").type)
    return pa.table(
        [
            pa.array(group.households[rows.home]),
            pa.array(people, mask=~persons),
            pa.DictionaryArray.from_arrays(pa.array(rows.measure), names),
            pa.DictionaryArray.from_arrays(pa.array(rows.status), pa.array(STATUSES)),
            pa.array(rows.amount, mask=~rows.amount_known),
            pa.array(rows.amount * times, mask=~rows.amount_known | (times == 0)),
            waits.take(pa.array(rows.waits)),
        ],
        schema=SCHEMA,
    )


def _times(program: Program) -> Array:
    """How often a year each measure's money is paid; 0 where it is not paid so, or no money."""
    if "times a year" not in program.engines:
        program.engines["times a year"] = np.array(
            [
                PER_YEAR.get(unit_of(program, use), 0) if is_money(program, use) else 0
                for use in program.measures
            ],
            np.int64,
        )
    kept: Array = program.engines["times a year"]
    return kept
