"""Runs of the law over the registry, and what each of them found."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from jiekun.registry.models import Household, Person

from .kinds import ENTITLED, OPEN, Kind
from .tallies import AgeTally, AreaTally, Tally, WaitTally
from .trials import Simulation, Snapshot

__all__ = [
    "ENTITLED",
    "OPEN",
    "AgeTally",
    "AreaTally",
    "Change",
    "Chunk",
    "FamilySummary",
    "Finding",
    "Kind",
    "Run",
    "Simulation",
    "Snapshot",
    "Tally",
    "WaitTally",
]


class Run(models.Model):
    """The law of one day run over everybody in a place."""

    class State(models.TextChoices):
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "出错停下"
        CANCELLED = "cancelled", "已取消"

    on = models.DateField()
    place = models.CharField(max_length=12)
    # Draft documents taken as if in force; empty for the law as it is.
    simulate = ArrayField(models.CharField(max_length=16), default=list)
    # Which text of the law this was: a run is only resumed under the same.
    law_digest = models.CharField(max_length=64)
    # The district's numbers and readings it was worked out under, so that it can be again.
    choices = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=State, default=State.RUNNING)
    # The tick of the nightly clock it belongs to: one tick runs each law once.
    tick = models.BigIntegerField(null=True)
    # False once its findings are given up for those of a later run: its counts and changes stay.
    findings_kept = models.BooleanField(default=True)
    # Why it stopped, when it failed.
    problem = models.TextField(blank=True)
    people = models.BigIntegerField(default=0)
    households = models.BigIntegerField(default=0)
    chunks_total = models.IntegerField(default=0)
    chunks_done = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # The run this one is compared with: the last one done before of the same place and law.
    previous = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    # By measure: counts of each kind, fen a year, unit.
    totals = models.JSONField(default=dict)
    # Seconds of work by stage, added up over the workers.
    seconds = models.JSONField(default=dict)

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "on", "place", "simulate", "law_digest", "choices", "state", "tick", "findings_kept",
         "problem", "people",
         "households", "chunks_total", "chunks_done", "started_at", "finished_at", "started_by",
         "previous", "totals", "seconds"),
        "public",
    )  # fmt: skip

    class Meta:
        indexes = (models.Index(fields=["place", "-on", "-id"], name="run_latest"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="done") | Q(chunks_done=F("chunks_total")),
                name="run_done_means_all_chunks",
            ),
            models.UniqueConstraint(fields=["place", "simulate", "tick"], name="run_once_a_tick"),
        )

    def __str__(self) -> str:
        return f"run {self.pk} of {self.place} on {self.on} {' '.join(self.simulate)}".strip()


class Chunk(models.Model):
    """A stretch of household numbers: its results and its mark come in one transaction."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="chunks", db_index=False)
    number = models.IntegerField()
    first_household = models.BigIntegerField()
    last_household = models.BigIntegerField()
    people = models.IntegerField(default=0)
    households = models.IntegerField(default=0)
    # By stage, as `Run.seconds`.
    seconds = models.JSONField(default=dict)
    # What the receipts showed that fits no finding: {"outside": 3}.
    notes = models.JSONField(default=dict)
    done = models.BooleanField(default=False)

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "run", "number", "first_household", "last_household", "people", "households",
         "seconds", "notes", "done"),
        "public",
    )  # fmt: skip

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "number"], name="chunk_once_a_run"),)

    def __str__(self) -> str:
        return f"{self.run} chunk {self.number}"


def _loose(model: type[models.Model]) -> Any:
    """A reference without the database's check: results are made by the million, by COPY."""
    return models.ForeignKey(
        model, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, null=True
    )


def _of_run(name: str) -> Any:
    """The run a result belongs to: its row is locked while results are written, so it is there."""
    return models.ForeignKey(
        Run, models.CASCADE, related_name=name, db_constraint=False, db_index=False
    )


_RESULT = {
    "id": "public",
    "run": "public",
    "household": "personal",
    "person": "personal",
    "measure": "sensitive",
    "community_code": "public",
    "street_code": "public",
}


class Finding(models.Model):
    """What the law and the receipts together say of one subject and one measure."""

    id = models.BigAutoField(primary_key=True)
    run = _of_run("findings")
    household = _loose(Household)
    # Null where the measure is the household's.
    person = _loose(Person)
    measure = models.CharField(max_length=64)
    kind = models.SmallIntegerField(choices=Kind)
    # Whether somebody receives it: an open answer may stand beside a receipt.
    received = models.BooleanField()
    # What the law gives: fen, or a quantity of what is not money. The unit is that of the amount;
    # a near miss gives none, and there it is the unit of what is compared.
    amount_fen = models.BigIntegerField(null=True)
    quantity = models.BigIntegerField(null=True)
    unit = models.CharField(max_length=16, blank=True)
    yearly_fen = models.BigIntegerField(null=True)
    # What the receipt says is paid.
    received_fen = models.BigIntegerField(null=True)
    # Facts, judgments and numbers an open answer or amount waits for.
    missing = ArrayField(models.TextField(), default=list)
    # For a near miss: the rule whose condition fails, and by how much (fen, or as counted).
    condition = models.CharField(max_length=64, blank=True)
    gap = models.BigIntegerField(null=True)
    community_code = models.CharField(max_length=12)
    street_code = models.CharField(max_length=9)

    privacy: ClassVar[dict[str, str]] = {
        **_RESULT,
        "kind": "sensitive",
        "received": "sensitive",
        "amount_fen": "sensitive",
        "quantity": "sensitive",
        "unit": "public",
        "yearly_fen": "sensitive",
        "received_fen": "sensitive",
        "missing": "sensitive",
        "condition": "sensitive",
        "gap": "sensitive",
    }

    class Meta:
        indexes = (
            models.Index(fields=["run", "household"], name="finding_by_household"),
            models.Index(
                fields=["run", "kind", "measure", "community_code"], name="finding_by_kind"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind if k != Kind.COVERED]),
                name="finding_kind_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.get_kind_display()}"


class FamilySummary(models.Model):
    """One row a family that something is open for: the unreached worklist."""

    id = models.BigAutoField(primary_key=True)
    run = _of_run("families")
    household = _loose(Household)
    # At best; measures that exclude each other are not added up.
    yearly_unreached_fen = models.BigIntegerField()
    n_unreached = models.SmallIntegerField()
    n_ask = models.SmallIntegerField()
    # What they are entitled to and do not receive; then what they might be.
    measures = ArrayField(models.TextField(), default=list)
    asked_measures = ArrayField(models.TextField(), default=list)
    # Facts to ask this family or its departments for.
    missing = ArrayField(models.TextField(), default=list)
    community_code = models.CharField(max_length=12)
    street_code = models.CharField(max_length=9)

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "run": "public",
        "household": "personal",
        "yearly_unreached_fen": "sensitive",
        "n_unreached": "sensitive",
        "n_ask": "sensitive",
        "measures": "sensitive",
        "asked_measures": "sensitive",
        "missing": "sensitive",
        "community_code": "public",
        "street_code": "public",
    }

    class Meta:
        indexes = (
            models.Index(
                fields=["run", "-yearly_unreached_fen", "household"],
                condition=Q(n_unreached__gt=0),
                name="family_by_amount",
            ),
            models.Index(
                fields=["run", "community_code", "-yearly_unreached_fen"],
                name="family_by_community",
            ),
            models.Index(fields=["run", "household"], name="family_by_household"),
        )

    def __str__(self) -> str:
        return f"household {self.household_id} in {self.run}"

    @property
    def name(self) -> str:
        """What people call the family; load the household along with the list."""
        return self.household.name if self.household is not None else ""


class Change(models.Model):
    """Where a run differs from the one before: came in, fell out, or another amount."""

    id = models.BigAutoField(primary_key=True)
    run = _of_run("changes")
    household = _loose(Household)
    person = _loose(Person)
    measure = models.CharField(max_length=64)
    # Null: a firm no.
    before = models.SmallIntegerField(choices=Kind, null=True)
    after = models.SmallIntegerField(choices=Kind, null=True)
    before_fen = models.BigIntegerField(null=True)
    after_fen = models.BigIntegerField(null=True)
    # Of what is not money: hours, visits …
    before_quantity = models.BigIntegerField(null=True)
    after_quantity = models.BigIntegerField(null=True)
    community_code = models.CharField(max_length=12)
    street_code = models.CharField(max_length=9)

    privacy: ClassVar[dict[str, str]] = {
        **_RESULT,
        "before": "sensitive",
        "after": "sensitive",
        "before_fen": "sensitive",
        "after_fen": "sensitive",
        "before_quantity": "sensitive",
        "after_quantity": "sensitive",
    }

    class Meta:
        indexes = (
            models.Index(fields=["run", "after", "measure"], name="change_by_kind"),
            models.Index(fields=["run", "household"], name="change_by_household"),
        )

    def __str__(self) -> str:
        return f"{self.measure}: {self.before} → {self.after}"
