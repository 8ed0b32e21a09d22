"""Counts of each run by community: small, and kept when a run's findings are not."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from .kinds import Kind

_COUNTS = dict.fromkeys(
    ("id", "run", "chunk", "community_code", "measure", "kind", "subjects", "households",
     "yearly_fen", "band", "people", "unreached", "asked", "yearly_unreached_fen"),
    "public",
)  # fmt: skip


class Tally(models.Model):
    """How many subjects of a community stand how to a measure, and what it is worth a year."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey("screening.Run", models.CASCADE, related_name="tallies")
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
    run = models.ForeignKey("screening.Run", models.CASCADE, related_name="age_tallies")
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
    run = models.ForeignKey("screening.Run", models.CASCADE, related_name="areas")
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
    run = models.ForeignKey("screening.Run", models.CASCADE, related_name="wait_tallies")
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
