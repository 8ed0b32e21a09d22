"""Finding an entry by plain words, or by a family's situation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from jiekun.kernel.yamls import read

from .entries import Book, Entry
from .procedures import FOLDER

# A name says more of a measure than its conditions do.
_NAME, _ABOUT, _REST = 8, 3, 1
# Words that are in every question and tell nothing.
_EMPTY = re.compile(
    "怎么办|怎么样|怎么|什么|多少|能不能|有没有|可不可以|可以|哪里|我们家|我们|我家|我|您|你|请问"
    r"|[的了吗呢吧啊\W_]"
)


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    found: dict[str, Any] = read(FOLDER / "situations.yaml", "situations.yaml")
    return found


def search(book: Book, text: str) -> list[Entry]:
    """Entries that speak of what is asked, best first; most words asked have to be there."""
    words = _cites(text.lower()) or _EMPTY.sub(" ", text.lower()).split()
    asked = [_forms(part) for word in words for part in _parted(word)]
    if not asked:
        return []
    scored = [(_score(entry, asked), number, entry) for number, entry in enumerate(book.entries)]
    return [entry for score, _, entry in sorted(scored, key=lambda s: (-s[0], s[1])) if score > 0]


def situations(book: Book) -> list[tuple[str, list[Entry]]]:
    """Situations a family knows itself by, each with the measures that speak of it."""
    found = [
        (situation, [e for e in book.entries if _speaks(e, words)])
        for situation, words in _words()["situations"].items()
    ]
    told = {entry.name for _, entries in found for entry in entries}
    rest = [entry for entry in book.entries if entry.name not in told]
    return [pair for pair in [*found, ("其他", rest)] if pair[1]]


def _speaks(entry: Entry, words: list[str]) -> bool:
    text = entry.measure.label + entry.measure.about
    return any(word in text for word in words)


def _cites(text: str) -> list[str]:
    """A clause number asked for, which is one word with its hyphen and dots."""
    return re.findall(r"[a-z]+\d+-[\w.]+", text)


def _parted(word: str) -> list[str]:
    """What people say taken apart where a word of theirs is known: 孩子上学 as 孩子, 上学."""
    known = sorted(_words()["said"], key=len, reverse=True)
    return [part for part in re.split(f"({'|'.join(known)})", word) if part]


def _forms(word: str) -> list[tuple[str, ...]]:
    """Ways a word may be met: as it is, as measures call it, or in pairs of characters."""
    forms: list[tuple[str, ...]] = [(form,) for form in (word, *_words()["said"].get(word, ()))]
    pairs = tuple(word[i : i + 2] for i in range(len(word) - 1))
    return forms if len(pairs) < 2 or word.isascii() else [*forms, pairs]


def _score(entry: Entry, asked: list[list[tuple[str, ...]]]) -> float:
    fields = list(_fields(entry))
    found = [max(_met(form, fields) for form in forms) for forms in asked]
    return sum(found) if sum(map(bool, found)) * 2 > len(found) else 0


def _met(form: tuple[str, ...], fields: list[tuple[int, str]]) -> float:
    """How well one form is met; of pairs, half have to be there."""
    scores = [max((w for w, text in fields if part in text), default=0) for part in form]
    if sum(map(bool, scores)) * 2 < len(form):
        return 0
    # The word itself counts for more than its pieces scattered about.
    return sum(scores) / len(form) / (1 if len(form) == 1 else 2)


def _fields(entry: Entry) -> Iterator[tuple[int, str]]:
    measure = entry.measure
    yield _NAME, f"{measure.name} {measure.label} {measure.short}".lower()
    yield _ABOUT, measure.about + measure.apply
    yield _REST, "".join(c.plainly for c in entry.conditions) + measure.office
    yield _REST, " ".join(line.cite for line in entry.clauses).lower()
