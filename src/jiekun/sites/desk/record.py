"""Writing down an answer: the page then shows what it settled."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from jiekun.kernel.decide import HOUSEHOLD
from jiekun.kernel.values import BadValue
from jiekun.registry import actions
from jiekun.registry.checks import RefusedError
from jiekun.registry.models import Person

from .answers import read_all
from .door import BadQuery, Desk, desk_page, moment
from .household import Known, known, sources

_AROUND = ("csrfmiddlewaretoken", "source", "as_of", "note")


@desk_page()
@require_POST
def record(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Keep what somebody answered, with who said it and as of when."""
    at = known(desk, pk)
    if not desk.may_record_in(at.household.community_id):
        raise PermissionDenied
    given = {k: str(v) for k, v in request.POST.items() if k not in _AROUND}
    try:
        values, problems = read_all(given, at.facts["people"])
        answered = {where: value for where, value in values.items() if value is not None}
        for problem in problems.values():
            messages.error(request, problem)
        if not answered and not problems:
            messages.error(request, "没有填写答案，什么也没有记下。")
        if answered and not problems:
            _keep(request, desk, at, answered)
    except BadValue as problem:
        raise BadQuery(str(problem)) from problem
    except RefusedError as problem:
        messages.error(request, str(problem))
    return HttpResponseRedirect(desk.url("household", pk))


def _keep(
    request: HttpRequest, desk: Desk, at: Known, answered: dict[tuple[str, str], Any]
) -> None:
    people = Person.objects.in_bulk([int(s) for _, s in answered if s != HOUSEHOLD])
    source = request.POST.get("source", "")
    if source not in sources():
        raise BadValue(f"“{source[:40]}”不是一个来源，可以填：{'、'.join(sources())}")
    as_of = _day(request.POST.get("as_of", ""), desk.on)
    kept = actions.record_facts(
        statements=[
            actions.Statement(
                subject=at.household if subject == HOUSEHOLD else people[int(subject)],
                fact=name,
                value=value,
                source=source,
                as_of=as_of,
                note=request.POST.get("note", "").strip()[:500],
            )
            for (name, subject), value in answered.items()
        ],
        by=desk.officer,
        at=moment(),
    )
    messages.success(request, f"已记下 {len(kept)} 项。下面是按新事实重新算的结果。")


def _day(text: str, on: date) -> date:
    try:
        return date.fromisoformat(text) if text else on
    except ValueError:
        raise BadValue(f"“{text[:20]}”不是日期，请写成 2024-11-01 这样") from None
