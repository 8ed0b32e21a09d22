"""Households by law: who stands together in one household register, wherever they really live."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jiekun.offices.models import Division

from .relations import Relation
from .seals import keeps_seals


@keeps_seals()
class Register(models.Model):
    """A household register (户口簿), or one of a workplace, school or community together."""

    class Kind(models.TextChoices):
        FAMILY = "family", "家庭户"
        COLLECTIVE = "collective", "集体户"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FAMILY)
    # Its number, sealed; the keyed SM3 by which it is found; its end for the screen.
    sealed = models.BinaryField()
    digest = models.BinaryField(max_length=32, unique=True)
    tail = models.CharField(max_length=4)
    # Null where it is kept outside the district: then only `address` says where.
    community = models.ForeignKey(Division, models.PROTECT, null=True, related_name="+")
    address = models.TextField()

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "kind": "public",
        "sealed": "sensitive",
        "digest": "sensitive",
        "tail": "personal",
        "community": "public",
        "address": "personal",
    }

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("family", "collective")), name="register_kind_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} …{self.tail}"

    @property
    def bound(self) -> str:
        """What the seal of its number is bound to."""
        return f"register:{bytes(self.digest).hex()}"


class Registration(models.Model):
    """A person's time in a register, and how they stand to its head."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="registrations")
    register = models.ForeignKey(Register, models.PROTECT, related_name="registrations")
    relation = models.CharField(max_length=2, choices=Relation)
    since = models.DateField()
    # The first day they no longer stand in it.
    until = models.DateField(null=True, blank=True)

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "person", "register", "relation", "since", "until"), "personal"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person"], condition=Q(until__isnull=True), name="registered_in_one_place"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="registration_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(relation__in=Relation.values), name="registration_relation_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.get_relation_display()}"
