"""Where sources say different things of one fact: who says what, how old, and what was decided."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jiekun.kernel.facts import Fact
from jiekun.law.facts import FACTS

from .models import FactRecord, Household, HouseholdFacts, Merge, Person, PersonFacts, Settlement
from .queries import delivered_on, delivery_days
from .recording import subject_of
from .wide import Value, from_column, from_json


@dataclass(frozen=True, slots=True)
class Said:
    """The latest word of one source on one fact."""

    source: str
    value: Value
    as_of: date
    # The first day an answer of that day is too old to stand for today.
    good_until: date
    # The statement it was; None for what a department delivered.
    record: int | None = None
    # The merge that brought it, where it was delivered of a row that gave way.
    merge: int | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """One fact of which sources say different things, newest word first."""

    fact: Fact
    said: tuple[Said, ...]
    # What counts today.
    stands: Value
    settlement: Settlement | None

    @property
    def open(self) -> bool:
        """Nobody has decided yet, or somebody said something else since."""
        decided = self.settlement
        if decided is None:
            return True
        day = decided.at.date()
        return any(
            one.source != decided.source and one.value != self.stands and one.as_of > day
            for one in self.said
        )


def good_until(fact: Fact, as_of: date) -> date:
    """The first day an answer of that day is no longer good, by what the fact declares."""
    years, month = divmod(as_of.month - 1 + fact.valid_months, 12)
    year = as_of.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(as_of.day, last))


def words_on(subject: Person | Household, fact: str) -> dict[str, Said]:
    """Each source's latest word on one fact; what is not known is nobody's word."""
    return _words(subject, _row(subject), [fact]).get(fact, {})


@dataclass(frozen=True)
class Heard:
    """Everything said of a subject: by fact each source's latest word, and what was decided."""

    row: PersonFacts | HouseholdFacts | None
    words: dict[str, dict[str, Said]]
    settled: dict[str, Settlement]

    def standing(self, fact: str) -> Said | None:
        """The word that counts: the one decided for, else the newest, a person's before a file."""
        words, decided = self.words.get(fact, {}), self.settled.get(fact)
        if decided is not None and decided.source in words:
            return words[decided.source]
        return max(words.values(), key=lambda one: (one.as_of, one.record or 0), default=None)

    def conflicts(self, on: date) -> list[Conflict]:
        """The facts that sources still good on a day disagree about."""
        found = []
        for name, words in self.words.items():
            good = [one for one in words.values() if one.good_until > on]
            if len({repr(one.value) for one in good}) > 1:
                good.sort(key=lambda one: one.as_of, reverse=True)
                stands = from_column(FACTS[name], getattr(self.row, name))
                found.append(Conflict(FACTS[name], tuple(good), stands, self.settled.get(name)))
        return found


def heard(subject: Person | Household, row: PersonFacts | HouseholdFacts | None = None) -> Heard:
    """Everything said of a subject's facts; `row`: today's values, where they are read already."""
    row = row or _row(subject)
    if row is None:
        return Heard(None, {}, {})
    facts = FACTS.of("person" if isinstance(subject, Person) else "household")
    decided = Settlement.objects.filter(**subject_of(subject), lifted_at__isnull=True)
    settled = {one.fact: one for one in decided.select_related("by")}
    return Heard(row, _words(subject, row, [fact.name for fact in facts]), settled)


def conflicting(subject: Person | Household, on: date) -> list[Conflict]:
    """The facts of a subject that sources still good on a day disagree about."""
    return heard(subject).conflicts(on)


def _row(subject: Person | Household) -> PersonFacts | HouseholdFacts | None:
    if isinstance(subject, Household):
        return HouseholdFacts.objects.filter(household=subject).first()
    return PersonFacts.objects.filter(person=subject).first()


def _words(
    subject: Person | Household, row: PersonFacts | HouseholdFacts | None, names: list[str]
) -> dict[str, dict[str, Said]]:
    """By fact and source: recorded statements, a department's word, one that was displaced."""
    found: dict[str, dict[str, Said]] = {}

    def hear(fact: Fact, source: str, as_of: date, value: Value, record: int | None) -> None:
        if value is None:
            found.get(fact.name, {}).pop(source, None)
        else:
            until = good_until(fact, as_of)
            found.setdefault(fact.name, {})[source] = Said(source, value, as_of, until, record)

    days = delivery_days()
    newest: dict[str, date] = {}
    records = FactRecord.objects.filter(**subject_of(subject), fact__in=names)
    for one in records.order_by("as_of", "recorded_at", "id"):
        newest[one.fact] = one.as_of
        fact = FACTS[one.fact]
        hear(fact, one.source, one.as_of, from_json(fact, one.value), one.pk)
    if row is None:
        return found
    displaced = row.displaced or {}
    for name in names:
        fact = FACTS[name]
        day = delivered_on(row, fact, days)
        if day is not None and day > newest.get(name, date.min):
            hear(fact, fact.answered_by, day, from_column(fact, getattr(row, name)), None)
        elif name in displaced:
            source, kept = displaced[name][0], from_json(fact, displaced[name][2])
            day = date.fromisoformat(displaced[name][1])
            older = found.get(name, {}).get(source)
            if older is None or older.as_of < day:
                hear(fact, source, day, kept, None)
    for said in _merged(subject, names):
        found.setdefault(said[0], {}).setdefault(said[1].source, said[1])
    return found


def _merged(subject: Person | Household, names: list[str]) -> Iterator[tuple[str, Said]]:
    """What departments delivered of rows that were the same person: heard, and never today's."""
    if isinstance(subject, Household):
        return
    made = Merge.objects.filter(kept=subject, undone_at__isnull=True).exclude(words=[])
    for pk, words in made.values_list("pk", "words"):
        for name, source, day, kept in words:
            if name in names:
                fact, as_of = FACTS[name], date.fromisoformat(day)
                value, until = from_json(fact, kept), good_until(fact, as_of)
                yield name, Said(source, value, as_of, until, merge=pk)
