"""People, households, who lives with whom, what is known of them and what they get."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import NullIf, Replace, Right

from jiekun.offices.models import Division

from .duplicates import Candidate, Merge
from .held import Receipt, Recognition
from .history import HouseholdChange
from .identity import FormerName, Identifier
from .known import FactRecord, HouseholdFacts, PersonFacts, Settlement
from .names import DOT
from .papers import Attachment, Consent
from .registers import Register, Registration
from .relations import Relation

__all__ = [
    "Attachment",
    "Candidate",
    "Consent",
    "FactRecord",
    "Feed",
    "FormerName",
    "Household",
    "HouseholdChange",
    "HouseholdFacts",
    "Identifier",
    "Membership",
    "Merge",
    "Origin",
    "Person",
    "PersonFacts",
    "Receipt",
    "Recognition",
    "Register",
    "Registration",
    "Relation",
    "Settlement",
]


def _prefix(field: str, name: str) -> models.Index:
    """An index that answers `LIKE 'x%'`, whatever the database's collation."""
    return models.Index(fields=[field], opclasses=["text_pattern_ops"], name=name)


def _prefix_there(field: str, name: str) -> models.Index:
    """The same, of people inside an area."""
    kinds = ["text_pattern_ops", "varchar_pattern_ops"]
    return models.Index(fields=[field, "area"], opclasses=kinds, name=name)


def _few(field: str, name: str) -> models.Index:
    """An index of the few rows that have such a day, among very many without."""
    return models.Index(fields=[field], condition=Q(**{f"{field}__isnull": False}), name=name)


class Household(models.Model):
    """People who live together at one address."""

    id = models.BigAutoField(primary_key=True)
    # What people call it (陈家): the head's surname, kept here so that lists need no join.
    name = models.TextField()
    community = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    street_code = models.CharField(max_length=9)
    grid = models.TextField(blank=True)
    # Begins with the road, because that is how people search.
    address = models.TextField()
    phone = models.TextField(blank=True)
    # Worked out by the database, which behind its wall lets no function near an index.
    phone_end = models.GeneratedField(
        expression=Right("phone", 4), output_field=models.TextField(), db_persist=True
    )
    created_on = models.DateField()
    # The day the last of its people left; it stays, with all that was recorded of it.
    dissolved_on = models.DateField(null=True, blank=True)
    # Grows with every act on it, so that nobody writes over what they have not seen.
    version = models.IntegerField(default=1, db_default=1)

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "name": "personal",
        "community": "public",
        "street_code": "public",
        "grid": "public",
        "address": "personal",
        "phone": "personal",
        "phone_end": "personal",
        "created_on": "personal",
        "dissolved_on": "personal",
        "version": "public",
    }

    class Meta:
        indexes = (
            models.Index(fields=["street_code"], name="household_by_street"),
            _few("dissolved_on", "household_by_end"),
            models.Index(
                fields=["community"], opclasses=["varchar_pattern_ops"], name="household_by_area"
            ),
            _prefix("address", "household_by_address"),
            _prefix("phone", "household_by_phone"),
            models.Index(fields=["phone_end"], name="household_by_phone_end"),
        )

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody who lives, or lived, in the district."""

    class Sex(models.TextChoices):
        MALE = "male", "男"
        FEMALE = "female", "女"

    id = models.BigAutoField(primary_key=True)
    name = models.TextField()
    pinyin = models.TextField()
    initials = models.TextField()
    sex = models.CharField(max_length=6, choices=Sex)
    birth_date = models.DateField()
    # The end of the number that proves who they are; the whole of it is an Identifier, sealed.
    id_tail = models.CharField(max_length=4, blank=True)
    # The community they live in, or lived in last; empty for who never lived here. The database
    # keeps it by their memberships and their household's community.
    area = models.CharField(max_length=12, blank=True, db_default="", editable=False)
    # A name of several parts as it is typed without their dots; others have none.
    undotted = models.GeneratedField(
        expression=NullIf(Replace("name", Value(DOT), Value("")), "name"),
        output_field=models.TextField(null=True),
        db_persist=True,
    )
    died_on = models.DateField(null=True, blank=True)
    # Who left the district stays here with the day, and is nobody's case until they come back.
    moved_away_on = models.DateField(null=True, blank=True)
    moved_to = models.TextField(blank=True, db_default="")
    # The row this one turned out to be the same person as; everything of theirs stands there.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "name": "personal",
        "pinyin": "personal",
        "initials": "personal",
        "sex": "personal",
        "birth_date": "personal",
        "id_tail": "personal",
        "area": "public",
        "undotted": "personal",
        "died_on": "sensitive",
        "moved_away_on": "personal",
        "moved_to": "personal",
        "merged_into": "personal",
    }

    class Meta:
        indexes = (
            _prefix_there("name", "person_by_name"),
            _prefix_there("pinyin", "person_by_pinyin"),
            _prefix_there("initials", "person_by_initials"),
            _prefix_there("id_tail", "person_by_id_tail"),
            models.Index(
                fields=["undotted"],
                opclasses=["text_pattern_ops"],
                condition=Q(undotted__isnull=False),
                name="person_by_undotted",
            ),
            # Few are born on one day: whoever is entered is held against these.
            models.Index(fields=["birth_date"], name="person_by_birth_date"),
            _few("died_on", "person_by_death"),
            _few("moved_away_on", "person_by_leaving"),
        )

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's time in a household."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="memberships")
    relation = models.CharField(max_length=2, choices=Relation)
    since = models.DateField()
    # The first day they no longer belong to it.
    until = models.DateField(null=True, blank=True)

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "person", "household", "relation", "since", "until"), "personal"
    )

    class Meta:
        indexes = (models.Index(fields=["person", "since"], name="membership_by_person"),)
        constraints = (
            models.UniqueConstraint(
                fields=["person"], condition=Q(until__isnull=True), name="person_in_one_household"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="membership_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(relation__in=Relation.values), name="membership_relation_known"
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(until__isnull=True, relation="02"),
                name="household_has_one_head",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.get_relation_display()}"


class Feed(models.Model):
    """A department's last delivery: where a fact nobody recorded by hand comes from."""

    # As `answered_by` of a fact names it.
    department = models.TextField(primary_key=True)
    as_of = models.DateField()
    rows = models.BigIntegerField(null=True)
    # What was wrong with the delivery, counted: {"wrong checksum": 12}.
    problems = models.JSONField(default=dict)

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("department", "as_of", "rows", "problems"), "public"
    )

    def __str__(self) -> str:
        return f"{self.department} {self.as_of}"


class Origin(models.Model):
    """Where the registry's people come from; for synthetic ones, what they were fitted to."""

    name = models.TextField(primary_key=True)
    synthetic = models.BooleanField()
    loaded_at = models.DateTimeField()
    # Rows as the page about it shows them.
    report = models.JSONField(default=list)
    details = models.JSONField(default=dict)

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("name", "synthetic", "loaded_at", "report", "details"), "public"
    )

    def __str__(self) -> str:
        return self.name
