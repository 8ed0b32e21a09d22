"""A comparison taken away as Excel or PDF says what it is, and holds no formula."""

from __future__ import annotations

import copy
import io
import zipfile
from dataclasses import replace

import pypdf
import pytest

from jiekun.kernel.reform import read_reform
from jiekun.law import load
from jiekun.screening.simulation import simulate
from jiekun.screening.simulation.excel import workbook
from jiekun.screening.simulation.pdf import report

from .test_simulation import FAMILIES, UP_5, write


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    whole = load()
    law = replace(whole, written=[w for w in whole.written if w.measure.name == "dibao"])
    text = UP_5.replace("label: 试", "label: =cmd|'/C calc'!A0")
    files = write(tmp_path_factory.mktemp("few"), FAMILIES)
    return [each.as_json() for each in simulate(law, [read_reform(text, "试.yaml")], *files)]


def parts(made):
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        return {name: book.read(name).decode() for name in book.namelist() if "xml" in name}


def test_a_workbook_has_every_table_and_no_formula(told):
    found = parts(workbook(told, ["演示数据"]))
    for sheet in (
        "总表",
        "按项目",
        "按街道",
        "按类别",
        "按家庭类型",
        "断崖",
        "定不下来",
        "规定的不同",
    ):
        assert f'name="{sheet}' in found["xl/workbook.xml"]
    sheets = [text for name, text in found.items() if name.startswith("xl/worksheets/")]
    assert not any("<f>" in text for text in sheets)
    shared = found["xl/sharedStrings.xml"]
    assert "=cmd|" in shared
    assert "演示数据" in shared
    assert "不能据以发放" in shared


def test_a_workbook_is_dated_the_day_it_tells_of(told):
    """And so it is the same whenever it is made."""
    assert "2024-11-01T00:00:00Z" in parts(workbook(told))["docProps/core.xml"]


def test_a_report_says_what_it_is_on_every_page(told):
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(report(told))).pages]
    assert all("模拟" in page for page in pages)
    assert "低保" in "".join(pages)
    assert report(told) == report(told)


def test_a_report_tells_where_a_cliff_begins_to_the_fen(told):
    told = copy.deepcopy(told)
    told[0]["curves"][0]["after"]["breaks"] = [
        {"income": 94_001, "lost": 90_000, "measures": ["某项"]}
    ]
    pages = pypdf.PdfReader(io.BytesIO(report(told))).pages
    assert "每月挣到 940.01 元" in "".join(page.extract_text() for page in pages)
