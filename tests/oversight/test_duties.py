"""Duties the clauses lay on offices and files, where Jiekun carries them out already."""

from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files

import pytest
import yaml

from jiekun.law import load
from jiekun.law.facts import FACTS

LAW = load()
LOCAL = sorted({clause.split("-", 1)[0] for clause in LAW.clauses})


def test_every_measure_names_an_office_of_the_district():
    text = files("jiekun.offices").joinpath("departments.yaml").read_text(encoding="utf-8")
    names = yaml.safe_load(text).values()
    offices = {written.measure.office for written in LAW.written}
    assert [office for office in offices if not any(office in name for name in names)] == []


@pytest.mark.parametrize("name", LOCAL)
def test_a_document_in_force_says_since_when(name):
    document = LAW.documents[name]
    if document.status == "draft":
        assert not document.applies(date.max, ())
        return
    eve = document.effective_from - timedelta(days=1)
    assert [document.applies(d, ()) for d in (eve, document.effective_from)] == [False, True]


def test_the_expired_plan_of_hecheng_ends_after_five_years():
    plan = LAW.documents["HC20"]
    days = date(2025, 7, 27), date(2025, 7, 28)
    assert [plan.applies(day, ()) for day in days] == [True, False]


def test_every_fact_says_who_answers_it_and_how_long_the_answer_stays_good():
    silent = [f.name for f in FACTS.values() if not (f.answered_by or f.judged_by)]
    endless = [f.name for f in FACTS.values() if not 0 < f.valid_months <= 1200]
    assert (silent, endless) == ([], [])


@pytest.mark.parametrize(
    "facts",
    [
        {"wage_income", "property_income", "dibao_recognised"},
        {"serious_illness", "medical_self_paid"},
        {"house_unsafe", "housing_gap"},
        {"employed", "wants_work"},
    ],
)
def test_a_file_holds_living_health_housing_and_work(facts):
    assert facts <= FACTS.keys()


NOW, IN_2020 = date(2024, 11, 1), date(2020, 8, 1)


@pytest.mark.parametrize(
    ("place", "day", "name", "value"),
    [
        ("420106", NOW, "volunteer_project_fund", None),
        ("420106", NOW, "community_officers", 1),
        ("420106", NOW, "verified_share", 1),
        ("500116", NOW, "institution_share", None),
        ("500116", NOW, "out_of_list_share", Decimal("0.15")),
        ("500116", NOW, "festival_visits", 2),
        ("500116", NOW, "helpers_per_family", 1),
        ("500116", NOW, "earmarked_share", 1),
        ("420100", IN_2020, "missed_families", 0),
        ("420100", IN_2020, "self_care_assessed_share", 1),
        ("420100", IN_2020, "mutual_care_cover", 1),
        ("420100", IN_2020, "disability_allowance_cover", 1),
        ("420100", IN_2020, "orphan_standard_scattered", None),
        ("420100", IN_2020, "orphan_standard_institution", None),
        ("431202", NOW, "backstop_cover", 1),
        ("431202", NOW, "township_petty_cash", None),
        ("431202", NOW, "income_projects", 1),
        ("431202", NOW, "skills_per_family", 1),
        ("431202", NOW, "disability_surveys", 1),
        ("431202", NOW, "disability_survey_fee", 0),
        ("431202", NOW, "cadres_per_family", 1),
    ],
)
def test_an_office_owes_this_much(place, day, name, value):
    used = LAW.parameter(name, LAW.ask(day, place))
    assert used.on(day, ()).value == value
