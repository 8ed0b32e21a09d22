"""Writing down an answer: the page then shows what it settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.views.decorators.http import require_POST

from jiekun.kernel.decide import HOUSEHOLD
from jiekun.kernel.values import BadValue
from jiekun.registry import actions
from jiekun.registry.checks import RefusedError
from jiekun.registry.models import Person
from jiekun.registry.recording import ChangedError

from . import words
from .answers import current, field, read_all, subject_of
from .door import BadQuery, Desk, desk_page, moment, page
from .household import Known, known, sources
from .typed import line, shown_at

_AROUND = ("csrfmiddlewaretoken", "source", "as_of", "note", "seen_at", "checked")
# What a field held when the form was shown: who did not touch it has said nothing of it.
_WAS = "was-"


@desk_page()
@require_POST
def record(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Keep what somebody answered, with who said it and as of when."""
    at = known(desk, pk)
    if not desk.may_record_in(at.household.community_id):
        raise PermissionDenied
    given = _said(request.POST)
    try:
        answered, problems = read_all(given, at.facts["people"])
        if problems:
            return _again(request, desk, at, given, problems=problems)
        if not answered:
            messages.error(request, "没有填写或改动什么，什么也没有记下。")
        else:
            _keep(request, desk, at, answered)
    except BadValue as problem:
        raise BadQuery(str(problem)) from problem
    except ChangedError as changed:
        return _again(request, desk, at, given, str(changed), seen_at=moment().isoformat())
    except RefusedError as refused:
        return _again(request, desk, at, given, str(refused))
    return HttpResponseRedirect(desk.url("household", pk))


def _said(typed: QueryDict) -> dict[str, str]:
    """What the officer says: what was filled in or altered, and all of it where it was checked."""
    whole = bool(typed.get("checked"))
    said = {}
    for name, value in typed.items():
        if name in _AROUND or name.startswith(_WAS):
            continue
        was, text = typed.get(f"{_WAS}{name}", ""), str(value)
        if text.strip() != was or (whole and was):
            said[name] = text
    return said


def _again(
    request: HttpRequest,
    desk: Desk,
    at: Known,
    given: Mapping[str, str],
    told: str = "",
    *,
    problems: Mapping[str, str] | None = None,
    seen_at: str = "",
) -> HttpResponse:
    """What was typed, to be mended or sent again, with what is wrong or what others wrote."""
    fields = []
    for name, text in given.items():
        fact, subject = subject_of(name, at.facts["people"])
        now = current(at.facts, fact.name, subject)
        shown = field(fact, subject, at.name(subject), None, (problems or {}).get(name, ""))
        was = request.POST.get(f"{_WAS}{name}", "")
        fields.append((replace(shown, value=text), words.fact_words(fact, now), was))
    return page(
        request,
        "desk/record_again.html",
        status=409,
        household=at.household,
        told=told,
        fields=fields,
        sources=sources(),
        source=request.POST.get("source", ""),
        as_of=request.POST.get("as_of", ""),
        note=request.POST.get("note", ""),
        checked=request.POST.get("checked", ""),
        seen_at=seen_at or request.POST.get("seen_at", ""),
    )


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
                note=line(request.POST, "note", 500),
            )
            for (name, subject), value in answered.items()
        ],
        seen_at=shown_at(request.POST) if request.POST.get("seen_at") else None,
        by=desk.officer,
        at=moment(),
    )
    messages.success(request, f"已记下 {len(kept)} 项。下面是按新事实重新算的结果。")


def _day(text: str, on: date) -> date:
    try:
        return date.fromisoformat(text) if text else on
    except ValueError:
        raise BadValue(f"“{text[:20]}”不是日期，请写成 2024-11-01 这样") from None
