"""What a family and its people are recognised as: decisions noted by hand, and ended."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from jiekun.offices.chosen import keeper
from jiekun.registry import actions
from jiekun.registry.models import Person, Recognition

from . import labels
from .door import BadQuery, Desk, desk_page, moment, page
from .household import Known, known
from .household_acts import living
from .typed import day, line, shown_at


@desk_page()
@require_http_methods(["GET", "POST"])
def recognitions(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Every recognition of a household, in force and over."""
    at = known(desk, pk)
    may_record = desk.may_record_in(at.household.community_id)
    problem, seen_at = "", moment().isoformat()
    if request.method == "POST":
        if not may_record:
            raise PermissionDenied
        try:
            messages.success(request, _changed(at, request.POST, desk))
            return HttpResponseRedirect(desk.url("recognitions", pk))
        except actions.RefusedError as refused:
            problem = str(refused)
            # Who was told what others did may go on; anybody else still has seen what they saw.
            if not isinstance(refused, actions.UnseenError):
                seen_at = request.POST.get("seen_at") or seen_at
    held = Recognition.objects.filter(household=at.household).order_by("-since", "-id")
    return page(
        request,
        "desk/recognitions.html",
        status=409 if problem else 200,
        household=at.household,
        rows=[
            {
                "one": one,
                "label": labels.measure(desk.program, one.category),
                "who": at.name(str(one.person_id)) if one.person_id else "全家",
                "open": one.until is None or one.until > desk.on,
            }
            for one in held
        ],
        family=living(at),
        categories=[(name, labels.measure(desk.program, name)) for name in known_categories()],
        may_record=may_record,
        problem=problem,
        seen_at=seen_at,
        typed=request.POST.dict() if problem else {},
    )


def known_categories() -> list[str]:
    """What offices recognise people as: measures of the law, and groups it speaks of."""
    written = {one.measure.name for one in keeper.law().written}
    named = ("dibao", "tekun", "dibao_edge", "low_income", "orphan", "unsupported_child")
    return [name for name in named if name in written or name in labels.CATEGORIES]


def _changed(at: Known, typed: Mapping[str, str], desk: Desk) -> str:
    """Note a recognition or end one; says what was done."""
    if typed.get("act") == "end":
        number = typed.get("recognition", "")
        fits = number.isascii() and number.isdigit() and len(number) <= 18
        rows = Recognition.objects.filter(household=at.household)
        found = rows.filter(pk=int(number)).first() if fits else None
        if found is None:
            raise BadQuery("这一户没有这项认定，请回到上一页重新打开。")
        actions.end_recognition(
            recognition=found, until=day(typed.get("until", ""), "从哪天起"),
            reason=line(typed, "reason"), seen_at=shown_at(typed), by=desk.officer, at=moment(),
        )  # fmt: skip
        return "已结束，原来的认定留着备查。"
    if typed.get("act") != "note":
        raise BadQuery("没有这个动作。")
    if typed.get("category") not in known_categories():
        raise actions.RefusedError("认定为什么，请从列表里选")
    whose = typed.get("person", "")
    if whose and whose not in {m.key for m in living(at)}:
        raise actions.RefusedError("请先选是哪位家人，或者选全家")
    made = actions.note_recognition(
        household=at.household,
        person=Person.objects.get(pk=int(whose)) if whose else None,
        category=typed["category"],
        since=day(typed.get("since", ""), "从"),
        decided_by=line(typed, "source"),
        document_number=line(typed, "document"),
        seen_at=shown_at(typed),
        by=desk.officer,
        at=moment(),
    )
    return f"已记下认定：{labels.measure(desk.program, made.category)}，{made.since} 起。"
