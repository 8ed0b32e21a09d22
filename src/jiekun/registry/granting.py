"""Acts on what people hold: recognitions and receipts begun and ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from jiekun.journal import actions as journal
from jiekun.offices.models import Officer

from .checks import RefusedError
from .models import Household, Person, Receipt, Recognition


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
    made = Recognition.objects.create(
        household=household,
        person=person,
        category=category,
        since=since,
        decided_by=decided_by,
        document_number=document_number,
    )
    _journal_award("recognise", household, {"category": category, "id": made.pk}, by, at)
    return made


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
    made = Receipt.objects.create(
        household=household,
        person=person,
        measure=measure,
        amount_fen=amount_fen,
        unit=unit,
        since=since,
    )
    _journal_award("begin-receipt", household, {"measure": measure, "id": made.pk}, by, at)
    return made


@transaction.atomic
def end_award(
    *, award: Recognition | Receipt, until: date, reason: str, by: Officer | None, at: datetime
) -> None:
    """End a recognition or a receipt: `until` is the first day it no longer holds."""
    if until < award.since:
        raise RefusedError(f"结束日期 {until} 早于开始日期 {award.since}")
    model = type(award)
    model.objects.select_for_update().get(pk=award.pk)
    model.objects.filter(pk=award.pk).update(until=until)
    act = "end-recognition" if isinstance(award, Recognition) else "end-receipt"
    data = {"id": award.pk, "until": until.isoformat(), "reason": reason}
    _journal_award(act, award.household, data, by, at)


def _journal_award(
    act: str, household: Household, data: Mapping[str, Any], by: Officer | None, at: datetime
) -> None:
    journal.write(act=act, by=by, at=at, subject=household, area=household.community_id, data=data)
