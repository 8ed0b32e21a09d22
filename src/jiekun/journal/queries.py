"""Reading the journal."""

from __future__ import annotations

from django.db import models

from .models import Entry


def about(subject: models.Model) -> models.QuerySet[Entry]:
    """What happened to one thing, newest first."""
    return Entry.objects.filter(
        subject_kind=subject._meta.label_lower, subject_id=str(subject.pk)
    ).order_by("-at", "-id")
