"""The places offices stand for, what they were called before, and what became of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Division(models.Model):
    """A district, street or community, by its statistical code."""

    class Kind(models.TextChoices):
        DISTRICT = "district", "区"
        STREET = "street", "街道"
        COMMUNITY = "community", "社区"

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=64)
    kind = models.CharField(max_length=9, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    # A functional area (风景区) lies in the district but its social affairs are run elsewhere.
    functional = models.BooleanField(default=False)
    since = models.DateField()
    # The first day it is no longer there; its code still resolves, see Succession.
    until = models.DateField(null=True, blank=True)

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("code", "name", "kind", "parent", "functional", "since", "until"), "public"
    )

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="district", code__regex=r"^\d{6}$")
                | Q(kind="street", code__regex=r"^\d{9}$")
                | Q(kind="community", code__regex=r"^\d{12}$"),
                name="division_code_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="district") | Q(parent__isnull=False),
                name="division_below_district_has_parent",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="division_ends_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return self.name


class FormerName(models.Model):
    """What a division was called until a day."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=64)
    # The first day it bore another name.
    until = models.DateField()
    document = models.CharField(max_length=200)

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "division", "name", "until", "document"), "public"
    )

    class Meta:
        ordering = ("division", "until")
        constraints = (
            models.UniqueConstraint(
                fields=["division", "until"], name="formername_one_change_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} until {self.until}"


class Succession(models.Model):
    """That a division, or a part of one, went into another on a day."""

    class Kind(models.TextChoices):
        MERGED = "merged", "并入"
        SPLIT = "split", "分出"
        MOVED = "moved", "改隶"

    before = models.ForeignKey(Division, models.PROTECT, related_name="successions")
    after = models.ForeignKey(Division, models.PROTECT, related_name="origins")
    kind = models.CharField(max_length=6, choices=Kind)
    on = models.DateField()
    document = models.CharField(max_length=200)

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "before", "after", "kind", "on", "document"), "public"
    )

    class Meta:
        ordering = ("on", "before", "after")
        constraints = (
            models.UniqueConstraint(fields=["before", "after"], name="succession_told_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="succession_into_another"),
            models.CheckConstraint(
                condition=Q(kind__in=["merged", "split", "moved"]), name="succession_kind_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.before_id} {self.kind} {self.after_id} on {self.on}"
