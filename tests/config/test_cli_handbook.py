"""`jiekun handbook` writes one file, or says everything that is wrong and writes none."""

import json

import pytest
from typer.testing import CliRunner

from jiekun.config.cli import app

ASKED = ["--on", "2024-11-01", "--place", "420106"]


@pytest.fixture
def handbook(tmp_path):
    def run(*words, out="book.pdf"):
        path = tmp_path / out
        told = CliRunner().invoke(app, ["handbook", *ASKED, "-o", str(path), *map(str, words)])
        return told, path

    return run


@pytest.fixture
def totals(tmp_path):
    """What `jiekun screen` counted under the law in force."""
    path = tmp_path / "totals.json"
    dibao = {"to": "household", "yes": 7, "ask": 0, "judge": 0, "unset": 0, "yearly_yuan": "84.10"}
    path.write_text(json.dumps({"on": "2024-11-01", "place": "420106", "simulate": [],
                                "people": 20, "measures": {"dibao": dibao}}))  # fmt: skip
    return path


def test_the_book_is_written(handbook):
    told, path = handbook()
    assert told.exit_code == 0
    assert path.read_bytes().startswith(b"%PDF")


def test_a_leaflet_of_a_draft_says_what_it_is(handbook):
    told, path = handbook("--simulate", "W24", "--leaflet", "transit_card")
    assert path.exists()
    assert "草案不得据以发放" in told.stderr


def test_a_code_that_leads_to_this_machine_is_told(handbook, monkeypatch):
    monkeypatch.delenv("JIEKUN_SITE", raising=False)
    assert "本机" in handbook("--leaflet", "dibao")[0].stderr
    assert "本机" not in handbook("--leaflet", "dibao", "--site", "https://a.cn")[0].stderr


def test_everything_wrong_is_told_at_once_and_nothing_written(handbook):
    told, path = handbook("--reader", "mayor", "--leaflet", "dibau", out="book.doc")
    assert told.exit_code == 2
    assert "3 处" in told.stderr
    assert "dibao" in told.stderr
    assert not path.exists()


def test_a_measure_only_a_draft_has_is_told_how_to_get(handbook):
    assert "--simulate W24" in handbook("--leaflet", "transit_card")[0].stderr


def test_counts_of_a_screening_go_into_the_leaders_book(handbook, totals):
    plain, counted = handbook("--reader", "leader"), None
    before = plain[1].read_bytes()
    counted = handbook("--reader", "leader", "--totals", totals)
    assert counted[0].exit_code == 0
    assert counted[1].read_bytes() != before


def test_counts_of_another_law_are_refused(handbook, totals):
    told, path = handbook("--simulate", "W24", "--totals", totals)
    assert "不一致" in told.stderr
    assert not path.exists()


@pytest.mark.parametrize("text", ["", "[]", '{"on": 1}', "{"])
def test_a_file_that_holds_no_counts_is_refused(handbook, totals, text):
    totals.write_text(text)
    assert "totals.json" in handbook("--totals", totals)[0].stderr
