"""What people hold: categories an office found them to belong to, and measures they are getting."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Recognition(models.Model):
    """A category an office found somebody to belong to, from a day until another."""

    id = models.BigAutoField(primary_key=True)
    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="recognitions")
    # Null where the whole household was recognised.
    person = models.ForeignKey(
        "registry.Person", models.PROTECT, null=True, related_name="recognitions"
    )
    category = models.CharField(max_length=64)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    decided_by = models.TextField()
    document_number = models.TextField(blank=True)

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "household": "personal",
        "person": "personal",
        "category": "sensitive",
        "since": "personal",
        "until": "personal",
        "decided_by": "public",
        "document_number": "personal",
    }

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["household", "person", "category"],
                condition=Q(until__isnull=True),
                nulls_distinct=False,
                name="recognised_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="recognition_dates_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.category} since {self.since}"


class Receipt(models.Model):
    """A measure somebody is getting, from a day until another."""

    id = models.BigAutoField(primary_key=True)
    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="receipts")
    # Null where the measure goes to the whole household.
    person = models.ForeignKey(
        "registry.Person", models.PROTECT, null=True, related_name="receipts"
    )
    measure = models.CharField(max_length=64)
    # Null for what is not money (a card, a service).
    amount_fen = models.BigIntegerField(null=True)
    unit = models.CharField(max_length=16, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "household": "personal",
        "person": "personal",
        "measure": "sensitive",
        "amount_fen": "sensitive",
        "unit": "public",
        "since": "personal",
        "until": "personal",
    }

    class Meta:
        indexes = (models.Index(fields=["measure"], name="receipt_by_measure"),)
        constraints = (
            models.UniqueConstraint(
                fields=["household", "person", "measure"],
                condition=Q(until__isnull=True),
                nulls_distinct=False,
                name="received_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="receipt_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__isnull=True) | Q(amount_fen__gte=0),
                name="receipt_amount_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} since {self.since}"
