"""The database's run, the files' run and deciding one by one give the same answers, to the fen."""

from datetime import date
from unittest.mock import patch

import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from django.db import connection

from jiekun import demo
from jiekun.config.postgres import APP, OWNER
from jiekun.demo import planting
from jiekun.kernel.decide import decider
from jiekun.kernel.values import decode
from jiekun.law import load
from jiekun.law.facts import FACTS
from jiekun.offices import actions as offices
from jiekun.screening import actions
from jiekun.screening.files import screen_files
from jiekun.screening.models import Finding, Kind

from .conftest import AT, DISTRICT

ON = date(2024, 10, 1)
STATUS = {
    Kind.UNREACHED: "yes",
    Kind.RECEIVING: "yes",
    Kind.ASK: "ask",
    Kind.JUDGE: "judge",
    Kind.UNSET: "unset",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, django_db_setup, django_db_blocker):
    """The synthetic district, one in a hundred, in files and in the database."""
    made = tmp_path_factory.mktemp("district")
    with django_db_blocker.unblock():
        try:
            offices.seed_wuchang(at=AT)
            build(made)
            yield next(made.rglob("persons.parquet")).parent
        finally:
            call_command("flush", verbosity=0, interactive=False)
            connection.close()


def build(folder):
    """Indexes come off while the demo is poured in, which only the tables' owner may do.

    Without those entered twice: they are in the database alone, where they were mistaken for new.
    """
    with connection.cursor() as cursor, patch.object(planting, "put_in"):
        cursor.execute(f"SET ROLE {OWNER}")
        demo.build(scale="1:100", folder=folder)
        cursor.execute(f"SET ROLE {APP}")


def from_files(folder, simulate, out):
    paths = (folder / "persons.parquet", folder / "households.parquet")
    screen_files(*paths, on=ON, place=DISTRICT, simulate=simulate, out=out)
    rows = pq.read_table(out / "findings.parquet").to_pylist()
    return {
        (row["household_id"], row["person_id"], row["measure"]): (
            row["status"], row["amount"], row["yearly_fen"], frozenset(row["missing"]),
        )
        for row in rows
    }  # fmt: skip


def from_database(simulate):
    run = actions.start_run(on=ON, place=DISTRICT, simulate=simulate, by=None, at=AT)
    actions.run_chunks(run=run, at=AT)
    rows = Finding.objects.filter(run=run, kind__in=STATUS)
    return {
        (row.household_id, row.person_id, row.measure): (
            STATUS[row.kind],
            row.quantity if row.amount_fen is None else row.amount_fen,
            row.yearly_fen,
            frozenset(row.missing),
        )
        for row in rows
    }


def one_by_one(folder, simulate):
    decide = decider(load().program(on=ON, place=DISTRICT, simulate=simulate)).decide
    found = {}
    for home, facts in families(folder):
        decision = decide(facts)
        for outcome in decision.outcomes:
            if outcome.status != "no" and not outcome.measure.universal:
                person = None if outcome.subject == "household" else int(outcome.subject)
                found[home, person, outcome.measure.name] = answer(outcome)
    return found


def answer(outcome):
    times = 100 if outcome.unit.startswith("yuan") else 1
    amount = None if outcome.amount is None else int(outcome.amount * times)
    yearly = None if outcome.yearly is None else int(outcome.yearly * 100)
    return outcome.status, amount, yearly, frozenset(k.partition("@")[0] for k in outcome.missing)


def families(folder):
    homes = {row["household_id"]: row for row in rows_of(folder, "households", "household")}
    people = {}
    for row in rows_of(folder, "persons", "person"):
        people.setdefault(row["household_id"], {})[str(row["person_id"])] = row
    for home, own in homes.items():
        yield home, {"household": own, "people": people[home]}


def rows_of(folder, name, entity):
    money = [fact for fact in FACTS.of(entity) if fact.kind == "money"]
    for row in pq.read_table(folder / f"{name}.parquet").to_pylist():
        yield {**row, **{fact.name: decode(fact, row[fact.name]) for fact in money}}


@pytest.mark.django_db
@pytest.mark.parametrize("simulate", [(), ("W24",)], ids=["in force", "with the draft"])
def test_three_ways_one_answer_for_every_household(folder, simulate, tmp_path, database, files):
    alone = one_by_one(folder, simulate)
    assert len(alone) > 100
    assert files[simulate] == alone
    assert database[simulate] == alone


@pytest.fixture(scope="module")
def database(folder):
    # Outside any test's transaction: the workers read what is committed.
    return {simulate: from_database(simulate) for simulate in ((), ("W24",))}


@pytest.fixture(scope="module")
def files(folder, tmp_path_factory):
    return {
        simulate: from_files(folder, simulate, tmp_path_factory.mktemp("out"))
        for simulate in ((), ("W24",))
    }
