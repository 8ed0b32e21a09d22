"""What happened to a family, newest first: deaths, facts recorded, recognitions, receipts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jiekun.kernel.program import Program
from jiekun.law.facts import FACTS
from jiekun.registry.models import FactRecord, Receipt, Recognition
from jiekun.registry.wide import from_json

from . import words
from .family import Member

SHOWN = 7


@dataclass(frozen=True)
class Event:
    """One line of the family's story."""

    on: date
    text: str
    source: str = ""
    alarm: bool = False


def events(
    family: Iterable[Member],
    records: Iterable[FactRecord],
    recognitions: Iterable[Recognition],
    receipts: Iterable[Receipt],
    program: Program,
) -> list[Event]:
    """Everything with a date, newest first."""
    family = list(family)
    named = {member.id: member.title for member in family}
    labels = {u.measure.name: u.measure.short or u.measure.label for u in program.measures}
    found = [Event(m.died_on, f"{m.title}去世", "公安", True) for m in family if m.died_on]
    found += _recorded(records, named)
    for recognition in recognitions:
        label = labels.get(recognition.category, recognition.category)
        found.append(Event(recognition.since, f"认定{label}", recognition.decided_by))
        if recognition.until:
            found.append(Event(recognition.until, f"{label}认定结束", recognition.decided_by))
    for receipt in receipts:
        label = labels.get(receipt.measure, receipt.measure)
        found.append(Event(receipt.since, f"开始领{label} {_paid(receipt)}".strip()))
        if receipt.until:
            found.append(Event(receipt.until, f"{label}停发"))
    return sorted(found, key=lambda e: e.on, reverse=True)


def _paid(receipt: Receipt) -> str:
    if receipt.amount_fen is None:
        return ""
    return words.amount(Decimal(receipt.amount_fen) / 100, receipt.unit)


def _recorded(records: Iterable[FactRecord], named: Mapping[int, str]) -> list[Event]:
    """Facts one source stated of one person on one day make one line."""
    lines: dict[tuple[date, str, str], list[str]] = {}
    for record in records:
        fact = FACTS.get(record.fact)
        if fact is None:
            continue
        who = named.get(record.person_id or 0, "全家" if record.household_id else "家人")
        said = f"{fact.label}：{words.fact_words(fact, from_json(fact, record.value))}"
        lines.setdefault((record.as_of, who, record.source), []).append(said)
    return [
        Event(day, f"{who}——{'；'.join(said[:3])}{'……' if len(said) > 3 else ''}", source)
        for (day, who, source), said in lines.items()
    ]
