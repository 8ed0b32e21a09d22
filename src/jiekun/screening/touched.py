"""The households a simulation touches, for those who may see them: counted, filtered, paged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jiekun.kernel.errors import nearest

from .models import Simulation
from .queries import Areas, UnknownFilter
from .simulation.homes import CATEGORIES, TYPES
from .simulation.tables import NOWHERE
from .trying import root

OUTCOMES = {
    "gain": "多得",
    "lose": "少得",
    "undetermined": "定不下来",
    "same": "数额不变，项目变了",
}
DECILES = (*map(str, range(1, 11)), NOWHERE)
# Filters on a column that holds one of a few words.
WORDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "outcome": ("outcome", tuple(OUTCOMES)),
    "category": ("category", tuple(c.key for c in CATEGORIES)),
    "type": ("household_type", tuple(t.key for t in TYPES)),
    "decile": ("decile", DECILES),
}
FILTERS = ("outcome", "street", "category", "type", "decile", "measure")


class ResultGone(LookupError):
    """A simulation's files are no longer there; says what to do."""


@dataclass(frozen=True, slots=True)
class Touched:
    """One household: fen a year before and after (None: not known), measures gained and lost."""

    household_id: int
    community_code: str
    outcome: str
    before: int
    after: int | None
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    waits: tuple[str, ...]

    @property
    def difference(self) -> int | None:
        """Fen a year more, or less; None where that is not known."""
        return None if self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Some:
    """Households that match, those most changed first; `gain` and `loss` in fen a year."""

    table: pa.Table
    counts: dict[str, int]
    gain: int
    loss: int

    @property
    def many(self) -> int:
        """How many households there are."""
        return int(self.table.num_rows)

    def rows(self, start: int, most: int) -> list[Touched]:
        """Some of them."""
        return [_row(row) for row in self.table.slice(start, most).to_pylist()]


def touched(simulation: Simulation, areas: Areas, chosen: Mapping[str, str]) -> Some:
    """Households in the areas a simulation touches. Raises UnknownFilter or ResultGone."""
    table = _read(root() / simulation.folder / "result" / "households.parquet")
    table = table.filter(_starts(table["community_code"], sorted(areas)))
    for name, value in chosen.items():
        table = table.filter(_mask(table, simulation, areas, name, value))
    moved = pc.subtract(table["after"], table["before"])
    table = table.append_column("moved", pc.fill_null(pc.abs(moved), -1))
    table = table.sort_by([("moved", "descending"), ("household_id", "ascending")])
    counted = pc.value_counts(table["outcome"].combine_chunks().dictionary_decode())
    counts = dict.fromkeys(OUTCOMES, 0) | {c["values"]: c["counts"] for c in counted.to_pylist()}
    sums = [
        pc.sum(pc.filter(moved, pc.fill_null(test(moved, 0), False))).as_py() or 0
        for test in (pc.greater, pc.less)
    ]
    return Some(table, counts, sums[0], -sums[1])


def _read(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except FileNotFoundError as error:
        raise ResultGone(
            "这次试算的结果文件不在了，看不到是哪些家庭：请区里把同一份改动再试算一次"
        ) from error


def _starts(codes: pa.ChunkedArray, areas: Sequence[str]) -> pa.ChunkedArray:
    """Whether each code lies in one of the areas; one that is not known lies in none."""
    found = pc.is_in(codes, value_set=pa.array([], pa.string()))
    for area in areas:
        found = pc.or_(found, pc.fill_null(pc.starts_with(codes, area), False))
    return found


def _mask(
    table: pa.Table, simulation: Simulation, areas: Areas, name: str, value: str
) -> pa.ChunkedArray | pa.Array:
    if name not in FILTERS:
        raise UnknownFilter(f"没有“{name}”这个筛选条件。可用：{'、'.join(FILTERS)}")
    if name == "street":
        streets = {line["key"] for line in simulation.totals["tables"]["street"]}
        mine = any(value.startswith(area) or area.startswith(value) for area in areas)
        if value not in streets or not mine:
            raise UnknownFilter(f"没有代码为“{value}”的街道")
        return _starts(table["community_code"], [value])
    if name == "measure":
        return _with_measure(table, simulation, value)
    column, known = WORDS[name]
    if value not in known:
        raise UnknownFilter(f"“{name}”没有“{value}”这一项，可以填：{'、'.join(known)}")
    return pc.equal(table[column].combine_chunks().dictionary_decode(), value)


def _with_measure(table: pa.Table, simulation: Simulation, measure: str) -> pa.Array:
    """Whether a household gains or loses a measure."""
    named = [line["name"] for line in simulation.totals["measures"]]
    if measure not in named:
        raise UnknownFilter(f"没有“{measure}”这项政策 {nearest(measure, named)}".rstrip())
    rows: set[int] = set()
    for column in ("gained", "lost"):
        lists = table[column].combine_chunks()
        words = lists.flatten().dictionary_decode()
        at = pc.filter(pc.list_parent_indices(lists), pc.equal(words, measure))
        rows.update(at.to_pylist())
    return pa.array([number in rows for number in range(table.num_rows)], pa.bool_())


def _row(row: dict[str, Any]) -> Touched:
    lists = [tuple(row[name] or ()) for name in ("gained", "lost", "waits")]
    return Touched(
        row["household_id"], row["community_code"], row["outcome"], row["before"], row["after"],
        *lists,
    )  # fmt: skip
