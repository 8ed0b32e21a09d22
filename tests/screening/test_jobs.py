"""Long work as jobs: begun by a tick or an officer, taken up after a worker was killed."""

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from jiekun.offices import actions as offices
from jiekun.offices.models import Department, Division, Officer, Role
from jiekun.screening import actions, jobs
from jiekun.screening.models import Finding, Run
from jiekun.screening.reading import conninfo

from .conftest import AT, DISTRICT, LAST_MONTH, POOR, STREET, TODAY, make_places, settle

pytestmark = pytest.mark.django_db(transaction=True)
CLOCK = jobs.Clock(lambda _: TODAY, lambda: AT, lambda: 0.0)


@pytest.fixture(autouse=True)
def street(db, monkeypatch):
    monkeypatch.setattr(actions, "HOUSEHOLDS_A_CHUNK", 2)
    make_places()
    for number in range(8):
        settle(f"户{number}", [{}], household=POOR)
    yield
    # The queue's tables are not Django's, so they are not emptied with the others.
    with connection.cursor() as cursor:
        for table in ("procrastinate_periodic_defers", "procrastinate_jobs"):
            cursor.execute(f"DELETE FROM {table}")


def officer(username, role, area=DISTRICT):
    department, _ = Department.objects.get_or_create(slug="x", name="x")
    made = Officer.objects.create(username=username, name=username, department=department)
    where = Division.objects.get(code=area)
    offices.appoint(officer=made, role=role, area=where, since=LAST_MONTH, by=None, at=AT)
    return made


@pytest.fixture
def qu():
    return officer("qu", Role.DISTRICT_OFFICER)


def work():
    """Do everything that waits, in this process; its thread's connection must not outlive it."""
    connection.settings_dict["CONN_MAX_AGE"] = 0
    with app.replace_connector(app.connector.get_worker_connector()) as ours:
        ours.run_worker(
            wait=False, install_signal_handlers=False, listen_notify=False,
            additional_context={"clock": CLOCK},
        )  # fmt: skip


def ask(qu, **changed):
    return actions.ask_for_run(**{"on": TODAY, "place": DISTRICT, "by": qu, "at": AT, **changed})


def test_the_night_screens_everybody_under_each_law_once_a_tick():
    for _ in range(2):
        app.tasks["screening.night"].defer(timestamp=1_730_396_400)
        work()
    assert [(run.simulate, run.state) for run in Run.objects.order_by("id")] == [
        ([], "done"),
        (["W24"], "done"),
    ]
    app.tasks["screening.night"].defer(timestamp=1_730_482_800)
    work()
    assert Run.objects.count() == 4
    assert set(Finding.objects.values_list("run__findings_kept", flat=True)) == {True}
    assert Run.objects.filter(findings_kept=True).count() == 2


def test_the_day_is_handed_in_and_not_looked_up(monkeypatch):
    asked = []
    clock = jobs.Clock(
        lambda tick: asked.append(tick) or date(2024, 10, 5), lambda: AT, lambda: 0.0
    )
    monkeypatch.setattr(sys.modules[__name__], "CLOCK", clock)
    app.tasks["screening.night"].defer(timestamp=77)
    work()
    assert asked[0] == 77
    assert set(Run.objects.values_list("on", flat=True)) == {date(2024, 10, 5)}


def test_a_run_an_officer_asks_for_is_done_by_the_worker(qu):
    run = ask(qu)
    assert run.state == "running"
    work()
    run.refresh_from_db()
    assert (run.state, run.started_by, run.people) == ("done", qu, 8)


def test_a_second_run_is_refused_while_one_is_under_way(qu):
    run = ask(qu)
    with pytest.raises(actions.RefusedError, match=f"第 {run.pk} 次筛查还没有做完"):
        ask(qu)


def test_a_cancelled_run_is_not_worked_off(qu):
    run = ask(qu)
    actions.cancel_run(run=run, by=qu, at=AT)
    work()
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert not Finding.objects.exists()
    with pytest.raises(actions.RefusedError, match="已经是“已取消”"):
        actions.ask_to_resume(run=run, by=qu, at=AT)


@pytest.mark.parametrize(
    ("role", "area"),
    [(Role.STREET_OFFICER, STREET), (Role.AUDITOR, DISTRICT), (Role.DISTRICT_OFFICER, STREET)],
)
def test_only_the_districts_officers_start_resume_or_cancel(role, area, qu):
    run, other = ask(qu), officer("other", role, area)
    for act in (actions.cancel_run, actions.ask_to_resume):
        with pytest.raises(actions.RefusedError, match="要由本区的"):
            act(run=run, by=other, at=AT)
    with pytest.raises(actions.RefusedError, match="要由本区的"):
        ask(other)


def test_a_failed_run_is_taken_up_when_asked(qu):
    run = ask(qu)
    Run.objects.filter(pk=run.pk).update(state="failed", problem="x")
    ProcrastinateJob.objects.all()._raw_delete("default")
    actions.ask_to_resume(run=run, by=qu, at=AT)
    actions.ask_to_resume(run=run, by=qu, at=AT)
    assert ProcrastinateJob.objects.filter(status="todo").count() == 1
    work()
    run.refresh_from_db()
    assert (run.state, run.problem) == ("done", "")


def test_a_law_changed_since_is_told_plainly(qu, monkeypatch):
    run = ask(qu)
    monkeypatch.setattr(actions, "law_digest", lambda: "another")
    with pytest.raises(actions.RefusedError, match="重新开始"):
        actions.ask_to_resume(run=run, by=qu, at=AT)


def a_worker(**more):
    world = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "jiekun.config.settings",
        "DATABASE_URL": conninfo(),
        "PYTHONPATH": str(Path(actions.__file__).parents[2]),
        **more,
    }
    return subprocess.Popen([sys.executable, "-m", "jiekun.config.worker", "--once"], env=world)


def until(what, seconds=60):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def test_a_killed_workers_run_is_taken_up_by_the_next(qu, monkeypatch):
    run = ask(qu)
    # Somebody holds a row the second chunk must share, so the worker stands still half way.
    done = run.chunks.filter(done=True)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT FROM screening_chunk WHERE run_id = %s AND number = 2 FOR UPDATE", [run.pk]
        )
        worker = a_worker()
        try:
            until(lambda: done.count() >= 2)
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        cursor.execute("ROLLBACK")
    finished = set(done.values_list("pk", flat=True))
    before = dict(run.chunks.filter(pk__in=finished).values_list("pk", "seconds"))
    assert 0 < len(finished) < 4
    other = a_worker()
    try:
        until(lambda: Run.objects.get(pk=run.pk).state == "done")
    finally:
        other.kill()
        other.wait()
    assert dict(run.chunks.filter(pk__in=finished).values_list("pk", "seconds")) == before
    assert (
        Finding.objects.filter(run=run).values("household", "measure", "person").distinct().count()
        == Finding.objects.filter(run=run).count()
    )
