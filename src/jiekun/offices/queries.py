"""Reading the offices."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from .models import Division, Officer


def areas_of(officer: Officer, on: date) -> frozenset[str]:
    """The codes of the divisions an officer's posts of that day stand for."""
    return frozenset(officer.areas(on).values_list("code", flat=True))


def within(codes: frozenset[str], field: str = "code") -> Q:
    """Whatever lies in one of the areas; no areas means nothing, never everything."""
    # A community's code begins with its street's, and that with its district's.
    condition = Q(pk__in=[])
    for code in codes:
        condition |= Q(**{f"{field}__startswith": code})
    return condition


def divisions_of(officer: Officer, on: date) -> QuerySet[Division]:
    """Every division inside the officer's areas that day, for dropdowns and lists."""
    return Division.objects.filter(within(areas_of(officer, on)))


def streets(district: str = "420106", *, functional: bool = False) -> QuerySet[Division]:
    """The streets of a district, by default without its functional areas."""
    found = Division.objects.filter(parent_id=district, kind=Division.Kind.STREET)
    return found if functional else found.filter(functional=False)
