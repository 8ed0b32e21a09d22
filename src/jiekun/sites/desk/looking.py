"""Looking behind the mask, printing, and who looked: what is written down, on pages of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jiekun.registry import actions
from jiekun.registry.looked import looks, told
from jiekun.registry.models import Household, Person
from jiekun.registry.scope import whole_registry

from .door import BadQuery, Desk, desk_page, moment, page, whole_number
from .household import Known, find, household_context, known_of
from .paging import rows_a_page
from .person import find_person, merged_away, person_context

A_PAGE = 50


@dataclass(frozen=True)
class Watermark:
    """Who printed a page, when and what for: stands all over it, on every sheet."""

    officer: str
    post: str
    at: str
    purpose: str

    @property
    def text(self) -> str:
        return f"{self.officer} {self.at} {self.purpose}"


def watermark(desk: Desk, purpose: str) -> Watermark:
    """The mark of a page this officer prints now."""
    return Watermark(desk.officer.name, desk.role_name, f"{moment():%Y-%m-%d %H:%M}", purpose)


@desk_page()
@never_cache
@require_POST
def unmask_household(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """A household's page without its mask, once."""
    home = find(desk, pk)
    return _unmasked(request, desk, home, known_of(desk, home, lifted=True))


@desk_page()
@never_cache
@require_POST
def unmask_person(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """A person's page without its mask, once."""
    person, at = find_person(desk, pk, lifted=True)
    return _unmasked(request, desk, person, at)


def _unmasked(
    request: HttpRequest, desk: Desk, subject: Household | Person, at: Known
) -> HttpResponse:
    purpose, note = _said(request)
    try:
        actions.look_unmasked(
            subject=subject, purpose=purpose, note=note, by=desk.officer, at=moment()
        )
    except actions.RefusedError as refused:
        raise BadQuery(f"{refused}。") from refused
    return _shown(request, desk, subject, at, lifted_for=purpose)


@desk_page()
@never_cache
@require_POST
def print_household(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """A household's page for paper: masked, and marked all over."""
    home = find(desk, pk)
    return _printed(request, desk, home, known_of(desk, home))


@desk_page()
@never_cache
@require_POST
def print_person(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """A person's page for paper: masked, and marked all over."""
    return _printed(request, desk, *find_person(desk, pk))


def _printed(
    request: HttpRequest, desk: Desk, subject: Household | Person, at: Known
) -> HttpResponse:
    purpose, note = _said(request)
    try:
        actions.print_page(
            subject=subject, purpose=purpose, note=note, by=desk.officer, at=moment()
        )
    except actions.RefusedError as refused:
        raise BadQuery(f"{refused}。") from refused
    return _shown(request, desk, subject, at, watermark=watermark(desk, purpose))


def _said(request: HttpRequest) -> tuple[str, str]:
    """The purpose chosen and the words added to it."""
    return request.POST.get("purpose", ""), request.POST.get("note", "")


def _shown(
    request: HttpRequest, desk: Desk, subject: Household | Person, at: Known, **more: Any
) -> HttpResponse:
    if isinstance(subject, Person):
        return page(request, "desk/person.html", **{**person_context(desk, subject, at), **more})
    return page(request, "desk/household.html", **{**household_context(desk, at), **more})


@desk_page("page")
@require_safe
def at_household(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Who looked at a household."""
    home = find(desk, pk)
    return _looked(request, desk, home, None, home.name)


@desk_page("page")
@require_safe
def at_person(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Who looked at a person, or at their home."""
    try:
        person, at = find_person(desk, pk)
    except Http404:
        return merged_away(request, desk, pk, "person-looked")
    title = next(member.title for member in at.family if member.id == pk)
    return _looked(request, desk, at.household, person, title)


def _looked(
    request: HttpRequest, desk: Desk, home: Household, person: Person | None, title: str
) -> HttpResponse:
    with whole_registry("who looked at a family is told wherever they looked from"):
        pages = Paginator(looks(home, person), rows_a_page(request, A_PAGE))
        here = pages.page(whole_number(request, "page", 1, 1, max(1, pages.num_pages)))
        rows = told(list(here))
    return page(
        request,
        "desk/looked.html",
        keep_address=True,
        household=home,
        person=person,
        title=title,
        pages=here,
        rows=rows,
    )
