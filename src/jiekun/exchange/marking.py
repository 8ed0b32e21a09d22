"""The rows of a ledger that must be mended, as a workbook: as they came, and what is wrong."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from .models import Import, ImportRow
from .tables import Broken, Cell, Table

MARKS = ("原行号", "结果", "要改的地方")
_TO_MEND = (ImportRow.Outcome.REFUSED, ImportRow.Outcome.FAILED, ImportRow.Outcome.KEPT)
# Nothing in a cell is ever taken for a formula or a link.
_SAFE = {
    "in_memory": True, "constant_memory": False, "strings_to_formulas": False,
    "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip


def marked(of: Import, table: Table, watermark: str) -> tuple[bytes, int]:
    """The workbook and how many rows are in it. Mended, it can be imported as it is."""
    buffer, cells = io.BytesIO(), dict(table.rows)
    rows = list(of.rows.filter(outcome__in=_TO_MEND))
    headings: list[str] = of.headings
    with xlsxwriter.Workbook(buffer, _SAFE) as book:
        book.set_properties({"comments": watermark})
        page = book.add_worksheet("要改的行")
        page.set_footer(f"&L{watermark}")
        bold, wrong = book.add_format({"bold": True}), book.add_format({"bg_color": "#FFD9D9"})
        for column, cell in enumerate([*headings, *MARKS]):
            page.write_string(0, column, cell, bold)
        for at, row in enumerate(rows, 1):
            _write_row(page, at, row, cells[row.number], headings, wrong)
        page.freeze_panes(1, 0)
        page.set_column(len(headings) + 2, len(headings) + 2, 80)
        notes = book.add_worksheet("说明")
        for at, note in enumerate((of.filename, watermark, "改好后删去最后三列，再上传这份表")):
            notes.write_string(at, 0, note)
    return buffer.getvalue(), len(rows)


def _write_row(
    page: xlsxwriter.worksheet.Worksheet,
    at: int,
    row: ImportRow,
    cells: Sequence[Cell | Broken],
    headings: Sequence[str],
    wrong: xlsxwriter.format.Format,
) -> None:
    places = {place for place, _ in row.problems}
    for column in range(len(headings)):
        cell = cells[column] if column < len(cells) else ""
        page.write_string(at, column, shown(cell), wrong if column in places else None)
    told = row.told or told_of(row, headings)
    for column, mark in enumerate((str(row.number), row.get_outcome_display(), told)):
        page.write_string(at, len(headings) + column, mark)


def told_of(row: ImportRow, headings: Sequence[str]) -> str:
    """Everything wrong with a row, each under its heading."""
    return "；".join(
        told if place is None or place >= len(headings) else f"“{headings[place]}”：{told}"
        for place, told in row.problems
    )


def shown(cell: Cell | Broken) -> str:
    """A cell as people saw it."""
    if isinstance(cell, Broken):
        return cell.sign
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    # A spreadsheet takes no control characters at all.
    return "".join(c for c in str(cell) if c >= " " or c in "\t\n")
