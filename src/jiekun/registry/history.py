"""How a household came to be as it is: one row an act, only ever added to."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class ChangeKind(models.TextChoices):
    """What an act did to a household."""

    OPENED = "opened", "立户"
    JOINED = "joined", "加入家庭"
    LEFT = "left", "离开家庭"
    DIED = "died", "去世"
    MOVED_AWAY = "moved_away", "迁出本区"
    SPLIT = "split", "分户"
    MERGED = "merged", "并户"
    MOVED = "moved", "搬家"
    CONTACT = "contact", "改联系方式"
    HEAD = "head", "换户主"
    RELATION = "relation", "改与户主关系"
    DISSOLVED = "dissolved", "户已无人"


class HouseholdChange(models.Model):
    """One change of a household's people, head or address; the database lets nobody alter it."""

    id = models.BigAutoField(primary_key=True)
    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="changes")
    # The household's version once this was done.
    version = models.IntegerField()
    kind = models.CharField(max_length=10, choices=ChangeKind)
    on = models.DateField()
    person = models.ForeignKey("registry.Person", models.PROTECT, null=True, related_name="+")
    # The other household of a split or a merger.
    other = models.ForeignKey("registry.Household", models.PROTECT, null=True, related_name="+")
    # What was and what is: relation codes, addresses, community codes.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        (
            *("household", "kind", "on", "person", "other", "before", "after", "reason"),
            *("at", "by"),
        ),
        "personal",
    ) | {"id": "public", "version": "public"}

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=ChangeKind.values), name="household_change_kind_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"
