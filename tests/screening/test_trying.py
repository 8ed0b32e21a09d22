"""A reform tried on everybody as a job: asked for, answered once, cancelled, removed."""

import errno
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from jiekun.journal.models import Entry
from jiekun.kernel.reform import BadReform
from jiekun.offices import actions as offices
from jiekun.offices.models import Department, Division, Officer, Role
from jiekun.screening import actions, snapshot, trying
from jiekun.screening.models import Simulation, Snapshot
from jiekun.screening.running import RunBusy, held

from .conftest import AT, DISTRICT, LAST_MONTH, POOR, STREET, TODAY, make_places, settle

pytestmark = pytest.mark.django_db(transaction=True)

UP = """label: 低保标准提高 5%
changes:
  - parameter: dibao_standard_urban
    by: +5%
"""


@pytest.fixture(autouse=True)
def street(db, settings, tmp_path):
    settings.STATE = tmp_path
    make_places()
    for number in range(4):
        settle(f"户{number}", [{"wage_income": 300 * number}], household=POOR)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def screened():
    run = actions.start_run(on=TODAY, place=DISTRICT, snapshot=True, by=None, at=AT)
    return actions.run_chunks(run=run, at=AT)


def officer(username="qu", role=Role.DISTRICT_OFFICER, area=DISTRICT):
    department, _ = Department.objects.get_or_create(slug="x", name="x")
    made = Officer.objects.create(username=username, name=username, department=department)
    where = Division.objects.get(code=area)
    offices.appoint(officer=made, role=role, area=where, since=LAST_MONTH, by=None, at=AT)
    return made


def ask(by, text=UP, **changed):
    return trying.ask(
        **{"text": text, "file": "x.yaml", "place": DISTRICT, "on": TODAY, "by": by, "at": AT}
        | changed
    )


def work_out(simulation):
    return trying.work_out(simulation=simulation, at=AT)


def test_a_reform_is_tried_on_what_the_run_read():
    run, qu = screened(), officer()
    done = work_out(ask(qu))
    assert (done.state, done.problem, done.people_done) == ("done", "", run.people)
    # Income 0, 300, 600 of 940 (urban standard up by 47 a month); 900 is near enough to be poor.
    assert done.totals["total"]["households"] == 4
    assert done.totals["total"]["gaining"] == 4
    assert done.totals["total"]["after"] > done.totals["total"]["before"]
    assert (trying.root() / done.folder / "result" / "households.parquet").is_file()


def test_the_job_does_it():
    screened()
    asked = ask(officer())
    connection.settings_dict["CONN_MAX_AGE"] = 0
    from .test_jobs import CLOCK

    with app.replace_connector(app.connector.get_worker_connector()) as ours:
        ours.run_worker(
            wait=False, install_signal_handlers=False, listen_notify=False,
            additional_context={"clock": CLOCK},
        )  # fmt: skip
    asked.refresh_from_db()
    assert asked.state == "done"


def test_the_same_asked_again_has_its_answer_already():
    screened()
    qu = officer()
    first = work_out(ask(qu))
    assert ask(qu) == first
    assert ask(qu, text=UP.replace("+5%", "+6%")) != first
    screened()
    assert ask(qu) != first


def test_an_answer_whose_files_are_gone_is_worked_out_again():
    screened()
    qu = officer()
    first = work_out(ask(qu))
    snapshot.remove(trying.root() / first.folder)
    again = ask(qu)
    assert again != first
    assert work_out(again).state == "done"


def test_without_a_snapshot_it_says_what_to_do_first():
    with pytest.raises(actions.RefusedError, match="先做一次筛查"):
        ask(officer())


def test_a_snapshot_whose_files_are_gone_is_none():
    screened()
    snapshot.remove(snapshot.root() / Snapshot.objects.get().folder)
    with pytest.raises(actions.RefusedError, match="先做一次筛查"):
        ask(officer())


def test_files_lost_while_it_waits_are_told_plainly():
    screened()
    asked = ask(officer())
    snapshot.remove(snapshot.root() / Snapshot.objects.get().folder)
    failed = work_out(asked)
    assert failed.state == "failed"
    assert "快照的文件不在了" in failed.problem


def test_a_snapshot_somebody_waits_for_is_kept():
    run = screened()
    asked = ask(officer())
    screened()
    assert Snapshot.objects.get(run=run).state == "done"
    assert work_out(asked).state == "done"
    screened()
    assert Snapshot.objects.get(run=run).state == "removed"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "label: x\nchanges:\n  - parameter: dibao_standard_urbam\n    by: +5%\n",
            "x.yaml:[34]：没有名叫.*dibao_standard_urban",
        ),
        (f"{UP}place: '500116'\n", "只能试算本区"),
        ("label: [", "x.yaml"),
    ],
)
def test_a_reform_with_mistakes_starts_nothing(text, told):
    screened()
    with pytest.raises(BadReform, match=told):
        ask(officer(), text=text)
    assert not Simulation.objects.exists()


@pytest.mark.parametrize(
    ("role", "area"), [(Role.STREET_OFFICER, STREET), (Role.AUDITOR, DISTRICT)]
)
def test_only_the_district_simulates(role, area):
    screened()
    asked, other = ask(officer()), officer("other", role, area)
    for act in (
        lambda: ask(other),
        lambda: trying.cancel(simulation=asked, by=other, at=AT),
        lambda: trying.remove(simulation=asked, by=other, at=AT),
    ):
        with pytest.raises(actions.RefusedError, match="试算要由本区的"):
            act()


def test_a_cancelled_one_stops_and_leaves_nothing(monkeypatch):
    screened()
    qu = officer()
    asked = ask(qu)

    def cancelled_meanwhile(*given, cancelled, **named):
        trying.cancel(simulation=asked, by=qu, at=AT)
        assert cancelled()
        raise trying.Stopped

    monkeypatch.setattr(trying, "simulate", cancelled_meanwhile)
    assert work_out(asked).state == "cancelled"
    assert not (trying.root() / asked.folder).exists()
    assert work_out(asked).state == "cancelled"


def test_a_failure_is_written_down(monkeypatch):
    screened()
    asked = ask(officer())
    monkeypatch.setattr(trying, "simulate", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work_out(asked)
    asked.refresh_from_db()
    assert (asked.state, asked.problem) == ("failed", "ZeroDivisionError: division by zero")


def test_one_begun_by_a_worker_that_died_is_done_again():
    screened()
    asked = ask(officer())
    Simulation.objects.filter(pk=asked.pk).update(state="running", people_done=3)
    assert work_out(asked).state == "done"


def test_two_workers_never_work_on_one():
    screened()
    asked = ask(officer())
    connection.ensure_connection()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            from jiekun.screening.running import SIMULATION_LOCK

            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [SIMULATION_LOCK, asked.pk])
        with pytest.raises(RunBusy), held(asked):
            pass
    finally:
        other.close()


def test_a_removed_one_loses_its_files_and_is_journaled():
    screened()
    qu = officer()
    done = work_out(ask(qu))
    trying.remove(simulation=done, by=qu, at=AT)
    done.refresh_from_db()
    assert (done.state, done.totals) == ("removed", {})
    assert not (trying.root() / done.folder).exists()
    acts = list(
        Entry.objects.filter(subject_id=str(done.pk)).order_by("id").values_list("act", flat=True)
    )
    assert acts[-3:] == ["ask-simulation", "simulation-done", "remove-simulation"]
    with pytest.raises(actions.RefusedError, match="已删除"):
        trying.remove(simulation=done, by=qu, at=AT)


def test_what_this_database_does_not_know_is_tidied_away():
    screened()
    done = work_out(ask(officer()))
    (trying.root() / "99-stray").mkdir()
    (snapshot.root() / "stray").mkdir()
    trying.tidy()
    assert [path.name for path in trying.root().iterdir()] == [done.folder]
    assert len(list(snapshot.root().iterdir())) == 1


def test_another_law_while_it_waits_is_told_and_not_answered_under_the_first(monkeypatch):
    screened()
    qu = officer()
    asked = ask(qu)
    monkeypatch.setattr(trying, "law_digest", lambda: "changed meanwhile")
    failed = work_out(asked)
    assert (failed.state, failed.totals) == ("failed", {})
    assert "排队的时候" in failed.problem
    assert work_out(ask(qu)).state == "done"


def test_another_version_of_the_program_works_it_out_again(monkeypatch):
    screened()
    qu = officer()
    first = work_out(ask(qu))
    monkeypatch.setattr(trying, "version", lambda _: "99.0")
    assert ask(qu) != first


def test_a_long_name_and_a_day_of_its_own_are_found_again():
    screened()
    long = f"{'长' * 90}.yaml"
    done = work_out(ask(officer(), text=f"on: 2024-10-15\n{UP}", file=long))
    assert (done.state, done.problem, done.on.day) == ("done", "", 15)


def test_a_full_disk_is_told_plainly_and_leaves_nothing(monkeypatch):
    screened()
    asked = ask(officer())

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("jiekun.screening.simulation.write_households", full)
    failed = work_out(asked)
    assert failed.state == "failed"
    assert failed.problem.startswith("结果写不下去：看看磁盘满没满")
    assert "同一条命令" not in failed.problem
    assert not (trying.root() / asked.folder).exists()


def test_a_damaged_snapshot_says_to_screen_again():
    screened()
    asked = ask(officer())
    kept = snapshot.root() / Snapshot.objects.get().folder
    next((kept / snapshot.PERSONS).iterdir()).write_bytes(b"no Parquet")
    failed = work_out(asked)
    assert failed.state == "failed"
    assert failed.problem.startswith("数据快照读不了：请先做一次筛查")


def test_one_cancelled_when_all_was_written_leaves_nothing(monkeypatch):
    screened()
    qu = officer()
    asked = ask(qu)
    real = trying.simulate

    def then_cancelled(*given, **named):
        found = real(*given, **named)
        trying.cancel(simulation=asked, by=qu, at=AT)
        trying.remove(simulation=asked, by=qu, at=AT)
        assert not (trying.root() / asked.folder).exists()
        real(*given, **{**named, "cancelled": lambda: False})
        return found

    monkeypatch.setattr(trying, "simulate", then_cancelled)
    assert work_out(asked).state == "removed"
    assert not (trying.root() / asked.folder).exists()


def test_a_snapshot_replaced_while_somebody_asks_is_not_taken(monkeypatch):
    first, last = screened(), screened()
    old, new = (Snapshot.objects.select_related("run").get(run=run) for run in (first, last))
    answers = iter([old, new])
    monkeypatch.setattr(trying, "latest_snapshot", lambda _: next(answers))
    assert ask(officer()).snapshot == new


def test_a_snapshot_asked_for_while_a_later_run_ends_is_kept():
    old, qu = screened(), officer()
    run = actions.start_run(on=TODAY, place=DISTRICT, snapshot=True, by=None, at=AT)

    def end():
        try:
            actions.run_chunks(run=run, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            ask(qu)
            ending = pool.submit(end)
            until = time.monotonic() + 60
            while not waited_for() and time.monotonic() < until:
                time.sleep(0.02)
        ending.result()
    assert Snapshot.objects.get(run=old).state == "done"


def waited_for():
    """Whether somebody waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_locks WHERE NOT granted")
        return cursor.fetchone() is not None
