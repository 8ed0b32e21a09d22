"""Acts on what people hold: recognitions and receipts begun and ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from jiekun.journal import actions as journal
from jiekun.journal.many import add_objects, any_of, change_objects
from jiekun.offices.models import Officer

from .checks import RefusedError
from .models import Household, Person, Receipt, Recognition

Award = Recognition | Receipt
_ENDED: Mapping[type[Award], str] = {
    Recognition: "end-recognition",
    Receipt: "end-receipt",
}


@transaction.atomic
def recognise(
    *,
    household: Household,
    person: Person | None = None,
    category: str,
    since: date,
    decided_by: str,
    document_number: str = "",
    by: Officer | None,
    at: datetime,
) -> Recognition:
    """Note that an office found a household or person to belong to a category."""
    made = Recognition(
        household=household,
        person=person,
        category=category,
        since=since,
        decided_by=decided_by,
        document_number=document_number,
    )
    return recognise_many(recognitions=[made], by=by, at=at)[0]


@transaction.atomic
def recognise_many(
    *, recognitions: Sequence[Recognition], by: Officer | None, at: datetime
) -> Sequence[Recognition]:
    """Note many recognitions, not yet saved, at once: all of them or none, a line each."""
    add_objects(recognitions)
    _journal("recognise", [(one, {"category": one.category}) for one in recognitions], by, at)
    return recognitions


@transaction.atomic
def begin_receipt(
    *,
    household: Household,
    person: Person | None = None,
    measure: str,
    amount_fen: int | None,
    unit: str = "",
    since: date,
    by: Officer | None,
    at: datetime,
) -> Receipt:
    """Note that a household or person begins to get a measure."""
    made = Receipt(
        household=household,
        person=person,
        measure=measure,
        amount_fen=amount_fen,
        unit=unit,
        since=since,
    )
    return begin_receipts(receipts=[made], by=by, at=at)[0]


@transaction.atomic
def begin_receipts(
    *, receipts: Sequence[Receipt], by: Officer | None, at: datetime
) -> Sequence[Receipt]:
    """Note many receipts, not yet saved, at once: all of them or none, a line each."""
    add_objects(receipts)
    _journal("begin-receipt", [(one, {"measure": one.measure}) for one in receipts], by, at)
    return receipts


@transaction.atomic
def end_award(
    *, award: Recognition | Receipt, until: date, reason: str, by: Officer | None, at: datetime
) -> None:
    """End a recognition or a receipt: `until` is the first day it no longer holds."""
    end_awards(ends={award: until}, reason=reason, by=by, at=at)


@transaction.atomic
def end_awards(
    *,
    ends: Mapping[Award, date],
    reason: str,
    by: Officer | None,
    at: datetime,
) -> None:
    """End many at once, each on its day: all of them or none. Raises RefusedError."""
    for award, until in ends.items():
        if until < award.since:
            raise RefusedError(f"结束日期 {until} 早于开始日期 {award.since}")
    for model, act in _ENDED.items():
        awards = {award.pk: until for award, until in ends.items() if isinstance(award, model)}
        held = model._default_manager.select_for_update()
        rows: list[Any] = list(held.filter(pk__in=any_of(awards)).order_by("pk"))
        for row in rows:
            row.until = awards[row.pk]
        change_objects(rows, ["until"])
        told = [(row, {"until": awards[row.pk].isoformat(), "reason": reason}) for row in rows]
        _journal(act, told, by, at)


def _journal(
    act: str,
    done: Sequence[tuple[Award, Mapping[str, Any]]],
    by: Officer | None,
    at: datetime,
) -> None:
    homes = any_of({award.household_id for award, _ in done})
    areas = dict(Household.objects.filter(pk__in=homes).values_list("pk", "community"))
    kind = Household._meta.label_lower
    lines = [
        journal.Told(
            (kind, award.household_id), areas[award.household_id], {**data, "id": award.pk}
        )
        for award, data in done
    ]
    journal.write_many(act=act, by=by, at=at, lines=lines)
