"""Two rows that may be one person: why that is thought, what was decided, what a merge moved."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Candidate(models.Model):
    """Two people who may be one; the lower number stands first."""

    class Found(models.TextChoices):
        ENTRY = "entry", "登记时"
        NIGHTLY = "nightly", "夜间比对"
        IMPORT = "import", "导入时"

    class State(models.TextChoices):
        OPEN = "open", "待核"
        LATER = "later", "以后再看"
        PROPOSED = "proposed", "等第二人确认"
        MERGED = "merged", "是同一个人，已合并"
        DIFFERENT = "different", "不是同一个人"
        # One of the two went into a third: the row that stays is compared anew.
        CLOSED = "closed", "其中一份已与别人合并"

    id = models.BigAutoField(primary_key=True)
    one = models.ForeignKey("registry.Person", models.PROTECT, related_name="+", db_index=False)
    other = models.ForeignKey("registry.Person", models.PROTECT, related_name="+")
    # The communities both live in, or lived in last: lists are limited by these. The database
    # keeps them as people move.
    area_one = models.CharField(max_length=12)
    area_other = models.CharField(max_length=12)
    # What agrees and what does not: {field: level}, as `likeness` names them.
    why = models.JSONField()
    # How probable it is that they are one, in thousandths.
    thousandths = models.SmallIntegerField()
    # Of what both were known by when compared: other facts are another question.
    fingerprint = models.CharField(max_length=32)
    found = models.CharField(max_length=8, choices=Found)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    # Who is to stay, once somebody proposed to merge.
    keep = models.ForeignKey("registry.Person", models.PROTECT, null=True, related_name="+")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "found", "found_at", "state", "thousandths"), "public"),
        **dict.fromkeys(("one", "other", "area_one", "area_other", "keep"), "personal"),
        **dict.fromkeys(("proposed_by", "decided_by", "decided_at", "reason"), "personal"),
        **dict.fromkeys(("why", "fingerprint"), "sensitive"),
    }

    class Meta:
        indexes = (models.Index(fields=["state", "-thousandths"], name="candidate_by_state"),)
        constraints = (
            models.UniqueConstraint(fields=["one", "other"], name="candidate_once_a_pair"),
            models.CheckConstraint(
                condition=Q(one__lt=F("other")), name="candidate_lower_number_first"
            ),
            models.CheckConstraint(
                condition=Q(thousandths__range=(0, 1000)), name="candidate_probability"
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed") | Q(keep__isnull=False, proposed_by__isnull=False),
                name="candidate_proposal_names_who_stays",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True)
                | ~Q(state="merged")
                | ~Q(decided_by=F("proposed_by")),
                name="candidate_confirmed_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.one_id} = {self.other_id}?"


class Merge(models.Model):
    """Two rows made one: everything that was changed, so that it can be taken apart again."""

    id = models.BigAutoField(primary_key=True)
    kept = models.ForeignKey("registry.Person", models.PROTECT, related_name="merges")
    gone = models.ForeignKey("registry.Person", models.PROTECT, related_name="+")
    on = models.DateField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Who proposed it, where two officers are asked for.
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # [table, row, {column: [before, after]}]; null for the columns of a row the merge made.
    changes = models.JSONField(default=list)
    # The statements that followed their person: the database lets no others.
    records = models.JSONField(default=list)
    # What departments had delivered of the row that gave way: [fact, source, day, value].
    words = models.JSONField(default=list)
    # What both were getting at once, in words: nothing of it was ended.
    overlaps = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    undone_reason = models.TextField(blank=True)

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "on", "at", "undone_at"), "public"),
        **dict.fromkeys(("kept", "gone", "by", "proposed_by", "undone_by", "records"), "personal"),
        **dict.fromkeys(("reason", "undone_reason"), "personal"),
        **dict.fromkeys(("changes", "words", "overlaps"), "sensitive"),
    }

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at__isnull=True), name="merged_away_once"
            ),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_of_two_people"),
        )

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"
