"""A run is worked out under what the district had chosen when it began."""

from datetime import date
from decimal import Decimal

import pytest

from jiekun.offices import actions as offices
from jiekun.offices.choices import ParameterChoice
from jiekun.offices.models import Department, Division, Officer
from jiekun.screening import actions
from jiekun.screening.changes import why_changed
from jiekun.screening.models import Change, Finding
from jiekun.screening.queries import program_of

from .conftest import AT, DISTRICT, POOR, screen, settle


@pytest.fixture(scope="module")
def officers(committed):
    offices.seed_departments(at=AT)
    for username in ("qu", "quzhang"):
        name, department, role, area = offices.DEMO_OFFICERS[username]
        offices.hire(
            username=username, name=name,
            department=Department.objects.get(slug=department),
            password_hash="", by=None, at=AT,
        )  # fmt: skip
        offices.appoint(
            officer=Officer.objects.get(username=username), role=role,
            area=Division.objects.get(code=area), since=date(2023, 1, 1), by=None, at=AT,
        )  # fmt: skip
    return {officer.username: officer for officer in Officer.objects.all()}


def confirm(officers, value, since):
    choice = offices.propose_value(
        name="dibao_standard_urban", place=DISTRICT, since=since, until=None,
        value=Decimal(value), unit="yuan/month", source="区文", cites="", by=officers["qu"], at=AT,
    )  # fmt: skip
    return offices.confirm(choice=choice, by=officers["quzhang"], at=AT)


@pytest.fixture(scope="module")
def story(officers):
    """Screened, then a higher standard confirmed, screened, and the standard withdrawn."""
    home = settle("甲", [{"wage_income": 1000}], household=POOR)
    before = screen()
    choice = confirm(officers, 1200, date(2024, 11, 1))
    after = screen()
    offices.withdraw(choice=choice, why="试", by=officers["qu"], at=AT)
    return home, before, after


def dibao(home, run):
    found = Finding.objects.filter(run=run, household=home, measure="dibao", kind=1)
    return [row.amount_fen for row in found]


def test_a_confirmed_number_decides_who_is_entitled(story):
    home, before, after = story
    assert dibao(home, before) == []
    assert dibao(home, after) == [20_000]


def test_a_run_keeps_the_numbers_it_used_after_they_are_withdrawn(story):
    _, before, after = story
    assert before.choices == {"values": [], "readings": {}}
    standard = program_of(after).parameters["dibao_standard_urban"].dated
    assert (standard.value, standard.confirmed) == (1200, True)


def test_the_changed_number_is_why_a_family_came_in(story):
    home, _, after = story
    change = Change.objects.get(run=after, household=home, measure="dibao", after=1)
    told = [(r.kind, r.before, r.after) for r in why_changed(change).reasons]
    assert told == [("number", "940", "1200")]


def test_a_run_resumed_after_a_withdrawal_goes_on_under_its_own_numbers(story, officers):
    home, _, _ = story
    choice = confirm(officers, 1300, date(2024, 11, 2))
    run = actions.start_run(on=date(2024, 11, 2), place=DISTRICT, by=None, at=AT)
    offices.withdraw(choice=choice, why="试", by=officers["quzhang"], at=AT)
    run = actions.resume_run(run=run, by=None, at=AT)
    actions.run_chunks(run=run, at=AT)
    assert dibao(home, run) == [30_000]
    assert ParameterChoice.objects.filter(state="confirmed").count() == 0
