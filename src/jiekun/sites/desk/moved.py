"""Families that moved out of an officer's areas after a screening had found them there."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from .door import PLACE, Desk

_Row = TypeVar("_Row", bound=Model)


def still_here(desk: Desk, rows: QuerySet[_Row]) -> tuple[QuerySet[_Row], int]:
    """A screening's rows without those of families that are another area's now; how many those are.

    The results keep where each family lived that day.
    """
    # Within the whole district nobody moves out of sight.
    if PLACE in desk.areas:
        return rows, 0
    mine = desk.families().values("pk")
    return rows.filter(household__in=mine), rows.exclude(household__in=mine).count()
