"""About the district's data: whether it is synthetic, what it was fitted to, how far off it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiekun.registry.models import Feed, Origin

from .door import Desk, desk_page, page


@desk_page()
@require_safe
def district(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The page behind the demo ribbon and the data's dates."""
    origins = list(Origin.objects.order_by("name"))
    feeds = list(Feed.objects.order_by("department"))
    return page(request, "desk/district.html", keep_address=True, origins=origins, feeds=feeds)
