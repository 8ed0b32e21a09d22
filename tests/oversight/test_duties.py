"""Duties the clauses lay on offices and files, where Jiekun carries them out already."""

from datetime import date, timedelta
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


@pytest.mark.parametrize(
    ("name", "value"),
    [("volunteer_project_fund", None), ("community_officers", 1), ("verified_share", 1)],
)
def test_an_office_owes_this_much(name, value):
    used = LAW.parameter(name, LAW.ask(date(2024, 11, 1), "420106"))
    assert used.on(date(2024, 11, 1), ()).value == value
