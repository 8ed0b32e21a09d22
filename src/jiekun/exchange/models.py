"""Files that offices bring: what they were, what was made of each row, how columns were read."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from jiekun.offices.models import Department
from jiekun.registry.models import Person
from jiekun.registry.seals import keeps_seals


class Import(models.Model):
    """One file somebody brought, and how far it has come."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "已上传，待选列"
        CHECKING = "checking", "正在检查"
        CHECKED = "checked", "已检查，待导入"
        APPLYING = "applying", "正在导入"
        APPLIED = "applied", "已导入"
        UNDOING = "undoing", "正在撤销"
        UNDONE = "undone", "已撤销"
        DISCARDED = "discarded", "已作废"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Codes of the areas whose families it may speak of: those of who brought it.
    areas = models.JSONField()
    filename = models.CharField(max_length=200)
    kind = models.CharField(max_length=4)
    size = models.IntegerField()
    # SM3 of the file.
    digest = models.BinaryField(max_length=32)
    sheets = models.JSONField(default=list)
    sheet = models.TextField(blank=True)
    layout = models.CharField(max_length=32, blank=True)
    # The number of the row with the headings, these, and {place from nought: what it says}.
    header = models.IntegerField(null=True)
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    # Who says so, and of which day it is.
    source = models.CharField(max_length=100, blank=True)
    as_of = models.DateField(null=True)
    state = models.CharField(max_length=9, choices=State, default=State.UPLOADED)
    # Rows looked at, applied or undone so far, and of how many.
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    # Rows that are none: {"totals": 1, "headings": 2}.
    skipped = models.JSONField(default=dict)
    # Who asked for what is being done, and what stopped it.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    problem = models.TextField(blank=True)

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("id", "at", "areas", "kind", "size", "layout", "header", "as_of", "state"), "public"
        ),
        **dict.fromkeys(("done", "total", "skipped", "problem", "columns"), "public"),
        **dict.fromkeys(("by", "filename", "digest", "sheets", "sheet", "headings"), "personal"),
        **dict.fromkeys(("source", "asked_by"), "personal"),
    }

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    state__in=(
                        *("uploaded", "checking", "checked", "applying"),
                        *("applied", "undoing", "undone", "discarded"),
                    )
                ),
                name="import_state_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.get_state_display()}"


# A file may be as large as two hundred thousand numbers.
@keeps_seals(at_once=1)
class ImportFile(models.Model):
    """The file itself, sealed: full of names and numbers."""

    of = models.OneToOneField(Import, models.CASCADE, primary_key=True, related_name="file")
    sealed = models.BinaryField()

    privacy: ClassVar[dict[str, str]] = {"of": "public", "sealed": "sensitive"}

    def __str__(self) -> str:
        return f"file of import {self.pk}"

    @property
    def bound(self) -> str:
        """What its seal is bound to."""
        return f"import:{self.pk}"


class ImportRow(models.Model):
    """What one row says, what is wrong with it, and what became of it."""

    class Outcome(models.TextChoices):
        READY = "ready", "可以导入"
        REFUSED = "refused", "要改"
        LEFT_OUT = "left_out", "没有选"
        APPLIED = "applied", "已导入"
        FAILED = "failed", "没能导入"
        UNDONE = "undone", "已撤销"
        KEPT = "kept", "没能撤销"

    id = models.BigAutoField(primary_key=True)
    of = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    # As the spreadsheet numbers it.
    number = models.IntegerField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    # What it says, without who it is: {"since": "2024-03-01", "amount": "500.00", "facts": {}};
    # of somebody not found, a masked name: {"name": "何**"}.
    says = models.JSONField(default=dict)
    # [[place of the column from nought or null, what is wrong]].
    problems = models.JSONField(default=list)
    outcome = models.CharField(max_length=8, choices=Outcome)
    # Why it was not applied, or not undone.
    told = models.TextField(blank=True)
    # What was written, and what stood there before: all that undoing it needs.
    made = models.JSONField(default=dict)

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "of", "number", "outcome"), "public"),
        "person": "personal",
        **dict.fromkeys(("says", "problems", "told", "made"), "sensitive"),
    }

    class Meta:
        ordering = ("of", "number")
        constraints = (
            models.UniqueConstraint(fields=["of", "number"], name="import_row_once"),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=(
                        *("ready", "refused", "left_out", "applied"),
                        *("failed", "undone", "kept"),
                    )
                ),
                name="import_row_outcome_known",
            ),
        )
        indexes = (models.Index(fields=["of", "outcome", "number"], name="import_row_by_outcome"),)

    def __str__(self) -> str:
        return f"row {self.number} of import {self.of_id}"


class Mapping(models.Model):
    """How an office's files of one layout were read last: {heading: what it says}."""

    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    area = models.CharField(max_length=12)
    layout = models.CharField(max_length=32)
    columns = models.JSONField(default=dict)
    used_at = models.DateTimeField()

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "department", "area", "layout", "columns", "used_at"), "public"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["department", "area", "layout"], name="mapping_of_an_office"
            ),
        )

    def __str__(self) -> str:
        return f"{self.layout} of {self.department_id} {self.area}"
