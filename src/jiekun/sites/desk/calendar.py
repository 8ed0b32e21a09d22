"""The working-day calendar: a year at a glance, and entering the next one."""

from __future__ import annotations

import calendar as months
import re
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from jiekun.offices import actions
from jiekun.offices.calendar import Calendar
from jiekun.offices.models import CalendarYear, Division, Role
from jiekun.offices.queries import calendar_of

from .door import PLACE, Desk, desk_page, moment, page, whole_number

_DAY = re.compile(r"(?:(\d{4})[-年])?(\d{1,2})[-月](\d{1,2})日?")
_STRETCH = re.compile(r"\s*(.+?)\s*(?:至|到|—|–|~|～)\s*(.+?)\s*")
_LONGEST = timedelta(days=31)


@desk_page("year")
@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One year's days; with the right post, a form for a year as the State Council announced it."""
    year = whole_number(request, "year", desk.on.year, 2004, 2100)
    if request.method == "POST":
        return _enter(request, desk, year)
    return _page(request, desk, year)


def _page(request: HttpRequest, desk: Desk, year: int, **typed: str) -> HttpResponse:
    known = calendar_of(PLACE)
    return page(
        request,
        "desk/calendar.html",
        keep_address=True,
        year=year,
        months=_months(known, year) if known.knows(year) else [],
        entered=CalendarYear.objects.filter(place=PLACE, year=year).first(),
        may_enter=desk.holds(Role.DISTRICT_OFFICER),
        typed=typed,
        status=400 if typed else 200,
    )


def _months(known: Calendar, year: int) -> list[tuple[int, list[list[tuple[int, str, str]]]]]:
    """Months of weeks of days: number, tone, and in words what is unlike the weekday."""

    def told(day: date, month: int) -> tuple[int, str, str]:
        if day.month != month:
            return 0, "", ""
        works, weekday = known.is_working(day), day.weekday() < 5
        words = {(True, False): "班", (False, True): "休"}.get((works, weekday), "")
        return day.day, "" if works else "off", words

    weeks = months.Calendar().monthdatescalendar
    return [
        (month, [[told(day, month) for day in week] for week in weeks(year, month)])
        for month in range(1, 13)
    ]


def _enter(request: HttpRequest, desk: Desk, year: int) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("off", "working", "document", "why")}
    try:
        actions.enter_year(
            place=Division.objects.get(code=PLACE),
            year=year,
            off=days_of(typed["off"], year),
            working=days_of(typed["working"], year),
            document=typed["document"],
            why=typed["why"],
            by=desk.officer,
            at=moment(),
        )
    except actions.RefusedError as problem:
        messages.error(request, str(problem))
        return _page(request, desk, year, **typed)
    messages.success(request, f"{year} 年已经录好，期限从现在起按它算。")
    return _page(request, desk, year)


def days_of(text: str, year: int) -> list[date]:
    """The days of lines such as 10月1日至7日, or 2027-02-05 到 2027-02-11. Raises RefusedError."""
    found: list[date] = []
    for line in filter(str.strip, re.split(r"[\n,，、;；]", text)):
        stretch = _STRETCH.fullmatch(line)
        first, last = stretch.groups() if stretch else (line, line)
        start = _one_day(first, year, line)
        # 10月1日至7日: the month is said once.
        short = re.fullmatch(r"(\d{1,2})日?", last.strip())
        end = _one_day(f"{start.month}月{short[1]}日" if short else last, year, line)
        if not start <= end <= start + _LONGEST:
            raise actions.RefusedError(f"“{line.strip()[:30]}”的结束日要在起始日之后一个月以内")
        found += [start + timedelta(days=n) for n in range((end - start).days + 1)]
    return found


def _one_day(text: str, year: int, line: str) -> date:
    told = f"“{line.strip()[:30]}”看不懂，请写成 10月1日至7日，或 2027-10-01，一行一段"
    match = _DAY.fullmatch(text.strip())
    if match is None:
        raise actions.RefusedError(told)
    try:
        return date(int(match[1] or year), int(match[2]), int(match[3]))
    except ValueError:
        raise actions.RefusedError(told) from None
