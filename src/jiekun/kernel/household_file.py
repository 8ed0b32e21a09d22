"""Households written as JSON: every mistake found in one reading, each with its path.

One household is `{"on", "place", "simulate", "household": {...}, "people": [{...}]}`; several are
`{"households": [{"id", "household", "people"}, ...]}`. What is not said is unknown.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from jiekun.kernel.decide import HOUSEHOLD
from jiekun.kernel.errors import nearest
from jiekun.kernel.facts import Entity, FactBook
from jiekun.kernel.graph import MEMBERS_AT_MOST
from jiekun.kernel.identity_number import BadNumber, read_identity_number
from jiekun.kernel.law import Law
from jiekun.kernel.program import Program
from jiekun.kernel.values import BadValue, encode

TOP = ("on", "place", "simulate", "household", "people", "households")
ENTRY = ("id", "household", "people")
ABOUT_PERSON = ("id", "name", "id_no")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, and where: `people[0].birth_date`; empty for the whole file."""

    path: str
    message: str


class BadFile(ValueError):
    """Everything wrong with a file, in the order it stands there."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "；".join(f"{p.path}：{p.message}" if p.path else p.message for p in problems)
        )


@dataclass(frozen=True, slots=True)
class FiledHousehold:
    """One household ready to decide. `names` are people's names by their key."""

    id: str
    facts: dict[str, Any]
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Filed:
    """A whole file, and the law it is asked of."""

    program: Program
    households: tuple[FiledHousehold, ...]


class _Object(dict[str, Any]):
    """A JSON object that remembers names written twice."""

    twice: tuple[str, ...] = ()


def read_household_file(
    data: bytes,
    law: Law,
    *,
    on: date | str | None = None,
    place: str | None = None,
    simulate: tuple[str, ...] = (),
) -> Filed:
    """Reads and checks a file; what is passed here goes before what it says. Raises BadFile."""
    reader = _Reader(law.facts)
    root = _parse(data)
    program = reader.program(law, root, on, place, simulate)
    found = tuple(reader.households(root))
    if reader.problems or program is None:
        raise BadFile(reader.problems)
    return Filed(program, found)


def law_asked(
    law: Law, on: date | None, place: str | None, simulate: tuple[str, ...]
) -> tuple[Program | None, list[Problem]]:
    """The law of a day and place, or what is wrong with asking for it."""
    wrong = []
    drafts = [document.id for document in law.documents.values() if document.status == "draft"]
    if place is not None and place not in law.places:
        known = "、".join(f"{p.code} {p.name}" for p in law.places.values())
        wrong.append(Problem("place", f"没有代码是 {place} 的地方；可以用：{known}"))
    for name in simulate:
        if name not in drafts:
            ready = "、".join(drafts)
            wrong.append(Problem("simulate", f"{name} 不是征求意见稿；可以试算的：{ready}"))
    if wrong or on is None or place is None:
        return None, wrong
    program = law.program(on=on, place=place, simulate=simulate)
    if program.measures:
        return program, []
    days = (day for day in law.change_dates() if day > on)
    first = next((d for d in days if law.program(on=d, place=place).measures), None)
    hint = f"；最早可问 {first}" if first else ""
    name = law.places[place].name
    return None, [Problem("on", f"{on} 在{name}还没有任何可用的规定{hint}")]


def _parse(data: bytes) -> _Object:
    try:
        text = data.decode("utf-8-sig")
        root = json.loads(text, parse_float=Decimal, object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise BadFile([Problem("", f"不是 UTF-8 文本（第 {error.start + 1} 个字节）")]) from error
    except json.JSONDecodeError as error:
        where = f"第 {error.lineno} 行第 {error.colno} 个字符"
        raise BadFile([Problem("", f"不是 JSON：{where}处读不下去")]) from error
    except (RecursionError, ValueError) as error:
        raise BadFile([Problem("", "不是能读的 JSON：层次太深或数字太长")]) from error
    if not isinstance(root, _Object):
        raise BadFile([Problem("", '最外层应是一个对象：{"household": {…}, "people": [{…}]}')])
    return root


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found.twice = tuple(dict.fromkeys(name for name in names if names.count(name) > 1))
    return found


@dataclass(slots=True)
class _Reader:
    """Goes through one file and gathers what is wrong with it."""

    book: FactBook
    on: date | None = None
    problems: list[Problem] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)

    def wrong(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, message))

    # -- the law it is asked of

    def program(
        self,
        law: Law,
        root: _Object,
        on: date | str | None,
        place: str | None,
        simulate: tuple[str, ...],
    ) -> Program | None:
        """The law of the day and place; None when one of them is wrong."""
        before = len(self.problems)
        self.on = self._day(root.get("on") if on is None else on)
        code = place or self._place(root)
        drafts = simulate or self._drafts(root)
        program, wrong = law_asked(law, self.on, code, drafts)
        self.problems += wrong
        return program if len(self.problems) == before else None

    def _day(self, value: Any) -> date | None:
        if type(value) is date:
            return value
        if value is None:
            self.wrong("on", "没有说按哪一天的规定算；用 --on 2024-11-01，或在文件里写 on")
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.wrong("on", f"{value!r} 不是日期，请写成 2024-11-01")
            return None

    def _place(self, root: _Object) -> str | None:
        value = root.get("place")
        if value is None:
            self.wrong("place", "没有说在哪里；用 --place 420106，或在文件里写 place")
        elif not isinstance(value, str):
            self.wrong("place", f"应是带引号的行政区划代码，现在是 {_shown(value)}")
            return None
        return value

    def _drafts(self, root: _Object) -> tuple[str, ...]:
        value = root.get("simulate") or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong("simulate", '应是一列文件代号，如 ["W24"]')
            return ()
        return tuple(value)

    # -- households

    def households(self, root: _Object) -> Iterator[FiledHousehold]:
        self._only(root, "", TOP)
        if "households" not in root:
            yield from self._household(root, "", "1")
            return
        for name in ("household", "people"):
            if name in root:
                self.wrong(name, "已经写了 households，这里不能再写一户")
        entries = root["households"]
        if not isinstance(entries, list) or not entries:
            self.wrong("households", "应是一列家庭，至少一户")
            return
        seen: dict[str, str] = {}
        for position, entry in enumerate(entries):
            path = f"households[{position}]"
            if not isinstance(entry, _Object):
                self.wrong(path, f"应是一户，现在是 {_shown(entry)}")
                continue
            self._only(entry, path, ENTRY)
            key = str(entry.get("id", position + 1))
            if key in seen:
                self.wrong(f"{path}.id", f"编号 {key} 在 {seen[key]} 已经用过")
            seen[key] = path
            yield from self._household(entry, f"{path}.", key)

    def _household(self, entry: _Object, path: str, key: str) -> Iterator[FiledHousehold]:
        own = entry.get("household")
        own = _Object() if own is None else own
        if not isinstance(own, _Object):
            self.wrong(f"{path}household", f"应是一个对象，现在是 {_shown(own)}")
            own = _Object()
        facts: dict[str, Any] = {
            "household": dict(self._facts(own, f"{path}household", "household"))
        }
        people = entry.get("people")
        if not isinstance(people, list) or not people:
            self.wrong(f"{path}people", "一户至少要有一个人：people 应是一列人")
            return
        if len(people) > MEMBERS_AT_MOST:
            self.wrong(f"{path}people", f"一户 {len(people)} 人，太多；至多 {MEMBERS_AT_MOST} 人")
        facts["people"], names = {}, {}
        for position, person in enumerate(people):
            where = f"{path}people[{position}]"
            if not isinstance(person, _Object):
                self.wrong(where, f"应是一个人，现在是 {_shown(person)}")
                continue
            named = self._id(person, where, position, facts["people"])
            names[named] = self._name(person, where, named)
            facts["people"][named] = self._person(person, where)
        yield FiledHousehold(key, facts, names)

    # -- people

    def _id(self, person: _Object, path: str, position: int, people: Mapping[str, Any]) -> str:
        said = person.get("id")
        key = f"p{position + 1}" if said is None else said
        if not isinstance(key, str) or not key or "@" in key or key == HOUSEHOLD:
            self.wrong(
                f"{path}.id", f"编号应是文字，不能含 @，也不能是 household；现在是 {_shown(key)}"
            )
            return f"p{position + 1}"
        first = self.ids.get(key) if said is not None else None
        if first is not None or key in people:
            self.wrong(f"{path}.id", f"{key} 这个人在 {first or '这一户'} 已经出现过")
        elif said is not None:
            self.ids[key] = path
        return key

    def _name(self, person: _Object, path: str, key: str) -> str:
        name = person.get("name")
        if name is not None and (not isinstance(name, str) or not name.strip()):
            self.wrong(f"{path}.name", f"姓名应是文字，现在是 {_shown(name)}")
        return name.strip() if isinstance(name, str) and name.strip() else key

    def _person(self, person: _Object, path: str) -> dict[str, Any]:
        said = _Object((n, v) for n, v in person.items() if n not in ABOUT_PERSON)
        said.twice = person.twice
        facts = dict(self._facts(said, path, "person"))
        if person.get("id_no") is not None:
            self._number(person["id_no"], path, facts)
        born = facts.get("birth_date")
        if self.on is not None and isinstance(born, date) and born > self.on:
            self.wrong(f"{path}.birth_date", f"出生日期 {born} 晚于所问的日子 {self.on}")
        return facts

    def _number(self, text: Any, path: str, facts: dict[str, Any]) -> None:
        """Checks an identity number, and takes birth date and sex from it where not given."""
        where = f"{path}.id_no"
        if not isinstance(text, str):
            self.wrong(where, "身份证号应是带引号的文字")
            return
        try:
            number = read_identity_number(text)
        except BadNumber as error:
            self.wrong(where, str(error))
            return
        if number.number in self.numbers:
            self.wrong(
                where,
                f"这个身份证号在 {self.numbers[number.number]} 已经出现过，同一个人不能算两次",
            )
        self.numbers.setdefault(number.number, path)
        for name, own in (("birth_date", number.birth_date), ("sex", number.sex)):
            if facts.get(name) is None:
                facts[name] = own
            elif facts[name] != own:
                self.wrong(
                    f"{path}.{name}", f"与身份证号不一致：号码里是 {own}，填的是 {facts[name]}"
                )

    # -- facts

    def _facts(self, said: _Object, path: str, entity: Entity) -> Iterator[tuple[str, Any]]:
        own = [fact.name for fact in self.book.of(entity)]
        for name in said.twice:
            self.wrong(f"{path}.{name}", "写了两次")
        for name, value in said.items():
            if name not in own:
                self.wrong(f"{path}.{name}", self._stranger(name, own))
                continue
            try:
                code = encode(self.book[name], value)
            except BadValue as error:
                self.wrong(f"{path}.{name}", str(error))
            else:
                yield name, code if self.book[name].kind == "date" else value

    def _stranger(self, name: str, own: list[str]) -> str:
        if name in self.book:
            where = "people 里每个人" if self.book[name].entity == "person" else "household"
            return f"“{self.book[name].label}”应写在 {where} 那里"
        hint = nearest(name, own)
        close = f"；是不是 {hint.split()[-1].rstrip('?')}？" if hint else ""
        return f"没有这个事实{close}（jiekun facts 列出全部）"

    def _only(self, entry: _Object, path: str, known: tuple[str, ...]) -> None:
        for name in entry.twice:
            self.wrong(f"{path}.{name}".lstrip("."), "写了两次")
        for name in entry:
            if name not in known:
                hint = nearest(name, known)
                close = f"；是不是 {hint.split()[-1].rstrip('?')}？" if hint else ""
                self.wrong(f"{path}.{name}".lstrip("."), f"不认识的一项{close}")


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:40] + "…"
