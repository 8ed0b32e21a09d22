"""What happened: one row an act, only ever added to, and the seals that chain the rows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Func, Q


class _Given(Func):
    """A value the database gives a row when it is written."""

    arity = 0
    output_field = models.BigIntegerField()
    allowed_default = True


class _Era(_Given):
    function = "journal_era"


class _Transaction(_Given):
    function = "journal_transaction"


class Entry(models.Model):
    """One act: who did what to what, when, where and for which purpose."""

    at = models.DateTimeField()
    act = models.SlugField(max_length=64)
    # Kept as values, not as a foreign key: the row must still say who it was in thirty years.
    officer_id = models.BigIntegerField(null=True)
    officer_name = models.CharField(max_length=140)
    subject_kind = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64)
    area = models.CharField(max_length=12, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    # SM3 of all the above, in the form of canonical.py.
    digest = models.BinaryField(max_length=32)
    # Which database server wrote the row, and in which of its transactions: what the sealer needs
    # to know that no earlier row can still come. A restored backup is a new era.
    era = models.BigIntegerField(db_default=_Era())
    transaction = models.BigIntegerField(db_default=_Transaction())

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "at": "personal",
        "act": "personal",
        "officer_id": "personal",
        "officer_name": "personal",
        "subject_kind": "personal",
        "subject_id": "personal",
        "area": "personal",
        "purpose": "personal",
        # Acts may quote the facts they changed, health among them.
        "data": "sensitive",
        # Of so few possible contents that one could try them all.
        "digest": "personal",
        "era": "public",
        "transaction": "public",
    }

    class Meta:
        indexes = (
            models.Index(fields=["subject_kind", "subject_id", "at"], name="journal_by_subject"),
            models.Index(fields=["officer_id", "at"], name="journal_by_officer"),
            models.Index(fields=["area", "at"], name="journal_by_area"),
            models.Index(fields=["era", "transaction", "id"], name="journal_by_transaction"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.officer_name} {self.act}"


class Seal(models.Model):
    """A link of the chain: the rows of some finished transactions, under the seal before."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    era = models.BigIntegerField()
    # Of the era's transactions, from the first on and before the last.
    since_transaction = models.BigIntegerField()
    until_transaction = models.BigIntegerField()
    rows = models.IntegerField()
    # Number and digest of each row in order: what tells which of them was changed.
    members = models.BinaryField()
    # Unique, so that the chain cannot fork; the first seal has no bytes before it.
    previous = models.BinaryField(max_length=32, unique=True)
    digest = models.BinaryField(max_length=32)

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("number", "at", "era", "since_transaction"), "public"),
        **dict.fromkeys(("until_transaction", "rows", "previous", "digest"), "public"),
        "members": "personal",
    }

    class Meta:
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(condition=Q(number__gt=0), name="seal_numbered_from_one"),
            models.CheckConstraint(condition=Q(rows__gt=0), name="seal_covers_something"),
            models.CheckConstraint(
                condition=Q(until_transaction__gt=F("since_transaction")),
                name="seal_ends_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}:{bytes(self.digest).hex()}"
