import json
import subprocess
import sys
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jiekun.demo.make import schema
from jiekun.kernel import LawError
from jiekun.law.facts import FACTS
from jiekun.screening.files import FileProblems, screen_files

from .conftest import BASE, DISTRICT, POOR, TODAY

pytestmark = pytest.mark.usefixtures("few_measures")


def table(entity, rows, keys):
    """Rows of facts, over the baseline, as the demo's files have them."""
    columns = {key: [row[key] for row in rows] for key in keys}
    for fact in FACTS.of(entity):
        columns[fact.name] = [given(fact, {**BASE[entity], **row}[fact.name]) for row in rows]
    return pa.table(columns, schema=schema(entity))


def given(fact, value):
    return value * 100 if fact.kind == "money" and value is not None else value


def people(*rows):
    return table("person", rows, ["household_id", "person_id"])


def homes(*rows):
    return table("household", rows, ["household_id"])


TWO = [
    {"household_id": 1, "person_id": 11},
    {"household_id": 1, "person_id": 12, "birth_date": date(2015, 5, 5)},
    {"household_id": 2, "person_id": 21, "wage_income": None},
]
HOMES = [{"household_id": 1, **POOR}, {"household_id": 2, **POOR}]


@pytest.fixture
def screened(tmp_path):
    def screen(persons=None, households=None, **changed):
        groups = changed.pop("group", 1000)
        for name, made in (
            ("p", people(*TWO) if persons is None else persons),
            ("h", homes(*HOMES) if households is None else households),
        ):
            pq.write_table(made, tmp_path / f"{name}.parquet", row_group_size=groups)
        return screen_files(
            tmp_path / "p.parquet", tmp_path / "h.parquet",
            **{"on": TODAY, "place": DISTRICT, "out": tmp_path / "out", **changed},
        )  # fmt: skip

    return screen


def counted(totals):
    """Totals without what they were made from."""
    return {name: totals[name] for name in ("people", "households", "measures", "missing")}


def refused(screened, tmp_path, *tables):
    with pytest.raises(FileProblems) as told:
        screened(*tables)
    assert not (tmp_path / "out").exists()
    return told.value.problems


def with_column(made, name, values):
    return made.set_column(made.schema.get_field_index(name), name, values)


def test_totals_say_how_many_get_what(screened):
    dibao = screened()["measures"]["dibao"]
    assert {s: dibao[s] for s in ("yes", "no", "ask", "judge", "unset")} == {
        "yes": 1, "no": 0, "ask": 1, "judge": 0, "unset": 0,
    }  # fmt: skip
    assert dibao["yearly_yuan"] == "22560.00"


def test_missing_facts_are_counted(screened):
    assert screened()["missing"]["wage_income"] >= 1


def test_findings_have_a_row_for_each_answer_that_is_no_firm_no(screened, tmp_path):
    screened()
    rows = pq.read_table(tmp_path / "out" / "findings.parquet").to_pylist()
    assert {
        "household_id": 1, "person_id": None, "measure": "dibao", "status": "yes",
        "amount": 188_000, "yearly_fen": 2_256_000, "missing": [],
    } in rows  # fmt: skip
    assert {row["status"] for row in rows if row["household_id"] == 2} == {"ask"}


def test_the_totals_are_written_as_they_are_returned(screened, tmp_path):
    found = screened()
    assert json.loads((tmp_path / "out" / "totals.json").read_text()) == found
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "findings.parquet",
        "totals.json",
    }


@pytest.mark.parametrize("group", [1, 2, 3])
def test_families_cut_by_a_row_group_are_put_together(screened, group):
    assert counted(screened(group=group)) == counted(screened())


def test_nothing_known_of_anybody_is_no_error(screened):
    made = people(*TWO)
    nothing = with_column(made, "wage_income", pa.nulls(3))
    assert screened(nothing)["measures"]["dibao"]["ask"] == 2


@pytest.mark.parametrize("name", ["household_id", "wage_income", "birth_date"])
def test_a_missing_column_is_named(screened, tmp_path, name):
    (told,) = refused(screened, tmp_path, people(*TWO).drop_columns([name]))
    assert "缺少列" in told
    assert name in told


def test_a_misspelled_column_names_the_one_that_is_meant(screened, tmp_path):
    made = people(*TWO)
    names = [n.replace("wage_income", "wage_incom") for n in made.column_names]
    (told,) = refused(screened, tmp_path, made.rename_columns(names))
    assert "wage_incom?" in told


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("wage_income", pa.array([1.5, 2.0, 3.0])),
        ("employed", pa.array([0, 1, 0])),
        ("birth_date", pa.array(["1984-01-01"] * 3)),
        ("away", pa.array([0, 0, 0])),
        ("person_id", pa.array(["a", "b", "c"])),
    ],
)
def test_a_wrong_type_is_named(screened, tmp_path, name, values):
    (told,) = refused(screened, tmp_path, with_column(people(*TWO), name, values))
    assert name in told
    assert str(values.type) in told


def test_a_person_in_two_households_is_counted(screened, tmp_path):
    twice = [*TWO[:2], {**TWO[2], "person_id": 11}]
    (told,) = refused(screened, tmp_path, people(*twice))
    assert "person_id 重复，1 人" in told


def test_people_without_their_household_are_counted(screened, tmp_path):
    (told,) = refused(screened, tmp_path, people(*TWO), homes(HOMES[0]))
    assert "1 个住户在 households 里没有" in told


def test_households_without_people_are_counted(screened, tmp_path):
    more = [*HOMES, {"household_id": 3}, {"household_id": 4}]
    (told,) = refused(screened, tmp_path, people(*TWO), homes(*more))
    assert "2 户在 persons 里没有人" in told


def test_a_household_twice_is_counted(screened, tmp_path):
    (told,) = refused(screened, tmp_path, people(*TWO), homes(HOMES[0], *HOMES))
    assert "household_id 重复 1 次" in told


def test_people_out_of_order_are_put_in_order_first_and_told_so(screened, tmp_path):
    told = []
    scattered = people(TWO[0], TWO[2], TWO[1])
    found = screened(scattered, homes(*reversed(HOMES)), notice=told.append)
    assert counted(found) == counted(screened())
    assert "没有按 household_id 排列" in told[0]
    assert not (tmp_path / "out" / ".sorting").exists()


def test_an_empty_key_is_counted(screened, tmp_path):
    keys = pa.array([11, None, 21])
    made = people(*TWO)
    at = made.schema.get_field_index("person_id")
    told = refused(screened, tmp_path, made.set_column(at, pa.field("person_id", pa.int64()), keys))
    assert "persons：person_id 有 1 处为空" in told


@pytest.mark.parametrize(
    ("fact", "value"), [("wage_income", -1), ("disability_level", 5), ("wage_income", 1_000_001)]
)
def test_values_out_of_bounds_are_counted(screened, tmp_path, fact, value):
    wrong = [{**TWO[0], fact: value}, {**TWO[1], fact: value}, TWO[2]]
    (told,) = refused(screened, tmp_path, people(*wrong))
    assert told.startswith(fact)
    assert "2 个值" in told


def test_a_birth_before_anybody_alive_is_counted(screened, tmp_path):
    wrong = [{**TWO[0], "birth_date": date(1850, 1, 1)}, *TWO[1:]]
    (told,) = refused(screened, tmp_path, people(*wrong))
    assert "1 个值早于 1880-01-01" in told


def test_a_choice_that_does_not_exist_is_counted(screened, tmp_path):
    made = with_column(people(*TWO), "away", pa.array(["home", "moon", None]))
    (told,) = refused(screened, tmp_path, made)
    assert told.startswith("away")
    assert "1 个值" in told


def test_all_problems_are_told_at_once(screened, tmp_path):
    wrong = people({**TWO[0], "wage_income": -1}, *TWO[1:2], {**TWO[2], "person_id": 11})
    assert len(refused(screened, tmp_path, wrong, homes(HOMES[0]))) == 3


def test_an_older_result_survives_a_refusal(screened, tmp_path):
    screened()
    before = (tmp_path / "out" / "findings.parquet").read_bytes()
    with pytest.raises(FileProblems):
        screened(people(*TWO).drop_columns(["wage_income"]))
    assert (tmp_path / "out" / "findings.parquet").read_bytes() == before


def test_files_that_are_none_are_named(tmp_path):
    (tmp_path / "p").write_text("no parquet")
    with pytest.raises(FileProblems) as told:
        screen_files(tmp_path / "p", tmp_path / "h", on=TODAY, place=DISTRICT, out=tmp_path / "out")
    assert len(told.value.problems) == 2


def test_a_place_that_does_not_exist_is_refused_before_anything(screened, tmp_path):
    with pytest.raises(LawError, match="999999"):
        screened(place="999999")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", [pa.decimal128(12, 2), pa.decimal128(38, 2), pa.decimal256(40, 2)])
def test_choices_may_come_as_plain_text_and_money_as_decimals(screened, kind):
    made = with_column(people(*TWO), "away", pa.array(["home"] * 3))
    yuan = pa.array([0, 0, 150050], kind)
    exact = pa.array(np.array([0, 0, 15005000]))
    in_fen, in_yuan = (with_column(made, "wage_income", a) for a in (exact, yuan))
    assert counted(screened(in_fen)) == counted(screened(in_yuan))


def test_no_django_is_needed():
    code = "import sys, jiekun.screening.files; assert 'django' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
