"""A ledger on the desk: uploaded, its columns told, checked, imported, taken back."""

import io
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook
from stdnum.cn import ric

from jiekun.exchange import actions
from jiekun.exchange.models import Import
from jiekun.registry import actions as registry
from jiekun.registry import keys
from jiekun.registry.models import PersonFacts

from .conftest import AT

HEADINGS = ["姓名", "身份证号", "零工收入", "备注"]


def number(born, sequence):
    text = f"420106{born:%Y%m%d}{sequence:03d}"
    return text + str(ric.calc_check_digit(text + "0"))


HERS = number(date(1946, 2, 9), 2)


@pytest.fixture
def known(village, db, settings, tmp_path):
    """The grandmother's number is registered."""
    settings.KEY_FILE = tmp_path / "keys.json"
    keys.make()
    registry.claim_identifier(person=village.grandmother, kind="resident_id", number=HERS,
                              source="本人", by=None, at=AT)  # fmt: skip


def book(*rows):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        page = made.add_worksheet("十月")
        for at, row in enumerate((HEADINGS, *rows)):
            page.write_row(at, 0, row)
    return SimpleUploadedFile("十月<b>.xlsx", buffer.getvalue())


GOOD, BAD = ["周桂英", HERS, "350", ""], ["无名氏", "4.2E+17", "", ""]
CHOSEN = {"act": "check", "sheet": "十月", "layout": "people", "header": "1", "source": "社区走访",
          "as_of": "2024-10-31", "column-0": "name", "column-1": "id_number",
          "column-2": "fact:odd_job_income", "column-3": ""}  # fmt: skip


def bring(client, *rows):
    answer = client.post("/imports/upload/", {"ledger": book(*rows)}, follow=True)
    assert answer.status_code == 200
    return answer, Import.objects.get()


def checked(client, *rows):
    _, of = bring(client, *rows)
    client.post(f"/imports/{of.pk}/act/", CHOSEN)
    actions.work_off(of=of, at=AT)
    return of, f"/imports/{of.pk}/"


def test_the_list_says_how_to_begin(street, known):
    page = street.get("/imports/").content.decode()
    assert "还没有导入过" in page
    assert "最低生活保障台账" in page


def test_columns_are_guessed_and_shown_masked(street, known):
    _, of = bring(street, GOOD)
    page = street.get(f"/imports/{of.pk}/", {"layout": "people"}).content.decode()
    assert '<option value="id_number" selected>' in page
    assert '<option value="fact:odd_job_income" selected>' in page
    assert "周**" in page
    assert "周桂英" not in page
    assert HERS not in page
    assert f"…{HERS[-4:]}" in page
    assert "十月&lt;b&gt;.xlsx" in page


def test_problems_are_shown_by_row_and_nothing_else_is_written(street, known, village):
    _, address = checked(street, GOOD, BAD)
    page = street.get(address).content.decode()
    assert "1 行可以导入" in page
    assert "“身份证号”：号码被改成了科学计数法" in page
    ready = street.get(address, {"outcome": "ready"}).content.decode()
    assert "零工收入：350" in ready
    assert PersonFacts.objects.get(person=village.grandmother).odd_job_income is None


def test_who_was_not_looked_for_is_not_told_as_missing(street, known):
    stranger = ["无名氏", number(date(1990, 1, 1), 7), "", ""]
    _, address = checked(street, BAD, stranger)
    page = street.get(address).content.decode()
    assert page.count("号码不对，没有查") == page.count("没有找到") == 1
    assert page.count("无** ") == 2
    assert "无名氏" not in page


def test_a_file_with_no_good_row_waits_to_be_mended(street, known):
    _, address = checked(street, BAD)
    for page in (street.get(address), street.get("/imports/")):
        assert '<span class="chip ask">要改</span>' in page.content.decode()


def test_the_rows_to_mend_are_a_workbook(street, known):
    _, address = checked(street, GOOD, BAD)
    answer = street.post(f"{address}to-mend.xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    assert sheet.to_python()[1][:2] == BAD[:2]
    assert "no-store" in answer["Cache-Control"]


def test_good_rows_are_imported_and_taken_back(street, known, village):
    of, address = checked(street, GOOD, BAD)
    under_way = street.post(f"{address}act/", {"act": "apply"}, follow=True).content.decode()
    assert "正在导入" in under_way
    assert 'hx-trigger="every 2s"' in under_way
    actions.work_off(of=of, at=AT)
    assert street.get(f"{address}progress/")["HX-Refresh"] == "true"
    assert PersonFacts.objects.get(person=village.grandmother).odd_job_income == 35_000
    assert "整份撤销" in street.get(address).content.decode()
    street.post(f"{address}act/", {"act": "undo", "why": "传错了"})
    actions.work_off(of=of, at=AT)
    assert PersonFacts.objects.get(person=village.grandmother).odd_job_income is None


def test_a_refused_choice_keeps_what_was_chosen(street, known):
    _, of = bring(street, GOOD)
    wrong = {**CHOSEN, "column-1": "", "column-3": "fact:wage_income", "source": "社区走访"}
    answer = street.post(f"/imports/{of.pk}/act/", wrong)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "还没有说哪一列是：身份证号" in page
    assert '<option value="fact:wage_income" selected>' in page
    assert 'value="社区走访"' in page


@pytest.mark.parametrize(
    "words",
    [
        {"layout": "people", "sheet": "没有"},
        {"layout": "gold"},
        {"outcome": "x"},
        {"page": "9"},
        {"who": "x"},
    ],
)
def test_an_address_that_makes_no_sense_is_refused(street, known, words):
    _, address = checked(street, GOOD)
    assert street.get(address, words).status_code == 400


def test_a_row_that_cannot_hold_the_headings_is_said(street, known):
    _, of = bring(street, GOOD)
    page = street.get(f"/imports/{of.pk}/", {"layout": "people", "header": "7"}).content.decode()
    assert "不能当表头" in page


def test_a_bad_file_is_refused_with_the_reason(street, known):
    given = SimpleUploadedFile("a.xlsx", b"<html>")
    page = street.post("/imports/upload/", {"ledger": given}, follow=True).content.decode()
    assert "其实是一个网页" in page
    assert street.post("/imports/upload/").status_code == 400
    assert not Import.objects.exists()


def test_without_keys_nothing_is_kept_and_it_is_said(street, settings, tmp_path):
    settings.KEY_FILE = tmp_path / "none.json"
    page = street.post("/imports/upload/", {"ledger": book(GOOD)}, follow=True).content.decode()
    assert "没有密钥文件" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("elsewhere", 404), ("nextdoor", 404), ("shenji", 403), ("jiaoyu", 403), ("quzhang", 403)],
)
def test_an_import_is_there_for_its_area_only(street, known, sign_in, who, status):
    _, address = checked(street, GOOD)
    client = sign_in(who)
    for asked in (address, f"{address}progress/"):
        assert client.get(asked).status_code == status, asked
    for asked in (f"{address}act/", f"{address}to-mend.xlsx"):
        assert client.post(asked, {"act": "discard"}).status_code == status, asked
    listed = client.get("/imports/")
    assert listed.status_code == (200 if status == 404 else 403)
    assert address not in listed.content.decode()


def test_discarded_is_gone(street, known):
    _, address = checked(street, GOOD)
    street.post(f"{address}act/", {"act": "discard"})
    page = street.get(address).content.decode()
    assert "文件和内容都已删除" in page
