"""Facts of which sources say different things: side by side, and somebody decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from jiekun.registry import actions
from jiekun.registry.conflicts import Conflict, conflicting
from jiekun.registry.models import Household, Person, Settlement
from jiekun.registry.recording import subject_of

from . import words
from .door import BadQuery, Desk, desk_page, moment, page
from .household import known
from .person import find_person
from .typed import line

LONGEST = 500


@dataclass(frozen=True)
class Word:
    """What one source says, how old it is and until when it is good."""

    source: str
    value: str
    as_of: date
    good_until: date
    recorded: bool
    stands: bool


@dataclass(frozen=True)
class Row:
    """One fact that sources disagree about, and what somebody was about to decide."""

    name: str
    label: str
    said: tuple[Word, ...]
    stands: str
    settlement: Settlement | None
    open: bool
    judged_by: str
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _About:
    subject: Person | Household
    who: str
    household: Household
    # Where one came from.
    back: str


@desk_page()
@require_http_methods(["GET", "POST"])
def of_person(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """A person's facts that sources disagree about."""
    found, at = find_person(desk, pk)
    about = _About(found, at.name(str(pk)), at.household, desk.url("person", pk))
    return _answer(request, desk, about)


@desk_page()
@require_http_methods(["GET", "POST"])
def of_household(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """A household's own facts that sources disagree about."""
    home = known(desk, pk).household
    return _answer(request, desk, _About(home, home.name, home, desk.url("household", pk)))


def _answer(request: HttpRequest, desk: Desk, about: _About) -> HttpResponse:
    may_settle = desk.may_record_in(about.household.community_id)
    problem = ""
    typed: dict[str, str] = {}
    if request.method == "POST":
        if not may_settle:
            raise PermissionDenied
        typed = {name: str(value) for name, value in request.POST.items()}
        try:
            messages.success(request, _act(about, typed, desk))
            return HttpResponseRedirect(request.get_full_path())
        except actions.RefusedError as refused:
            problem = str(refused)
    return page(
        request,
        "desk/disagreements.html",
        status=409 if problem else 200,
        about=about,
        problem=problem,
        may_settle=may_settle,
        rows=[_row(one, typed) for one in conflicting(about.subject, desk.on)],
    )


def _act(about: _About, typed: Mapping[str, str], desk: Desk) -> str:
    """Decide or take a decision back; says what was done."""
    seen = typed.get("seen", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) <= 18):
        raise BadQuery("表单里没有写明您看到的是哪个决定，请回到上一页重新打开。")
    fact, reason = typed.get("fact", ""), line(typed, "reason", LONGEST)
    if typed.get("act") == "lift":
        standing = Settlement.objects.filter(
            **subject_of(about.subject), pk=int(seen), fact=fact, lifted_at__isnull=True
        ).first()
        if standing is None:
            raise actions.RefusedError("这个决定已经撤销或被新的决定代替")
        actions.lift_settlement(settlement=standing, reason=reason, by=desk.officer, at=moment())
        return "已撤销，原来的决定和撤销的原因都留着。现在以最新的说法为准。"
    if not typed.get("source"):
        raise actions.RefusedError("请先选以谁的说法为准")
    made = actions.settle_fact(
        subject=about.subject,
        fact=fact,
        source=typed["source"],
        reason=reason,
        document=line(typed, "document"),
        seen=int(seen),
        by=desk.officer,
        at=moment(),
    )
    return f"已定以{made.source}为准。别的来源以后再来数，也不会盖过它；要改就在这里重新定。"


def _row(conflict: Conflict, typed: Mapping[str, str]) -> Row:
    fact, settled = conflict.fact, conflict.settlement
    return Row(
        name=fact.name,
        label=fact.label,
        said=tuple(
            Word(
                source=one.source,
                value=words.fact_words(fact, one.value),
                as_of=one.as_of,
                good_until=one.good_until,
                recorded=one.record is not None,
                stands=settled.source == one.source if settled else one.value == conflict.stands,
            )
            for one in conflict.said
        ),
        stands=words.fact_words(fact, conflict.stands),
        settlement=settled,
        open=conflict.open,
        judged_by=fact.judged_by or "",
        typed=typed if typed.get("fact") == fact.name else {},
    )
