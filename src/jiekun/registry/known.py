"""What is known of people and households today, and everything that was ever stated."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from .wide import add_fact_columns, fact_privacy


@add_fact_columns("person")
class PersonFacts(models.Model):
    """What is known of a person today: one column for every fact the law asks about."""

    person = models.OneToOneField(
        "registry.Person", models.CASCADE, primary_key=True, related_name="facts", db_index=False
    )
    # Where the person lives now; null when they no longer belong to any household.
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, null=True, related_name="person_facts", db_index=False
    )
    # {department: day} where it differs from the department's last delivery to the district.
    sources = models.JSONField(null=True)
    # {fact: [department, day, value]} where somebody's word has taken the place of a department's.
    displaced = models.JSONField(null=True)

    privacy: ClassVar[dict[str, str]] = {
        "person": "personal",
        "household": "personal",
        "sources": "personal",
        "displaced": "sensitive",
        **fact_privacy("person"),
    }

    class Meta:
        # People of one household stand together, in this order, for the law run over all.
        indexes = (models.Index(fields=["household", "person"], name="person_facts_in_order"),)

    def __str__(self) -> str:
        return f"facts of person {self.pk}"


@add_fact_columns("household")
class HouseholdFacts(models.Model):
    """What is known of a household today."""

    household = models.OneToOneField(
        "registry.Household", models.CASCADE, primary_key=True, related_name="facts", db_index=False
    )
    sources = models.JSONField(null=True)
    displaced = models.JSONField(null=True)

    privacy: ClassVar[dict[str, str]] = {
        "household": "personal",
        "sources": "personal",
        "displaced": "sensitive",
        **fact_privacy("household"),
    }

    def __str__(self) -> str:
        return f"facts of household {self.pk}"


class FactRecord(models.Model):
    """One statement of one fact by one source; the database lets nobody change it."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(
        "registry.Person", models.PROTECT, null=True, related_name="fact_records"
    )
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, null=True, related_name="fact_records"
    )
    fact = models.CharField(max_length=64)
    # As the law takes it: yuan as text, dates as ISO text, choices by name; null = not known.
    value = models.JSONField(null=True)
    source = models.TextField()
    as_of = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    note = models.TextField(blank=True)
    evidence = models.TextField(blank=True)

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "person": "personal",
        "household": "personal",
        "fact": "personal",
        "value": "sensitive",
        "source": "personal",
        "as_of": "personal",
        "recorded_at": "personal",
        "recorded_by": "personal",
        "note": "sensitive",
        "evidence": "sensitive",
    }

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, household__isnull=True)
                | Q(person__isnull=True, household__isnull=False),
                name="fact_record_has_one_subject",
            ),
        )

    def __str__(self) -> str:
        return f"{self.fact} = {self.value} ({self.source}, {self.as_of})"


class Settlement(models.Model):
    """A person's decision which source stands where several say otherwise, until it is lifted."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(
        "registry.Person", models.PROTECT, null=True, related_name="settlements"
    )
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, null=True, related_name="settlements"
    )
    fact = models.CharField(max_length=64)
    # Whose word counts, now and when it says something newer.
    source = models.TextField()
    reason = models.TextField()
    document = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "person": "personal",
        "household": "personal",
        "fact": "personal",
        "source": "personal",
        "reason": "sensitive",
        "document": "personal",
        "at": "personal",
        "by": "personal",
        "lifted_at": "personal",
    }

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, household__isnull=True)
                | Q(person__isnull=True, household__isnull=False),
                name="settlement_has_one_subject",
            ),
            models.UniqueConstraint(
                fields=["person", "household", "fact"],
                condition=Q(lifted_at__isnull=True),
                nulls_distinct=False,
                name="settled_once_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.fact}: {self.source}"
