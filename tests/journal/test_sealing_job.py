"""The worker seals what is finished, by its own clock."""

from types import SimpleNamespace

import pytest
from django.db import transaction

from jiekun.journal import actions, jobs
from jiekun.journal.models import Seal


@pytest.mark.django_db(transaction=True)
def test_the_worker_seals_what_is_finished(at):
    with transaction.atomic():
        actions.write(act="look", by=None, at=at, subject=("registry.person", 7))
    clock = SimpleNamespace(moment=lambda: at)
    jobs.seal.func(SimpleNamespace(additional_context={"clock": clock}), timestamp=0)
    seal = Seal.objects.get()
    assert (seal.rows, seal.at) == (1, at)
