from datetime import date

import pytest

from jiekun.registry.actions import record_fact, report_death
from jiekun.registry.models import Person, PersonFacts
from jiekun.screening import queries
from jiekun.screening.changes import why_changed
from jiekun.screening.models import Kind

from .conftest import AT, EVERYWHERE, LAST_MONTH, POOR, TODAY, make_places, member, screen, settle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def places(db):
    make_places()


def tell(person, fact, value):
    record_fact(
        subject=person,
        fact=fact,
        value=value,
        source="人社",
        as_of=date(2024, 10, 20),
        by=None,
        at=AT,
    )


def change_of(home, measure="dibao"):
    return screen().changes.get(household=home, measure=measure)


def test_who_lost_their_wage_came_in_and_the_reason_says_so():
    home = settle("甲", [{"wage_income": 9000}], household=POOR)
    screen(LAST_MONTH)
    tell(member(home), "wage_income", 0)
    change = change_of(home)
    assert (change.before, change.after, change.after_fen) == (None, Kind.UNREACHED, 94_000)
    reason = why_changed(change).reasons[0]
    assert (reason.label, reason.after, reason.source) == ("工资收入", "0.00", "人社")


def test_who_found_work_fell_out_and_the_failing_condition_says_why():
    home = settle("甲", [{}], household=POOR)
    screen(LAST_MONTH)
    tell(member(home), "wage_income", 9000)
    change = change_of(home)
    assert (change.before, change.after) == (Kind.UNREACHED, None)
    assert any(condition.holds is False for condition in why_changed(change).failing)


def test_what_became_of_somebody_after_they_left_is_no_reason():
    home = settle("甲", [{}, {"wage_income": 2500}], household=POOR)
    screen(LAST_MONTH)
    gone = member(home, 1)
    gone.memberships.update(until=date(2024, 10, 10))
    gone.facts.household = None
    gone.facts.save()
    tell(gone, "wage_income", 9000)
    assert [r.kind for r in why_changed(change_of(home)).reasons] == ["left"]


def test_who_left_and_died_elsewhere_is_told_as_having_left():
    home = settle("甲", [{}, {"wage_income": 2500}], household=POOR)
    screen(LAST_MONTH)
    gone = member(home, 1)
    gone.memberships.update(until=date(2024, 10, 10))
    PersonFacts.objects.filter(person=gone).update(household=None)
    Person.objects.filter(pk=gone.pk).update(died_on=date(2024, 10, 20))
    assert [r.kind for r in why_changed(change_of(home)).reasons] == ["left"]


def test_a_death_is_a_reason():
    home = settle("甲", [{}, {"wage_income": 2500}], household=POOR)
    screen(LAST_MONTH)
    report_death(person=member(home, 1), died_on=date(2024, 10, 8), source="公安", by=None, at=AT)
    assert [r.kind for r in why_changed(change_of(home)).reasons] == ["died"]


def test_another_amount_is_a_change_in_amount():
    home = settle("甲", [{"wage_income": 500}], household=POOR)
    screen(LAST_MONTH)
    tell(member(home), "wage_income", 400)
    run = screen()
    assert queries.change_counts(run, EVERYWHERE)["dibao"]["amount"] == 1
    change = queries.changes(run, EVERYWHERE, direction="amount").get()
    assert change.after_fen - change.before_fen == 10_000


def test_a_number_of_the_law_that_changed_is_a_reason():
    home = settle("甲", [{"wage_income": 935}], household=POOR)
    screen(date(2023, 6, 1))
    change = screen(date(2023, 7, 1)).changes.get(household=home, measure="dibao")
    numbers = [(r.before, r.after) for r in why_changed(change).reasons if r.kind == "number"]
    assert ("910", "940") in numbers


def test_a_birthday_is_a_reason():
    child = {"birth_date": "2008-10-15", "disability_class": "limb", "disability_level": 3}
    home = settle("甲", [{"wage_income": 9000}, child])
    screen(LAST_MONTH, ["W24"])
    later = screen(TODAY, ["W24"])
    found = later.changes.filter(household=home, person=member(home, 1))
    labels = {reason.label for change in found for reason in why_changed(change).reasons}
    assert labels == {"满 16 周岁"}


def test_nothing_new_is_no_change():
    settle("甲", [{}], household=POOR)
    screen(LAST_MONTH)
    assert not screen().changes.exists()


def test_the_first_run_has_nothing_to_compare_with():
    settle("甲", [{}], household=POOR)
    run = screen()
    assert (run.previous, run.changes.count()) == (None, 0)


def test_a_simulated_run_is_compared_with_simulated_runs_only():
    settle("甲", [{}], household=POOR)
    screen(LAST_MONTH)
    assert screen(TODAY, ["W24"]).previous is None
