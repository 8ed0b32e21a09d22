"""The worker finds what an officer asked for, and does it."""

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from jiekun.exchange import actions, queries
from jiekun.registry.models import Receipt
from jiekun.screening import jobs

from .conftest import AT, DIBAO, TODAY, xlsx

pytestmark = pytest.mark.django_db(transaction=True)
CLOCK = jobs.Clock(lambda _: TODAY, lambda: AT, lambda: 0.0)


def work():
    """Do everything that waits, in this process; its thread's connection must not outlive it."""
    connection.settings_dict["CONN_MAX_AGE"] = 0
    with app.replace_connector(app.connector.get_worker_connector()) as ours:
        ours.run_worker(
            wait=False, install_signal_handlers=False, listen_notify=False,
            additional_context={"clock": CLOCK},
        )  # fmt: skip


@pytest.fixture(autouse=True)
def _queue():
    yield
    with connection.cursor() as cursor:
        for table in ("procrastinate_periodic_defers", "procrastinate_jobs"):
            cursor.execute(f"DELETE FROM {table}")


def test_a_ledger_is_checked_applied_and_undone_by_the_worker(village):
    rows = [list(DIBAO), ["何平", village.he.number, "2024-03", "5", "", ""]]
    of = actions.upload(content=xlsx(rows), filename="a.xlsx", by=village.street, at=AT)
    actions.ask_to_check(of=of, sheet="台账", header=1, layout="dibao", source="街道",
                         columns=dict(enumerate(DIBAO.values())), as_of=TODAY,
                         by=village.street, at=AT)  # fmt: skip
    assert queries.waits(of)
    for act, extra in (("apply", {}), ("undo", {"reason": "错"}), ("", {})):
        work()
        of.refresh_from_db()
        if act:
            getattr(actions, f"ask_to_{act}")(of=of, by=village.street, at=AT, **extra)
    assert of.state == "undone"
    assert Receipt.objects.get().until is not None
    assert not queries.waits(of)
