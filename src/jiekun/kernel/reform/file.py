"""A reform as a small file says it: what both sides take as given, and what would change."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import yaml

from jiekun.kernel.errors import LawError, nearest
from jiekun.kernel.words import UNITS
from jiekun.kernel.yamls import Located, read_text

# A file of forty changes is long; one much longer than that is no reform.
LONGEST = 20_000
_DEEPEST = 5
# Exact far beyond any sum of money; more digits are a slip, or mischief.
_DIGITS = 15
WORDS = ("label", "why", "on", "place", "assume", "changes")
THINGS = ("parameter", "measure", "document", "reading")
_MORE = {
    "parameter": ("to", "by", "from"),
    "measure": ("in_force", "months"),
    "document": ("in_force",),
    "reading": ("take",),
}
_AMOUNT = re.compile(r"([+\-−]?)(\d[\d,]*(?:\.\d+)?)\s*(\S.*)?", re.DOTALL)
# YAML has whole numbers of any length, also in hexadecimal and base sixty.
_LONG_NUMBER = re.compile(r"[-+]?\d[0-9a-fA-FxXob_:.,]{40,}")
_CHINESE = {words: unit for unit, words in UNITS.items()}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a reform, and the line where it stands (0: the whole file)."""

    line: int
    message: str


class BadReform(ValueError):
    """Everything wrong with a reform, in plain Chinese, with file and line."""

    def __init__(self, file: str, flaws: list[Flaw]) -> None:
        self.file, self.flaws = file, tuple(sorted(flaws, key=lambda f: f.line))
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """Each flaw as `file:line：message`."""
        return [f"{self.file}{f':{f.line}' if f.line else ''}：{f.message}" for f in self.flaws]


@dataclass(frozen=True, slots=True)
class SetNumber:
    """A parameter set to a value, raised by an amount, or (`percent`) by a share of itself."""

    name: str
    line: int
    how: Literal["to", "by", "percent"]
    value: Decimal
    unit: str
    since: date | None
    # Where its value stands.
    value_line: int


@dataclass(frozen=True, slots=True)
class Switch:
    """A measure or a document put into force, or out of it."""

    thing: Literal["measure", "document"]
    name: str
    line: int
    in_force: bool


@dataclass(frozen=True, slots=True)
class PaidMonths:
    """In how many months of a year a monthly measure is paid, where that is not twelve."""

    name: str
    line: int
    months: int


@dataclass(frozen=True, slots=True)
class Take:
    """A reading of an ambiguous clause chosen."""

    name: str
    line: int
    option: str


Change = SetNumber | Switch | PaidMonths | Take


@dataclass(frozen=True)
class Reform:
    """A reform as written. `assume` holds for both sides; `changes` for the side after it."""

    name: str
    label: str
    why: str
    on: date | None
    place: str | None
    assume: tuple[Change, ...]
    changes: tuple[Change, ...]
    text: str
    file: str
    line: int = 1

    @cached_property
    def digest(self) -> str:
        """A fingerprint of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_reform(text: str, file: str, name: str = "") -> Reform:
    """Reads a reform. Names and values are checked where a law is at hand. Raises BadReform."""
    raw = _mapping(text, file)
    reader = _Reader()
    reader.only(raw, WORDS)
    reform = Reform(
        name=name or file.rsplit("/", 1)[-1].removesuffix(".yaml"),
        label=reader.words(raw, "label", needed=True),
        why=reader.words(raw, "why"),
        on=reader.day(raw, "on"),
        place=reader.words(raw, "place") or None,
        assume=tuple(reader.changes(raw, "assume")),
        changes=tuple(reader.changes(raw, "changes")),
        text=text,
        file=file,
        line=raw.lines.get("changes", 1),
    )
    if not reform.changes and not reader.flaws:
        reader.wrong(raw.lines.get("changes", 0), "没有写要改什么：changes 下面至少写一条")
    if reader.flaws:
        raise BadReform(file, reader.flaws)
    return reform


def _mapping(text: str, file: str) -> Located:
    """The file's words with their lines; one that grows when read is refused first."""
    if len(text) > LONGEST:
        raise BadReform(file, [Flaw(0, f"太长：{len(text):,} 个字，至多 {LONGEST:,}")])
    try:
        _plain_enough(text, file)
        raw = read_text(text, file)
    except LawError as error:
        twice = re.fullmatch(r"(.*) is written twice", error.message)
        told = f"{twice[1]} 写了两次" if twice else f"读不下去，不是 YAML：{error.message}"
        raise BadReform(file, [Flaw(error.line, told)]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        told = "读不下去，不是 YAML：看看缩进和冒号后面的空格"
        raise BadReform(file, [Flaw(line, told)]) from error
    if not isinstance(raw, Located):
        raise BadReform(file, [Flaw(1, "最外层应是 label:、changes: 这样的几项")])
    return raw


def _plain_enough(text: str, file: str) -> None:
    """Refuses nesting and references, by which a short file can take very long to read."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise BadReform(file, [Flaw(line, "不能用 & 和 * 引用，请照写一遍")])
        if isinstance(event, yaml.ScalarEvent) and _LONG_NUMBER.fullmatch(event.value):
            raise BadReform(file, [Flaw(line, f"数太长：“{event.value[:20]}…”")])
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise BadReform(file, [Flaw(line, "层次太深：一列改动，每条几个词，就够了")])


@dataclass(slots=True)
class _Reader:
    """Goes through one file and gathers what is wrong with it."""

    flaws: list[Flaw] = field(default_factory=list)

    def wrong(self, line: int, message: str) -> None:
        self.flaws.append(Flaw(line, message))

    def only(self, raw: Located, known: tuple[str, ...]) -> None:
        for word in raw:
            if word not in known:
                self.wrong(
                    raw.lines[word],
                    f"不认识“{word}”{is_it(word, known)}。可以写：{'、'.join(known)}",
                )

    def words(self, raw: Located, word: str, *, needed: bool = False) -> str:
        value = raw.get(word)
        if value is None:
            if needed:
                self.wrong(raw.lines.get(word, 0), f"没有写 {word}")
            return ""
        if not isinstance(value, str) or not value.strip():
            told = "加上引号" if isinstance(value, int) else "写一句话"
            self.wrong(raw.lines[word], f"{word} 应是文字，{told}；现在是 {value!r}")
            return ""
        return value.strip()

    def day(self, raw: Located, word: str) -> date | None:
        value = raw.get(word)
        if value is None or type(value) is date:
            return value
        self.wrong(raw.lines[word], f"{word} 应是日期，如 2024-11-01；现在是 {value!r}")
        return None

    def changes(self, raw: Located, word: str) -> Iterator[Change]:
        listed = raw.get(word)
        if listed is None:
            return
        if not isinstance(listed, list):
            self.wrong(raw.lines[word], f"{word} 应是一列改动，每条前面一个减号")
            return
        seen: dict[tuple[str, str], int] = {}
        for item in listed:
            if not isinstance(item, Located):
                self.wrong(
                    raw.lines[word], f"{word} 里的每一条应写成“- parameter: …”，现在是 {item!r}"
                )
                continue
            things = [thing for thing in THINGS if thing in item]
            if len(things) != 1:
                self.wrong(item.line, f"一条改动只说一样：{'、'.join(THINGS)} 里选一个")
                continue
            yield from self.change(item, things[0], seen)

    def change(
        self, item: Located, thing: str, seen: dict[tuple[str, str], int]
    ) -> Iterator[Change]:
        self.only(item, (thing, *_MORE[thing]))
        name, line = self.words(item, thing, needed=True), item.lines[thing]
        if not name:
            return
        if (thing, name) in seen:
            self.wrong(line, f"{name} 在第 {seen[thing, name]} 行已经改过，一样东西只能改一次")
            return
        seen[thing, name] = line
        match thing:
            case "parameter":
                yield from self.number(item, name, line)
            case "reading":
                option = self.words(item, "take", needed=True)
                if option:
                    yield Take(name, line, option)
            case "document":
                yield from self.switch(item, "document", name, line)
            case _:
                if "months" not in item:
                    yield from self.switch(item, "measure", name, line)
                    return
                yield from self.months(item, name, line)
                if "in_force" in item:
                    yield from self.switch(item, "measure", name, line)

    def switch(
        self, item: Located, thing: Literal["measure", "document"], name: str, line: int
    ) -> Iterator[Switch]:
        value = item.get("in_force")
        if isinstance(value, bool):
            yield Switch(thing, name, line, value)
        else:
            told = "" if value is None else f"，现在是 {value!r}"
            self.wrong(item.lines.get("in_force", line), f"{name}：写 in_force: yes 或 no{told}")

    def months(self, item: Located, name: str, line: int) -> Iterator[PaidMonths]:
        value = item["months"]
        if type(value) is int and 1 <= value <= 12:
            yield PaidMonths(name, line, value)
        else:
            self.wrong(item.lines["months"], f"months 是一年发几个月，1 到 12；现在是 {value!r}")

    def number(self, item: Located, name: str, line: int) -> Iterator[SetNumber]:
        since = self.day(item, "from")
        given = [word for word in ("to", "by") if word in item]
        if len(given) != 1:
            self.wrong(line, f"{name}：写 to: 改成多少，或者 by: 增减多少，只写一个")
            return
        word = given[0]
        here = item.lines[word]
        found = amount(item[word])
        if isinstance(found, str):
            self.wrong(here, f"{name}：{found}")
            return
        sign, value, unit = found
        signed = -value if sign == "-" else value
        if word == "to" and sign:
            self.wrong(here, f"{name}：to 后面不带加减号；要增减写 by:")
        elif word == "by" and not sign:
            self.wrong(here, f"{name}：by 后面要写加号或减号，如 +5% 或 +50 yuan/month")
        elif word == "by" and unit == "%":
            yield SetNumber(name, line, "percent", signed, unit, since, here)
        else:
            how: Literal["to", "by"] = "to" if word == "to" else "by"
            yield SetNumber(name, line, how, signed, unit, since, here)


def amount(written: Any) -> tuple[str, Decimal, str] | str:
    """(sign, number, unit) of `+50 yuan/month`, `+5%` or `987 元/月`; else what is wrong."""
    if isinstance(written, int | float) and not isinstance(written, bool):
        return f"{written} 没有写单位，如 {written} yuan/month、{written} 元/月，或者百分数"
    found = _AMOUNT.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        return f"{written!r} 不是数，请写如 987 yuan/month 或 +5%"
    sign, digits, unit = found[1].replace("−", "-"), found[2].replace(",", ""), found[3]
    if not unit:
        return f"{written} 没有写单位，如 {written} yuan/month、{written} 元/月，或者百分数"
    if len(digits.replace(".", "")) > _DIGITS:
        return f"数太长：至多 {_DIGITS} 位数字，请看看是不是多打了"
    unit = unit.strip().replace("％", "%")
    return sign, Decimal(digits), _CHINESE.get(unit, unit)


def is_it(name: str, known: Any) -> str:
    """The nearest right name as a question, or nothing."""
    told = nearest(name, known)
    return f"，是不是 {told.rsplit(maxsplit=1)[-1].rstrip('?')}？" if told else ""
