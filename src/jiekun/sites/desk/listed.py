"""What a list's page shows, read back from it: headings, rows, filters, whose families."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

from .workbook import Cell

_SUBJECT = re.compile(r"/(households|people|duplicates)/(\d+)/")
_NUMBER = re.compile(r"[-−+]?[\d,]*\d(?:\.\d+)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# Said to nobody who reads the list, or to be pressed.
_SILENT = frozenset({"button", "form", "script", "style", "svg", "summary"})
# Said to a screen reader only, or to nobody but who asked.
_STAYS = frozenset({"unseen", "stays"})
_EMPTY = frozenset({"br", "img", "input", "link", "meta", "hr", "wbr"})
_APART = frozenset({"br", "small", "p", "li", "div", "td", "th", "h1", "h2"})


class Listed(HTMLParser):
    """Reads the tables of a list's page: those that fold on a phone are lists."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.title = self.told = ""
        self.headings: list[str] = []
        self.rows: list[list[Cell]] = []
        # Conditions in force, as the page shows them.
        self.chips: list[str] = []
        self.subjects: dict[str, set[int]] = {
            "households": set(), "people": set(), "duplicates": set(),
        }  # fmt: skip
        # What is open: its name, its classes, and where in the text it began.
        self._open: list[tuple[str, frozenset[str], int]] = []
        self._cells: list[Cell] = []
        self._text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _APART:
            self._text.append(" ")
        if tag in _EMPTY:
            return
        if tag == "tr":
            self._cells = []
        classes = frozenset((given.get("class") or "").split())
        self._open.append((tag, classes, len(self._text)))
        if tag == "a" and self._listing() and (found := _SUBJECT.search(given.get("href") or "")):
            self.subjects[found[1]].add(int(found[2]))

    def handle_data(self, data: str) -> None:
        silent = any(tag in _SILENT or classes & _STAYS for tag, classes, _ in self._open)
        if not silent:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if all(one != tag for one, *_ in self._open):
            return
        while self._open:
            one, classes, start = self._open.pop()
            if one == tag:
                self._ended(tag, classes, start)
                break
        if tag in _APART:
            self._text.append(" ")

    def _ended(self, tag: str, classes: frozenset[str], start: int) -> None:
        said = " ".join("".join(self._text[start:]).split())
        if "chip" in classes and self._in("chips"):
            self.chips.append(said)
        elif "chip" in classes and self._in_tag("h1"):
            # How many there are is said by the rows themselves.
            del self._text[start:]
        elif tag == "h1":
            self.title = self.title or said
        elif tag == "p" and self._in("head"):
            self.told = self.told or said
        elif self._listing():
            self._ended_in_table(tag, classes, said)

    def _ended_in_table(self, tag: str, classes: frozenset[str], said: str) -> None:
        if "pick" in classes:
            # A box to tick tells nothing.
            return
        if tag == "th" and self._in_tag("thead"):
            self._cells.append(said)
        elif tag in {"td", "th"}:
            self._cells.append(_meant(said, "num" in classes))
        elif tag == "tr" and self._in_tag("thead"):
            self.headings = self.headings or [str(cell) for cell in self._cells]
        elif tag == "tr" and self._cells:
            self.rows.append(self._cells)

    def _listing(self) -> bool:
        return any(tag == "table" and "stack" in classes for tag, classes, _ in self._open)

    def _in(self, name: str) -> bool:
        return any(name in classes for _, classes, _ in self._open)

    def _in_tag(self, name: str) -> bool:
        return any(tag == name for tag, *_ in self._open)


def _meant(said: str, number: bool) -> Cell:
    """A number or a day as such, so that it can be added up and sorted."""
    if number and _NUMBER.fullmatch(said):
        return Decimal(said.replace(",", "").replace("−", "-"))
    if _DAY.fullmatch(said):
        # Somebody may have typed a day there is not.
        with suppress(ValueError):
            return date.fromisoformat(said)
    return "" if said == "—" else said
