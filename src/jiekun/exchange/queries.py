"""Reading imports: whose files an officer may see, and how far work on them is."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from jiekun.offices.models import Officer
from jiekun.registry import keys

from . import steps, tables
from .models import Import, Mapping

TASK = "exchange.work-off"


def visible_to(officer: Officer, on: date) -> QuerySet[Import]:
    """The imports all of whose areas this officer keeps ledgers of that day."""
    areas = steps.areas_of(officer, on)
    # Few lists of areas stand under many imports.
    lists = Import.objects.order_by().values_list("areas", flat=True).distinct()
    reached = [codes for codes in lists if steps.reaches(areas, codes)]
    return Import.objects.filter(areas__in=reached)


def table_of(of: Import, sheet: str) -> tables.Table:
    """One sheet of the file as it was brought. Raises BadFile, SealError."""
    content = keys.ring().unseal(of.file.sealed, of.file.bound)
    return tables.read(content, "csv" if of.kind == "csv" else "xlsx", sheet)


def counts(of: Import) -> dict[str, int]:
    """How many rows came to what."""
    rows = of.rows.order_by().values_list("outcome").annotate(n=Count("pk"))
    return dict(rows)


def waits(of: Import) -> bool:
    """Whether a worker is at it, or will be."""
    jobs = ProcrastinateJob.objects.filter(task_name=TASK, args__number=of.pk)
    return jobs.filter(status__in=["todo", "doing"]).exists()


def remembered(officer: Officer, layout: str, on: date) -> dict[str, str]:
    """How this officer's office read files of a layout last: {heading: what it says}."""
    kept = Mapping.objects.filter(
        department=officer.department_id, area=office_area(officer, on), layout=layout
    ).first()
    return kept.columns if kept else {}


def office_area(officer: Officer, on: date) -> str:
    """The area an officer's office is known by: the widest of theirs."""
    return min(steps.areas_of(officer, on), key=lambda code: (len(code), code), default="")
