"""An entry as each of three readers needs it: the same facts, told in their order and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from .entries import Asking, Book, Entry, Number, RuleLine
from .examples import Example

Reader = Literal["resident", "caseworker", "leader"]
READERS: dict[str, str] = {"resident": "居民读本", "caseworker": "经办读本", "leader": "领导读本"}
OFFICES = {"街道": "街道办事处", "残联": "残联", "总工会": "总工会", "本人": "本人"}
NO_LIMIT = "期限没有查到。受理的时候可以当场问清楚多久有结果。"
# What so many entries stand on is told once in a printed book.
_SHARED = 3
NO_COUNT = "没有给筛查结果，写不出人数和金额。"

Told = TypeVar("Told", RuleLine, Asking, Number)

# What a screening says of a measure: a name and a figure, line by line.
Reach = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a row: a text, a note, a list, a table, or a worked example."""

    kind: Literal["text", "note", "list", "table", "example"]
    text: str = ""
    items: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One question of a reader, and its answer."""

    label: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """What many entries stand on: a printed book tells it once, at its end."""

    rules: tuple[RuleLine, ...] = ()
    asking: tuple[Asking, ...] = ()
    numbers: tuple[Number, ...] = ()


def rows(
    book: Book,
    entry: Entry,
    reader: str,
    reach: Reach | None = None,
    shared: Shared | None = None,
) -> list[Row]:
    """An entry for one reader. Raises KeyError for a reader there is not."""
    tell: dict[str, Callable[[], Iterator[Row]]] = {
        "resident": lambda: _resident(book, entry),
        "caseworker": lambda: _caseworker(entry, shared or Shared()),
        "leader": lambda: _leader(entry, reach, shared or Shared()),
    }
    return [row for row in tell[reader]() if row.blocks]


def shared_of(book: Book) -> Shared:
    """The rules and facts several entries stand on."""
    return Shared(
        tuple(_often(rule for entry in book.entries for rule in entry.rules)),
        tuple(_often(asked for entry in book.entries for asked in entry.asking)),
        tuple(_often(number for entry in book.entries for number in entry.numbers)),
    )


def _often(found: Iterable[Told]) -> list[Told]:
    return [line for line, count in Counter(found).items() if count >= _SHARED]


def shared_rows(shared: Shared, reader: str) -> list[Row]:
    """The end of a printed book."""
    told = {
        "resident": [],
        "caseworker": [
            Row("共用的规则", tuple(_rules(shared.rules))),
            Row("常问的事实", tuple(_asking(shared.asking))),
        ],
        "leader": [Row("共用的数", tuple(_histories(shared.numbers)))],
    }[reader]
    return [row for row in told if row.blocks]


def office(name: str) -> str:
    """An office as a heading."""
    return OFFICES.get(name, f"{name}部门")


def cites(found: Iterable[str]) -> str:
    """Clauses in one line."""
    return "、".join(found)


def example_lines(example: Example) -> Iterator[str]:
    """A worked example, line by line; every number in it is the kernel's."""
    if example.sentence:
        yield f"{example.sentence}。"
    for who, said in example.family:
        yield f"{who}：{said}。"
    if example.line and example.parts:
        yield "；".join(f"{label} {value}" for label, value in example.parts) + "。"
    if example.line:
        yield f"{example.label} ＝ {_spoken(example.line)} ＝ {example.amount} {example.unit}"
    elif example.amount:
        yield f"{example.whose}可以得 {example.amount} {example.unit}"
    else:
        yield f"{example.whose}符合条件。"
    if example.yearly:
        yield f"一年合计 {example.yearly} 元"


def _spoken(line: str) -> str:
    """The lesser or greater of two, said after them: 较小(a, b) as a 与 b 中较小的."""
    for word in ("较小", "较大"):
        start = line.find(f"{word}(")
        if start >= 0:
            end = _closing(line, start + len(word))
            inner = line[start + len(word) + 1 : end].replace(", ", " 与 ")
            rest = line[:start], line[end + 1 :]
            inner = f"{inner} 中{word}的"
            line = f"{rest[0]}（{inner}）{rest[1]}" if any(rest) else inner
    return line


def _closing(line: str, opening: int) -> int:
    depth = 0
    for at in range(opening, len(line)):
        depth += (line[at] == "(") - (line[at] == ")")
        if depth == 0:
            return at
    return len(line)


# -- the three readers


def _resident(book: Book, entry: Entry) -> Iterator[Row]:
    yield Row("是什么", (_text(entry.measure.about),))
    yield Row("谁能得", tuple(_who(entry)))
    yield Row("给多少", tuple(_how_much(entry)))
    yield Row("算一算", tuple(_example(entry)))
    yield Row("怎么申请", tuple(_texts(entry.measure.apply)))
    yield Row("带什么", (_papers(entry),))
    yield Row("多久办好", (_limits_told(entry),))
    yield Row("不能兼得", tuple(_excludes(entry)))
    yield Row("尚缺的数", tuple(_unset(entry)))
    yield Row("不服时", (_text(f"{book.remedy}（{book.remedy_source}）"),))
    yield Row("依据", (_text(cites(line.cite for line in entry.clauses)),))


def _caseworker(entry: Entry, shared: Shared) -> Iterator[Row]:
    yield Row("给什么", (_text(f"{_to(entry)}{entry.what}。{entry.measure.about}"),))
    conditions = [(c.fully, cites(c.cites)) for c in entry.conditions]
    yield Row("条件", (_table(("全部符合才行", "条款"), conditions),))
    if entry.amount:
        amount = [(f"{entry.amount.label} ＝ {entry.amount.text}", cites(entry.amount.cites))]
        numbers = [
            (f"{n.label}：{n.value or '没有查到'}", n.cites or n.source) for n in entry.numbers
        ]
        yield Row("金额", (_table(("怎么算、用哪些数", "条款或出处"), amount + numbers),))
    yield Row("规则", tuple(_own(entry.rules, shared.rules, _rules, "共用的规则")))
    yield Row("算例", tuple(_example(entry)))
    yield Row("要问清的", tuple(_own(entry.asking, shared.asking, _asking, "常问的事实")))
    yield Row("办理", tuple(_texts(entry.measure.apply)))
    yield Row("材料", (_papers(entry),))
    limits = [
        (limit.what, limit.limit or "—", limit.cites or limit.source) for limit in entry.limits
    ]
    told = _table(("步骤", "期限", "条款或出处"), limits) if limits else _text(NO_LIMIT)
    yield Row("期限", (told,))
    yield Row("主管", (_text(office(entry.measure.office)),))
    yield Row("不能兼得", tuple(_excludes(entry)))
    yield Row("尚缺的数", tuple(_unset(entry)))
    yield Row("依据", (_clauses(entry),))


def _leader(entry: Entry, reach: Reach | None, shared: Shared) -> Iterator[Row]:
    yield Row("给什么", (_text(f"{_to(entry)}{entry.what}。{entry.measure.about}"),))
    yield Row("规模", (_table(("项目", "数"), reach) if reach else _text(NO_COUNT),))
    yield Row("标准历年", tuple(_own(entry.numbers, shared.numbers, _histories, "共用的数")))
    yield Row("一户算例", tuple(_example(entry)))
    yield Row("尚缺的数", tuple(_unset(entry)))
    yield Row("办理期限", (_limits_told(entry),))
    yield Row("不能兼得", tuple(_excludes(entry)))
    yield Row("主管", (_text(office(entry.measure.office)),))
    yield Row("依据", (_clauses(entry),))


# -- pieces


def _text(text: str) -> Block:
    return Block("text", text=text)


def _texts(text: str) -> Iterator[Block]:
    if text:
        yield _text(text)


def _table(head: tuple[str, ...], found: Iterable[Sequence[str]]) -> Block:
    return Block("table", head=head, rows=tuple(tuple(row) for row in found))


def _own(
    found: Sequence[Told],
    shared: Sequence[Told],
    tell: Callable[[Sequence[Told]], Iterator[Block]],
    name: str,
) -> Iterator[Block]:
    """An entry's own lines; those of many entries by name only."""
    own = [line for line in found if line not in shared]
    others = "、".join(line.label for line in found if line in shared)
    yield from tell(own)
    if others:
        yield Block("note", text=f"{'另见' if own else '见'}书末“{name}”：{others}。")


def _rules(rules: Sequence[RuleLine]) -> Iterator[Block]:
    if rules:
        found = [(rule.label, rule.text, cites(rule.cites)) for rule in rules]
        yield _table(("规则", "怎么定", "条款"), found)


def _asking(asking: Sequence[Asking]) -> Iterator[Block]:
    if asking:
        found = [(a.label, a.question, f"{a.who}判断" if a.judged else a.who) for a in asking]
        yield _table(("事实", "怎么问", "谁能答"), found)


def _histories(numbers: Sequence[Number]) -> Iterator[Block]:
    yield from (_table((number.label, "数", "出处"), number.history) for number in numbers)


def _to(entry: Entry) -> str:
    return "按户" if entry.measure.to == "household" else "按人"


def _who(entry: Entry) -> Iterator[Block]:
    several = len(entry.conditions) > 1
    yield _text("下面几条都要符合：" if several else "要符合：")
    yield Block("list", items=tuple(c.plainly for c in entry.conditions))


def _how_much(entry: Entry) -> Iterator[Block]:
    if entry.amount is None:
        yield _text(f"{entry.what}。")
        return
    yield _text(f"{entry.amount.label} ＝ {entry.amount.text}。")
    # A number that already stands in the sum is not said again.
    known = [
        f"{n.label}：{n.value}"
        for n in entry.amount_numbers
        if not n.unset and f"{n.label}（" not in entry.amount.text
    ]
    if known:
        yield Block("list", items=tuple(known))


def _example(entry: Entry) -> Iterator[Block]:
    if entry.example is None:
        yield _text("现在没有能算到底的例子。")
        return
    lines = list(example_lines(entry.example))
    if entry.amount and not entry.example.amount:
        lines.append("金额现在算不出：有的数还没有查到。")
    yield Block("example", items=tuple(lines))


def _papers(entry: Entry) -> Block:
    if entry.by_itself:
        return _text("不用交材料。")
    return Block("list", items=tuple(paper.name for paper in entry.papers))


def _limits_told(entry: Entry) -> Block:
    if not entry.limits:
        return _text(NO_LIMIT)
    return Block("list", items=tuple(_limit(x.what, x.limit, x.source) for x in entry.limits))


def _limit(what: str, limit: str, source: str) -> str:
    return what + (f"：{limit}" if limit else "") + (f"（{source}）" if source else "")


def _excludes(entry: Entry) -> Iterator[Block]:
    if entry.excludes:
        yield _text("、".join(other.label for other in entry.excludes) + "。")


def _unset(entry: Entry) -> Iterator[Block]:
    if entry.unset:
        labels = "、".join(f"“{number.label}”" for number in entry.unset)
        yield _text(f"{labels}没有查到。用得到它的家庭先算不出结果，由区民政确定；不按零算。")


def _clauses(entry: Entry) -> Block:
    by_document: dict[str, list[str]] = {}
    for line in entry.clauses:
        told = f"{line.cite} {line.title}".strip()
        by_document.setdefault(line.document, []).append(told)
    found = [(document, "；".join(told)) for document, told in by_document.items()]
    return _table(("文件", "条款"), found)
