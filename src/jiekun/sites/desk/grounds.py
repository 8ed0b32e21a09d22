"""On what ground somebody's data may be asked for or passed on: noted, and taken back."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from jiekun.registry import actions
from jiekun.registry.models import Person
from jiekun.registry.papers import Ground, Scope

from .door import BadQuery, Desk, desk_page, moment, page
from .household import Known
from .person import find_person
from .typed import day, line, shown_at


@desk_page()
@require_http_methods(["GET", "POST"])
def grounds(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """What somebody agreed to, what statutes allow, and since when."""
    person, at = find_person(desk, pk)
    may_record = desk.may_record_in(at.household.community_id)
    problem, seen_at = "", moment().isoformat()
    if request.method == "POST":
        if not may_record:
            raise PermissionDenied
        try:
            messages.success(request, _changed(person, at, request.POST, desk))
            return HttpResponseRedirect(desk.url("grounds", pk))
        except actions.RefusedError as refused:
            names = [m.person.name for m in at.household.memberships.select_related("person")]
            problem = at.masks.within(str(refused), *names)
            # Who was told what others did may go on; anybody else still has seen what they saw.
            if not isinstance(refused, actions.UnseenError):
                seen_at = request.POST.get("seen_at") or seen_at
    return page(
        request,
        "desk/grounds.html",
        status=409 if problem else 200,
        household=at.household,
        person=person,
        member=next(m for m in at.family if m.id == pk),
        rows=[
            (one, one.until is None or one.until > desk.on)
            for one in person.consents.select_related("signed_by").order_by("-since", "-id")
        ],
        signers=[m for m in at.family if m.id != pk and not m.died_on and m.age >= 18],
        scopes=Scope.choices,
        kinds=Ground.choices,
        may_record=may_record,
        problem=problem,
        seen_at=seen_at,
        typed=request.POST.dict() if problem else {},
    )


def _changed(person: Person, at: Known, typed: Mapping[str, str], desk: Desk) -> str:
    """Note a ground or take one back; says what was done."""
    if typed.get("act") == "withdraw":
        number = typed.get("consent", "")
        known = number.isascii() and number.isdigit() and len(number) <= 18
        consent = person.consents.filter(pk=int(number)).first() if known else None
        if consent is None:
            raise BadQuery("这个人没有这一项授权，请回到上一页重新打开。")
        actions.withdraw_ground(
            consent=consent, on=day(typed.get("on", ""), "从哪天起"),
            reason=line(typed, "reason"), seen_at=shown_at(typed), by=desk.officer, at=moment(),
        )  # fmt: skip
        return "已撤回，从那天起不能再凭它核对或提供。"
    if typed.get("act") != "note":
        raise BadQuery("没有这个动作。")
    signer = next((m.id for m in at.family if m.key == typed.get("signed_by", "")), None)
    until = typed.get("until", "").strip()
    made = actions.note_ground(
        person=person,
        scope=typed.get("scope", ""),
        ground=typed.get("ground", ""),
        clause=line(typed, "clause"),
        paper=line(typed, "paper"),
        signed_by=Person.objects.get(pk=signer) if signer else None,
        since=day(typed.get("since", ""), "从"),
        until=day(until, "到") if until else None,
        seen_at=shown_at(typed),
        by=desk.officer,
        at=moment(),
    )
    return f"已记下：{made.get_scope_display()}，{made.get_ground_display()}。"
