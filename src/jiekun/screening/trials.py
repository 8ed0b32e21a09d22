"""Trying a change of the law on everybody: what was read of the people, and what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Snapshot(models.Model):
    """The facts of everybody in a place as one run read them, in files: numbers, no names."""

    class State(models.TextChoices):
        WRITING = "writing", "正在写"
        DONE = "done", "可用"
        REMOVED = "removed", "已删除"

    run = models.ForeignKey("screening.Run", models.PROTECT, related_name="snapshots")
    # Its folder's name beside all the others.
    folder = models.CharField(max_length=32, unique=True)
    state = models.CharField(max_length=7, choices=State, default=State.WRITING)
    people = models.BigIntegerField(default=0)
    households = models.BigIntegerField(default=0)

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "run", "folder", "state", "people", "households"), "public"
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run"], name="snapshot_once_a_run"),)

    def __str__(self) -> str:
        return f"snapshot {self.folder}"


class Simulation(models.Model):
    """One reform tried on one snapshot, beside the law it would change."""

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "正在算"
        DONE = "done", "已算完"
        FAILED = "failed", "出错停下"
        CANCELLED = "cancelled", "已取消"
        REMOVED = "removed", "已删除"

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="simulations")
    name = models.CharField(max_length=64)
    label = models.CharField(max_length=200)
    # The reform as it was written.
    text = models.TextField()
    # Of the reform, the law and the district's choices: the same asked again has its answer.
    digest = models.CharField(max_length=64)
    on = models.DateField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    problem = models.TextField(blank=True)
    people_done = models.BigIntegerField(default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    # Every figure of the result page; the households behind them are in the folder.
    totals = models.JSONField(default=dict)
    folder = models.CharField(max_length=80, blank=True)

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "snapshot", "name", "label", "text", "digest", "on", "state", "problem",
         "people_done", "asked_by", "asked_at", "finished_at", "totals", "folder"),
        "public",
    )  # fmt: skip

    class Meta:
        indexes = (models.Index(fields=["-asked_at"], name="simulation_latest"),)
        constraints = (
            models.UniqueConstraint(
                fields=["snapshot", "digest"],
                condition=Q(state__in=["waiting", "running", "done"]),
                name="simulation_answered_once",
            ),
        )

    def __str__(self) -> str:
        return f"simulation {self.pk} of {self.name}"
