"""Who somebody is on paper: numbers, sealed; and names they had before."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from .identifiers import SHARED, IdentifierKind
from .seals import keeps_seals

# A number is looked for in these two parts, each with an index of its own.
ONES_OWN = Q(until__isnull=True) & ~Q(kind__in=[kind.value for kind in SHARED])
SHARED_OR_ENDED = Q(until__isnull=False) | Q(kind__in=[kind.value for kind in SHARED])


@keeps_seals()
class Identifier(models.Model):
    """A number a person is known by, from a day until another; only its end can be read here."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="identifiers")
    kind = models.CharField(max_length=16, choices=IdentifierKind)
    sealed = models.BinaryField()
    # Keyed SM3: equal for equal numbers of a kind, and useless without the key.
    digest = models.BinaryField(max_length=32)
    tail = models.CharField(max_length=4)
    since = models.DateField(null=True, blank=True)
    # The first day it is no longer theirs.
    until = models.DateField(null=True, blank=True)
    # Who showed it or where it was looked up.
    source = models.TextField()

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "person": "personal",
        "kind": "personal",
        "sealed": "sensitive",
        "digest": "sensitive",
        "tail": "personal",
        "since": "personal",
        "until": "personal",
        "source": "personal",
    }

    class Meta:
        indexes = (
            models.Index(
                fields=["digest"],
                condition=SHARED_OR_ENDED,
                name="identifier_shared_or_ended",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["digest", "kind"],
                condition=ONES_OWN,
                name="identifier_of_one_person",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=IdentifierKind.values), name="identifier_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="identifier_dates_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} …{self.tail}"

    @property
    def bound(self) -> str:
        """What the seal is bound to: copied to another person's row it does not open."""
        return f"{self.person_id}:{self.kind}"


class FormerName(models.Model):
    """A name somebody had, until a day."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="former_names")
    name = models.TextField()
    pinyin = models.TextField()
    initials = models.TextField()
    until = models.DateField()
    # The paper the change rests on.
    document = models.TextField(blank=True)

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "person", "name", "pinyin", "initials", "until", "document"), "personal"
    )

    class Meta:
        indexes = tuple(
            models.Index(
                fields=[field], opclasses=["text_pattern_ops"], name=f"former_name_by_{field}"
            )
            for field in ("name", "pinyin", "initials")
        )

    def __str__(self) -> str:
        return f"{self.name} until {self.until}"
