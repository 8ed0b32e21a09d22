"""What is known of one person from two rows: the newest word stands, the other is heard."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jiekun.kernel.facts import Fact
from jiekun.law.facts import FACTS

from .conflicts import Heard, Said, heard
from .models import Merge, Person, PersonFacts
from .queries import delivery_days
from .recording import facts_of
from .wide import from_column, to_json

# Who somebody is follows the row that was chosen to stay.
_IDENTITY = frozenset({"birth_date", "sex"})


@dataclass
class Weighed:
    """What the row that stays comes to know, and what is only heard beside it."""

    kept: PersonFacts
    gone: PersonFacts
    # [fact, source, day, value] of deliveries that do not stand.
    words: list[list[Any]]
    columns: set[str] = field(default_factory=set)
    # Facts nothing was known of before.
    fresh: set[str] = field(default_factory=set)

    def hear(self, fact: Fact, source: str, of: int, day: date, column: Any) -> None:
        value = to_json(fact, from_column(fact, column))
        self.words.append([fact.name, f"{source}（原 {of} 号）", day.isoformat(), value])

    def take(self, fact: Fact, days: dict[str, date]) -> None:
        """Let the other row's value stand, no fresher than either row says its office spoke."""
        name, office = fact.name, fact.answered_by
        setattr(self.kept, name, getattr(self.gone, name))
        self.columns.add(name)
        told = [_day(row, office, days) for row in (self.kept, self.gone)]
        said = [day for day in told if day is not None]
        if said and told[0] != min(said):
            day = min(said).isoformat()
            self.kept.sources = {**(self.kept.sources or {}), office: day}

    def displace(self, name: str, word: list[Any] | None) -> None:
        """Keep a department's word beside today's value, or none any more."""
        others = {k: v for k, v in (self.kept.displaced or {}).items() if k != name}
        self.kept.displaced = {**others, **({} if word is None else {name: word})} or None


def _day(row: PersonFacts, office: str, days: dict[str, date]) -> date | None:
    given = (row.sources or {}).get(office)
    return date.fromisoformat(given) if given else days.get(office)


def weigh(kept: Person, gone: Person) -> Weighed:
    """Put what both rows know together; nothing is saved. Call it before statements move."""
    ours, theirs = facts_of(kept), facts_of(gone)
    assert isinstance(ours, PersonFacts)
    assert isinstance(theirs, PersonFacts)
    earlier = Merge.objects.filter(kept=gone, undone_at__isnull=True).values_list("words")
    made = Weighed(ours, theirs, [word for (words,) in earlier for word in words])
    said, heard_of_theirs, days = heard(kept), heard(gone), delivery_days()
    for fact in FACTS.of("person"):
        if getattr(theirs, fact.name) is not None:
            _one(made, fact, said, heard_of_theirs, days)
    return made


def _one(made: Weighed, fact: Fact, ours: Heard, theirs: Heard, days: dict[str, date]) -> None:
    name = fact.name
    own, other = getattr(made.kept, name), getattr(made.gone, name)
    kept_aside = (made.gone.displaced or {}).get(name)
    settled = name in ours.settled
    if own is None and not settled:
        made.take(fact, days)
        made.fresh.add(name)
        if kept_aside is not None and name not in (made.kept.displaced or {}):
            made.displace(name, kept_aside)
        return
    word, before = theirs.standing(name), ours.standing(name)
    if own != other and word is not None:
        if _stands(made, fact, before, word, days) and not settled and name not in _IDENTITY:
            _give_way(made, fact, before, word)
            made.take(fact, days)
        elif word.record is None:
            made.hear(fact, word.source, made.gone.pk, word.as_of, other)
    if kept_aside is not None:
        source, day, value = kept_aside
        made.words.append([name, f"{source}（原 {made.gone.pk} 号）", day, value])


def _stands(
    made: Weighed, fact: Fact, before: Said | None, word: Said, days: dict[str, date]
) -> bool:
    """Whether the other row's word is newer than ours."""
    if before is None:
        return True
    day = word.as_of
    if word.record is None:
        day = min(day, _day(made.kept, fact.answered_by, days) or day)
    return day > before.as_of


def _give_way(made: Weighed, fact: Fact, before: Said | None, word: Said) -> None:
    """Our value is no longer today's: what a department had said is still heard."""
    name, own = fact.name, getattr(made.kept, fact.name)
    aside = (made.kept.displaced or {}).get(name)
    if before is not None and before.record is None and aside is None:
        if word.record is not None:
            value = to_json(fact, from_column(fact, own))
            made.displace(name, [before.source, before.as_of.isoformat(), value])
        else:
            made.hear(fact, before.source, made.kept.pk, before.as_of, own)
    elif aside is not None and word.record is None:
        made.words.append([name, f"{aside[0]}（原 {made.kept.pk} 号）", aside[1], aside[2]])
        made.displace(name, None)
