"""Acts on what is known: statements of sources, kept and weighed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import get_current_timezone

from jiekun.journal.many import add_objects, change_objects
from jiekun.kernel.facts import Fact
from jiekun.law.facts import FACTS
from jiekun.offices.models import Officer

from .checks import RefusedError, checked
from .models import FactRecord, Household, HouseholdFacts, Person, PersonFacts
from .noting import note_acts
from .standing import locked_rows, standings
from .wide import Value, to_column, to_json

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
    """Keep many statements at once: all of them or none, in their order. Raises RefusedError.

    `seen_at`: when the officer was shown what is known; what others stated of the same facts
    since then raises ChangedError.
    """
    said = [(one, _checked(one, by, at)) for one in statements]
    for kind in (Person, Household):
        if about := [pair for pair in said if isinstance(pair[0].subject, kind)]:
            _let_stand(kind, about, by, at, seen_at)
    records = [_record(one, value, by, at) for one, value in said]
    add_objects(records)
    return records


def _let_stand(
    kind: type[Person | Household],
    said: Sequence[tuple[Statement, Value]],
    by: Officer | None,
    at: datetime,
    seen_at: datetime | None,
) -> None:
    """Change today's values where they give way: every row locked, one line a subject."""
    subjects = {one.subject.pk: one.subject for one, _ in said}
    told: dict[int, dict[str, str]] = {pk: {} for pk in subjects}
    for one, _ in said:
        told[one.subject.pk][one.fact] = one.source
    names = {name for of_one in told.values() for name in of_one}
    rows = locked_rows(kind, subjects, names)
    if seen_at is not None:
        for pk, subject in subjects.items():
            _refuse_unseen(subject, told[pk].keys(), by, seen_at)
    standing = standings(kind, rows, told)
    for one, value in said:
        stands = standing[one.subject.pk]
        if stands.gives_way(one.fact, one.source, one.as_of):
            stands.displace(one.fact, one.source)
            stands.recorded[one.fact] = one.as_of
            put(stands.facts, one.subject, one.fact, value)
    change_objects(list(rows.values()), [*names, "displaced"])
    # The values themselves stand in the records; the journal is read more widely.
    lines = [(subject, {"facts": told[pk]}) for pk, subject in subjects.items()]
    note_acts("record-facts", lines, by, at)


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
    subject: Person | Household, names: Collection[str], by: Officer | None, seen_at: datetime
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
