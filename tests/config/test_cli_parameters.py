"""What is open in the law, on the command line: numbers, readings, conflicts."""

import json
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from jiekun.config.cli import app
from jiekun.law import load
from jiekun.law.conflicts import conflicts
from jiekun.offices import actions
from jiekun.offices.models import Officer

ASKED = ("--on", "2024-11-01", "--place", "420106")
AT = datetime(2024, 11, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def law(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def run(*words, code=0):
        told = CliRunner().invoke(app, ["law", *words])
        assert told.exit_code == code, told.output
        return told

    return run


@pytest.fixture
def database(db, monkeypatch):
    """A district that set its own standard, and read low income its own way."""
    actions.seed_wuchang(at=AT)
    actions.seed_departments(at=AT)
    actions.seed_demo_officers(at=AT)
    by = {officer.username: officer for officer in Officer.objects.all()}
    number = actions.propose_value(
        name="dibao_standard_urban", place="420106", since=date(2024, 11, 1), until=None,
        value=Decimal(1200), unit="yuan/month", source="区文", cites="", by=by["qu"], at=AT,
    )  # fmt: skip
    reading = actions.propose_reading(
        topic="low_income_scope", option="recognised_only", place="420106",
        since=date(2024, 1, 1), source="局务会", by=by["qu"], at=AT,
    )  # fmt: skip
    for choice in (number, reading):
        actions.confirm(choice=choice, by=by["quzhang"], at=AT)
    monkeypatch.setenv("DATABASE_URL", "postgresql:///the-tests-own")


def shown(told):
    return json.loads(told.stdout)


def standard(told):
    return next(row for row in shown(told) if row["name"] == "dibao_standard_urban")


def test_every_number_of_the_place_is_listed(law):
    chain = load().chain("420106")
    here = {n for n, ps in load().parameters.items() if any(p.place in chain for p in ps)}
    assert {row["name"] for row in shown(law("parameters", "--json", *ASKED))} == here


def test_a_number_tells_its_values_over_time_and_who_stands_on_it(law):
    row = standard(law("parameters", "--json", *ASKED))
    assert (row["now"]["value"], row["unit"], row["favourable"]) == ("940", "yuan/month", "up")
    assert "dibao" in row["measures"]
    assert "1996-01-01" in {value["from"] for value in row["values"]}


def test_missing_numbers_come_first_and_alone_when_asked(law):
    every = [row["missing"] for row in shown(law("parameters", "--json", *ASKED))]
    assert every == sorted(every, reverse=True)
    assert all(row["missing"] for row in shown(law("parameters", "--missing", "--json", *ASKED)))


def test_next_year_the_standard_itself_is_missing(law):
    row = standard(law("parameters", "--json", "--on", "2025-06-01"))
    assert row["missing"]


def test_the_list_says_when_it_knows_only_what_ships(law):
    told = law("parameters", *ASKED)
    assert "城市低保标准" in told.stdout
    assert "没有连数据库" in told.stderr


def test_an_unknown_place_is_refused(law):
    assert "没有代码是 9 的地方" in law("parameters", "--place", "9", code=2).stderr


def test_every_reading_is_listed_with_its_default(law):
    found = {row["topic"]: row["used"] for row in shown(law("readings", "--json", *ASKED))}
    assert found == {name: reading.default for name, reading in load().readings.items()}


def test_every_conflict_is_listed_with_its_numbers(law):
    rows = shown(law("conflicts", "--json", *ASKED))["listed"]
    assert [row["id"] for row in rows] == [conflict.id for conflict in conflicts()]
    assert {n["value"] for side in rows[0]["sides"] for n in side["numbers"]} >= {"15"}


def test_conflicts_found_by_comparing_say_both_sides(law):
    found = shown(law("conflicts", "--json", *ASKED))["found"]
    (income,) = (row for row in found if row["name"] == "counted_odd_job_income")
    assert [side["draft"] for side in income["sides"]] == [False, True]
    assert income["sides"][0]["says"] != income["sides"][1]["says"]


@pytest.mark.parametrize(
    ("command", "words"),
    [("parameters", "本区定"), ("readings", "本区选定"), ("conflicts", "只有低保和民政另行认定的")],
)
def test_with_a_database_what_the_district_decided_counts(
    law, database, monkeypatch, command, words
):
    told = law(command, *ASKED)
    assert words in told.stdout
    assert "没有连数据库" not in told.stderr


def test_with_a_database_the_districts_number_is_the_one_in_force(law, database):
    row = standard(law("parameters", "--json", *ASKED))
    assert (row["now"]["value"], row["now"]["confirmed"]) == ("1200", True)
