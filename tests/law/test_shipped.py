"""What must hold of the shipped law as a whole."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml

import jiekun.law
from jiekun.kernel.cases import read_cases
from jiekun.kernel.documents import Parameter
from jiekun.kernel.law import Clause, Written
from jiekun.law import load
from jiekun.law.facts import FACTS

FOLDER = Path(jiekun.law.__file__).parent
LAW = load()
WUCHANG = "420106"
TODAY = date(2024, 11, 1)


def number(name: str, day: date, place: str, simulate: tuple[str, ...] = ()) -> Decimal | None:
    parameter = LAW.parameter(name, LAW.ask(day, place, simulate))
    assert parameter is not None
    dated = parameter.on(day, simulate)
    assert dated is not None
    return dated.value


def test_every_place_builds_on_every_day_its_law_changes() -> None:
    assert LAW.check() > len(LAW.places)


def test_the_baseline_knows_every_fact_and_no_other() -> None:
    baseline = yaml.safe_load((FOLDER / "baseline.yaml").read_text(encoding="utf-8"))
    assert set(baseline["person"]) == {fact.name for fact in FACTS.of("person")}
    assert set(baseline["household"]) == {fact.name for fact in FACTS.of("household")}


@pytest.mark.parametrize("written", LAW.written, ids=lambda written: written.measure.name)
def test_every_measure_has_five_boundary_cases(written: Written) -> None:
    asked = [
        case.name
        for path in FOLDER.rglob("cases.yaml")
        if path.parent.name == written.folder.rsplit("/", 1)[-1]
        for case in read_cases(path)
    ]
    assert len(asked) >= 5


@pytest.mark.parametrize("written", LAW.written, ids=lambda written: written.measure.name)
def test_every_measure_is_described_to_residents(written: Written) -> None:
    measure = written.measure
    assert measure.short
    assert measure.about.endswith("。")
    assert measure.apply.endswith("。")


@cache
def cited() -> set[str]:
    rules = {cite for rules in LAW.rules.values() for rule in rules for cite in rule.cites}
    values = {value.cites for known in LAW.parameters.values() for p in known for value in p.values}
    return rules | values


def owed() -> list[Clause]:
    return [c for c in LAW.clauses.values() if {"CE", "CA", "CQ"} & set(c.kind.split("+"))]


@pytest.mark.parametrize("clause", owed(), ids=lambda clause: clause.id)
def test_every_clause_that_gives_or_counts_is_carried_out(clause: Clause) -> None:
    # W24-F3 is carried out by the direction each parameter favours, tested below.
    assert clause.id in cited() or clause.id == "W24-F3"


def parameters() -> list[Parameter]:
    return [parameter for known in LAW.parameters.values() for parameter in known]


@pytest.mark.parametrize("parameter", parameters(), ids=lambda p: f"{p.place} {p.name}")
def test_every_number_says_which_direction_favours_residents(parameter: Parameter) -> None:
    assert parameter.favourable in ("up", "down")


@pytest.mark.parametrize("parameter", parameters(), ids=lambda p: f"{p.place} {p.name}")
def test_a_number_nobody_found_says_so(parameter: Parameter) -> None:
    unset = [value for value in parameter.values if value.value is None]
    assert all(value.source and value.grade == "D" for value in unset)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("family_doctor_cover", 1),
        ("elder_visits_per_month", 1),
        ("disabled_courses_per_year", 4),
        ("disabled_jobs_per_year", 95),
        ("job_fairs_per_year", None),
    ],
)
def test_an_office_owes_this_much_when_the_draft_is_simulated(name: str, value: int | None) -> None:
    assert number(name, TODAY, WUCHANG, ("W24",)) == value


def test_without_simulation_nothing_of_the_draft_applies() -> None:
    program = LAW.program(on=TODAY, place=WUCHANG)
    drafts = {document.id for document in LAW.documents.values() if document.status == "draft"}
    assert not drafts & {step.rule.document for step in program.steps.values()}
    assert not any(use.dated and use.dated.draft for use in program.parameters.values())


def test_a_place_of_hubei_outside_wuhan_has_no_line_yet() -> None:
    assert number("dibao_standard_urban", TODAY, "420000") is None


@pytest.mark.parametrize("day", [date(2022, 3, 31), date(2023, 6, 13), date(2023, 6, 14)])
def test_children_in_institutions_get_three_point_two_times_the_line(day: date) -> None:
    line = number("dibao_standard_urban", day, WUCHANG)
    assert line is not None
    assert number("orphan_standard_institution", day, WUCHANG) == line * 32 / 10


PLACES = {"武昌": "420106", "江津": "500116", "武汉": "420100", "鹤城": "431202"}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("year", range(2018, 2028))
def test_any_year_has_its_own_law_in_each_of_the_four_places(place: str, year: int) -> None:
    on = date(year, 6, 15)
    program = LAW.program(on=on, place=place)
    assert {"dibao", "tekun", "orphan", "emergency_relief"} <= {
        use.measure.name for use in program.measures
    }
    for step in program.steps.values():
        document = LAW.documents[step.rule.document]
        assert document.status != "draft"
        # Rules of 2020 that say so reach back some weeks before their notice, never past its end.
        assert step.rule.since or (document.effective_from or on) <= on
        assert on <= (document.effective_to or on)


def test_every_reading_has_a_rule_for_each_of_its_options() -> None:
    written = {rule.reading for rules in LAW.rules.values() for rule in rules} - {""}
    offered = {f"{r.topic}:{option}" for r in LAW.readings.values() for option in r.options}
    assert written == offered


@pytest.mark.parametrize(
    ("place", "day", "measure"),
    [
        ("500116", date(2021, 1, 1), "hospital_uplift"),
        ("500116", date(2021, 1, 1), "free_textbooks"),
        ("420100", date(2021, 1, 1), "covid_relief"),
        ("431202", date(2025, 7, 28), "tekun_inpatient"),
        ("420106", date(2022, 9, 7), "weekly_rounds"),
    ],
)
def test_what_has_not_begun_or_has_expired_never_applies(
    place: str, day: date, measure: str
) -> None:
    program = LAW.program(on=day, place=place)
    assert measure not in {use.measure.name for use in program.measures}
