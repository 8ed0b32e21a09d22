"""Benefits that go on after whoever gets them died or left: somebody must see to them."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from jiekun.offices.queries import within

from .models import Receipt


def lingering(areas: frozenset[str], on: date) -> QuerySet[Receipt]:
    """Receipts of the areas still running on a day whose person is dead or gone by then, or whose
    household is no more; longest first, with that day as `gone_on`."""
    gone = (
        Q(person__died_on__lte=on)
        | Q(person__moved_away_on__lte=on)
        | Q(household__dissolved_on__lte=on)
    )
    running = Receipt.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
    return (
        running.filter(within(areas, "household__community__code"))
        .filter(gone)
        .annotate(
            gone_on=Coalesce(
                F("person__died_on"), F("person__moved_away_on"), F("household__dissolved_on")
            )
        )
        .order_by("gone_on", "pk")
    )
