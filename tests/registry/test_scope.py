"""How long the second wall stands: one transaction, one block, and whole again after an error."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from jiekun.config.postgres import APP, DESK
from jiekun.registry.models import Person
from jiekun.registry.scope import seeing, whole_registry

from .conftest import HERE, THERE


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def fail():
    raise LookupError


def stands():
    """The role and scope the next query would be asked under."""
    return asked("SELECT current_user::text, current_setting('jiekun.areas', true)")[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ends", ["commits", "rolls back", "raises", "fails in the database"])
def test_a_connection_given_back_carries_nothing_on(ends):
    connection.close()
    assert stands() == (APP, None)
    try:
        with seeing((HERE,)):
            assert stands() == (DESK, HERE)
            if ends == "rolls back":
                transaction.set_rollback(True)
            if ends == "raises":
                fail()
            if ends == "fails in the database":
                asked("SELECT 1 / 0")
    except (LookupError, DatabaseError):
        pass
    assert stands() == (APP, "")
    assert not connection.in_atomic_block


@pytest.mark.django_db
def test_a_wall_inside_another_transaction_ends_with_its_block():
    before = stands()
    with seeing((HERE,)):
        with pytest.raises(LookupError), seeing((THERE,)):
            raise LookupError
        with seeing((THERE,)):
            assert stands() == (DESK, THERE)
        assert stands() == (DESK, HERE)
    assert stands() == (before[0], before[1] or "")


def test_the_whole_registry_is_opened_for_a_reason_and_closed_again(family, head):
    with seeing((THERE,)):
        with whole_registry("whether somebody elsewhere has the number"):
            assert Person.objects.filter(pk=head.pk).exists()
        assert not Person.objects.filter(pk=head.pk).exists()
        with pytest.raises(LookupError), whole_registry("an act that fails"):
            raise LookupError
        assert stands() == (DESK, THERE)
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            whole_registry("an act the database refuses"),
        ):
            asked("SELECT 1 / 0")
        assert stands() == (DESK, THERE)
        with pytest.raises(ValueError, match="say why"), whole_registry(" "):
            pass
    assert stands()[0] == APP


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "%", "4", "42010600800201", "420106,420105", "武昌", "４２"])
def test_what_is_no_code_opens_nothing(code):
    with pytest.raises(ValueError, match="no code"), seeing((HERE, code)):
        pass
