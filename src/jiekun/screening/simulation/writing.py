"""The households a reform touches, as a file for whoever wants to see them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..sweep import Array
from .batch import Outcome
from .homes import CATEGORIES, TYPES
from .tables import NOWHERE, STREET, Population, decile

SCHEMA = pa.schema(
    [
        pa.field("household_id", pa.int64(), nullable=False),
        pa.field("community_code", pa.string()),
        pa.field("street_code", pa.string()),
        pa.field("outcome", pa.dictionary(pa.int8(), pa.string()), nullable=False),
        pa.field("before", pa.int64(), metadata={"unit": "fen a year, what is surely due"}),
        pa.field("after", pa.int64(), metadata={"unit": "fen a year; null where undetermined"}),
        pa.field("category", pa.dictionary(pa.int8(), pa.string()), nullable=False),
        pa.field("household_type", pa.dictionary(pa.int8(), pa.string()), nullable=False),
        pa.field("decile", pa.dictionary(pa.int8(), pa.string()), nullable=False),
        pa.field("gained", pa.list_(pa.dictionary(pa.int16(), pa.string()))),
        pa.field("lost", pa.list_(pa.dictionary(pa.int16(), pa.string()))),
        pa.field("waits", pa.list_(pa.dictionary(pa.int16(), pa.string()))),
    ]
)


def write_households(path: Path, population: Population) -> None:
    """Households that gain, lose or cannot be told, and those whose other measures change.

    The words of category, type and decile are the keys of the comparison's tables.
    """
    homes, names = population.columns(), population.plan.names
    gained, lost = (_pairs(parts) for parts in (population.gained, population.lost))
    waits = _pairs(
        [
            (ids, np.full(len(ids), leaf))
            for leaf, parts in enumerate(population.waits.values())
            for ids in parts
        ]
    )
    touched = homes.outcome != Outcome.SAME
    touched |= np.isin(homes.id, np.concatenate([gained[0], lost[0]]))
    rows = np.flatnonzero(touched)
    ids = homes.id[rows]
    known = homes.outcome[rows] != Outcome.UNDETERMINED
    community = homes.community.take(pa.array(rows))
    none = pa.scalar(None, pa.string())
    codes = pc.if_else(pc.equal(community, ""), none, community)
    table = pa.table(
        [
            pa.array(ids),
            codes,
            pc.utf8_slice_codeunits(codes, 0, STREET),
            _words(homes.outcome[rows], [each.name.lower() for each in Outcome]),
            pa.array(homes.before[rows]),
            pa.array(homes.after[rows], mask=~known),
            _words(homes.category[rows], [each.key for each in CATEGORIES]),
            _words(homes.type[rows], [each.key for each in TYPES]),
            _words(decile(homes)[rows], [*map(str, range(1, 11)), NOWHERE]),
            _lists(ids, gained, list(names)),
            _lists(ids, lost, list(names)),
            _lists(ids, waits, list(population.waits)),
        ],
        schema=SCHEMA,
    )
    pq.write_table(table, path, compression="zstd")


def _words(codes: Array, words: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8)), pa.array(words))


def _pairs(parts: list[tuple[Array, Array]]) -> tuple[Array, Array]:
    """(household, number) of all parts, each pair once, by household."""
    nothing = np.zeros(0, np.int64)
    ids = np.concatenate([nothing, *(part[0] for part in parts)])
    numbers = np.concatenate([nothing, *(part[1] for part in parts)])
    size = int(numbers.max(initial=0)) + 1
    keys = np.unique(ids * size + numbers)
    return keys // size, keys % size


def _lists(ids: Array, pairs: tuple[Array, Array], words: list[str]) -> pa.ListArray:
    """For each household, the words of its pairs; households stand in any order."""
    starts = np.searchsorted(pairs[0], ids, side="left")
    counts = np.searchsorted(pairs[0], ids, side="right") - starts
    offsets = np.concatenate([[0], np.cumsum(counts)])
    at = np.repeat(starts - offsets[:-1], counts) + np.arange(offsets[-1])
    codes = pa.array(pairs[1][at].astype(np.int16))
    values = pa.DictionaryArray.from_arrays(codes, pa.array(words, pa.string()))
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), values)
