"""Sealing, again and again: the shorter the wait, the less can be changed unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from procrastinate import JobContext
from procrastinate.contrib.django import app

from . import actions

OFTEN = "*/2 * * * *"


@app.periodic(cron=OFTEN)
@app.task(name="journal.seal", queueing_lock="journal.seal", pass_context=True)
def seal(context: JobContext, timestamp: int) -> None:
    """Link what is finished into the chain; the worker's clock says when that is."""
    moment: Callable[[], datetime] = context.additional_context["clock"].moment
    actions.seal(at=moment())
