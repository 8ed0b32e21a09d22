"""Two leaders confirm at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from jiekun.journal.models import Entry
from jiekun.offices import actions
from jiekun.offices.choices import ParameterChoice, State
from jiekun.offices.models import Officer

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(at, *choices):
    """Confirms each in a thread of its own, together; what each was told."""
    start, leader = Barrier(len(choices)), Officer.objects.get(username="quzhang")

    def one(choice):
        try:
            start.wait(timeout=10)
            actions.confirm(choice=choice, by=leader, at=at)
        except actions.RefusedError as problem:
            return str(problem)
        else:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(len(choices)) as pool:
        return sorted(pool.map(one, choices))


def test_one_proposal_is_confirmed_once(propose, at):
    choice = propose()
    done, told = at_once(at, choice, choice)
    assert (done, "已确认" in told) == ("", True)
    assert Entry.objects.filter(act="confirm-choice").count() == 1


def test_of_two_that_overlap_one_is_confirmed(propose, at):
    first = propose(until=date(2025, 6, 30))
    done, told = at_once(at, first, propose("1100", since=date(2025, 6, 1)))
    assert (done, "有两个数" in told) == ("", True)
    assert ParameterChoice.objects.filter(state=State.CONFIRMED).count() == 1
