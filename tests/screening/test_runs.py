import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import psycopg
import pytest

from jiekun.journal.models import Entry
from jiekun.kernel import LawError
from jiekun.screening import actions, running
from jiekun.screening.models import AreaTally, Finding, Run
from jiekun.screening.reading import conninfo

from .conftest import AT, DISTRICT, POOR, TODAY, make_places, pay, settle

pytestmark = pytest.mark.django_db(transaction=True)

# A process of its own that works on a run until it is killed at its second chunk.
WORKER = """
import os, signal, sys
import django
django.setup()
from datetime import datetime, timezone
from jiekun.screening import actions
from jiekun.screening.models import Run
def die(done, total, people):
    os.kill(os.getpid(), signal.SIGKILL)
run = Run.objects.get(pk=int(sys.argv[1]))
actions.run_chunks(run=run, at=datetime(2024, 11, 1, tzinfo=timezone.utc), progress=die, workers=1)
"""


@pytest.fixture(autouse=True)
def street(db, monkeypatch):
    monkeypatch.setattr(actions, "HOUSEHOLDS_A_CHUNK", 2)
    make_places()
    for number in range(8):
        settle(f"户{number}", [{}], household=POOR)


def start(**changed):
    return actions.start_run(**{"on": TODAY, "place": DISTRICT, "by": None, "at": AT, **changed})


def work(run):
    return actions.run_chunks(run=run, at=AT)


def killed(run):
    """A worker killed with no chance to tidy up."""
    command = [sys.executable, "-c", WORKER, str(run.pk)]
    worker = subprocess.run(command, env=its_world(), timeout=60, check=False)
    assert worker.returncode == -signal.SIGKILL
    return Run.objects.get(pk=run.pk)


def its_world():
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "jiekun.config.settings",
        "DATABASE_URL": conninfo(),
        "PYTHONPATH": str(Path(actions.__file__).parents[2]),
    }


def rows(run):
    found = Finding.objects.filter(run=run).order_by("household", "measure")
    return list(found.values_list("household", "measure", "kind", "amount_fen"))


def test_a_killed_run_takes_up_where_it_was():
    run = killed(start())
    left = run.chunks.filter(done=False).count()
    assert (run.state, run.chunks_total) == ("running", 4)
    assert 0 < left < 4
    work(actions.resume_run(run=run, by=None, at=AT))
    whole = work(start())
    assert rows(run) == rows(whole)
    assert sum(AreaTally.objects.filter(run=run).values_list("people", flat=True)) == 8


def test_chunks_already_done_are_not_done_again():
    run = killed(start())
    done = run.chunks.filter(done=True).count()
    told = []
    actions.run_chunks(run=run, at=AT, progress=lambda *counts: told.append(counts))
    assert [counts[0] for counts in told] == list(range(done + 1, 5))
    assert told[-1] == (4, 4, 8)


def test_a_run_that_fails_says_why_and_can_be_taken_up(monkeypatch):
    run = start()
    with monkeypatch.context() as broken:
        broken.setattr(running, "families", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work(run)
    run.refresh_from_db()
    assert (run.state, run.problem) == ("failed", "ZeroDivisionError: division by zero")
    assert not Finding.objects.filter(run=run).exists()
    assert work(actions.resume_run(run=run, by=None, at=AT)).state == "done"


def test_a_row_the_database_refused_is_nobodys_to_read(monkeypatch):
    run = start()

    def refused(writer, *_):
        writer.execute("CREATE TEMP TABLE t (somebody int CHECK (somebody < 9))")
        writer.execute("INSERT INTO t VALUES (420106)")

    monkeypatch.setattr(running, "write", refused)
    with pytest.raises(psycopg.errors.CheckViolation, match="420106"):
        work(run)
    run.refresh_from_db()
    assert run.problem.startswith("CheckViolation: ")
    assert "420106" not in run.problem


def test_two_processes_never_work_on_one_run():
    run = start()
    with psycopg.connect(conninfo()) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [running.LOCK, run.pk])
        with pytest.raises(running.RunBusy):
            work(run)


def test_a_cancelled_run_stops_and_stays_stopped():
    run = start()
    Run.objects.filter(pk=run.pk).update(state="cancelled")
    assert work(run).state == "cancelled"
    with pytest.raises(actions.CannotResume, match="cancelled"):
        actions.resume_run(run=run, by=None, at=AT)


def test_a_run_is_not_taken_up_under_another_law(monkeypatch):
    run = start()
    monkeypatch.setattr(actions, "law_digest", lambda: "another")
    with pytest.raises(actions.CannotResume, match="law has changed"):
        actions.resume_run(run=run, by=None, at=AT)


@pytest.mark.parametrize("wrong", [{"place": "999999"}, {"simulate": ["W99"]}])
def test_a_place_or_document_that_does_not_exist_starts_nothing(wrong):
    with pytest.raises(LawError):
        start(**wrong)
    assert not Run.objects.exists()


def test_starting_and_finishing_are_journaled():
    work(start())
    assert list(Entry.objects.order_by("id").values_list("act", flat=True)) == [
        "start-run",
        "run-done",
    ]


def test_the_watch_tells_each_stage():
    ticks = iter(range(10_000))
    run = actions.run_chunks(run=start(), at=AT, watch=lambda: float(next(ticks)), workers=1)
    assert run.seconds.keys() == {"read", "decide", "write", "compare"}
    assert run.finished_at > AT


def test_an_empty_district_is_a_run_too():
    run = work(start(place="500116"))
    assert (run.state, run.people) == ("done", 0)


def test_somebody_who_moved_is_compared_where_they_live_now():
    old, new = settle("旧", [{}]), settle("新", [{}, {}])
    mover = new.memberships.order_by("id")[1].person
    pay(old, "tekun", 100, person=mover)
    found = Finding.objects.filter(run=work(start()), measure="tekun", received=True)
    assert [row.household_id for row in found] == [new.pk]


def test_a_day_before_any_law_finds_nobody():
    run = work(start(on=date(1949, 10, 1)))
    assert (run.people, rows(run)) == (8, [])
