"""The command line answers in one go, or says everything that is wrong and writes nothing."""

import json
import subprocess
import sys
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from jiekun.config.cli import app
from jiekun.demo.make import schema
from jiekun.law import load

ASKED = ["--on", "2024-11-01", "--place", "420106"]
FAMILY = {
    "household": {"assets_within_limit": True, "rural": False},
    "people": [{"name": "陈兰", "hukou": "district", "away": "home", "wage_income": 1500}],
}


@pytest.fixture
def jiekun():
    def run(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return run


@pytest.fixture
def explain(tmp_path, jiekun):
    """Explains a household given as a dict."""

    def run(content, *more, asked=ASKED):
        path = tmp_path / "family.json"
        path.write_text(json.dumps(content))
        return jiekun("explain", path, *asked, *more)

    return run


def plain_person(**facts):
    """Somebody of whom all is known, so that dibao is decided."""
    from jiekun.config.cli_law import FOLDER
    from jiekun.kernel.cases import read_cases

    cases = read_cases(FOLDER / "wuhan/wuchang/dibao/cases.yaml")
    base = next(case for case in cases if not case.given)
    known = {**base.plain_person, **facts}
    return {name: str(v) if hasattr(v, "isoformat") else v for name, v in known.items()}


def test_explain_says_what_a_family_gets_and_why(explain):
    family = {"household": {**FAMILY["household"], "dibao_recognised": False}}
    told = explain({**family, "people": [{"name": "陈兰", **plain_person(wage_income=500)}]})
    assert told.exit_code == 0
    assert "最低生活保障　全家　440 元/月（一年 5,280 元）" in told.stdout
    assert "W22-2.1b" in told.stdout


def test_explain_asks_what_is_not_known(explain):
    told = explain(FAMILY)
    assert "可能得到，先问清" in told.stdout
    assert "接下来问什么" in told.stdout
    assert "陈兰：" in told.stdout


def test_explain_says_when_it_simulates_a_draft(explain):
    assert "试算" not in explain(FAMILY).stdout
    told = explain(FAMILY, "--simulate", "W24").stdout
    assert "假定 W24" in told
    assert "不能据以发放" in told


def test_explain_as_json_is_the_whole_graph_of_reasons(explain):
    told = json.loads(explain(FAMILY, "--json").stdout)
    (dibao,) = (o for o in told["outcomes"] if o["measure"] == "dibao")
    assert dibao["status"] == "ask"
    assert dibao["step"] in told["steps"]
    assert {m["key"] for m in told["missing"]} >= set(dibao["missing"])


def test_all_tells_more_than_the_short_answer(explain):
    assert len(explain(FAMILY, "--all").stdout) > len(explain(FAMILY).stdout)


def test_two_households_in_one_file_are_told_apart(explain):
    told = json.loads(explain({"households": [FAMILY, FAMILY]}, "--json").stdout)
    assert [household["id"] for household in told["households"]] == ["1", "2"]


BAD = {"household": {"rurl": True}, "people": [{"wage_income": -1}]}


def test_a_bad_file_is_refused_with_every_problem(explain):
    told = explain(BAD, asked=["--on", "soon", "--place", "1"])
    assert told.exit_code == 2
    for path in ("on", "place", "household.rurl", "people[0].wage_income"):
        assert f"✗ {path} " in told.stderr
    assert told.stdout == ""


def test_a_bad_file_is_refused_as_json_for_programs(explain):
    told = explain(BAD, "--json")
    assert told.exit_code == 2
    paths = [problem["path"] for problem in json.loads(told.stdout)["problems"]]
    assert paths == ["household.rurl", "people[0].wage_income"]


def test_a_file_that_is_not_there_is_refused(jiekun, tmp_path):
    told = jiekun("explain", tmp_path / "none.json", *ASKED)
    assert (told.exit_code, "读不了" in told.stderr) == (2, True)


def test_explain_needs_neither_database_nor_arrow(tmp_path):
    path = tmp_path / "family.json"
    path.write_text(json.dumps(FAMILY))
    script = (
        "import sys; from jiekun.config.cli_explain import run;"
        f"run(__import__('pathlib').Path({str(path)!r}), '2024-11-01', '420106', (),"
        " as_json=True, everything=False);"
        "print([m for m in ('django', 'pyarrow', 'numpy') if m in sys.modules], file=sys.stderr)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stderr == "[]\n"


def test_law_check_passes_on_the_shipped_law(jiekun):
    told = jiekun("law", "check")
    assert told.exit_code == 0
    assert "0 处不符" in told.stdout


def test_law_show_tells_conditions_numbers_and_examples(jiekun):
    told = jiekun("law", "show", "dibao", "--on", "2024-11-01").stdout
    assert "与低保标准相比的人均收入 低于 低保标准" in told
    assert "2023-06-14" in told
    assert "wuhan/wuchang/dibao/measure.py:" in told


def test_law_show_points_a_draft_to_its_simulation(jiekun):
    asked = {"on": date(2024, 11, 1), "place": "420106"}
    now, draft = (load().program(**asked, simulate=s).measures for s in ((), ("W24",)))
    only_draft = {u.measure.name for u in draft} - {u.measure.name for u in now}
    asked = ["law", "show", min(only_draft), "--on", "2024-11-01"]
    told = jiekun(*asked)
    assert (told.exit_code, "--simulate W24" in told.stderr) == (2, True)
    assert jiekun(*asked, "--simulate", "W24").exit_code == 0


def test_law_show_names_the_nearest_measure(jiekun):
    assert "是不是 dibao？" in jiekun("law", "show", "dibaoo").stderr


def test_law_show_lists_measures_in_force(jiekun):
    found = json.loads(jiekun("law", "show", "--on", "2024-11-01", "--json").stdout)
    assert "dibao" in [measure["measure"] for measure in found]


def test_facts_can_be_searched(jiekun):
    found = json.loads(jiekun("facts", "残疾等级", "--json").stdout)
    assert next(fact["name"] for fact in found) == "disability_level"
    assert jiekun("facts", "没有这个").exit_code == 1


@pytest.mark.parametrize("command", ["explain", "screen", "facts", "demo"])
def test_help_teaches_every_command(jiekun, command):
    assert jiekun(command, "--help").exit_code == 0


# -- screen


@pytest.fixture
def parquet(tmp_path):
    """Writes the two files for some households of one person each."""

    def write(people=({"wage_income": 50_000},), homes=None):
        rows = [{"household_id": n, "person_id": n, **p} for n, p in enumerate(people, 1)]
        own = [{"household_id": n, "rural": False} for n in homes or range(1, len(rows) + 1)]
        for name, entity, table in (("p", "person", rows), ("h", "household", own)):
            made = pa.Table.from_pylist(table, schema=schema(entity))
            pq.write_table(made, tmp_path / f"{name}.parquet")
        return tmp_path / "p.parquet", tmp_path / "h.parquet"

    return write


def test_screen_writes_findings_and_totals(jiekun, parquet, tmp_path):
    told = jiekun("screen", *parquet(), *ASKED, "-o", tmp_path / "out")
    assert told.exit_code == 0
    totals = json.loads((tmp_path / "out" / "totals.json").read_text())
    assert totals["people"] == 1
    assert pq.read_table(tmp_path / "out" / "findings.parquet").num_rows > 0


def test_screen_refuses_a_person_without_household_and_writes_nothing(jiekun, parquet, tmp_path):
    told = jiekun("screen", *parquet(people=[{}, {}], homes=[1]), *ASKED, "-o", tmp_path / "out")
    assert told.exit_code == 2
    assert "household_id" in told.stderr
    assert not (tmp_path / "out").exists()


def test_screen_totals_alone_writes_no_findings(jiekun, parquet, tmp_path):
    told = jiekun("screen", *parquet(), *ASKED, "-o", tmp_path / "out", "--totals")
    assert told.exit_code == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["totals.json"]


def test_screen_names_an_engine_that_does_not_exist(jiekun, parquet, tmp_path):
    asked = ["-o", tmp_path / "out", "--engine", "abacus", "--master", "local"]
    told = jiekun("screen", *parquet(), *ASKED, *asked)
    assert told.exit_code == 2
    assert "abacus" in told.stderr
    assert "--master" in told.stderr


def test_screen_names_a_wrong_place_and_a_missing_file_together(jiekun, tmp_path):
    asked = ["--on", "2024-11-01", "--place", "9", "-o", tmp_path / "out"]
    told = jiekun("screen", tmp_path / "a", tmp_path / "b", *asked)
    assert told.exit_code == 2
    assert told.stderr.count("✗") == 3


def test_law_check_can_leave_the_examples_out():
    told = CliRunner().invoke(app, ["law", "check", "--rules-only"])
    assert told.exit_code == 0
    assert "0 个例子，0 处不符" in told.stdout
