"""What a spreadsheet holds, hides and only shows, as it is read."""

import io

import pytest
import xlsxwriter

from jiekun.exchange import cells, layouts, tables
from jiekun.exchange.tables import Broken, Table

from .conftest import number, xlsx
from .test_bad_files import sheet_of

TEXT = "姓名,身份证号\n𠮷田·何,1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_any_encoding_offices_use_is_read(encoding):
    assert tables.read(TEXT.encode(encoding), "csv", "").rows[1] == (2, ["𠮷田·何", "1"])


def test_gbk_is_read():
    assert tables.read("姓名,住址\n何,武昌".encode("gbk"), "csv", "").rows[0][1] == ["姓名", "住址"]


def test_columns_may_be_parted_by_tabs_or_semicolons():
    for mark in "\t;":
        assert tables.read(f"a{mark}b\n1{mark}2".encode(), "csv", "").rows[1][1] == ["1", "2"]


def drawn(draw):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        draw(book, book.add_worksheet("台账"))
    return tables.read(buffer.getvalue(), "xlsx", "台账")


def test_a_cell_over_several_rows_counts_for_each():
    def draw(book, page):
        page.merge_range(1, 0, 3, 0, "何家")
        page.write_column(0, 1, [1, 2, 3, 4])

    table = drawn(draw)
    assert [cells[0] for _, cells in table.rows] == ["", "何家", "何家", "何家"]
    assert table.merged == {3, 4}


def test_hidden_rows_are_known_as_such():
    def draw(book, page):
        page.write_column(0, 0, [1, 2, 3])
        page.set_row(1, None, None, {"hidden": True})

    assert drawn(draw).hidden == {2}


def test_a_formula_that_failed_shows_its_sign_and_is_not_empty():
    def draw(book, page):
        page.write_row(0, 0, ["甲", "乙"])
        page.write_formula(1, 0, "=NA()", None, "#N/A")
        page.write_formula(1, 1, "=1+1", None, 2)

    assert drawn(draw).rows[1][1] == [Broken("#N/A"), 2.0]


def test_a_formula_never_worked_out_is_not_taken_for_nothing():
    table = tables.read(
        sheet_of('<row r="1"><c r="A1"><v>5</v></c><c r="B1"><f>A1+1</f></c>'
                 '<c r="C1"><v>1</v></c></row>'), "xlsx", "台账")  # fmt: skip
    assert table.rows == [(1, [5.0, Broken("公式"), 1.0])]


LEDGER = [
    ["武昌区某街道低保台账", "", ""],
    ["", "", "2024 年 10 月"],
    ["序号", "申请人 姓名", "申请人身份证号", "月保障金额（元）"],
    [1, "何平", "x", 500],
]


def test_headings_are_found_below_titles():
    table = tables.read(xlsx(LEDGER), "xlsx", "台账")
    header = layouts.header_of(table, layouts.LAYOUTS["dibao"])
    assert table.rows[header][0] == 3
    said = layouts.guessed(layouts.LAYOUTS["dibao"], table, header, {})
    assert said == {1: "name", 2: "id_number", 3: "amount"}


def test_a_column_full_of_numbers_is_recognised_without_its_heading():
    from datetime import date

    rows = [(n, ["何", number(date(1980, 1, n), n)]) for n in range(2, 9)]
    table = Table([(1, ["姓名", "证"]), *rows])
    assert layouts.guessed(layouts.LAYOUTS["people"], table, 0, {}) == {0: "name", 1: "id_number"}


def test_what_the_office_chose_before_comes_first():
    table = Table([(1, ["姓名", "曾用", "证件号"])])
    remembered = {"曾用": "name", "gone": "name"}
    said = layouts.guessed(layouts.LAYOUTS["people"], table, 0, remembered)
    assert said == {1: "name", 2: "id_number"}


def test_no_heading_means_two_things_in_one_layout():
    for layout in layouts.LAYOUTS.values():
        words = [layouts.plain_heading(h) for c in layout.columns for h in (c.label, *c.headings)]
        assert len(words) == len(set(words)), layout.name


def test_days_counted_from_1904_are_the_days_people_see():
    from datetime import date

    def book(**options):
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as made:
            page = made.add_worksheet("台账")
            page.write_datetime(0, 0, date(2024, 3, 5), made.add_format({"num_format": "yyyy-m-d"}))
            page.write_datetime(1, 0, date(2024, 3, 5))
        return tables.read(buffer.getvalue(), "xlsx", "台账")

    for table in (book(), book(date_1904=True)):
        for _, row in table.rows:
            assert cells.day(row[0], first_day=table.first_day) == date(2024, 3, 5)
    assert book().rows[1][1] != book(date_1904=True).rows[1][1]


def test_of_two_columns_with_one_heading_only_the_first_is_taken():
    table = Table([(1, ["姓名", "姓名", "身份证号", "身份证号"]), (2, ["何", "平", "1", "2"])])
    said = layouts.guessed(layouts.LAYOUTS["people"], table, 0, {})
    assert said == {0: "name", 2: "id_number"}
