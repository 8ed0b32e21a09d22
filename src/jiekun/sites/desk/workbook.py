"""A list as Excel: what it is said inside, every text written as text, never as a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

import xlsxwriter
from django.conf import settings
from django.http import HttpResponse

from jiekun.screening.models import Run
from jiekun.screening.queries import Counted

from . import words
from .door import Desk

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    ("家庭", 12), ("街道 社区", 26), ("地址（遮住门牌）", 30), ("政策", 40),
    ("一年约（元）", 14), ("还缺的事实", 30), ("最近接触", 12),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One family on the list."""

    household_id: int
    name: str
    place: str
    address: str
    measures: str
    yearly: int
    missing: str
    contact: date | None


@dataclass(frozen=True)
class Sheet:
    """What a file says of itself."""

    desk: Desk
    run: Run
    title: str
    filters: list[str]
    counted: Counted

    def notes(self) -> list[str]:
        """The lines above the table: none of them may get lost when the file is passed on."""
        desk, run = self.desk, self.run
        said = [
            f"{self.title} · {desk.area_name} · {run.on:%Y-%m-%d} 筛查",
            f"共 {self.counted.families:,} 户，一年约 {words.yuan(self.counted.yearly_fen)} 元",
            f"条件：{'、'.join(self.filters) or '没有'}",
            f"{desk.officer.name}（{desk.role_name}）于 {desk.on:%Y-%m-%d} 导出，已留痕",
            "姓名和门牌已遮住；请勿外传",
        ]
        if settings.DEMO:
            said.insert(0, "演示数据：人物和金额均为合成")
        if desk.law:
            said.insert(0, f"模拟 {desk.law} 已施行：草案未生效，不能据以发放")
        if (days := (desk.on - run.on).days) > 0:
            said.append(f"注意：筛查是 {days} 天前做的，情况可能变了")
        return said


def write(sheet: Sheet, rows: Sequence[Row]) -> HttpResponse:
    """The file as a download."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        _fill(book, sheet, rows)
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    simulated = f"-模拟{sheet.desk.law}" if sheet.desk.law else ""
    name = f"{sheet.title}-{sheet.run.on:%Y%m%d}{simulated}.xlsx"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response


def _fill(book: xlsxwriter.Workbook, sheet: Sheet, rows: Sequence[Row]) -> None:
    page = book.add_worksheet(sheet.title[:31])
    bold = book.add_format({"bold": True, "bottom": 1})
    money = book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    notes = sheet.notes()
    for at, note in enumerate(notes):
        page.write_string(at, 0, note)
    top = len(notes) + 1
    for at, (label, width) in enumerate(COLUMNS):
        page.set_column(at, at, width)
        page.write_string(top, at, label, bold)
    page.freeze_panes(top + 1, 0)
    for at, row in enumerate(rows, top + 1):
        for column, text in enumerate((row.name, row.place, row.address, row.measures)):
            page.write_string(at, column, text)
        page.write_number(at, 4, row.yearly / 100, money)
        page.write_string(at, 5, row.missing)
        if row.contact:
            page.write_datetime(at, 6, row.contact, day)
    if rows:
        page.autofilter(top, 0, top + len(rows), len(COLUMNS) - 1)
