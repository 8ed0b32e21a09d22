"""The handbook as a file: official measures, Chinese letters inside, and a draft never unmarked."""

import io
from datetime import date

import pypdf
import pytest

from jiekun.law import load
from jiekun.oversight.handbook.entries import book_of
from jiekun.oversight.handbook.pdf import book_pdf, code, leaflet_pdf, leaflet_rows

A4 = (595.3, 841.9)
ADDRESS = "https://wuchang.example/handbook/dibao/"


def book(*simulate):
    return book_of(load(), load().program(on=date(2024, 11, 1), place="420106", simulate=simulate))


def opened(made):
    return pypdf.PdfReader(io.BytesIO(made))


def text(page):
    return "".join(page.extract_text().split())


@pytest.fixture(scope="module")
def made():
    return book_pdf(book("W24"), "resident")


@pytest.fixture(scope="module")
def pages(made):
    return list(opened(made).pages)


def test_every_page_is_a4(pages):
    assert {tuple(round(float(x), 1) for x in page.mediabox[2:]) for page in pages} == {A4}


def test_chinese_letters_come_inside_the_file(pages):
    fonts = [f.get_object() for page in pages[:9] for f in page["/Resources"]["/Font"].values()]
    found = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert {font["/FontName"].partition("+")[2][:9] for font in found} == {"NotoSerif", "NotoSansS"}
    assert all(font.keys() & {"/FontFile2", "/FontFile3"} for font in found)


def test_the_cover_says_what_it_is_and_of_which_day(pages):
    cover = text(pages[0])
    assert "武昌区分层分类社会救助政策工具书" in cover
    assert "居民读本" in cover
    assert "2024年11月1日" in cover


def test_every_page_of_a_simulated_book_says_so(pages):
    assert all("草案不得据以发放" in text(page) for page in pages)


def test_every_measure_stands_in_the_book(pages):
    whole = "".join(map(text, pages))
    labels = ["".join(entry.measure.label.split()) for entry in book("W24").entries]
    assert [label for label in labels if whole.count(label) < 2] == []


def test_a_book_of_the_law_in_force_speaks_of_no_draft():
    whole = "".join(map(text, opened(book_pdf(book(), "leader")).pages))
    assert "草案不得" not in whole
    assert "［" not in whole


def test_the_same_law_gives_the_same_file(made):
    assert book_pdf(book("W24"), "resident") == made


def test_an_unknown_reader_gets_no_book():
    with pytest.raises(KeyError):
        book_pdf(book(), "nobody")


def test_the_longest_leaflet_still_is_one_page():
    def length(entry):
        return sum(len(b.text) + len("".join(b.items)) for r in leaflet_rows(book("W24"), entry)
                   for b in r.blocks)  # fmt: skip

    longest = sorted(book("W24").entries, key=length)[-2:]
    for entry in longest:
        assert len(opened(leaflet_pdf(book("W24"), entry, ADDRESS)).pages) == 1


def test_a_leaflet_says_where_its_code_leads():
    (page,) = opened(leaflet_pdf(book(), book().entry("dibao"), ADDRESS)).pages
    assert ADDRESS in text(page)
    assert "1,320" in text(page)


def test_each_address_has_a_code_of_its_own():
    assert code(ADDRESS).startswith("<svg")
    assert code(ADDRESS) != code(ADDRESS + "?law=W24")
