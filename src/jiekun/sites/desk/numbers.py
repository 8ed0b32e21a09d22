"""A person's numbers, behind a mask; who looked behind it."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from jiekun.registry import actions
from jiekun.registry.identifiers import IdentifierKind
from jiekun.registry.keys import KeyRingError, SealError
from jiekun.registry.models import Identifier, Person
from jiekun.registry.queries import identifiers_of

from .door import BadQuery, Desk, desk_page, moment, page
from .person import find_person
from .typed import day, line, shown_at


@desk_page()
@require_http_methods(["GET", "POST"])
def numbers(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """What numbers somebody is known by, and who saw them whole."""
    person, at = find_person(desk, pk)
    shown: dict[int, str] = {}
    problem, seen_at, typed = "", moment().isoformat(), request.POST.dict()
    may_record = desk.may_record_in(at.household.community_id)
    if request.method == "POST":
        try:
            if typed.get("act") == "reveal":
                shown = _revealed(person, typed, desk)
            else:
                if not may_record:
                    raise PermissionDenied
                messages.success(request, _changed(person, typed, desk))
                return HttpResponseRedirect(desk.url("numbers", pk))
        except (actions.RefusedError, KeyRingError, SealError) as refused:
            # Who was told what others did may go on; anybody else still has seen what they saw.
            if not isinstance(refused, actions.UnseenError):
                seen_at = typed.get("seen_at") or seen_at
            problem = desk.masks.within(str(refused), person.name)
    answer = page(
        request,
        "desk/numbers.html",
        status=409 if problem else 200,
        person=person,
        member=next(m for m in at.family if m.id == pk),
        household=at.household,
        may_record=may_record,
        rows=[(one, shown.get(one.pk, "")) for one in identifiers_of(person)],
        kinds=IdentifierKind.choices,
        purposes=desk.looks_for(at.household.community_id),
        purpose=typed["purpose"] if shown else "",
        problem=problem,
        seen_at=seen_at,
        typed=typed if problem else {},
    )
    if request.method == "POST":
        answer["Cache-Control"] = "no-store"
    return answer


def _revealed(person: Person, typed: Mapping[str, str], desk: Desk) -> dict[int, str]:
    """One number, whole, once, for a purpose that is written down."""
    one = _one(person, typed)
    purpose, note = typed.get("purpose", ""), typed.get("note", "")
    try:
        number = actions.reveal_identifier(
            identifier=one, purpose=purpose, note=note, by=desk.officer, at=moment()
        )
    except actions.RefusedError as refused:
        raise BadQuery(f"{refused}。") from refused
    return {one.pk: number}


def _changed(person: Person, typed: Mapping[str, str], desk: Desk) -> str:
    """Keep a number or end one; says what was done."""
    if typed.get("act") == "claim":
        kind = typed.get("kind", "")
        if kind not in IdentifierKind.values:
            raise BadQuery("号码的种类要从列表里选。")
        made = actions.claim_identifier(
            person=person, kind=kind, number=typed.get("number", ""),
            source=line(typed, "source"), seen_at=shown_at(typed), by=desk.officer,
            at=moment(),
        )  # fmt: skip
        return f"已记下{made.get_kind_display()}，尾号 {made.tail}；完整号码已封存。"
    if typed.get("act") == "end":
        actions.end_identifier(
            identifier=_one(person, typed), until=day(typed.get("until", ""), "停用日期"),
            reason=line(typed, "reason"), seen_at=shown_at(typed), by=desk.officer, at=moment(),
        )  # fmt: skip
        return "已停用，旧号码仍留着备查。"
    raise BadQuery("没有这个动作。")


def _one(person: Person, typed: Mapping[str, str]) -> Identifier:
    text = typed.get("identifier", "")
    known = text.isascii() and text.isdigit() and len(text) <= 18
    found = person.identifiers.filter(pk=int(text)).first() if known else None
    if found is None:
        raise BadQuery("这个人没有这个号码，请回到上一页重新打开。")
    return found
