"""The handbook on the web: three readers, plain words, one sheet of paper."""

import pytest

from jiekun.oversight.handbook.readers import READERS


@pytest.mark.parametrize("reader", READERS)
def test_every_measure_has_a_page_for_each_reader(street, reader):
    page = street.get("/handbook/", {"law": "W24", "reader": reader})
    for entry in page.context["book"].entries:
        found = street.get(f"/handbook/{entry.name}/", {"law": "W24", "reader": reader})
        assert found.status_code == 200, entry.name
        assert entry.measure.label in found.content.decode()


def test_a_resident_is_told_without_clause_tables(see):
    assert "1,320 元/月" in see("/handbook/dibao/")
    assert "要问清的" not in see("/handbook/dibao/")


def test_a_caseworker_sees_each_condition_with_its_clause(see):
    page = see("/handbook/dibao/", reader="caseworker")
    assert '<a href="/law/W22/#W22-2.1b">W22-2.1b</a>' in page


def test_a_leader_sees_what_the_last_screening_counted(sign_in):
    page = sign_in("qu").get("/handbook/dibao/", {"reader": "leader"}).content.decode()
    assert "2024-11-01 筛查" in page
    assert "该得未得" in page


def test_who_sees_no_families_sees_no_counts(sign_in):
    page = sign_in("admin").get("/handbook/dibao/", {"reader": "leader"}).content.decode()
    assert "没有给筛查结果" in page


def test_plain_words_find_a_measure(see):
    assert "医疗救助" in see("/handbook/?q=看病")


def test_words_nobody_uses_are_told_what_to_try(see):
    assert "换一个平常的说法" in see("/handbook/?q=火星移民")


def test_a_question_too_long_is_refused(see):
    assert "太长" in see("/handbook/", 400, q="救" * 41)


def test_an_unknown_reader_is_refused_with_those_there_are(see):
    assert "caseworker" in see("/handbook/", 400, reader="mayor")


def test_a_measure_only_the_draft_has_opens_under_the_draft(street):
    answer = street.get("/handbook/transit_card/")
    assert answer.status_code == 302
    assert "law=W24" in answer["Location"]
    assert "只在草案里" in street.get(answer["Location"]).content.decode()


def test_a_measure_there_is_not_has_no_page(see):
    for address in ("", "leaflet/", "leaflet.pdf"):
        see(f"/handbook/nothing/{address}", 404)


def test_the_sheet_of_a_draft_says_so_and_keeps_it_in_its_code(see):
    page = see("/handbook/transit_card/leaflet/", law="W24")
    assert "草案不得据以发放" in page
    assert "http://testserver/handbook/transit_card/?law=W24" in page
    assert "<svg" in page


@pytest.mark.parametrize("address", ["/handbook.pdf", "/handbook/dibao/leaflet.pdf"])
def test_files_are_pdf(street, address):
    answer = street.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
