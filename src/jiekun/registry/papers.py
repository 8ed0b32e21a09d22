"""Papers: what people agreed to, and the photographs and documents kept of them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .seals import keeps_seals


class Scope(models.TextChoices):
    """What may be done with somebody's data on a ground."""

    FINANCES = "finances", "家庭经济状况核对"
    SHARING = "sharing", "向其他部门提供"
    PUBLISHING = "publishing", "公示"
    CHARITY = "charity", "向慈善组织推送"


class Ground(models.TextChoices):
    """Why it may be done."""

    CONSENT = "consent", "本人书面同意"
    GUARDIAN = "guardian", "监护人书面同意"
    STATUTE = "statute", "法律规定"


class Consent(models.Model):
    """A ground on which somebody's data may be asked for or passed on, from a day until another."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="consents")
    scope = models.CharField(max_length=10, choices=Scope)
    ground = models.CharField(max_length=8, choices=Ground)
    # Of a statute: the clause, as documents are cited (L649-58).
    clause = models.CharField(max_length=32, blank=True)
    # Of consent: the signed paper's number or where it is filed.
    paper = models.TextField(blank=True)
    # Of a guardian's consent: who signed.
    signed_by = models.ForeignKey(
        "registry.Person", models.PROTECT, null=True, blank=True, related_name="+"
    )
    since = models.DateField()
    # The first day it no longer holds: its own end, or the day it was withdrawn.
    until = models.DateField(null=True, blank=True)

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("person", "scope", "ground", "clause", "paper", "signed_by", "since", "until"), "personal"
    ) | {"id": "public"}

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ground="statute", clause__gt="")
                | Q(ground="consent", paper__gt="")
                | Q(ground="guardian", paper__gt="", signed_by__isnull=False),
                name="consent_has_its_proof",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="consent_dates_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_scope_display()}：{self.get_ground_display()}"


@keeps_seals()
class Attachment(models.Model):
    """A photograph or paper: sealed on the disk, named by what lies there."""

    class Kind(models.TextChoices):
        JPEG = "image/jpeg", "照片"
        PNG = "image/png", "图片"
        PDF = "application/pdf", "PDF"

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(
        "registry.Person", models.PROTECT, null=True, related_name="attachments"
    )
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, null=True, related_name="attachments"
    )
    # The statement it proves, if it proves one.
    record = models.ForeignKey(
        "registry.FactRecord", models.PROTECT, null=True, related_name="attachments"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    # What it is, in the officer's words: 出院小结.
    label = models.TextField()
    size = models.IntegerField()
    # SM3 of the paper itself, and of the sealed file, which is its name on the disk.
    digest = models.CharField(max_length=64)
    file = models.CharField(max_length=64)
    # The file's own key, sealed under the ring: changing keys leaves files alone.
    sealed = models.BinaryField()
    purpose = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Kept by mistake, or of somebody else: marked, and shown to nobody any more.
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_why = models.TextField(blank=True, db_default="")

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "removed_at": "personal",
        "removed_by": "personal",
        "removed_why": "sensitive",
        "person": "personal",
        "household": "personal",
        "record": "personal",
        "kind": "public",
        "label": "sensitive",
        "size": "public",
        "digest": "sensitive",
        "file": "personal",
        "sealed": "sensitive",
        "purpose": "personal",
        "at": "personal",
        "by": "personal",
    }

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, household__isnull=True)
                | Q(person__isnull=True, household__isnull=False),
                name="attachment_has_one_subject",
            ),
            models.UniqueConstraint(
                fields=["person", "household", "digest"],
                condition=Q(removed_at__isnull=True),
                nulls_distinct=False,
                name="attachment_kept_once",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def bound(self) -> str:
        """What the seal of its key is bound to: whose it is, and what it says."""
        return f"attachment:{self.person_id}:{self.household_id}:{self.digest}"
