"""Entering a year's days off and make-up days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import get_current_timezone

from jiekun.journal import actions as journal

from ..days import CalendarDay, CalendarYear
from ..models import Division, Officer
from ..refused import RefusedError
from ..roles import Role

# Off by the State Council's rules in every year; a list without them is not complete.
_ALWAYS_OFF = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))


@transaction.atomic
def enter_year(
    *,
    place: Division,
    year: int,
    off: Iterable[date],
    working: Iterable[date],
    document: str,
    why: str = "",
    by: Officer,
    at: datetime,
) -> CalendarYear:
    """Enter a year as the State Council announced it: weekdays off, weekend days worked.

    A year entered before is replaced, which takes a reason. Raises RefusedError.
    """
    _allowed(place, by, at)
    free, worked = frozenset(off), frozenset(working)
    _check(year, free, worked)
    if not document.strip():
        raise RefusedError("没有写依据：哪一份放假通知")
    Division.objects.select_for_update().get(pk=place.pk)
    data = {"document": document.strip(), **_make_way(place, year, why)}
    made = CalendarYear.objects.create(
        place=place, year=year, document=document.strip()[:200], entered_by=by, entered_at=at
    )
    days = [(day, False) for day in free if day.weekday() < 5] + [(day, True) for day in worked]
    CalendarDay.objects.bulk_create(
        CalendarDay(year=made, day=day, working=works) for day, works in sorted(days)
    )
    data["now"] = _told(made)
    roles = (Role.DISTRICT_OFFICER,)
    journal.write(
        act="enter-year", by=by, at=at, subject=made, area=place.code, data=data, roles=roles
    )
    return made


def _make_way(place: Division, year: int, why: str) -> dict[str, object]:
    """Take away what was entered for the year before; what it was, for the journal."""
    before = CalendarYear.objects.filter(place=place, year=year).first()
    if before is None:
        return {}
    if not why.strip():
        raise RefusedError(f"{year} 年已经录过，要改请写明原因")
    was = _told(before)
    before.delete()
    return {"why": why.strip(), "was": was}


def _told(year: CalendarYear) -> dict[str, bool]:
    return {day.day.isoformat(): day.working for day in year.days.all()}


def _check(year: int, off: frozenset[date], working: frozenset[date]) -> None:
    """Whether the days make one whole year's list."""
    if not 2004 <= year <= 2100:
        raise RefusedError(f"年份要在 2004 到 2100 之间，现在是 {year}")
    if wrong := sorted(day for day in off | working if day.year != year):
        raise RefusedError(f"{wrong[0]} 不在 {year} 年里")
    if both := sorted(off & working):
        raise RefusedError(f"{both[0]} 既写成放假又写成上班")
    if weekday := sorted(day for day in working if day.weekday() < 5):
        raise RefusedError(f"{weekday[0]} 本来就上班；调休上班只写周六、周日")
    missing = [date(year, *day) for day in _ALWAYS_OFF if date(year, *day) not in off]
    if missing:
        raise RefusedError(f"放假的日子里没有 {missing[0]}，法定节日每年都放，请核对通知")


def _allowed(place: Division, by: Officer, at: datetime) -> None:
    on = at.astimezone(get_current_timezone()).date()
    posts = by.posts_on(on).filter(role=Role.DISTRICT_OFFICER)
    if not any(place.code.startswith(post.area_id) for post in posts):
        raise RefusedError(f"工作日历要由本区的{Role.DISTRICT_OFFICER.label}来录")
