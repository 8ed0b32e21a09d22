"""Runs of the law over the registry, and what each of them found."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from jiekun.registry.models import Household, Person


class Kind(models.IntegerChoices):
    """How a measure stands to somebody: the law's answer beside what they receive."""

    UNREACHED = 1, "应得未得"
    RECEIVING = 2, "正在享受"
    ASK = 3, "可能符合，缺信息"
    JUDGE = 4, "等人判断"
    UNSET = 5, "标准未设定"
    NEAR = 6, "差一点"
    REVIEW = 7, "在领但不符合，待人复核"
    # Counted only: whom a universal measure covers without asking.
    COVERED = 8, "普惠覆盖"


OPEN = (Kind.ASK, Kind.JUDGE, Kind.UNSET)
ENTITLED = (Kind.UNREACHED, Kind.RECEIVING, Kind.COVERED)


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
        ("id", "on", "place", "simulate", "law_digest", "choices", "state", "problem", "people",
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


_COUNTS = dict.fromkeys(
    ("id", "run", "chunk", "community_code", "measure", "kind", "subjects", "households",
     "yearly_fen", "band", "people", "unreached", "asked", "yearly_unreached_fen"),
    "public",
)  # fmt: skip


class Tally(models.Model):
    """How many subjects of a community stand how to a measure, and what it is worth a year."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="tallies")
    chunk = models.IntegerField()
    community_code = models.CharField(max_length=12)
    measure = models.CharField(max_length=64)
    kind = models.SmallIntegerField(choices=Kind)
    subjects = models.IntegerField()
    # Open answers beside a receipt are no work for the list of possible claims.
    received = models.IntegerField()
    yearly_fen = models.BigIntegerField()

    privacy: ClassVar[dict[str, str]] = {
        "received": "public",
        **{n: _COUNTS[n] for n in ("id", "run", "chunk", "community_code", "measure", "kind",
                                   "subjects", "yearly_fen")},
    }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.measure} {self.kind} in {self.community_code}: {self.subjects}"


class AgeTally(models.Model):
    """How many people of an age band a person's measure is due to."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="age_tallies")
    chunk = models.IntegerField()
    community_code = models.CharField(max_length=12)
    measure = models.CharField(max_length=64)
    # The band's first year of age.
    band = models.SmallIntegerField()
    subjects = models.IntegerField()

    privacy: ClassVar[dict[str, str]] = {
        n: _COUNTS[n]
        for n in ("id", "run", "chunk", "community_code", "measure", "band", "subjects")
    }

    def __str__(self) -> str:
        return f"{self.measure} from {self.band} in {self.community_code}: {self.subjects}"


class AreaTally(models.Model):
    """How many people, households and open families a community has."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="areas")
    chunk = models.IntegerField()
    community_code = models.CharField(max_length=12)
    people = models.IntegerField()
    households = models.IntegerField()
    # Families with something unreached; families with something to ask.
    unreached = models.IntegerField()
    asked = models.IntegerField()
    yearly_unreached_fen = models.BigIntegerField()

    privacy: ClassVar[dict[str, str]] = {
        n: _COUNTS[n]
        for n in ("id", "run", "chunk", "community_code", "people", "households", "unreached",
                  "asked", "yearly_unreached_fen")
    }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.community_code}: {self.people}"


class WaitTally(models.Model):
    """How many people, and households as such, of a community one missing leaf holds up."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="wait_tallies")
    chunk = models.IntegerField()
    community_code = models.CharField(max_length=12)
    # A fact, judgment or number.
    leaf = models.CharField(max_length=64)
    people = models.IntegerField()
    homes = models.IntegerField()

    privacy: ClassVar[dict[str, str]] = {
        "leaf": "public",
        "homes": "public",
        **{n: _COUNTS[n] for n in ("id", "run", "chunk", "community_code", "people")},
    }

    def __str__(self) -> str:
        return f"{self.leaf} in {self.community_code}: {self.people}"
