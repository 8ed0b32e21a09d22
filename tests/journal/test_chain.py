"""Whatever is done to the journal past its locks, verifying finds it and names the line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction

from jiekun.config.postgres import APP, OWNER
from jiekun.journal import actions
from jiekun.journal.models import Entry, Seal
from jiekun.journal.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)


def write(at, act="look", **more):
    with transaction.atomic():
        return actions.write(act=act, by=None, at=at, subject=("registry.person", 7), **more)


def tamper(statement, *words):
    """As somebody who owns the database and lifts its locks."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {OWNER}")
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(statement, words)
            assert cursor.rowcount > 0
        finally:
            cursor.execute("SET session_replication_role = origin")
            cursor.execute(f"SET ROLE {APP}")


def found():
    return [(fault.kind, fault.line) for fault in verify().faults]


@pytest.fixture
def sealed(at):
    """Six lines under two seals, and one not sealed yet."""
    first = [write(at, data={"n": n, "谁": "张三"}) for n in range(3)]
    actions.seal(at=at)
    later = at + timedelta(minutes=1)
    second = [write(later, act="print", area="420106", purpose="核对") for _ in range(3)]
    actions.seal(at=later)
    return [entry.pk for entry in (*first, *second, write(later))]


def test_every_line_is_sealed_once_and_the_chain_is_whole(sealed, at):
    verdict = verify()
    assert (verdict.lines, verdict.seals, verdict.unsealed) == (7, 2, 1)
    assert verdict.whole
    assert actions.seal(at=at) == 1
    assert actions.seal(at=at) == 0
    assert (verify().unsealed, verify().last) == (0, str(Seal.objects.last()))


@pytest.mark.parametrize(
    "change",
    [
        "officer_name = '别人'", "act = 'read'", "area = '420111'", "purpose = 'x'",
        "at = at + interval '1 microsecond'", "data = '{\"n\": 9}'", "subject_id = '8'",
        "subject_kind = 'registry.household'", "officer_id = 5",
    ],
)  # fmt: skip
def test_a_changed_line_is_named(sealed, change):
    tamper(f"UPDATE journal_entry SET {change} WHERE id = %s", sealed[4])
    assert found() == [("line-altered", sealed[4])]


@pytest.mark.parametrize("which", [0, 6])
def test_the_first_line_and_one_not_sealed_yet_are_named_too(sealed, which):
    tamper("UPDATE journal_entry SET officer_name = '别人' WHERE id = %s", sealed[which])
    assert found() == [("line-altered", sealed[which])]


def test_a_changed_line_with_a_digest_to_match_is_named(sealed, at):
    other = write(at, data={"n": 9})
    tamper(
        "UPDATE journal_entry e SET data = o.data, digest = o.digest FROM journal_entry o "
        "WHERE e.id = %s AND o.id = %s", sealed[1], other.pk,
    )  # fmt: skip
    assert found() == [("line-altered", sealed[1])]


def test_a_removed_line_is_named(sealed):
    tamper("DELETE FROM journal_entry WHERE id = %s", sealed[4])
    assert found() == [("line-missing", sealed[4])]


def test_a_line_slipped_in_is_named(sealed):
    tamper(
        "INSERT INTO journal_entry SELECT 999, at, act, officer_id, officer_name, subject_kind, "
        "subject_id, area, purpose, data, digest, era, transaction FROM journal_entry "
        "WHERE id = %s", sealed[1],
    )  # fmt: skip
    assert found() == [("line-inserted", 999)]


def test_two_lines_that_changed_places_are_named(sealed):
    tamper(
        "UPDATE journal_entry e SET data = o.data, digest = o.digest FROM journal_entry o "
        "WHERE (e.id, o.id) IN ((%s, %s), (%s, %s))",
        sealed[0], sealed[2], sealed[2], sealed[0],
    )  # fmt: skip
    assert found() == [("line-moved", sealed[0]), ("line-moved", sealed[2])]


def test_a_line_moved_to_another_transaction_is_named(sealed):
    tamper(
        "UPDATE journal_entry SET transaction = (SELECT transaction FROM journal_entry "
        "WHERE id = %s) WHERE id = %s", sealed[4], sealed[0],
    )  # fmt: skip
    assert found() == [("line-missing", sealed[0]), ("line-inserted", sealed[0])]


def test_lines_that_changed_their_order_within_a_seal_are_told(sealed):
    first, second = Entry.objects.filter(pk__in=sealed[:2]).values_list("transaction", flat=True)
    tamper(
        "UPDATE journal_entry SET transaction = CASE id WHEN %s THEN %s ELSE %s END "
        "WHERE id IN (%s, %s)", sealed[0], second, first, sealed[0], sealed[1],
    )  # fmt: skip
    assert found() == [("line-moved", None)]


@pytest.mark.parametrize(
    "change", ["at = now()", "members = '\\x00'", "rows = 4", "previous = digest"]
)
def test_a_changed_seal_is_told(sealed, change):
    tamper(f"UPDATE journal_seal SET {change} WHERE number = 2")
    assert ("seal-altered", 2) in [(fault.kind, fault.seal) for fault in verify().faults]


def test_a_removed_seal_is_told(sealed):
    tamper("DELETE FROM journal_seal WHERE number = 1")
    kinds = {(fault.kind, fault.seal) for fault in verify().faults}
    assert {("seal-missing", 1)} <= kinds


def test_an_end_cut_off_with_its_seals_is_told_by_whoever_noted_a_seal_down(sealed, at):
    noted = {2: str(Seal.objects.get(number=2)).partition(":")[2]}
    assert verify(known=noted).whole
    tamper("DELETE FROM journal_entry WHERE id >= %s", sealed[3])
    tamper("DELETE FROM journal_seal WHERE number = 2")
    assert verify().whole
    assert [fault.kind for fault in verify(known=noted).faults] == ["seal-missing"]


def test_a_seal_made_anew_is_told_by_whoever_noted_the_old_one_down(sealed, at):
    noted = {2: "0" * 64}
    assert [fault.kind for fault in verify(known=noted).faults] == ["seal-altered"]


def test_more_lines_than_a_seal_takes_are_cut_between_transactions(at, monkeypatch):
    monkeypatch.setattr("jiekun.journal.chain.MOST", 3)
    with transaction.atomic():
        for _ in range(5):
            actions.write(act="look", by=None, at=at, subject=("registry.person", 7))
    for _ in range(5):
        write(at)
    assert actions.seal(at=at) == 10
    assert list(Seal.objects.values_list("rows", flat=True)) == [5, 3, 2]
    assert verify().whole


def test_a_backup_restored_into_another_server_goes_on_in_the_same_chain(sealed, at):
    """Its server numbers transactions from the beginning: lower than those in the backup."""
    tamper("UPDATE journal_entry SET era = 1, transaction = transaction + 1000000")
    tamper(
        "UPDATE journal_seal SET era = 1, since_transaction = since_transaction, "
        "until_transaction = until_transaction + 1000000"
    )
    write(at)
    assert actions.seal(at=at) == 2
    assert [fault.kind for fault in verify().faults] == ["seal-altered", "seal-altered"]
    assert verify().unsealed == 0


def test_data_that_would_not_come_back_as_it_went_in_is_refused(at):
    for data in ({"a": 1.5}, {1: "a"}, {"a": {"b": at}}, {"a": float("nan")}):
        with pytest.raises(TypeError):
            write(at, data=data)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE journal_seal SET rows = 1", "DELETE FROM journal_seal", "TRUNCATE journal_seal"],
)
def test_nobody_changes_a_seal(sealed, statement):
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {OWNER}")
        with pytest.raises(Exception, match="only ever added to"), transaction.atomic():
            cursor.execute(statement)
        cursor.execute(f"SET ROLE {APP}")
