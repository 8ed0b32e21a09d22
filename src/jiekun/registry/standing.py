"""What stands of facts before somebody states them anew: how new it is, and whose word."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max

from jiekun.journal.many import any_of
from jiekun.law.facts import FACTS

from .models import FactRecord, Household, HouseholdFacts, Person, PersonFacts, Settlement
from .queries import delivered_on, delivery_days
from .wide import from_column, to_json

WideRow = PersonFacts | HouseholdFacts


@dataclass
class Standing:
    """Of one subject's facts: the newest record, a department's delivery, and what was decided."""

    facts: WideRow
    recorded: dict[str, date]
    delivered: dict[str, date | None]
    settled: dict[str, str]

    def gives_way(self, name: str, source: str, as_of: date) -> bool:
        """Not to a word about an earlier day, nor to a source somebody decided against."""
        chosen = self.settled.get(name)
        if chosen is not None and chosen != source:
            return False
        known = (self.recorded.get(name), self.delivered[name])
        return all(day is None or as_of >= day for day in known)

    def displace(self, name: str, source: str) -> None:
        """Keep a department's word that another source's takes the place of."""
        fact, day = FACTS[name], self.delivered[name]
        theirs = day is not None and day > self.recorded.get(name, date.min)
        if day is not None and theirs and source != fact.answered_by:
            kept = to_json(fact, from_column(fact, getattr(self.facts, fact.name)))
            word = {fact.name: [fact.answered_by, day.isoformat(), kept]}
            self.facts.displaced = {**(self.facts.displaced or {}), **word}


def locked_rows(
    kind: type[Person | Household], whose: Collection[int], names: Collection[str]
) -> dict[int, WideRow]:
    """The wide rows of these people or households, locked in one order; who has none gets one."""
    model: Any = PersonFacts if kind is Person else HouseholdFacts
    held = model._default_manager.select_for_update().order_by("pk")
    held = held.only("pk", "sources", "displaced", *names)
    rows: dict[int, WideRow] = {row.pk: row for row in held.filter(pk__in=any_of(whose))}
    if missing := sorted(set(whose) - rows.keys()):
        fresh = [model(pk=pk) for pk in missing]
        model._default_manager.bulk_create(fresh, ignore_conflicts=True)
        rows |= {row.pk: row for row in held.filter(pk__in=missing)}
    return rows


def standings(
    kind: type[Person | Household],
    rows: Mapping[int, WideRow],
    asked: Mapping[int, Collection[str]],
) -> dict[int, Standing]:
    """What stands of the facts asked of each subject, by its number."""
    key = "person" if kind is Person else "household"
    stated = {name for names in asked.values() for name in names}
    about = {f"{key}__in": any_of(rows), "fact__in": stated}
    days = delivery_days()
    found = {
        pk: Standing(
            row, {}, {name: delivered_on(row, FACTS[name], days) for name in asked[pk]}, {}
        )
        for pk, row in rows.items()
    }
    said = FactRecord.objects.filter(**about).values_list(key, "fact").annotate(Max("as_of"))
    for pk, name, day in said:
        found[pk].recorded[name] = day
    settled = Settlement.objects.filter(**about, lifted_at__isnull=True)
    for pk, name, source in settled.values_list(key, "fact", "source"):
        found[pk].settled[name] = source
    return found
