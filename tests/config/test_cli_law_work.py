"""Commands for those who work on the law: coverage, a new measure, mutation."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from jiekun.config.cli import app
from jiekun.config.cli_law import FOLDER
from jiekun.law import load

COVERAGE = (
    "from jiekun.config.cli import main; import sys; sys.argv = ['jiekun', 'coverage']; main()"
)


@pytest.fixture
def jiekun():
    def run(*words):
        return CliRunner(env={"COLUMNS": "300"}).invoke(app, list(words))

    return run


def test_coverage_accounts_for_every_clause_and_nothing_dangles(jiekun):
    told = jiekun("coverage", "--json")
    assert told.exit_code == 0
    found = json.loads(told.stdout)
    assert [clause["id"] for clause in found["clauses"]] == list(load().clauses)
    assert found["dangling"] == []


def test_coverage_narrows_to_a_document_and_a_state(jiekun):
    told = jiekun("coverage", "--json", "--document", "W24", "--state", "not_for_a_computer")
    ids = {clause["id"] for clause in json.loads(told.stdout)["clauses"]}
    assert "W24-F2" in ids
    assert all(name.startswith("W24-") for name in ids)


def test_coverage_shows_what_carries_a_clause_and_what_is_missing(jiekun):
    told = jiekun("coverage", "--document", "W24").stdout
    assert "wuhan/wuchang/canteen_meals/measure.py:" in told
    assert "待建" in told


@pytest.mark.parametrize(
    ("words", "meant"), [(("--document", "W23"), "W2"), (("--state", "run"), "runs")]
)
def test_coverage_names_the_nearest_word(jiekun, words, meant):
    told = jiekun("coverage", *words)
    assert told.exit_code == 2
    assert meant in told.stderr


def test_coverage_needs_no_database_and_leaves_nothing_behind(tmp_path):
    told = subprocess.run(
        [sys.executable, "-c", COVERAGE], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("wuhan/wuchang/dibao",), "已经有一项政策叫这个名字"),
        (("wuhan/wuchang/income_per_member2", "--cites", "W22-99"), "没有这一条"),
        (("wuhan/wuchan/school_kit",), "did you mean wuhan/wuchang?"),
        (("school_kit",), "没有哪个地方的法规在这个文件夹"),
        (("wuhan/wuchang/School-Kit",), "名字用小写字母"),
        (("wuhan/wuchang/class",), "名字用小写字母"),
        (("wuhan/../wuhan/wuchang/kit",), "没有哪个地方的法规在这个文件夹"),
        (("chongqing/jiangjin/school_kit", "--cites", "W22-2.3"), "管不到江津区"),
    ],
)
def test_a_new_measure_that_cannot_be_is_refused_and_nothing_written(jiekun, words, why):
    before = sorted(FOLDER.rglob("*.py"))
    told = jiekun("law", "new", *words)
    assert told.exit_code == 2
    assert why in told.stderr
    assert sorted(FOLDER.rglob("*.py")) == before


def test_mutation_counts_what_was_caught_and_lists_the_rest(jiekun):
    told = jiekun("law", "mutate", "--only", "china/orphan", "--json")
    found = json.loads(told.stdout)
    assert found["mutants"] == found["caught"] + len(found["survivors"])
    assert found["mutants"] > 3
    assert told.exit_code == (1 if found["survivors"] else 0)


def test_mutation_of_a_folder_there_is_not_is_refused(jiekun):
    told = jiekun("law", "mutate", "--only", "wuhan/../../kernel")
    assert told.exit_code == 2
    assert "没有这个文件夹" in told.stderr
