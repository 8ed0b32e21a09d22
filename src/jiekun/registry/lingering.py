"""Benefits that go on after whoever gets them died or left: somebody must see to them."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from jiekun.offices.queries import within

from .models import Household, Person, Receipt


def lingering(areas: frozenset[str], on: date) -> QuerySet[Receipt]:
    """Receipts of the areas still running on a day whose person is dead or gone by then, or whose
    household is no more; longest first, with that day as `gone_on`."""
    running = Receipt.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
    # Few are gone of very many: it is from them that receipts are looked up.
    gone = Person.objects.filter(Q(died_on__lte=on) | Q(moved_away_on__lte=on))
    ended = Household.objects.filter(dissolved_on__lte=on)
    of_people = running.filter(person__in=gone).values("pk")
    of_households = running.filter(household__in=ended).values("pk")
    return (
        Receipt.objects.filter(within(areas, "household__community__code"))
        .filter(pk__in=of_people.union(of_households))
        .annotate(
            gone_on=Coalesce(
                F("person__died_on"), F("person__moved_away_on"), F("household__dissolved_on")
            )
        )
        .order_by("gone_on", "pk")
    )
