"""`jiekun handbook`: the book, or one measure's leaflet, as a PDF file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from rich.console import Console

from jiekun.config.cli_explain import refuse
from jiekun.kernel.errors import LawError, nearest
from jiekun.kernel.household_file import Problem, law_asked
from jiekun.kernel.program import Program
from jiekun.law import load
from jiekun.oversight.handbook.entries import Book, book_of
from jiekun.oversight.handbook.pdf import book_pdf, leaflet_pdf
from jiekun.oversight.handbook.readers import READERS, Reach

# Where the demo stands; a district says where its own site is.
DEMO_SITE = "http://localhost:8000"
_TOTALS = {
    "yes": "符合条件",
    "ask": "还差事实",
    "judge": "等人判断",
    "unset": "等参数设定",
    "yearly_yuan": "符合条件的一年合计（元）",
}


def run(
    on: date,
    place: str,
    simulate: tuple[str, ...],
    *,
    reader: str,
    out: Path,
    leaflet: str | None,
    site: str | None,
    totals: Path | None,
) -> int:
    """Writes the file: 0, or 2 with every problem listed and nothing written."""
    try:
        program, problems = law_asked(load(), on, place, simulate)
    except LawError as error:
        return refuse([Problem("", f"法规本身有错：{error}")])
    book = book_of(load(), program) if program else None
    reach: dict[str, Reach] = {}
    problems += [*_wrong(book, reader, leaflet, out), *_counted(totals, program, reach)]
    if problems or book is None:
        return refuse(problems)
    if leaflet:
        site = (site or os.environ.get("JIEKUN_SITE") or DEMO_SITE).rstrip("/")
        query = f"?law={book.simulate[0]}" if book.simulate else ""
        entry = book.entry(leaflet)
        assert entry is not None
        made = leaflet_pdf(book, entry, f"{site}/handbook/{leaflet}/{query}")
    else:
        made = book_pdf(book, reader, reach)
    out.write_bytes(made)
    _tell(book, out, leaflet, site)
    return 0


def _wrong(book: Book | None, reader: str, leaflet: str | None, out: Path) -> Iterator[Problem]:
    if reader not in READERS:
        known = "、".join(f"{name}（{label}）" for name, label in READERS.items())
        yield Problem("reader", f"没有“{reader}”这种读本；可以用：{known}")
    if book and leaflet and book.entry(leaflet) is None:
        hint = nearest(leaflet, [entry.name for entry in book.entries])
        drafts = "" if book.simulate else "；若出自征求意见稿，加 --simulate W24"
        yield Problem("leaflet", f"{book.on} 在{book.place}没有“{leaflet}”这项政策 {hint}{drafts}")
    if out.suffix.lower() != ".pdf":
        yield Problem(str(out), "写出来的是 PDF，文件名要以 .pdf 结尾")
    elif not out.absolute().parent.is_dir():
        yield Problem(str(out), "没有这个文件夹")
    elif out.is_dir():
        yield Problem(str(out), "这是文件夹，要写文件名")


def _counted(
    totals: Path | None, program: Program | None, reach: dict[str, Reach]
) -> Iterator[Problem]:
    """Reads what `jiekun screen` counted, which has to be of the same law."""
    if totals is None or program is None:
        return
    try:
        found = json.loads(totals.read_text(encoding="utf-8"))
        asked = (found["on"], found["place"], sorted(found["simulate"]))
        reach |= {name: _lines(found, counts) for name, counts in found["measures"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InvalidOperation):
        yield Problem(str(totals), "不是 jiekun screen 写出的 totals.json")
        return
    if asked != (program.on.isoformat(), program.place, sorted(program.simulate)):
        drafts = "、".join(asked[2]) or "无"
        told = f"这份合计是 {asked[0]}、{asked[1]}、试算 {drafts} 的"
        yield Problem(str(totals), f"{told}，和要编的书不一致")


def _lines(found: Mapping[str, Any], counts: Mapping[str, Any]) -> Reach:
    unit = "人" if counts["to"] == "person" else "户"
    lines = [("哪一天筛查", f"{found['on']}，共 {found['people']:,} 人")]
    for key, label in _TOTALS.items():
        if key == "yearly_yuan":
            if Decimal(counts[key]):
                lines.append((label, f"{Decimal(counts[key]):,.2f}"))
        elif counts[key]:
            lines.append((label, f"{counts[key]:,} {unit}"))
    return lines


def _tell(book: Book, out: Path, leaflet: str | None, site: str | None) -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"写好了：{out}", markup=False)
    if book.marker:
        console.print(f"[black on yellow] 试算 [/] {book.marker}")
    if leaflet and site == DEMO_SITE:
        console.print("二维码指向本机的演示网站；正式印发前用 --site 或 JIEKUN_SITE 写明网址。")
