"""The household page: a family's whole state, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiekun.kernel.decide import HOUSEHOLD, Decision, Missing, decider
from jiekun.kernel.facts import Fact
from jiekun.kernel.language import Measure
from jiekun.kernel.standing_on import readings_used
from jiekun.law.facts import FACTS
from jiekun.registry.models import Household, Membership, Recognition
from jiekun.registry.queries import household_facts

from . import words
from .answers import Field, current, field
from .bounds import Most
from .door import Desk, desk_page, moment, page
from .family import Member, draw, members
from .favour import better_above
from .masks import Masks
from .paid import parted
from .standing import Sorter, held
from .timeline import SHOWN, Teller

WHAT_IF_FIELDS = 5
RECENT = timedelta(days=92)
# Money people most often ask about: what if somebody finds work, or a pension comes through?
OFTEN_TRIED = ("odd_job_income", "wage_income", "pension_income")
CATEGORIES = {"low_income": "低收入家庭"}


@dataclass
class Known:
    """A household with everything about it that several pages need."""

    household: Household
    facts: dict[str, Any]
    family: list[Member]
    masks: Masks
    # Where one person is asked about: the pair that waits and in which they may stand twice.
    pair: int | None = None

    def name(self, subject: str) -> str:
        """A subject as a reader knows them."""
        if subject == HOUSEHOLD:
            return f"全家 {len(self.facts['people'])} 人"
        found = next((m for m in self.family if m.key == subject), None)
        return found.title if found else "已离开的家人"


@dataclass(frozen=True)
class Question:
    """One thing to find out: facts of one subject that the same office answers together."""

    who: str
    text: str
    ask: str
    settles: str
    fields: tuple[Field, ...]


def find(desk: Desk, pk: int) -> Household:
    """A household this officer may see; for anybody else there is none."""
    household = desk.families().select_related("community__parent", "facts").filter(pk=pk).first()
    if household is None:
        raise Http404
    return household


def known(desk: Desk, pk: int) -> Known:
    """A household, who lives in it, and what is known of them."""
    return known_of(desk, find(desk, pk))


def known_of(desk: Desk, household: Household, *, lifted: bool = False) -> Known:
    """A household already found to be one this officer may see; lifted: without its mask."""
    lived = list(Membership.objects.filter(household=household).select_related("person__facts"))
    rows = {stay.person_id: getattr(stay.person, "facts", None) for stay in lived}
    here = (row for row in rows.values() if row and row.household_id == household.pk)
    facts = household_facts(household, getattr(household, "facts", None), here)
    masks = replace(desk.masks, lifted=lifted)
    family = members(lived, facts["people"], desk.on, masks=masks)
    return Known(household, facts, family, masks)


@desk_page()
@require_safe
def household(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    at = known(desk, pk)
    desk.note_views((at.household, at.household))
    return page(request, "desk/household.html", **household_context(desk, at))


def household_context(desk: Desk, at: Known) -> dict[str, Any]:
    """Everything the household page shows."""
    engine = decider(desk.program)
    decision = engine.decide(at.facts)
    receipts, over = parted(desk, at.household, {m.id: m.title for m in at.family})
    recognitions = list(Recognition.objects.filter(household=at.household))
    now = receipts, [r for r in recognitions if _open(r, desk)]
    links = partial(_links, desk, at.household.pk)
    standing = Sorter(decision, held(*now), at.name, Most(engine, at.facts), links).sort()
    address, phone = at.household.address, at.household.phone
    story = Teller(desk, at.household, at.family, at.masks).events()
    return {
        "keep_address": True,
        "household": at.household,
        "street": desk.places.current(at.household.community).parent,
        "may_record": desk.may_record_in(at.household.community_id),
        "address": at.masks.address(address),
        "phone": at.masks.phone(phone),
        "chips": _chips(now[1], desk, at),
        "alarms": _alarms(at, desk),
        "drawing": draw(at.family),
        "people": len(at.facts["people"]),
        "contact": next((m for m in at.family if m.head), None),
        "standing": standing,
        "over": over,
        "questions": questions(decision, at, desk),
        # What the screening found stands in the middle of the page already.
        "story": [event for event in story if event.kind != "finding"][:SHOWN],
        "told": len(story),
        "fields": what_if_fields(decision, at),
        "sources": sources(),
        "seen_at": moment().isoformat(),
        "readings": readings_used(desk.chosen.law, desk.program),
        "above": [(at.name(b.subject), b) for b in better_above(desk, at.facts)],
    }


def _links(desk: Desk, pk: int, measure: Measure, subject: str) -> tuple[str, str]:
    if not measure.eligible:
        return desk.url("household", pk), desk.url("measures")
    why = desk.url("why", pk, measure.name, who=subject)
    return why, desk.url("measure", measure.name)


def _open(award: Recognition, desk: Desk) -> bool:
    return award.since <= desk.on and (award.until is None or award.until > desk.on)


def _chips(recognitions: Iterable[Recognition], desk: Desk, at: Known) -> list[str]:
    """What the family is recognised as."""
    labels = {u.measure.name: u.measure.short or u.measure.label for u in desk.program.measures}
    found = []
    for recognition in recognitions:
        label = labels.get(recognition.category) or CATEGORIES.get(recognition.category)
        if label:
            whose = at.name(str(recognition.person_id)) if recognition.person_id else ""
            found.append(f"{label}（{whose}）" if whose else label)
    return found


def _alarms(at: Known, desk: Desk) -> list[str]:
    return [
        f"{m.relation} {m.state}" for m in at.family if m.died_on and desk.on - m.died_on <= RECENT
    ]


def questions(decision: Decision, at: Known, desk: Desk) -> list[Question]:
    """What to ask next, most useful first; one office's answers of one person go together."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Missing]] = {}
    for missing in decision.missing:
        if missing.kind == "fact":
            groups.setdefault((missing.subject, missing.ask, missing.measures), []).append(missing)
    labels = {u.measure.name: u.measure.short or u.measure.label for u in desk.program.measures}
    return [
        Question(
            who=at.name(subject),
            text=_asked([FACTS[m.name] for m in found]),
            ask=ask,
            settles=words.joined([labels[name] for name in measures]),
            fields=tuple(field(FACTS[m.name], subject, at.name(subject), None) for m in found),
        )
        for (subject, ask, measures), found in groups.items()
    ]


def _asked(facts: list[Fact]) -> str:
    if len(facts) == 1:
        return facts[0].question
    return f"{'、'.join(fact.label for fact in facts[:6])}，各是什么情况？"


def what_if_fields(decision: Decision, at: Known) -> list[Field]:
    """A few facts worth trying: what is missing first, then people's earnings."""
    wanted = [(m.name, m.subject) for m in decision.missing if m.kind == "fact"][:WHAT_IF_FIELDS]
    grown = [m for m in at.family if not m.died_on and m.age >= 18 and m.key in at.facts["people"]]
    grown.sort(key=lambda m: m.age)
    for name in OFTEN_TRIED:
        wanted += [(name, member.key) for member in grown if (name, member.key) not in wanted]
    return [
        field(FACTS[name], subject, at.name(subject), current(at.facts, name, subject))
        for name, subject in wanted[:WHAT_IF_FIELDS]
    ]


def sources() -> list[str]:
    """Who may have said it: the person, a visit, or an office's files."""
    offices = {fact.answered_by for fact in FACTS.values()} - {"本人"}
    return ["本人", "入户查看", *sorted(offices)]
