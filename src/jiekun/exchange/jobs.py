"""Work on imports, done by the worker: it may be killed and begun again at any time."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

from . import actions, queries
from .models import Import


@app.task(name=queries.TASK, lock="exchange", pass_context=True)
def work_off(context: JobContext, number: int) -> None:
    """Check, apply or undo one import, whichever it waits for."""
    clock = context.additional_context["clock"]
    actions.work_off(of=Import.objects.get(pk=number), at=clock.moment())
