"""Finding a family by number, name, pinyin or address, among those one may see."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from jiekun.registry.finding import MOST_FOUND, Found, search
from jiekun.registry.models import Household, Membership, Relation

from .door import BadQuery, Desk, desk_page, one_of, page
from .family import relation_of

LONGEST = 40
# The officer's last number searched for: kept with the session, never in an address.
KEPT = "searched_number"
# From this many places on, digits tell who somebody is.
_NUMBER = re.compile(r"\d(?:[\s-]?\d){5,}")


@dataclass(frozen=True)
class Hit:
    """One family found, and by what."""

    household: Household
    matched: str
    # What the member found is to the family, and when they were born.
    told: str
    people: int
    community: str
    address: str


@desk_page("q", "number")
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The search page."""
    if request.method == "POST":
        return _asked(request, desk)
    wanted = one_of(request, "number", {"": "", "1": "刚才查的号码"})
    text = request.session.get(KEPT, "") if wanted else request.GET.get("q", "").strip()
    _refuse_long(text)
    found = search(desk.areas, text, desk.on) if text else []
    many = _counted([hit.household.pk for hit in found])
    hits = [
        Hit(
            household=hit.household,
            matched=_masked(desk, hit),
            told=_told(desk, hit.member) if hit.member else "",
            people=many.get(hit.household.pk, 0),
            community=desk.place(hit.household.community),
            address=desk.masks.address(hit.household.address),
        )
        for hit in found
    ]
    full = len(hits) >= MOST_FOUND
    return page(request, "desk/search.html", q=text, hits=hits, full=full, keep_address=True)


def _counted(homes: Sequence[int]) -> dict[int, int]:
    """How many live in each household now."""
    living = Membership.objects.filter(household__in=homes, until__isnull=True)
    counted = living.order_by().values_list("household").annotate(Count("pk"))
    return dict(counted)


def _told(desk: Desk, member: Membership) -> str:
    """Daughter, born in 1980: two of one name are told apart by it, and no mask is lifted."""
    person = member.person
    relation = relation_of(Relation(member.relation), person.sex, person.died_on)
    born = desk.masks.born(person.birth_date)[:4]
    return f"{relation}，{born} 年生" if born else relation


def _asked(request: HttpRequest, desk: Desk) -> HttpResponse:
    """On to the results. A whole number would stay in histories and logs if it were in their
    address, so the session brings it there."""
    text = request.POST.get("q", "").strip()
    _refuse_long(text)
    if not _NUMBER.search(unicodedata.normalize("NFKC", text)):
        return HttpResponseRedirect(desk.url("search", q=text))
    request.session[KEPT] = text
    return HttpResponseRedirect(desk.url("search", number=1))


def _refuse_long(text: str) -> None:
    if len(text) > LONGEST:
        raise BadQuery(f"要查的内容太长，最多 {LONGEST} 个字。")


def _masked(desk: Desk, found: Found) -> str:
    """What matched, behind the same mask as everywhere: a name, or an address."""
    return (desk.masks.name if found.is_name else desk.masks.address)(found.matched)
