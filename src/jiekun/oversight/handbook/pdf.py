"""The handbook and its leaflets as PDF, set by Typst in fonts that come with the install."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import segno

from jiekun.screening.typesetting import typeset

from .entries import Book, Entry
from .finding import situations
from .procedures import FOLDER
from .readers import READERS, Block, Reach, Row, office, rows, shared_of, shared_rows

# A leaflet leaves out what only somebody who already applies wants to read.
_NOT_ON_A_LEAFLET = ("尚缺的数", "依据")


def book_pdf(book: Book, reader: str, reach: Mapping[str, Reach] | None = None) -> bytes:
    """The whole book for one reader. Raises KeyError for a reader there is not."""
    shared = shared_of(book)
    found = {
        "title": book.title,
        "running": f"{book.place}社会救助政策工具书　{READERS[reader]}",
        "day": day_words(book),
        "place": book.place,
        "edition": READERS[reader],
        "reader": reader,
        "law": law_words(book),
        "marker": book.marker,
        "origin": "由解困按法规自动编成，法规改了就重编。",
        "preface": _preface(book, reader),
        "situations": _situations(book) if reader == "resident" else [],
        "chapters": [
            {
                "office": office(name),
                "entries": [
                    _entry(e, rows(book, e, reader, (reach or {}).get(e.name), shared))
                    for e in entries
                ],
            }
            for name, entries in book.chapters
        ],
        "shared": list(map(_row, shared_rows(shared, reader))),
    }
    return _set("handbook.typ", "book", found, book)


def leaflet_pdf(book: Book, entry: Entry, address: str) -> bytes:
    """One measure on one sheet, with a code that leads to its page."""
    found = {
        "place": book.place,
        "office": office(entry.measure.office),
        "label": entry.measure.label,
        "law": law_words(book),
        "marker": book.marker,
        "address": address,
        "foot": "扫右上角的码，看全部条件和最新的数。",
        "code": code(address),
        "rows": [_row(row) for row in leaflet_rows(book, entry)],
    }
    return _set("leaflet.typ", "sheet", found, book)


def leaflet_rows(book: Book, entry: Entry) -> list[Row]:
    """What stands on a leaflet."""
    return [r for r in rows(book, entry, "resident") if r.label not in _NOT_ON_A_LEAFLET]


def code(address: str) -> str:
    """A QR code as SVG."""
    made = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        made, kind="svg", border=2, omitsize=True, xmldecl=False
    )
    return made.getvalue().decode()


def law_words(book: Book) -> str:
    """Of which day, and under which drafts, the law in a book is."""
    return f"{day_words(book)}　{book.marker}" if book.marker else day_words(book)


def day_words(book: Book) -> str:
    """Of which day the law in a book is."""
    return f"按 {book.on.year} 年 {book.on.month} 月 {book.on.day} 日的规定"


def _preface(book: Book, reader: str) -> list[str]:
    told = {
        "resident": "每一项写明谁能得、给多少、怎么申请、带什么、多久办好。"
        "先按家里的情况找，再看条件；有一条拿不准，也可以到社区问。",
        "caseworker": "每一项写明条件和条款、金额怎么算、要问清哪些事实、材料和期限。"
        "决定仍由经办人员依职权作出。",
        "leader": "每一项写明给什么、规模、标准历年的数和出处、没有的数。",
    }[reader]
    unset = sum(bool(entry.unset) for entry in book.entries)
    found = [
        f"本书收 {len(book.entries)} 项政策。{told}",
        f"书里的数都出自法规或者写明的出处。有 {unset} 项还有数没有查到，书里写明，不按零算。",
        f"算例由系统按条款算出。{book.plain_family}",
        f"{book.remedy}（{book.remedy_source}）",
    ]
    if book.marker:
        drafts = sum(entry.draft for entry in book.entries)
        found.insert(0, f"{book.marker}。其中 {drafts} 项只在草案里，名称后面注明。")
    return found


def _situations(book: Book) -> list[dict[str, Any]]:
    return [
        {"name": name, "entries": [{"name": e.name, "label": _short(e)} for e in entries]}
        for name, entries in situations(book)
    ]


def _short(entry: Entry) -> str:
    return entry.measure.short or entry.measure.label


def _entry(entry: Entry, told: list[Row]) -> dict[str, Any]:
    return {
        "name": entry.name,
        "label": entry.measure.label,
        "tag": f"［{entry.tag}］" if entry.tag else "",
        # How to object stands once, at the front.
        "rows": [_row(row) for row in told if row.label != "不服时"],
    }


def _row(row: Row) -> dict[str, Any]:
    return {"label": row.label, "blocks": [_block(block) for block in row.blocks]}


def _block(block: Block) -> dict[str, Any]:
    return {**asdict(block), "columns": _columns(block.head)}


def _columns(head: tuple[str, ...]) -> str:
    """How a table shares its width: clauses and dates are short, what stands beside them is not."""
    match head:
        case ("规则" | "事实", _, _):
            return "named"
        case ("步骤", _, _):
            return "steps"
        case (_, "数", "出处"):
            return "dated"
        case ("文件", _):
            return "titled"
    return "noted"


def _set(template: str, name: str, found: dict[str, Any], book: Book) -> bytes:
    """Sets a template. The same book gives the same bytes on any day."""
    return typeset(FOLDER / template, name, found, book.on)
