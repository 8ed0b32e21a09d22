"""Files that are not what they say, or are made to harm: each refused in plain words."""

import io
import random
import struct
import zipfile

import pytest
import xlsxwriter

from jiekun.exchange import files, tables
from jiekun.exchange.files import BadFile, examined

from .conftest import xlsx

GOOD = xlsx([["姓名", "身份证号"], ["何平", "x"]])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def changed(**parts):
    """A good workbook with parts put in or replaced; `/` is written as __."""
    buffer = io.BytesIO()
    new = {name.replace("__", "/").replace("_DOT_", "."): text for name, text in parts.items()}
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(buffer, "w", 8) as made:
        for part in old.namelist():
            if part not in new:
                made.writestr(part, old.read(part))
        for part, text in new.items():
            made.writestr(part, text)
    return buffer.getvalue()


def sheet_of(*rows):
    """A good workbook whose sheet has these rows of XML."""
    text = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + "".join(rows) + "</sheetData></worksheet>"
    )  # fmt: skip
    return changed(xl__worksheets__sheet1_DOT_xml=text)


def zipped(**parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", 8) as made:
        for part, text in parts.items():
            made.writestr(part, text)
    return buffer.getvalue()


def with_a_password():
    """A zip whose entries say they are encrypted."""
    content = bytearray(GOOD)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        struct.pack_into("<H", content, place + flags, 1)
    return bytes(content)


def lying_about_its_size():
    """A part that unpacks to more than its head says."""
    content = bytearray(changed(big_DOT_bin=bytes(3_000_000)))
    place = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, place + 24, 10)
    return bytes(content)


BAD = {
    "nothing in it": (b"", "a.xlsx", "是空的"),
    "a web page called a workbook": (b"<html><table>", "a.xlsx", "网页"),
    "a web page called csv": (b"\xef\xbb\xbf <TABLE>", "a.csv", "网页"),
    "an old workbook": (OLE, "a.xlsx", "旧格式"),
    "an old name": (OLE, "a.xls", "另存为 .xlsx"),
    "a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "密码"),
    "a zip with a password": (with_a_password(), "a.xlsx", "密码"),
    "a name for macros": (GOOD, "a.xlsm", "宏"),
    "macros under a plain name": (changed(xl__vbaProject_DOT_bin="x"), "a.xlsx", "宏"),
    "old macros": (changed(xl__macrosheets__sheet1_DOT_xml="x"), "a.xlsx", "宏"),
    "another kind of zip": (zipped(word="x"), "a.xlsx", "不是真的 .xlsx"),
    "a workbook called csv": (GOOD, "a.csv", "内容却是 .xlsx"),
    "a picture called a workbook": (b"\x89PNG\r\n\x1a\n" + bytes(99), "a.xlsx", "内容却不是"),
    "a program": (b"MZ" + bytes(99), "a.exe", "只收"),
    "half a file": (GOOD[: len(GOOD) // 2], "a.xlsx", "打不开"),
    "a bomb": (changed(xl__a_DOT_xml=bytes(60_000_000)), "a.xlsx", "大得不正常"),
    "a bomb that lies": (lying_about_its_size(), "a.xlsx", "打不开"),
    "a name that reads backwards": (GOOD, "a\u202exslx.exe.xlsx", "控制字符"),
    "NUL": (b"a,b\n1,\0", "a.csv", "空字符"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_is_refused(case):
    content, name, told = BAD[case]
    with pytest.raises(BadFile, match=told):
        examined(content, name)


def test_more_than_may_be_uploaded_is_refused(monkeypatch):
    monkeypatch.setattr(files, "LARGEST_BYTES", 100)
    with pytest.raises(BadFile, match="分成几份"):
        examined(GOOD, "a.xlsx")


def test_a_good_file_is_what_it_says():
    assert examined(GOOD, "a.xlsx") == "xlsx"
    assert examined("姓名,身份证号\n".encode("gbk"), "a.CSV") == "csv"


def test_a_document_type_is_refused_wherever_it_stands():
    entity = f'<!--{"x" * 9000}--><!DOCTYPE w [<!ENTITY a "b">]><workbook/>'
    content = changed(xl__workbook_DOT_xml=entity)
    with pytest.raises(BadFile):
        tables.read(content, "xlsx", "台账")


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "ZZZ1"])
def test_a_cell_at_the_end_of_the_world_is_refused_before_room_is_made_for_it(cell):
    row = cell.lstrip("AXFDZ")
    far = f'<row r="{row}"><c r="{cell}"><v>1</v></c></row>'
    content = sheet_of('<row r="1"><c r="M1"><v>1</v></c></row>', far)
    with pytest.raises(BadFile, match=r"太远|列"):
        tables.read(content, "xlsx", "台账")


def test_a_million_empty_rows_are_no_rows():
    empty = "".join(f'<row r="{n}" ht="14"><c r="A{n}" s="1"/></row>' for n in range(3, 1_048_577))
    first = '<row r="1"><c r="A1"><v>7</v></c></row><row r="2"><c r="A2"><v>8</v></c></row>'
    content = sheet_of(first, empty)
    assert examined(content, "a.xlsx") == "xlsx"
    assert tables.read(content, "xlsx", "台账").rows == [(1, [7.0]), (2, [8.0])]


def test_too_many_rows_are_said_with_their_number(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    with pytest.raises(BadFile, match="有 3 行"):
        tables.read(b"a\nb\nc\n", "csv", "")


def test_a_sheet_that_is_not_there_is_refused():
    with pytest.raises(BadFile, match="没有“别的”这张表"):
        tables.read(GOOD, "xlsx", "别的")


def test_an_empty_sheet_is_refused():
    with pytest.raises(BadFile, match="什么也没有"):
        tables.read(xlsx([]), "xlsx", "台账")


def test_parts_that_are_small_by_themselves_and_too_large_together_are_refused(monkeypatch):
    monkeypatch.setattr(files, "LARGEST_OPENED", 9_000)
    parts = {f"xl__media__{n}_DOT_png": random.randbytes(2_000) for n in range(5)}
    with pytest.raises(BadFile, match="大得不正常"):
        examined(changed(**parts), "a.xlsx")


def test_more_parts_than_any_table_has_are_refused(monkeypatch):
    monkeypatch.setattr(files, "MOST_PARTS", 10)
    parts = {f"xl__media__{n}_DOT_png": b"x" for n in range(5)}
    with pytest.raises(BadFile, match="大得不正常"):
        examined(changed(**parts), "a.xlsx")


def test_hidden_sheets_are_not_offered_and_a_file_of_them_alone_is_refused():
    def book(*hidden):
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
            for name in ("甲", "乙", "丙"):
                page = made.add_worksheet(name)
                page.write(0, 0, name)
                if name in hidden:
                    page.very_hidden() if name == "乙" else page.hide()
        return buffer.getvalue()

    assert tables.sheets(book("乙", "丙"), "xlsx") == ["甲"]
    with pytest.raises(BadFile, match="没有看得见的工作表"):
        tables.sheets(all_hidden(), "xlsx")


def all_hidden():
    book = (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        '<sheet name="台账" sheetId="1" state="hidden" r:id="rId1"/></sheets></workbook>'
    )
    return changed(xl__workbook_DOT_xml=book)
