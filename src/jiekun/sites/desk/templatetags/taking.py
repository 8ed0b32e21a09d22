"""The way a list leaves the desk, on every list's page."""

from __future__ import annotations

from typing import Any

from django import template

from jiekun.registry.looking import MOST_EXPORTED
from jiekun.sites.desk import taking

register = template.Library()


@register.inclusion_tag("desk/take.html", takes_context=True)
def take_list(context: dict[str, Any]) -> dict[str, Any]:
    """The form that takes the list of this page away; none where the officer may not, or where
    nothing is on the list."""
    request = context.get("request")
    match = request.resolver_match if request else None
    name = (match.url_name or "") if match else ""
    empty = "rows" in context and not context["rows"]
    if request is None or name not in taking.LISTS or request.method != "GET" or empty:
        return {}
    residents = taking.of_residents(name)
    purposes = context["desk"].takes_for if residents else []
    if residents and not purposes:
        return {}
    return {
        "csrf_token": context.get("csrf_token"),
        "taken": request.get_full_path(),
        "purposes": purposes,
        "most": f"{MOST_EXPORTED:,}",
    }
