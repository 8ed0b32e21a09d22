"""What a district decides about the law: numbers it sets, and how it reads unclear clauses."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class State(models.TextChoices):
    """Where a choice stands; only what a second officer confirmed has any effect."""

    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "已确认"
    WITHDRAWN = "withdrawn", "已撤回"


def _officer() -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )


class Choice(models.Model):
    """One dated choice of a district: proposed by one officer, confirmed by another."""

    place = models.ForeignKey("offices.Division", models.PROTECT, related_name="+")
    since = models.DateField()
    # The document, or the meeting, it rests on.
    source = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = _officer()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = _officer()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # Why it was withdrawn.
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True
        ordering = ("since", "id")
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(condition=Q(state__in=State.values), name="%(class)s_state"),
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("proposed_by")), name="%(class)s_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="%(class)s_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn")
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(why=""),
                name="%(class)s_withdrawn_by_somebody_for_a_reason",
            ),
        )


_PRIVACY = {
    **dict.fromkeys(("id", "place", "since", "source", "state"), "public"),
    **dict.fromkeys(("proposed_at", "confirmed_at", "withdrawn_at"), "public"),
    **dict.fromkeys(("proposed_by", "confirmed_by", "withdrawn_by", "why"), "personal"),
}


class ParameterChoice(Choice):
    """A number of the law as a district sets it; without `until` it holds until the next."""

    name = models.CharField(max_length=64)
    until = models.DateField(null=True, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=6)
    # As the law had it when the number was proposed; another unit later makes it unfit.
    unit = models.CharField(max_length=32)
    # A clause number, where there is one.
    cites = models.CharField(max_length=32, blank=True)

    privacy: ClassVar[dict[str, str]] = {
        **_PRIVACY,
        **dict.fromkeys(("name", "until", "value", "unit", "cites"), "public"),
    }

    class Meta(Choice.Meta):
        abstract = False
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            *Choice.Meta.constraints,
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="parameterchoice_ends_after_it_began",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="parameterchoice_not_negative"),
            models.CheckConstraint(
                condition=~Q(source="", cites=""), name="parameterchoice_has_a_source"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.value.normalize():f} {self.unit} from {self.since}"


class ReadingChoice(Choice):
    """Which way a district reads a clause that can be read in several ways, from a day on."""

    topic = models.CharField(max_length=64)
    option = models.CharField(max_length=64)

    privacy: ClassVar[dict[str, str]] = {**_PRIVACY, "topic": "public", "option": "public"}

    class Meta(Choice.Meta):
        abstract = False
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            *Choice.Meta.constraints,
            models.UniqueConstraint(
                fields=["topic", "place", "since"],
                condition=Q(state="confirmed"),
                name="readingchoice_once_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic}:{self.option} from {self.since}"
