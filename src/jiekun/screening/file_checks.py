"""What may be wrong with people in files: every problem, with its column and how often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiekun.kernel.errors import nearest
from jiekun.kernel.facts import Fact
from jiekun.kernel.graph import MEMBERS_AT_MOST
from jiekun.kernel.values import EARLIEST

from .sweep import Array

HOME, PERSON = "household_id", "person_id"
_WANTED = {
    "bool": "布尔（bool）",
    "int": "整数（int8 到 int64）",
    "money": "以分计的整数（int64），或两位小数的 decimal（元）",
    "date": "日期（date32）",
    "choice": "文字（string 或 dictionary）",
}


class FileProblems(ValueError):
    """Everything that is wrong with the files, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Problems:
    """Problems as they are found, counted; several workers add to one list."""

    def __init__(self) -> None:
        self.found: dict[str, int] = {}
        self._households = 0
        self._lock = Lock()

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, text: str, count: int) -> None:
        """Count one more of a problem; `text` may say {count}."""
        if count:
            with self._lock:
                self.found[text] = self.found.get(text, 0) + int(count)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Whatever is refused inside is one of these problems."""
        try:
            yield
        except FileProblems as error:
            for problem in error.problems:
                self.add(problem, 1)

    def refuse(self) -> None:
        """Raise FileProblems if there is any problem."""
        if self.found:
            raise FileProblems([t.replace("{count}", f"{n:,}") for t, n in self.found.items()])

    def keys(self, where: str, *, empty: int, back: int, again: int = 0) -> None:
        """Household numbers that are missing, out of order, or there twice."""
        self.add(f"{where}：{HOME} 有 {{count}} 处为空", empty)
        self.add(f"{where}：没有按 {HOME} 从小到大排列，{{count}} 处倒退；请先排好再算", back)
        self.add(f"{where}：{HOME} 重复 {{count}} 次", again)

    def company(self, of_people: Array, homes: Array) -> None:
        """Households as people name them, and as the households' file has them: both in order."""
        if len(of_people) != len(homes) or not np.array_equal(of_people, homes):
            self.alone(int((~np.isin(of_people, homes)).sum()))
            homes = homes[np.isin(homes, of_people)]
        with self._lock:
            self._households += len(homes)

    def alone(self, households: int) -> None:
        """Households that people name and the households' file does not have."""
        self.add(f"persons：{{count}} 个住户在 households 里没有（{HOME}）", households)

    def empty_homes(self, households: int) -> None:
        """Households, of so many, that were nobody's."""
        empty = households - self._households
        self.add(f"households：{{count}} 户在 persons 里没有人（{HOME}）", empty)

    def people(self, *, empty: int = 0, twice: int = 0) -> None:
        """Personal numbers that are missing, or there twice."""
        self.add(f"persons：{PERSON} 有 {{count}} 处为空", empty)
        self.add(f"persons：{PERSON} 重复，{{count}} 人出现不止一次", twice)

    def crowded(self, count: int) -> None:
        """Households with more people than any family has."""
        self.add(
            f"persons：{{count}} 户超过 {MEMBERS_AT_MOST:,} 人（{HOME}），多半是编号错了", count
        )

    def values(self, table: pa.Table, facts: Iterable[Fact]) -> None:
        """Values outside what their fact allows."""
        for fact in facts:
            wrong = _outside(fact, table[fact.name])
            self.add(f"{fact.name}（{fact.label}）：{{count}} 个值{_rule(fact)}", wrong)


def _rule(fact: Fact) -> str:
    match fact.kind:
        case "choice":
            return f"不在可选之内（{'、'.join(fact.choices)}）"
        case "date":
            return f"早于 {EARLIEST}"
    return f"不在 {fact.minimum} 到 {fact.maximum} 之间"


def _outside(fact: Fact, column: pa.ChunkedArray) -> int:
    """How many known values of a column cannot be this fact's."""
    if fact.kind == "bool" or column.null_count == len(column):
        return 0
    if fact.kind == "choice":
        return _no_choice(fact, column)
    found = pc.min_max(column)
    low, high = found["min"].as_py(), found["max"].as_py()
    if fact.kind == "date":
        return 0 if low >= EARLIEST else _count(pc.less(column, EARLIEST))
    times = 100 if fact.kind == "money" and pa.types.is_integer(column.type) else 1
    least, most = fact.minimum * times, fact.maximum * times
    if least <= low and high <= most:
        return 0
    return _count(pc.or_(pc.less(column, least), pc.greater(column, most)))


def within(fact: Fact, statistics: Sequence[Any] | None) -> bool:
    """Whether the least and the greatest value of every row group are this fact's."""
    if fact.kind == "bool":
        return True
    if fact.kind == "choice" or statistics is None:
        return False
    low, high = min(one.min for one in statistics), max(one.max for one in statistics)
    if fact.kind == "date":
        return bool(low >= EARLIEST)
    times = 100 if fact.kind == "money" and isinstance(low, int) else 1
    return bool(fact.minimum * times <= low and high <= fact.maximum * times)


def _no_choice(fact: Fact, column: pa.ChunkedArray) -> int:
    known = pa.array(list(fact.choices))
    if pa.types.is_dictionary(column.type):
        count = 0
        for chunk in column.chunks:
            bad = ~np.array(pc.is_in(chunk.dictionary, value_set=known), bool)
            if bad.any():
                used = chunk.indices.drop_null().to_numpy(zero_copy_only=False)
                count += int(bad[used].sum())
        return count
    return _count(pc.and_(pc.invert(pc.is_in(column, value_set=known)), pc.is_valid(column)))


def _count(condition: Any) -> int:
    return int(pc.sum(condition).as_py() or 0)


def check_columns(
    problems: Problems, file: str, schema: pa.Schema, facts: list[Fact], *, person: bool
) -> None:
    """The keys and every fact the law asks for: there, and of a type that can hold it."""
    for key in (HOME, PERSON) if person else (HOME,):
        if key not in schema.names:
            problems.add(f"{file}：缺少列 {key}", 1)
        elif not pa.types.is_integer(schema.field(key).type):
            problems.add(f"{file}：列 {key} 应是整数，现在是 {schema.field(key).type}", 1)
    for fact in facts:
        if fact.name not in schema.names:
            hint = nearest(fact.name, schema.names)
            problems.add(f"{file}：缺少列 {fact.name}（{fact.label}）{hint}".rstrip(), 1)
        elif not _holds(fact, schema.field(fact.name).type):
            problems.add(
                f"{file}：列 {fact.name}（{fact.label}）应是{_WANTED[fact.kind]}，"
                f"现在是 {schema.field(fact.name).type}",
                1,
            )


def _holds(fact: Fact, kind: Any) -> bool:
    """Whether a column's type can hold a fact; floats never hold money."""
    types = pa.types
    # A column in which nothing is known has no type of its own.
    if types.is_null(kind):
        return True
    match fact.kind:
        case "bool":
            return bool(types.is_boolean(kind))
        case "int":
            return bool(types.is_integer(kind))
        case "money":
            return bool(types.is_int64(kind) or (types.is_decimal(kind) and kind.scale == 2))
        case "date":
            return bool(types.is_date32(kind))
        case "choice":
            text = kind.value_type if types.is_dictionary(kind) else kind
            return bool(types.is_string(text) or types.is_large_string(text))
