"""Acts on what is known: statements of sources, kept and weighed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import get_current_timezone

from jiekun.kernel.facts import Fact
from jiekun.law.facts import FACTS
from jiekun.offices.models import Officer

from .checks import RefusedError, checked
from .models import FactRecord, Household, HouseholdFacts, Person, PersonFacts, Settlement
from .noting import note_act
from .queries import delivered_on, delivery_days
from .wide import Value, from_column, to_column, to_json

# Facts that stand on the person as well: everybody has them.
IDENTITY = frozenset({"birth_date", "sex"})


@dataclass(frozen=True)
class Statement:
    """One fact of one person or household, as a source states it."""

    subject: Person | Household
    fact: str
    value: Value
    source: str
    as_of: date
    note: str = ""
    evidence: str = ""


@transaction.atomic
def record_fact(
    *,
    subject: Person | Household,
    fact: str,
    value: Value,
    source: str,
    as_of: date,
    by: Officer | None,
    at: datetime,
    note: str = "",
    evidence: str = "",
) -> FactRecord:
    """Keep what a source states; today's value follows if nothing newer is known."""
    statement = Statement(subject, fact, value, source, as_of, note, evidence)
    return record_facts(statements=[statement], by=by, at=at)[0]


@transaction.atomic
def record_facts(
    *,
    statements: Iterable[Statement],
    by: Officer | None,
    at: datetime,
    seen_at: datetime | None = None,
) -> list[FactRecord]:
    """Keep several statements at once: all of them or none. Raises RefusedError.

    `seen_at`: when the officer was shown what is known; what others stated of the same facts
    since then raises ChangedError.
    """
    of_subject: dict[tuple[type, int], list[Statement]] = {}
    for statement in statements:
        of_subject.setdefault((type(statement.subject), statement.subject.pk), []).append(statement)
    return [
        record
        for group in of_subject.values()
        for record in _record_about_one(group, by, at, seen_at)
    ]


def _record_about_one(
    statements: list[Statement], by: Officer | None, at: datetime, seen_at: datetime | None
) -> list[FactRecord]:
    """Keep what is stated of one subject: one row locked, one line in the journal."""
    subject = statements[0].subject
    values = [_checked(one, by, at) for one in statements]
    facts = facts_of(subject)
    names = {one.fact for one in statements}
    if seen_at is not None:
        _refuse_unseen(subject, names, by, seen_at)
    standing = Standing(subject, facts, names)
    records = []
    for one, value in zip(statements, values, strict=True):
        if standing.gives_way(one):
            standing.displace(one.fact, one.source)
            standing.recorded[one.fact] = one.as_of
            put(facts, subject, one.fact, value)
        records.append(_record(one, value, by, at))
    facts.save(update_fields=[*names, "displaced"])
    FactRecord.objects.bulk_create(records)
    # The values themselves stand in the records; the journal is read more widely.
    told = {"facts": {one.fact: one.source for one in statements}}
    note_act("record-facts", subject, by, at, told)
    return records


def _record(one: Statement, value: Value, by: Officer | None, at: datetime) -> FactRecord:
    return FactRecord(
        **subject_of(one.subject),
        fact=one.fact,
        value=to_json(FACTS[one.fact], value),
        source=one.source,
        as_of=one.as_of,
        recorded_at=at,
        recorded_by=by,
        note=one.note,
        evidence=one.evidence,
    )


class Standing:
    """What stands of one subject's facts before a statement: how new it is, and whose."""

    def __init__(
        self, subject: Person | Household, facts: PersonFacts | HouseholdFacts, names: set[str]
    ) -> None:
        self.facts = facts
        said = FactRecord.objects.filter(**subject_of(subject), fact__in=names)
        self.recorded: dict[str, date] = dict(said.values_list("fact").annotate(Max("as_of")))
        days = delivery_days()
        self.delivered = {name: delivered_on(facts, FACTS[name], days) for name in names}
        settled = Settlement.objects.filter(
            **subject_of(subject), fact__in=names, lifted_at__isnull=True
        )
        self.settled: dict[str, str] = dict(settled.values_list("fact", "source"))

    def gives_way(self, one: Statement) -> bool:
        """Not to a word about an earlier day, nor to a source somebody decided against."""
        chosen = self.settled.get(one.fact)
        if chosen is not None and chosen != one.source:
            return False
        known = (self.recorded.get(one.fact), self.delivered[one.fact])
        return all(day is None or one.as_of >= day for day in known)

    def displace(self, name: str, source: str) -> None:
        """Keep a department's word that another source's takes the place of."""
        fact, day = FACTS[name], self.delivered[name]
        theirs = day is not None and day > self.recorded.get(name, date.min)
        if day is not None and theirs and source != fact.answered_by:
            kept = to_json(fact, from_column(fact, getattr(self.facts, fact.name)))
            word = {fact.name: [fact.answered_by, day.isoformat(), kept]}
            self.facts.displaced = {**(self.facts.displaced or {}), **word}


def put(
    facts: PersonFacts | HouseholdFacts, subject: Person | Household, name: str, value: Value
) -> None:
    """Let a value be today's, not yet saved."""
    setattr(facts, name, to_column(FACTS[name], value))
    _keep_identity(subject, name, value)


class ChangedError(RefusedError):
    """Others stated something of the same facts since the officer looked: `records`."""

    def __init__(self, records: list[FactRecord]) -> None:
        here = get_current_timezone()
        told = "；".join(
            f"{record.recorded_by.name if record.recorded_by else '系统'} "
            f"{record.recorded_at.astimezone(here):%m-%d %H:%M} "
            f"记下“{FACTS[record.fact].label}”（{record.source}）"
            for record in records
        )
        super().__init__(f"您打开之后，别人又记过：{told}。请看过再保存")
        self.records = records


def _refuse_unseen(
    subject: Person | Household, names: set[str], by: Officer | None, seen_at: datetime
) -> None:
    since = FactRecord.objects.filter(
        **subject_of(subject), fact__in=names, recorded_at__gt=seen_at
    ).exclude(recorded_by=by)
    if newer := list(since.select_related("recorded_by").order_by("recorded_at", "id")):
        raise ChangedError(newer)


def _checked(one: Statement, by: Officer | None, at: datetime) -> Value:
    """The value in the law's own type, if this officer can say it of this subject."""
    declared = _declared(one, at)
    # What was judged arrives with an office's files; no officer's note may stand in for it.
    if declared.judged_by and by is not None:
        raise RefusedError(f"“{declared.label}”由{declared.judged_by}认定，不能在这里记")
    value = checked(declared, one.value)
    if value is None and one.fact in IDENTITY:
        raise RefusedError(f"“{declared.label}”不能改成“还不知道”；登记错了，请改成对的")
    if one.fact == "birth_date" and isinstance(value, date) and value > one.as_of:
        raise RefusedError(f"“{declared.label}”{value} 晚于截止日期 {one.as_of}")
    return value


def _declared(statement: Statement, at: datetime) -> Fact:
    """The fact that is meant, if it can be said of this subject on that day."""
    declared = FACTS.get(statement.fact)
    if declared is None:
        raise RefusedError(f"没有叫“{statement.fact}”的事实")
    entity = "person" if isinstance(statement.subject, Person) else "household"
    if declared.entity != entity:
        raise RefusedError(
            f"“{declared.label}”要记在{'个人' if entity == 'household' else '家庭'}名下"
        )
    if statement.as_of > at.date():
        raise RefusedError(f"“{declared.label}”的截止日期 {statement.as_of} 还没有到")
    if not statement.source.strip():
        raise RefusedError(f"“{declared.label}”要写明是谁说的、哪里查的")
    return declared


def facts_of(subject: Person | Household) -> PersonFacts | HouseholdFacts:
    """The subject's wide row, locked; whoever has none yet gets one."""
    if isinstance(subject, Household):
        homes = HouseholdFacts.objects.select_for_update()
        return homes.get_or_create(household=subject)[0]
    return PersonFacts.objects.select_for_update().get_or_create(person=subject)[0]


def subject_of(subject: Person | Household) -> dict[str, Any]:
    """How rows about this subject are found."""
    return {"person" if isinstance(subject, Person) else "household": subject}


def _keep_identity(subject: Person | Household, fact: str, value: Value) -> None:
    """A corrected birthday or sex is corrected on the person too."""
    if isinstance(subject, Person) and fact in IDENTITY and value is not None:
        Person.objects.filter(pk=subject.pk).update(**{fact: value})
