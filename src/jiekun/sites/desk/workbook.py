"""A list as Excel: what it is said inside, every text written as text, never as a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | Decimal | date
# Nothing in a cell is ever taken for a formula, a link or a number.
_SAFE = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip
_NARROWEST, _WIDEST = 8, 44
# A sheet's own head and foot hold no more than 255 signs.
_MOST_MARKED = 200


@dataclass(frozen=True)
class Sheet:
    """A list, and what the file says of itself: on top, and on every sheet of paper."""

    title: str
    notes: Sequence[str]
    mark: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def answer(sheet: Sheet, name: str) -> HttpResponse:
    """The workbook as a download of this name."""
    response = HttpResponse(workbook(sheet), content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    response["Cache-Control"] = "no-store"
    return response


def workbook(sheet: Sheet) -> bytes:
    """The file itself."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _SAFE) as book:
        book.set_properties({"title": sheet.title, "comments": sheet.mark})
        page = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", "", sheet.title)[:31] or "名单")
        _paper(page, sheet)
        for at, note in enumerate(sheet.notes):
            page.write_string(at, 0, note)
        _fill(book, page, sheet, len(sheet.notes) + 1)
    return buffer.getvalue()


def _paper(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet) -> None:
    """Who took it, when and what for stands on each printed sheet."""
    mark = sheet.mark[:_MOST_MARKED].replace("&", "&&")
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_header(f"&L{mark}")
    page.set_footer(f"&L{mark}&R第 &P 页，共 &N 页")


def _fill(
    book: xlsxwriter.Workbook, page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, top: int
) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    money = book.add_format({"num_format": "#,##0.00"})
    whole = book.add_format({"num_format": "#,##0"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for column, heading in enumerate(sheet.headings):
        page.write_string(top, column, heading, bold)
        widest = max((_width(row[column]) for row in sheet.rows[:500]), default=0)
        page.set_column(column, column, min(max(_width(heading), widest, _NARROWEST), _WIDEST))
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    for at, row in enumerate(sheet.rows, top + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, Decimal):
                page.write_number(at, column, cell, whole if cell == int(cell) else money)
            elif isinstance(cell, date):
                page.write_datetime(at, column, cell, day)
            else:
                page.write_string(at, column, cell)
    if sheet.rows:
        page.autofilter(top, 0, top + len(sheet.rows), len(sheet.headings) - 1)


def _width(cell: Cell) -> int:
    """About how wide a cell is shown: Chinese takes two places a letter."""
    return 2 + sum(2 if ord(letter) > 0x2E7F else 1 for letter in str(cell))
