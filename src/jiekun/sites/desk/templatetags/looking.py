"""What stands under the name of a person or household: unmask, print, who looked."""

from __future__ import annotations

from typing import Any

from django import template

from jiekun.registry.models import Household, Person
from jiekun.sites.desk.door import Desk

register = template.Library()


@register.inclusion_tag("desk/looking.html", takes_context=True)
def looking(
    context: dict[str, Any], household: Household, subject: Household | Person
) -> dict[str, Any]:
    """The acts of looking at a subject that this officer may do where it lives."""
    desk: Desk = context["desk"]
    of = "person" if isinstance(subject, Person) else "household"
    return {
        "desk": desk,
        "subject": subject,
        "unmask": f"unmask-{of}",
        "printing": f"print-{of}",
        "looked": f"{of}-looked",
        "looks_for": desk.looks_for(household.community_id),
        "takes_for": desk.takes_in(household.community_id),
        "lifted_for": context.get("lifted_for", ""),
        "watermark": context.get("watermark"),
        "csrf_token": context.get("csrf_token"),
    }
