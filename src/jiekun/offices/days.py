"""The days an office added to the calendar of working days."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from .divisions import Division


class CalendarYear(models.Model):
    """That a place entered a year's days off and make-up days: from then on the year is known."""

    place = models.ForeignKey(Division, models.PROTECT, related_name="calendar_years")
    year = models.IntegerField()
    # The State Council's notice, or the place's own.
    document = models.CharField(max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "place", "year", "document", "entered_at"), "public"),
        "entered_by": "personal",
    }

    class Meta:
        ordering = ("place", "year")
        constraints = (
            models.UniqueConstraint(fields=["place", "year"], name="calendaryear_entered_once"),
            models.CheckConstraint(
                condition=Q(year__gte=2004, year__lte=2100), name="calendaryear_within_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} in {self.place_id}"


class CalendarDay(models.Model):
    """A weekday off, or a weekend day worked, in a year entered."""

    year = models.ForeignKey(CalendarYear, models.CASCADE, related_name="days")
    day = models.DateField()
    working = models.BooleanField()

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(("id", "year", "day", "working"), "public")

    class Meta:
        ordering = ("day",)
        constraints = (
            models.UniqueConstraint(fields=["year", "day"], name="calendarday_told_once"),
        )

    def __str__(self) -> str:
        return f"{self.day} {'works' if self.working else 'off'}"
