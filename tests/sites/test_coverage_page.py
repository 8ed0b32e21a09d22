"""The coverage page: every clause, what carries it out, and nothing claimed beyond that."""

import re

import pytest

from jiekun.oversight.coverage import shipped

ROW = re.compile(r'<tr id="([^"]+)"')


def test_every_clause_has_its_row(see):
    assert ROW.findall(see("/law/coverage/")) == [covered.clause.id for covered in shipped()]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ({"document": "W24"}, lambda c: c.document == "W24"),
        ({"state": "to_come"}, lambda c: c.state == "to_come"),
        ({"how": "clock"}, lambda c: "clock" in c.how),
        (
            {"document": "W22", "state": "not_for_a_computer"},
            lambda c: c.document == "W22" and c.state == "not_for_a_computer",
        ),
    ],
)
def test_filters_leave_exactly_what_they_name(see, words, wanted):
    expected = [c.clause.id for c in shipped() if wanted(c)]
    assert ROW.findall(see("/law/coverage/", **words)) == expected


@pytest.mark.parametrize("words", [{"document": "W23"}, {"state": "done"}, {"room": "care"}])
def test_an_unknown_filter_is_refused(see, words):
    see("/law/coverage/", 400, **words)


def test_a_rule_leads_to_its_measures_page(see):
    page = see("/law/coverage/", document="W24")
    assert '<a href="/measures/canteen_meals/">可以享受助餐</a>' in page


def test_what_is_missing_is_said_with_the_room_that_builds_it(see):
    page = see("/law/coverage/", document="W24", state="to_come")
    assert "由“民呼我应”来建" in page


def test_the_bars_add_up_to_every_clause(see):
    counts = re.findall(r'aria-label="\w+ \S+ (\d+) 条"', see("/law/coverage/"))
    assert sum(map(int, counts)) == len(shipped())


def test_the_documents_page_leads_to_coverage(see):
    assert "/law/coverage/" in see("/law/")


def test_a_clause_the_code_carries_out_is_not_called_to_come(see):
    row = see("/law/W24/").split('<tr id="W24-O1c">')[1].split("</tr>")[0]
    assert "程序在执行" in row


def test_departments_may_read_the_coverage(sign_in):
    assert sign_in("jiaoyu").get("/law/coverage/").status_code == 200
