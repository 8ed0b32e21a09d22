import pytest
from django.db import DatabaseError, connection, transaction

from jiekun.journal import actions, queries
from jiekun.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(at):
    return actions.write(act="look", by=None, at=at, subject=("registry.person", 7), area="420106")


def refused(statement):
    """The database's own words when it refuses; the test fails when it does not."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        connection.cursor().execute(statement)
    return str(caught.value)


def test_a_line_says_who_did_what_to_what_and_when(entry, at):
    kept = Entry.objects.get()
    assert (kept.at, kept.act, kept.officer_name) == (at, "look", "系统")
    assert (kept.subject_kind, kept.subject_id, kept.area) == ("registry.person", "7", "420106")


def test_history_of_a_thing_is_newest_first(at):
    first = actions.write(act="begin", by=None, at=at, subject=("journal.entry", 1))
    subject = Entry(pk=1)
    second = actions.write(act="end", by=None, at=at, subject=subject)
    actions.write(act="end", by=None, at=at, subject=("journal.entry", 2))
    assert list(queries.about(subject)) == [second, first]


@pytest.mark.django_db(transaction=True)
def test_a_line_outside_its_acts_transaction_is_refused(at):
    with pytest.raises(RuntimeError, match="journaled in the transaction"):
        actions.write(act="look", by=None, at=at, subject=("registry.person", 7))


CHANGES = (
    "UPDATE journal_entry SET officer_name = 'x'",
    "DELETE FROM journal_entry",
    "TRUNCATE journal_entry",
)


@pytest.mark.parametrize("statement", CHANGES)
def test_the_running_system_may_not_change_a_line(entry, statement):
    assert "permission denied" in refused(statement)


@pytest.mark.parametrize("statement", CHANGES)
def test_not_even_the_owner_changes_a_line(as_owner, entry, statement):
    assert "only ever added to" in refused(statement)


def test_the_running_system_may_not_lift_the_lock(entry):
    assert "must be owner" in refused("ALTER TABLE journal_entry DISABLE TRIGGER USER")


def test_an_act_undone_leaves_no_line(at):
    with transaction.atomic():
        actions.write(act="look", by=None, at=at, subject=("registry.person", 7))
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


def test_many_lines_at_once_are_the_lines_written_one_by_one(at):
    told = [("registry.person", n, "420106", {"n": n, "言": "“引”\\"}) for n in range(5)]
    for kind, key, area, data in told:
        actions.write(act="look", by=None, at=at, subject=(kind, key), area=area, data=data)
    lines = [actions.Told((kind, key), area, data) for kind, key, area, data in told]
    with transaction.atomic():
        actions.write_many(act="look", by=None, at=at, lines=lines)
    rows = list(Entry.objects.order_by("id").values())
    for row in rows:
        assert bytes(row["digest"])
        del row["id"], row["transaction"]
    plain = [{**row, "digest": bytes(row["digest"])} for row in rows]
    assert plain[:5] == plain[5:]
    assert Entry.objects.filter(transaction__gt=0).count() == 10
