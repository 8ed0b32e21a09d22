"""Finding a family by name, pinyin or address, among those one may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiekun.offices.models import Division
from jiekun.registry.finding import MOST_FOUND, Found, search
from jiekun.registry.models import Household

from .door import BadQuery, Desk, desk_page, page

LONGEST = 40


@dataclass(frozen=True)
class Hit:
    """One family found, and by what."""

    household: Household
    matched: str
    community: str
    address: str


@desk_page("q")
@require_safe
def find(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The search page."""
    text = request.GET.get("q", "").strip()
    if len(text) > LONGEST or "\0" in text:
        raise BadQuery(f"要查的内容太长，最多 {LONGEST} 个字。")
    found = search(desk.families(), text, desk.on) if text else []
    places = Division.objects.select_related("parent").in_bulk(
        {hit.household.community_id for hit in found}
    )
    hits = [
        Hit(
            household=hit.household,
            matched=_masked(desk, hit),
            community=desk.place(places[hit.household.community_id]),
            address=desk.masks.address(hit.household.address),
        )
        for hit in found
    ]
    full = len(hits) >= MOST_FOUND
    return page(request, "desk/search.html", q=text, hits=hits, full=full, keep_address=True)


def _masked(desk: Desk, found: Found) -> str:
    """What matched, behind the same mask as everywhere: a name, or an address."""
    return (desk.masks.name if found.is_name else desk.masks.address)(found.matched)
