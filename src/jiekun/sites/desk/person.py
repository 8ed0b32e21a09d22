"""The person page: what is known of somebody, who says so, and how fresh it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiekun.kernel.facts import Fact
from jiekun.kernel.language import complete_months
from jiekun.law import facts as book
from jiekun.registry.models import FactRecord, Membership, Person
from jiekun.registry.queries import LIVES_OR_DIED_THERE, Provenance, history, provenance
from jiekun.registry.wide import from_json

from . import words
from .answers import Field, current, field
from .door import Desk, desk_page, one_of, page
from .household import Known, known, sources

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
    found, at = _find(desk, pk)
    member = next(m for m in at.family if m.id == pk)
    records = list(history(found)[:200])
    says = provenance(at.household)
    may_record = desk.may_record_in(at.household.community_id)
    groups = []
    if str(pk) in at.facts["people"]:
        for slug, (title, facts) in GROUPS.items():
            edits = slug == editing and may_record
            groups.append(
                _group(slug, title, facts, edits, _Rows(desk, at, str(pk), records, says))
            )
    return page(
        request,
        "desk/person.html",
        keep_address=True,
        person=found,
        member=member,
        household=at.household,
        may_record=may_record,
        groups=groups,
        records=[_told(record) for record in records],
        sources=sources(),
    )


def _find(desk: Desk, pk: int) -> tuple[Person, Known]:
    """A person and the household they live in, or lived in when they died."""
    lived = (
        Membership.objects.filter(person=pk, household__in=desk.families())
        .filter(LIVES_OR_DIED_THERE)
        .select_related("person")
        .order_by("-since")
        .first()
    )
    if lived is None:
        raise Http404
    return lived.person, known(desk, lived.household_id)


@dataclass(frozen=True)
class _Rows:
    """Makes rows for one person from everything said of them."""

    desk: Desk
    at: Known
    subject: str
    records: list[FactRecord]
    says: dict[tuple[str, str], Provenance]

    def row(self, fact: Fact) -> Row:
        value = current(self.at.facts, fact.name, self.subject)
        said = self.says.get((self.subject, fact.name))
        as_of = said.as_of if said else None
        stale = bool(as_of) and complete_months(as_of, self.desk.on) >= fact.valid_months  # type: ignore[arg-type]
        return Row(
            label=fact.label,
            value=words.fact_words(fact, value),
            unknown=value is None,
            # No, none, nothing: most of what is known of most people, rarely what one looks for.
            plain=not value or value == "none" or (fact.name == "away" and value == "home"),
            source=said.source if said else "",
            as_of=as_of,
            stale=stale and value is not None,
            others=self._others(fact, value, said),
            field=field(fact, self.subject, self.at.name(self.subject), value),
            judged_by=fact.judged_by or "",
        )

    def _others(self, fact: Fact, value: object, said: Provenance | None) -> tuple[str, ...]:
        """What other sources say differently."""
        found: dict[str, str] = {}
        for record in self.records:
            other = from_json(fact, record.value) if record.fact == fact.name else None
            differs = other is not None and other != value
            if differs and said is not None and record.source != said.source:
                text = f"{record.source} {record.as_of}：{words.fact_words(fact, other)}"
                found.setdefault(record.source, text)
        return tuple(found.values())


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


def _told(record: FactRecord) -> tuple[FactRecord, str, str]:
    fact = book.FACTS.get(record.fact)
    if fact is None:
        return record, record.fact, str(record.value)
    return record, fact.label, words.fact_words(fact, from_json(fact, record.value))
