"""What may be wrong with people in files: every problem, with its column and how often."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiekun.kernel.errors import nearest
from jiekun.kernel.facts import Fact
from jiekun.kernel.values import EARLIEST

from .columns import numbers
from .sweep import Array

HOME, PERSON = "household_id", "person_id"
_DISORDER = "没有按 household_id 从小到大排列"
_ALONE = "（household_id）"
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
        self.people = 0
        self._seen: list[Array] = []
        self._last_home: int | None = None
        self._last_row: int | None = None
        self._lock = Lock()

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, text: str, count: int) -> None:
        """Count one more of a problem; `text` may say {count}."""
        if count:
            with self._lock:
                self.found[text] = self.found.get(text, 0) + int(count)

    def refuse(self) -> None:
        """Raise FileProblems if there is any problem."""
        repeated = self._repeated()
        self.add("persons：person_id 重复，{count} 人出现不止一次", repeated)
        if any(_DISORDER in text for text in self.found):
            # Families are matched by order: out of order, nearly everybody would seem alone.
            self.found = {t: n for t, n in self.found.items() if _ALONE not in t}
        if self.found:
            raise FileProblems([t.replace("{count}", f"{n:,}") for t, n in self.found.items()])

    def _repeated(self) -> int:
        """How many people stand in the file more than once."""
        if not self._seen:
            return 0
        every = np.concatenate(self._seen)
        self._seen = []
        # Files are mostly numbered in order: then there is nothing to sort.
        if (np.diff(every) > 0).all():
            return 0
        every.sort()
        again = every[1:][every[1:] == every[:-1]]
        return len(np.unique(again))

    def order(self, people: pa.Table, homes: pa.Table) -> None:
        """People and households of one group, in the file's order: keys, order and company."""
        for table, key, where in (
            (people, HOME, "persons"), (people, PERSON, "persons"), (homes, HOME, "households")
        ):  # fmt: skip
            self.add(f"{where}：{key} 有 {{count}} 处为空", table[key].null_count)
        of_person = numbers(people[HOME].fill_null(0))
        numbers_of_homes = numbers(homes[HOME].fill_null(0))
        self.people += len(of_person)
        self._seen.append(numbers(people[PERSON].fill_null(0)))
        self._ascending("persons", of_person, repeats=True)
        self._ascending("households", numbers_of_homes, repeats=False)
        alone = ~np.isin(of_person, numbers_of_homes)
        self.add(
            "persons：{count} 个住户在 households 里没有" + _ALONE,
            len(np.unique(of_person[alone])),
        )
        empty = ~np.isin(numbers_of_homes, of_person)
        self.add("households：{count} 户在 persons 里没有人" + _ALONE, int(empty.sum()))

    def _ascending(self, where: str, column: Array, *, repeats: bool) -> None:
        before = self._last_home if repeats else self._last_row
        if before is not None:
            column = np.concatenate([[before], column])
        steps = np.diff(column)
        self.add(f"{where}：{_DISORDER}，{{count}} 处倒退", int((steps < 0).sum()))
        if not repeats:
            self.add(f"{where}：household_id 重复 {{count}} 次", int((steps == 0).sum()))
        if len(column) and repeats:
            self._last_home = int(column[-1])
        elif len(column):
            self._last_row = int(column[-1])

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
