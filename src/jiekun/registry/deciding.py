"""Acts on what offices decided, noted by hand: recognised as something, and no longer."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from jiekun.offices.models import Officer

from .checks import RefusedError
from .granting import end_award, recognise
from .models import Household, Person, Recognition
from .noting import refuse_unseen
from .stays import stay_of

ACTS = {"recognise": "记下认定", "end-recognition": "结束认定"}


@transaction.atomic
def note_recognition(
    *,
    household: Household,
    person: Person | None,
    category: str,
    since: date,
    decided_by: str,
    document_number: str,
    seen_at: datetime | None = None,
    by: Officer | None,
    at: datetime,
) -> Recognition:
    """Note a decision on paper: who was recognised as what, by whom, since when.

    Raises RefusedError; UnseenError where others noted or ended one since `seen_at`.
    """
    household = _locked(household, by, seen_at)
    if since > at.date():
        raise RefusedError(f"起始日期 {since} 还没有到")
    if not (decided_by.strip() and document_number.strip()):
        raise RefusedError("请写明是哪个单位定的、决定书的文号")
    if person is not None:
        stay_of(household, person)
    held = Recognition.objects.filter(household=household, person=person, category=category)
    for one in held:
        if one.until is None or one.until > since:
            ended = f"到 {one.until}" if one.until else "现在还有效"
            raise RefusedError(f"{one.since} 起已有同样的认定，{ended}；日期重叠")
    return recognise(
        household=household, person=person, category=category, since=since,
        decided_by=decided_by.strip(), document_number=document_number.strip(), by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def end_recognition(
    *,
    recognition: Recognition,
    until: date,
    reason: str,
    seen_at: datetime | None = None,
    by: Officer | None,
    at: datetime,
) -> None:
    """Note from which day a recognition no longer holds, and why. Raises as the other does."""
    _locked(recognition.household, by, seen_at)
    recognition = Recognition.objects.get(pk=recognition.pk)
    if recognition.until is not None and recognition.until <= at.date():
        raise RefusedError(f"这项认定 {recognition.until} 起已经结束")
    if not reason.strip():
        raise RefusedError("请写明为什么结束、凭什么文书")
    if until > at.date():
        raise RefusedError(f"结束日期 {until} 还没有到")
    end_award(award=recognition, until=until, reason=reason.strip(), by=by, at=at)


def _locked(household: Household, by: Officer | None, seen_at: datetime | None) -> Household:
    home = Household.objects.select_for_update().get(pk=household.pk)
    refuse_unseen(home, ACTS, by, seen_at)
    return home
