"""Acts on what is known: statements of sources, kept and weighed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from jiekun.journal import actions as journal
from jiekun.kernel.facts import Fact
from jiekun.law.facts import FACTS
from jiekun.offices.models import Officer

from .checks import RefusedError, checked
from .models import FactRecord, Household, HouseholdFacts, Person, PersonFacts
from .queries import area_of, delivered_on, delivery_days
from .wide import Value, to_column, to_json


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
    *, statements: Iterable[Statement], by: Officer | None, at: datetime
) -> list[FactRecord]:
    """Keep several statements at once: all of them or none."""
    of_subject: dict[tuple[type, int], list[Statement]] = {}
    for statement in statements:
        of_subject.setdefault((type(statement.subject), statement.subject.pk), []).append(statement)
    return [record for group in of_subject.values() for record in _record_about_one(group, by, at)]


def _record_about_one(
    statements: list[Statement], by: Officer | None, at: datetime
) -> list[FactRecord]:
    """Keep what is stated of one subject: one row locked, one line in the journal."""
    subject = statements[0].subject
    values = [_checked(one, by, at) for one in statements]
    facts = _facts_of(subject)
    latest = _latest_days(subject, facts, {one.fact for one in statements})
    records = []
    for one, value in zip(statements, values, strict=True):
        # A statement about an earlier day changes nothing about today.
        if one.as_of >= latest.get(one.fact, one.as_of):
            latest[one.fact] = one.as_of
            setattr(facts, one.fact, to_column(FACTS[one.fact], value))
            _keep_identity(subject, one.fact, value)
        records.append(_record(one, value, by, at))
    facts.save(update_fields=[one.fact for one in statements])
    FactRecord.objects.bulk_create(records)
    journal.write(
        act="record-facts",
        by=by,
        at=at,
        subject=subject,
        area=area_of(subject),
        # The values themselves stand in the records; the journal is read more widely.
        data={"facts": {one.fact: one.source for one in statements}},
    )
    return records


def _record(one: Statement, value: Value, by: Officer | None, at: datetime) -> FactRecord:
    return FactRecord(
        **_subject(one.subject),
        fact=one.fact,
        value=to_json(FACTS[one.fact], value),
        source=one.source,
        as_of=one.as_of,
        recorded_at=at,
        recorded_by=by,
        note=one.note,
        evidence=one.evidence,
    )


def _latest_days(
    subject: Person | Household, facts: PersonFacts | HouseholdFacts, names: set[str]
) -> dict[str, date]:
    """The last day anything was stated for, fact by fact; a delivery is a statement too."""
    records = FactRecord.objects.filter(**_subject(subject), fact__in=names)
    latest: dict[str, date] = dict(records.values_list("fact").annotate(models.Max("as_of")))
    delivered = delivery_days()
    for name in names:
        day = delivered_on(facts, FACTS[name], delivered)
        if day is not None:
            latest[name] = max(day, latest.get(name, day))
    return latest


def _checked(one: Statement, by: Officer | None, at: datetime) -> Value:
    """The value in the law's own type, if this officer can say it of this subject."""
    declared = _declared(one, at)
    # What was judged arrives with an office's files; no officer's note may stand in for it.
    if declared.judged_by and by is not None:
        raise RefusedError(f"“{declared.label}”由{declared.judged_by}认定，不能在这里记")
    value = checked(declared, one.value)
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


def _facts_of(subject: Person | Household) -> PersonFacts | HouseholdFacts:
    """The subject's wide row, locked; whoever has none yet gets one."""
    if isinstance(subject, Household):
        homes = HouseholdFacts.objects.select_for_update()
        return homes.get_or_create(household=subject)[0]
    return PersonFacts.objects.select_for_update().get_or_create(person=subject)[0]


def _subject(subject: Person | Household) -> dict[str, Any]:
    return {"person" if isinstance(subject, Person) else "household": subject}


def _keep_identity(subject: Person | Household, fact: str, value: Value) -> None:
    """A corrected birthday or sex is corrected on the person too."""
    if isinstance(subject, Person) and fact in {"birth_date", "sex"} and value is not None:
        Person.objects.filter(pk=subject.pk).update(**{fact: value})
