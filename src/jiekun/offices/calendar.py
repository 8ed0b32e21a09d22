"""Working days: weekdays without holidays, and the weekend days worked in their stead.

A period counted in working days begins the day after the one it runs from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
from chinese_calendar.constants import holidays

FIRST_YEAR, LAST_YEAR = min(holidays).year, max(holidays).year
_DAY = timedelta(days=1)


class UnknownYear(ValueError):
    """Nobody has entered that year's days off; the message says where to."""

    def __init__(self, year: int) -> None:
        super().__init__(f"还没有 {year} 年的放假和调休安排，请先在“工作日历”里录入")
        self.year = year


@dataclass(frozen=True)
class Calendar:
    """A place's calendar: the national one, and what the place entered.

    `entered`: by year, the days that differ from the weekday they fall on; a year entered here
    stands in the national one's stead.
    """

    entered: Mapping[int, Mapping[date, bool]]

    def knows(self, year: int) -> bool:
        return year in self.entered or FIRST_YEAR <= year <= LAST_YEAR

    def is_working(self, day: date) -> bool:
        """Whether offices work that day. Raises UnknownYear."""
        if day.year in self.entered:
            return self.entered[day.year].get(day, day.weekday() < 5)
        if not self.knows(day.year):
            raise UnknownYear(day.year)
        return bool(chinese_calendar.is_workday(day))

    def add(self, day: date, many: int) -> date:
        """The working day `many` working days after a day, which is not counted itself; the day
        itself for none. Raises UnknownYear, and ValueError for less than none."""
        if many < 0:
            raise ValueError(f"cannot count {many} working days")
        while many:
            day += _DAY
            many -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; below zero when `end` is earlier.
        Raises UnknownYear."""
        if end < start:
            return -self.between(end, start)
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(map(self.is_working, days))
