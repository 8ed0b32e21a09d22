"""What each role sees and what for, as the table of access says it: for every officer to read."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiekun.offices.models import Role
from jiekun.registry.access import LOOKS_FOR, TAKES_FOR, Data, Purpose, Sight, sight

from .door import Desk, desk_page, page

SIGNS = {Sight.OPEN: "●", Sight.MASKED: "◐", Sight.NONE: "—"}


@dataclass(frozen=True)
class Line:
    """What one role may state to look behind a mask, and to print or export."""

    role: str
    mine: bool
    looks_for: tuple[Purpose, ...]
    takes_for: tuple[Purpose, ...]


@desk_page()
@require_safe
def seeing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What one sees oneself, in words; then every role's purposes and the whole table."""
    own = {way: [str(one.label) for one in Data if sight(desk.roles, one) == way] for way in Sight}
    ways = {one: [sight([role], one) for role in Role] for one in Data}
    return page(
        request,
        "desk/seeing.html",
        keep_address=True,
        open=own[Sight.OPEN],
        masked=own[Sight.MASKED],
        closed=own[Sight.NONE],
        lines=[
            Line(
                str(role.label),
                role in desk.roles,
                LOOKS_FOR.get(role, ()),
                TAKES_FOR.get(role, ()),
            )
            for role in Role
        ],
        rows=[(one.label, [(SIGNS[way], way.label) for way in ways[one]]) for one in Data],
    )
