"""What is kept of runs: all of the last one, counts and changes of those before."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from jiekun.journal.models import Entry
from jiekun.screening import actions, queries
from jiekun.screening.models import AreaTally, FamilySummary, Finding, Run, Tally

from .conftest import AT, DISTRICT, EVERYWHERE, POOR, TODAY, make_places, pay, settle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def street(db):
    make_places()
    settle("甲", [{}], household=POOR)


def screened(on=TODAY, **asked):
    run = actions.start_run(on=on, place=DISTRICT, by=None, at=AT, **asked)
    return actions.run_chunks(run=run, at=AT)


def thin(simulate=()):
    return [r.pk for r in actions.thin_history(place=DISTRICT, simulate=simulate, at=AT)]


def kept():
    return set(Finding.objects.values_list("run", flat=True).distinct())


def test_only_the_last_runs_findings_stay():
    old, new = screened(), screened()
    assert thin() == [old.pk]
    assert kept() == {new.pk}
    assert set(FamilySummary.objects.values_list("run", flat=True)) == {new.pk}
    old.refresh_from_db()
    assert not old.findings_kept


def test_counts_totals_and_changes_of_older_runs_stay():
    screened()
    pay(settle("乙", [{}], household=POOR), "dibao", 800)
    old = screened()
    changes, totals = old.changes.count(), old.totals
    screened()
    thin()
    old.refresh_from_db()
    assert changes
    assert old.changes.count() == changes
    assert old.totals == totals
    assert Tally.objects.filter(run=old).exists()
    assert AreaTally.objects.filter(run=old).exists()
    assert queries.change_counts(old, EVERYWHERE)


def test_the_two_laws_are_kept_apart():
    now, draft = screened(), screened(simulate=["W24"])
    assert thin() == thin(["W24"]) == []
    assert kept() == {now.pk, draft.pk}


def test_what_a_run_under_way_is_compared_with_is_kept():
    first, second = screened(), screened()
    third = actions.start_run(on=TODAY, place=DISTRICT, by=None, at=AT)
    assert third.previous == second
    assert thin() == [first.pk]
    actions.run_chunks(run=third, at=AT)
    assert thin() == [second.pk]


def test_a_run_for_an_earlier_day_is_not_the_last():
    new = screened()
    late = screened(on=TODAY - timedelta(days=40))
    assert late.previous is None
    assert thin() == [late.pk]
    assert queries.latest_run(DISTRICT) == new


def test_nothing_is_compared_with_a_run_whose_findings_are_gone():
    screened(on=date(2024, 9, 1))
    screened()
    thin()
    assert screened(on=date(2024, 9, 2)).previous is None


def test_a_failed_run_left_behind_can_no_longer_be_taken_up():
    failed = actions.start_run(on=TODAY, place=DISTRICT, by=None, at=AT)
    Run.objects.filter(pk=failed.pk).update(state="failed")
    screened()
    thin()
    with pytest.raises(actions.CannotResume):
        actions.resume_run(run=failed, by=None, at=AT)


def test_the_database_refuses_to_lose_the_last_runs_findings():
    old, new = screened(), screened()
    for model in (Finding, FamilySummary):
        with pytest.raises(DatabaseError, match="latest"), transaction.atomic():
            model.objects.filter(run=new).delete()
    Finding.objects.filter(run=old).delete()
    assert kept() == {new.pk}


def test_thinning_is_journaled_and_done_once():
    old, new = screened(), screened()
    thin()
    assert thin() == []
    entry = Entry.objects.get(act="thin-run")
    assert (entry.subject_id, entry.data) == (str(old.pk), {"for": new.pk})


def test_a_tick_of_the_clock_runs_each_law_once():
    first, again = (
        screened(tick=1),
        actions.start_run(on=TODAY, place=DISTRICT, tick=1, by=None, at=AT),
    )
    assert again == first
    assert screened(tick=1, simulate=["W24"]) != first
    assert Run.objects.count() == 2
