"""Reading a table: its sheets, its rows as they stand, and what a spreadsheet hides in them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from xml.etree import ElementTree

import python_calamine

from .files import BadFile, Kind

MOST_ROWS, MOST_COLUMNS = 200_000, 200
# Rows times columns from the first cell to the last: what a reader must find room for.
MOST_CELLS = 12_000_000

# The days a spreadsheet counts from; its 1900 had a 29 February, which nobody here was born on.
FIRST_DAY, FIRST_DAY_1904 = date(1899, 12, 30), date(1904, 1, 1)

Cell = str | int | float | bool | date | datetime | time | timedelta
ONE_SHEET = "表"

_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)(\d+)"[^>]*(?<!/)>')
_ERROR = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*\bt="e")[^>]*?\br="([A-Z]+)(\d+)"[^>]*>.*?<(?:\w+:)?v>([^<]*)<',
    re.DOTALL,
)
_UNCOUNTED = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)(\d+)"[^>]*>\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)'
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_HIDDEN = re.compile(rb'<(?:\w+:)?row\s(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_BOOK = "xl/workbook.xml"
_1904 = re.compile(rb'<(?:\w+:)?workbookPr\s[^>]*\bdate1904="(?:1|true)"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Broken:
    """A cell whose formula has no value: the sign a spreadsheet shows in its place."""

    sign: str


@dataclass
class Table:
    """The rows of one sheet: (number as the spreadsheet shows it, cells)."""

    rows: list[tuple[int, list[Cell | Broken]]]
    hidden: set[int] = field(default_factory=set)
    # Cells that were one with the cell above them, by row number.
    merged: set[int] = field(default_factory=set)
    # The day its numbers for days are counted from: some tables count from 1904.
    first_day: date = FIRST_DAY


def sheets(content: bytes, kind: Kind) -> list[str]:
    """The names of the sheets that hold cells and can be seen. Raises BadFile."""
    if kind == "csv":
        return [ONE_SHEET]
    with _book(content) as book:
        found = [
            meta.name
            for meta in book.sheets_metadata
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
            # What nobody sees in the file is not imported behind anybody's back.
            and meta.visible == python_calamine.SheetVisibleEnum.Visible
        ]
    if not found:
        raise BadFile("文件里没有看得见的工作表：隐藏的请先取消隐藏")
    return found


def read(content: bytes, kind: Kind, sheet: str) -> Table:
    """All rows with something in them, in order. Raises BadFile."""
    table = _csv(content) if kind == "csv" else _xlsx(content, sheet)
    table.rows = [row for row in table.rows if any(cell != "" for cell in row[1])]
    if not table.rows:
        raise BadFile("这张表里什么也没有，请选另一张表")
    if len(table.rows) > MOST_ROWS:
        raise BadFile(f"一次最多 {MOST_ROWS:,} 行，这张表有 {len(table.rows):,} 行，请分几份导入")
    return table


def _book(content: bytes) -> python_calamine.CalamineWorkbook:
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (python_calamine.CalamineError, ValueError, OSError) as problem:
        raise BadFile("文件打不开：损坏了，或不是真的 .xlsx。请重新另存一份") from problem


def _xlsx(content: bytes, sheet: str) -> Table:
    seen = _looked_through(content, sheet)
    with _book(content) as book:
        try:
            page = book.get_sheet_by_name(sheet)
            cells = page.to_python(skip_empty_area=False)
        except (python_calamine.CalamineError, ValueError) as problem:
            raise BadFile(f"“{sheet}”这张表读不出来，请另存一份再试") from problem
        merged = page.merged_cell_ranges or []
    table = Table([(number, _bare(row)) for number, row in enumerate(cells, 1)], seen.hidden)
    table.first_day = seen.first_day
    for (row, column), sign in seen.broken.items():
        if row <= len(table.rows) and column < len(table.rows[row - 1][1]):
            table.rows[row - 1][1][column] = Broken(sign)
    _fill(table, merged)
    return table


def _bare(row: Sequence[Cell]) -> list[Cell | Broken]:
    """Cells without spaces around them: what only looks empty is empty."""
    return [cell.strip() if isinstance(cell, str) else cell for cell in row]


def _fill(table: Table, merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Give every row of a cell that spans rows its value, as people read it."""
    for (top, left), (bottom, right) in merged:
        if bottom == top or right != left or top >= len(table.rows):
            continue
        value = table.rows[top][1][left] if left < len(table.rows[top][1]) else ""
        for row in range(top + 1, min(bottom, len(table.rows) - 1) + 1):
            table.rows[row][1][left] = value
            table.merged.add(table.rows[row][0])


@dataclass
class _Seen:
    """What the sheet's own text says and its reader does not pass on."""

    hidden: set[int]
    # (row from one, column from nought): the sign.
    broken: dict[tuple[int, int], str]
    first_day: date


def _looked_through(content: bytes, sheet: str) -> _Seen:
    """Refuse a sheet whose cells lie so far apart that its reader would need all memory."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        text = parts.read(_part_of(parts, sheet))
        first_day = FIRST_DAY_1904 if _1904.search(parts.read(_BOOK)) else FIRST_DAY
    last_row = last_column = 0
    widths: dict[bytes, int] = {}
    for found in _CELL.finditer(text):
        letters, row = found.groups()
        if letters not in widths:
            widths[letters] = _column(letters) + 1
            last_column = max(last_column, widths[letters])
        last_row = max(last_row, int(row))
    if last_column > MOST_COLUMNS:
        raise BadFile(f"这张表有 {last_column} 列，最多 {MOST_COLUMNS} 列：请删掉右边用不着的列")
    if last_row * last_column > MOST_CELLS:
        raise BadFile("这张表的最后几格离前面太远（很可能误填在很下面）：请删掉它们再导入")
    broken = {
        (int(r), _column(c)): v.decode("utf-8", "replace") for c, r, v in _ERROR.findall(text)
    }
    broken |= {(int(row), _column(letters)): "公式" for letters, row in _UNCOUNTED.findall(text)}
    return _Seen({int(row) for row in _HIDDEN.findall(text)}, broken, first_day)


def _column(letters: bytes) -> int:
    """AB as 27."""
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number - 1


def _part_of(parts: zipfile.ZipFile, sheet: str) -> str:
    """The part of the archive a sheet is written in. Raises BadFile."""
    try:
        book = _tree(parts.read(_BOOK))
        links = _tree(parts.read("xl/_rels/workbook.xml.rels"))
        wanted = next(
            s.get(_RELATION)
            for s in book.iter()
            if s.tag.endswith("}sheet") and s.get("name") == sheet
        )
        target = next(link.get("Target", "") for link in links if link.get("Id") == wanted)
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        parts.getinfo(part)
    except (KeyError, StopIteration, ElementTree.ParseError) as problem:
        raise BadFile(f"文件里没有“{sheet[:31]}”这张表") from problem
    return part


def _tree(text: bytes) -> ElementTree.Element:
    """A part's elements; one with a document type of its own, where tricks begin, is refused."""
    if b"<!DOCTYPE" in text:
        raise BadFile("文件里有不该有的定义（DOCTYPE），没有打开它。请在表格软件里另存一份")
    return ElementTree.fromstring(text)  # noqa: S314 - no document type, so no entities


def _csv(content: bytes) -> Table:
    text = _decoded(content)
    if "\0" in text:
        raise BadFile("文件里有空字符（NUL），不是文本表格：请在表格软件里另存为 .xlsx 再导入")
    first = text[:4096].splitlines()[:1]
    mark = max(",\t;", key=(first[0] if first else "").count)
    try:
        rows = list(_numbered(csv.reader(io.StringIO(text, newline=""), delimiter=mark)))
    except csv.Error as problem:
        raise BadFile("文件不是整齐的 .csv：请在表格软件里另存为 .xlsx 再导入") from problem
    return Table(rows)


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[Cell | Broken]]]:
    for number, row in enumerate(reader, 1):
        if len(row) > MOST_COLUMNS:
            raise BadFile(f"第 {number} 行有 {len(row)} 列，最多 {MOST_COLUMNS} 列")
        if number > 2 * MOST_ROWS:
            raise BadFile(f"一次最多 {MOST_ROWS:,} 行，请分几份导入")
        yield number, _bare(row)


def _decoded(content: bytes) -> str:
    """Text in whatever encoding offices use: told by its mark, else UTF-8, else GB 18030."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile("看不懂文件的编码，请在表格软件里另存为 .xlsx 再导入")
