"""The person page: what is known of somebody, who says so, and how fresh it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from jiekun.kernel.facts import Fact
from jiekun.kernel.language import complete_months
from jiekun.law import facts as book
from jiekun.registry.alike import now_under, waiting_pair
from jiekun.registry.conflicts import Conflict, Heard, heard
from jiekun.registry.models import Membership, Person
from jiekun.registry.queries import LIVES_OR_DIED_THERE
from jiekun.registry.wide import Value

from . import words
from .answers import Field, current, field
from .door import Desk, desk_page, moment, one_of, page
from .household import Known, known_of, sources
from .masks import MASKED_FACT
from .paid import paid_to
from .timeline import Teller

SHOWN_OF_ONE = 12
GROUPS: dict[str, tuple[str, Sequence[Fact]]] = {
    "identity": ("身份与居住", book.IDENTITY),
    "work": ("就业", book.WORK),
    "income": ("收入与支出", book.INCOME),
    "school": ("上学", book.SCHOOL),
    "health": ("健康与残疾", book.HEALTH),
    "care": ("照料与其他", book.CARE),
    "parents": ("父母情况", book.PARENTS),
}


@dataclass(frozen=True)
class Row:
    """One fact: its value, whose word it is, how old, and what others say."""

    label: str
    value: str
    unknown: bool
    plain: bool
    source: str
    as_of: date | None
    stale: bool
    others: tuple[str, ...]
    # Somebody decided whose word stands.
    settled: bool
    field: Field
    # Only this office may say; empty where anybody's word is recorded.
    judged_by: str


@dataclass(frozen=True)
class Group:
    """Facts that belong together."""

    slug: str
    title: str
    rows: tuple[Row, ...]
    plain: tuple[Row, ...]
    unknown: tuple[Row, ...]
    editing: bool

    @property
    def fields(self) -> tuple[Field, ...]:
        """What may be written down or corrected: the unknown first."""
        rows = (*self.unknown, *self.rows, *self.plain)
        return tuple(row.field for row in rows if not row.judged_by)


@desk_page("edit")
@require_safe
def person(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Everything known of one person, for those who may see their household."""
    editing = one_of(request, "edit", {slug: title for slug, (title, _) in GROUPS.items()})
    try:
        found, at = find_person(desk, pk)
    except Http404:
        return merged_away(request, desk, pk)
    desk.note_views((found, at.household))
    return page(request, "desk/person.html", **person_context(desk, found, at, editing))


def person_context(desk: Desk, found: Person, at: Known, editing: str = "") -> dict[str, Any]:
    """Everything the person page shows."""
    pk = found.pk
    member = next(m for m in at.family if m.id == pk)
    story = Teller(desk, at.household, at.family, at.masks, found).events()
    said = heard(found, getattr(found, "facts", None))
    conflicts = {one.fact.name: one for one in said.conflicts(desk.on)}
    may_record = desk.may_record_in(at.household.community_id)
    groups = []
    if str(pk) in at.facts["people"]:
        for slug, (title, facts) in GROUPS.items():
            edits = slug == editing and may_record
            groups.append(
                _group(slug, title, facts, edits, _Rows(desk, at, str(pk), said, conflicts))
            )
    return {
        "keep_address": True,
        "person": found,
        "alike": at.pair,
        "member": member,
        "born": at.masks.born(found.birth_date),
        "household": at.household,
        "may_record": may_record,
        "paid": paid_to(desk, found, at.household, member.title),
        "groups": groups,
        "conflicts": len(conflicts),
        "disputed": sum(one.open for one in conflicts.values()),
        "story": story[:SHOWN_OF_ONE],
        "told": len(story),
        "sources": sources(),
        "seen_at": moment().isoformat(),
    }


def merged_away(request: HttpRequest, desk: Desk, pk: int, to: str = "person") -> HttpResponse:
    """From the number of a row that was merged away to where the person stands now."""
    now = now_under(pk)
    if now is None:
        raise Http404
    # Whoever may not see them learns nothing of where they went.
    find_person(desk, now)
    messages.success(request, f"{pk} 号与 {now} 号是同一个人，已经合并，这里是合并后的登记。")
    return HttpResponseRedirect(desk.url(to, now))


def find_person(desk: Desk, pk: int, *, lifted: bool = False) -> tuple[Person, Known]:
    """A person and the household they live in, or lived in when they died; lifted: unmasked."""
    lived = (
        Membership.objects.filter(person=pk, household__in=desk.families())
        .filter(LIVES_OR_DIED_THERE)
        .select_related("person__facts", "household__community__parent", "household__facts")
        .annotate(pair=waiting_pair(OuterRef("person")))
        .order_by("-since")
        .first()
    )
    if lived is None:
        raise Http404
    at = known_of(desk, lived.household, lifted=lifted)
    return lived.person, replace(at, pair=lived.pair)


@dataclass(frozen=True)
class _Rows:
    """Makes rows for one person from everything said of them."""

    desk: Desk
    at: Known
    subject: str
    said: Heard
    conflicts: Mapping[str, Conflict]

    def row(self, fact: Fact) -> Row:
        value = current(self.at.facts, fact.name, self.subject)
        said = self.said.standing(fact.name)
        as_of = said.as_of if said else None
        stale = bool(as_of) and complete_months(as_of, self.desk.on) >= fact.valid_months  # type: ignore[arg-type]
        return Row(
            label=fact.label,
            value=self._told(fact, value),
            unknown=value is None,
            # No, none, nothing: most of what is known of most people, rarely what one looks for.
            plain=not value or value == "none" or (fact.name == "away" and value == "home"),
            # A file read in before departments gave a day for theirs.
            source=said.source if said else fact.answered_by,
            as_of=as_of,
            stale=stale and value is not None,
            others=self._others(fact, value),
            settled=fact.name in self.said.settled,
            # What stands behind the mask is written anew or not at all.
            field=field(
                fact,
                self.subject,
                self.at.name(self.subject),
                None if fact.name == MASKED_FACT else value,
            ),
            judged_by=fact.judged_by or "",
        )

    def _told(self, fact: Fact, value: Value) -> str:
        """A value as this officer sees it."""
        if fact.name == MASKED_FACT and isinstance(value, date):
            return self.at.masks.born(value)
        return words.fact_words(fact, value)

    def _others(self, fact: Fact, value: Value) -> tuple[str, ...]:
        """What other sources say differently."""
        conflict = self.conflicts.get(fact.name)
        return tuple(
            f"{one.source} {one.as_of}：{self._told(fact, one.value)}"
            for one in (conflict.said if conflict else ())
            if one.value != value
        )


def _group(slug: str, title: str, facts: Sequence[Fact], editing: bool, rows: _Rows) -> Group:
    made = [rows.row(fact) for fact in facts]
    return Group(
        slug,
        title,
        tuple(row for row in made if not row.plain or row.stale or row.others),
        tuple(row for row in made if row.plain and not (row.unknown or row.stale or row.others)),
        tuple(row for row in made if row.unknown),
        editing,
    )
