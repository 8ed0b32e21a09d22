"""People, households, who lives with whom, what is known of them and what they get."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jiekun.offices.models import Division

from .wide import add_fact_columns, fact_privacy


def _prefix(field: str, name: str) -> models.Index:
    """An index that answers `LIKE 'x%'`, whatever the database's collation."""
    return models.Index(fields=[field], opclasses=["text_pattern_ops"], name=name)


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
    created_on = models.DateField()

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "name": "personal",
        "community": "public",
        "street_code": "public",
        "grid": "public",
        "address": "personal",
        "phone": "personal",
        "created_on": "personal",
    }

    class Meta:
        indexes = (
            models.Index(fields=["street_code"], name="household_by_street"),
            models.Index(
                fields=["community"], opclasses=["varchar_pattern_ops"], name="household_by_area"
            ),
            _prefix("address", "household_by_address"),
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
    # The whole number stays out of the database until it can be stored encrypted.
    id_tail = models.CharField(max_length=4)
    died_on = models.DateField(null=True, blank=True)

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "name": "personal",
        "pinyin": "personal",
        "initials": "personal",
        "sex": "personal",
        "birth_date": "personal",
        "id_tail": "personal",
        "died_on": "sensitive",
    }

    class Meta:
        indexes = (
            _prefix("name", "person_by_name"),
            _prefix("pinyin", "person_by_pinyin"),
            _prefix("initials", "person_by_initials"),
        )

    def __str__(self) -> str:
        return self.name


class Relation(models.TextChoices):
    """How somebody stands to the household's head (GB/T 4761)."""

    HEAD = "02", "户主"
    SPOUSE = "10", "配偶"
    SON = "20", "儿子"
    DAUGHTER = "30", "女儿"
    GRANDCHILD = "40", "孙辈"
    PARENT = "50", "父母"
    GRANDPARENT = "60", "祖辈"
    SIBLING = "70", "兄弟姐妹"
    RELATIVE = "97", "其他亲属"
    OTHER = "99", "非亲属"


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


@add_fact_columns("person")
class PersonFacts(models.Model):
    """What is known of a person today: one column for every fact the law asks about."""

    person = models.OneToOneField(
        Person, models.CASCADE, primary_key=True, related_name="facts", db_index=False
    )
    # Where the person lives now; null when they no longer belong to any household.
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, related_name="person_facts", db_index=False
    )
    # {department: day} where it differs from the department's last delivery to the district.
    sources = models.JSONField(null=True)

    privacy: ClassVar[dict[str, str]] = {
        "person": "personal",
        "household": "personal",
        "sources": "personal",
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
        Household, models.CASCADE, primary_key=True, related_name="facts", db_index=False
    )
    sources = models.JSONField(null=True)

    privacy: ClassVar[dict[str, str]] = {
        "household": "personal",
        "sources": "personal",
        **fact_privacy("household"),
    }

    def __str__(self) -> str:
        return f"facts of household {self.pk}"


class FactRecord(models.Model):
    """One statement of one fact by one source; the database lets nobody change it."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="fact_records")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="fact_records")
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


class Recognition(models.Model):
    """A category an office found somebody to belong to, from a day until another."""

    id = models.BigAutoField(primary_key=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="recognitions")
    # Null where the whole household was recognised.
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="recognitions")
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
    household = models.ForeignKey(Household, models.PROTECT, related_name="receipts")
    # Null where the measure goes to the whole household.
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="receipts")
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
