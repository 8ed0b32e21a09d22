"""What a run read is kept in files: whole, for our own eyes, without a name."""

import stat

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from jiekun.law.facts import FACTS
from jiekun.registry.models import Household, Person
from jiekun.screening import actions, running, snapshot
from jiekun.screening.models import Finding, Snapshot

from .conftest import AT, DISTRICT, POOR, TODAY, make_places, settle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def street(db, monkeypatch, settings, tmp_path):
    settings.STATE = tmp_path
    monkeypatch.setattr(actions, "HOUSEHOLDS_A_CHUNK", 2)
    make_places()
    for number in range(5):
        settle(f"某户{number}", [{"wage_income": 100 * number}, {}], household=POOR)


def start():
    return actions.start_run(on=TODAY, place=DISTRICT, snapshot=True, by=None, at=AT)


def work(run):
    return actions.run_chunks(run=run, at=AT)


def folder(run):
    return snapshot.root() / Snapshot.objects.get(run=run).folder


def read(run, which):
    return ds.dataset(folder(run) / which).to_table()


def test_everybody_and_every_fact_is_in_it():
    run = work(start())
    people, homes = read(run, "persons"), read(run, "households")
    assert (people.num_rows, homes.num_rows) == (10, 5)
    for name, fact in FACTS.items():
        assert name in (people if fact.entity == "person" else homes).column_names
    assert max(people["wage_income"].to_pylist()) == 40_000
    kept = Snapshot.objects.get()
    assert (kept.state, kept.people, kept.households) == ("done", 10, 5)
    assert snapshot.is_whole(folder(run))


def test_choices_are_words_as_files_have_them():
    settle("学", [{"school_stage": "kindergarten_public"}])
    people = read(work(start()), "persons")
    assert "kindergarten_public" in people["school_stage"].to_pylist()


def test_a_part_a_chunk_pairs_people_with_their_households():
    run = work(start())
    for part in sorted((folder(run) / "persons").glob("*")):
        homes = pq.read_table(folder(run) / "households" / part.name)["household_id"].to_pylist()
        of_people = pq.read_table(part)["household_id"].to_pylist()
        assert of_people == sorted(of_people)
        assert homes == sorted(set(of_people))
    assert snapshot.parts(folder(run)) == 3


def test_no_name_nor_address_is_in_it():
    run = work(start())
    kept = set(read(run, "persons").column_names) | set(read(run, "households").column_names)
    assert kept - FACTS.keys() == {"household_id", "person_id", "community_code"}
    rows = [*read(run, "persons").to_pylist(), *read(run, "households").to_pylist()]
    told = {value for row in rows for value in row.values() if isinstance(value, str)}
    assert told
    names = {*Person.objects.values_list("name", flat=True)}
    names |= {*Household.objects.values_list("name", flat=True)}
    assert not any(name in value for name in names for value in told)


def test_nobody_else_may_read_it():
    run = work(start())
    for path in [snapshot.root(), folder(run), *folder(run).rglob("*")]:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_a_run_taken_up_keeps_what_was_written_before(monkeypatch):
    run = start()
    plain, calls = running.write, []

    def once(*given):
        calls.append(given)
        if len(calls) > 1:
            raise OSError("disk full")
        plain(*given)

    with monkeypatch.context() as broken:
        broken.setattr(running, "write", once)
        with pytest.raises(OSError, match="disk full"):
            actions.run_chunks(run=run, at=AT, workers=1)
    assert not snapshot.is_whole(folder(run))
    (done,) = run.chunks.filter(done=True)
    first = folder(run) / "persons" / f"part-{done.number:05}.parquet"
    before = first.stat().st_mtime_ns
    work(actions.resume_run(run=run, by=None, at=AT))
    assert first.stat().st_mtime_ns == before
    assert snapshot.is_whole(folder(run))
    assert read(run, "persons").num_rows == 10


def test_a_write_that_fails_leaves_no_part_behind(monkeypatch):
    run = start()
    monkeypatch.setattr(snapshot.os, "fsync", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work(run)
    assert snapshot.parts(folder(run)) == 0
    assert not Finding.objects.exists()


def test_the_older_one_goes_when_the_next_is_whole():
    old = work(start())
    gone = folder(old)
    new = start()
    assert snapshot.is_whole(gone)
    work(new)
    assert not gone.exists()
    assert dict(Snapshot.objects.values_list("run", "state")) == {
        old.pk: "removed",
        new.pk: "done",
    }


def test_a_snapshot_somebody_emptied_is_not_called_whole():
    run = start()
    program_folder = folder(run)
    actions.run_chunks(
        run=run, at=AT, progress=lambda *_: snapshot.remove(program_folder), workers=1
    )
    assert Snapshot.objects.get().state == "removed"


def test_a_run_without_one_writes_no_file():
    work(actions.start_run(on=TODAY, place=DISTRICT, by=None, at=AT))
    assert not snapshot.root().exists()


def test_folders_of_a_database_that_is_gone_are_swept_away():
    run = work(start())
    stray = snapshot.root() / "2020-01-01-stray"
    (stray / "persons").mkdir(parents=True)
    snapshot.sweep(snapshot.root(), {folder(run).name})
    assert [path.name for path in snapshot.root().iterdir()] == [folder(run).name]
