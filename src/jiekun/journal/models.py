"""What happened: one row an act, only ever added to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One act: who did what to what, when, where and for which purpose."""

    at = models.DateTimeField()
    act = models.SlugField(max_length=64)
    # Kept as values, not as a foreign key: the row must still say who it was in thirty years.
    officer_id = models.BigIntegerField(null=True)
    officer_name = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64)
    area = models.CharField(max_length=12, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)

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
    }

    class Meta:
        indexes = (
            models.Index(fields=["subject_kind", "subject_id", "at"], name="journal_by_subject"),
            models.Index(fields=["officer_id", "at"], name="journal_by_officer"),
            models.Index(fields=["area", "at"], name="journal_by_area"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.officer_name} {self.act}"
