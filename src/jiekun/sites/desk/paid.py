"""What is being paid now: to one person, and what goes on after whoever got it died or left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from jiekun.registry.models import Household, Person, Receipt

from . import labels, words
from .door import Desk


@dataclass(frozen=True)
class Paid:
    """One benefit that runs."""

    label: str
    amount: str
    since: date
    who: str
    # Whose page tells more; none for the household, or where there is no page here.
    whose: int | None
    # Why it should be looked at; empty where nothing is known against it.
    over: str


def running(desk: Desk) -> QuerySet[Receipt]:
    """The benefits that run on the desk's day."""
    lasts = Q(until__isnull=True) | Q(until__gt=desk.on)
    return Receipt.objects.filter(lasts, since__lte=desk.on).order_by("since", "pk")


def parted(
    desk: Desk, home: Household, titles: Mapping[int, str]
) -> tuple[list[Receipt], list[Paid]]:
    """What a household gets, and what still goes to those of it who died or left.

    `titles`: what its members are called, by their numbers.
    """
    getting, over = [], []
    for receipt in running(desk).filter(household=home).select_related("person"):
        why = _over(receipt.person, home, desk)
        if why:
            who = titles.get(receipt.person_id or 0)
            gone = "已离开的家人" if receipt.person_id else "全家"
            over.append(_paid(desk, receipt, who or gone, why, receipt.person_id if who else None))
        else:
            getting.append(receipt)
    return getting, over


def paid_to(desk: Desk, person: Person, home: Household, who: str) -> Sequence[Paid]:
    """Everything that is paid to one person."""
    why = _over(person, home, desk)
    return [_paid(desk, one, who, why) for one in running(desk).filter(person=person)]


def _paid(desk: Desk, receipt: Receipt, who: str, over: str, whose: int | None = None) -> Paid:
    fen = receipt.amount_fen
    return Paid(
        label=labels.measure(desk.program, receipt.measure),
        amount="在享受" if fen is None else words.amount(Decimal(fen) / 100, receipt.unit),
        since=receipt.since,
        who=who,
        whose=whose,
        over=over,
    )


def _over(person: Person | None, home: Household, desk: Desk) -> str:
    """What ended for whoever a benefit goes to; empty where nothing did."""
    ended = (
        (person and person.died_on, "去世"),
        (person and person.moved_away_on, "迁出"),
        (home.dissolved_on, "原来的户已无人"),
    )
    for day, what in ended:
        if day and day <= desk.on:
            return f"{words.short_day(day, desk.on)}{what}"
    return ""
