"""Families an office has recognised, by category: the rows behind the overview's counts."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiekun.registry.models import Recognition
from jiekun.registry.queries import recognitions

from . import labels
from .door import BadQuery, Desk, desk_page, named, page, whole_number
from .paging import rows_a_page

A_PAGE = 50


@desk_page("category", "place", "page")
@require_safe
def families(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who is recognised as what, newest first."""
    place = request.GET.get("place", "")
    held = recognitions(desk.within(place), desk.on)
    known = list(held.order_by("category").values_list("category", flat=True).distinct())
    category = request.GET.get("category", "")
    if category and category not in known:
        raise BadQuery(
            f"没有“{category[:40]}”这类认定，现有：{'、'.join(known) or '（一类也没有）'}。"
        )
    rows = held.filter(category=category) if category else held
    # First which, then what is shown of them: joining everything to show fifty is slow.
    pages = Paginator(
        rows.order_by("-since", "pk").values_list("pk", flat=True), rows_a_page(request, A_PAGE)
    )
    here = pages.page(whole_number(request, "page", 1, 1, max(1, pages.num_pages)))
    shown = Recognition.objects.filter(pk__in=list(here)).order_by("-since", "pk")
    return page(
        request,
        "desk/recognised.html",
        keep_address=True,
        categories=[(name, labels.measure(desk.program, name)) for name in known],
        chosen=category,
        place=place,
        place_name=named(place),
        pages=here,
        rows=[
            {
                "award": award,
                "label": labels.measure(desk.program, award.category),
                "who": desk.masks.whose(award.person_id, award.person),
            }
            for award in shown.select_related("household__community__parent", "person")
        ],
    )
