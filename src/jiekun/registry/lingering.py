"""Benefits that go on after whoever gets them died or left, or of whom there were two rows."""

from __future__ import annotations

from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jiekun.offices.queries import within

from .models import Household, Merge, Person, Receipt


def lingering(areas: frozenset[str], on: date) -> QuerySet[Receipt]:
    """Receipts of the areas still running on a day whose person is dead or gone by then, whose
    household is no more, or which a merge left where it was because the person already gets the
    same; longest first, with that day as `gone_on`."""
    running = Receipt.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
    # Few are gone of very many: it is from them that receipts are looked up.
    gone = Person.objects.filter(Q(died_on__lte=on) | Q(moved_away_on__lte=on))
    ended = Household.objects.filter(dissolved_on__lte=on)
    of_people = running.filter(person__in=gone).values("pk")
    merged = Merge.objects.filter(undone_at__isnull=True, on__lte=on)
    of_merged = running.filter(person__in=merged.values("gone")).values("pk")
    of_households = running.filter(household__in=ended).values("pk")
    return (
        Receipt.objects.filter(within(areas, "household__community__code"))
        .filter(pk__in=of_people.union(of_households, of_merged))
        .annotate(
            gone_on=Coalesce(
                F("person__died_on"),
                F("person__moved_away_on"),
                Subquery(merged.filter(gone=OuterRef("person")).values("on")[:1]),
                F("household__dissolved_on"),
            )
        )
        .order_by("gone_on", "pk")
    )
