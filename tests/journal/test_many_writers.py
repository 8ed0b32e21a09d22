"""Many write at once, and somebody seals meanwhile: nobody waits, and no line is passed over."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from jiekun.journal import actions
from jiekun.journal.models import Entry, Seal
from jiekun.journal.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, EACH = 8, 25


def write(at, act="look"):
    return actions.write(act=act, by=None, at=at, subject=("registry.person", 7))


def closing(work):
    """Runs in a thread, which leaves no connection behind."""

    def run(*words):
        try:
            return work(*words)
        finally:
            connection.close()

    return run


def test_writers_that_have_not_finished_hold_nobody_up(at):
    """All eight have written and none has committed: with a lock, no second one could have."""
    all_wrote = Barrier(WRITERS + 1)

    @closing
    def one(_):
        with transaction.atomic():
            write(at)
            all_wrote.wait(timeout=20)

    with ThreadPoolExecutor(WRITERS) as pool:
        done = pool.map(one, range(WRITERS))
        all_wrote.wait(timeout=20)
        list(done)
    assert actions.seal(at=at) == WRITERS


def test_a_line_that_commits_late_is_sealed_later_and_not_passed_over(at):
    wrote, go_on = Event(), Event()

    @closing
    def slow():
        with transaction.atomic():
            write(at, "slow")
            wrote.set()
            assert go_on.wait(timeout=20)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(slow)
        assert wrote.wait(timeout=20)
        with transaction.atomic():
            quick = write(at, "quick")
        before = actions.seal(at=at)
        go_on.set()
        done.result()
    # The quick line is younger than one that may still come: it waits for the next seal with it.
    assert before == 0
    assert actions.seal(at=at) == 2
    assert Entry.objects.get(act="slow").transaction < quick.transaction
    assert verify().whole


def test_the_chain_is_complete_however_writing_and_sealing_fall_together(at):
    @closing
    def some(_):
        for turn in range(EACH):
            with transaction.atomic():
                write(at)
                # Some acts fail: their lines are gone and their numbers stay empty.
                transaction.set_rollback(turn % 5 == 4)

    @closing
    def sealing(_):
        return sum(actions.seal(at=at) for _ in range(20))

    with ThreadPoolExecutor(WRITERS + 2) as pool:
        writers = [pool.submit(some, n) for n in range(WRITERS)]
        sealers = [pool.submit(sealing, n) for n in range(2)]
        for job in (*writers, *sealers):
            job.result()
    actions.seal(at=at)
    verdict = verify()
    assert verdict.whole
    assert (verdict.lines, verdict.unsealed) == (WRITERS * EACH * 4 // 5, 0)
    assert sum(Seal.objects.values_list("rows", flat=True)) == verdict.lines
