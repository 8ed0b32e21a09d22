"""What stands around every page: how it looks, where one may go, how the page is used."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest

from jiekun.offices.own import TYPE_SIZES, Scheme
from jiekun.sites.desk import guide, navigation
from jiekun.sites.desk.looks import Looks, looks_of

register = template.Library()


@register.simple_tag(takes_context=True)
def looks(context: dict[str, Any]) -> Looks:
    """How pages look in this browser."""
    request: HttpRequest | None = context.get("request")
    return looks_of(request) if request else Looks()


@register.simple_tag(takes_context=True, name="navigation")
def here(context: dict[str, Any]) -> navigation.Navigation:
    """Where this officer may go from this page."""
    return navigation.navigation(context["desk"], _name(context))


@register.simple_tag(takes_context=True)
def told(context: dict[str, Any]) -> guide.Told | None:
    """How this page is used."""
    return guide.every_page().get(_name(context))


@register.inclusion_tag("desk/looks_form.html", takes_context=True)
def looks_form(context: dict[str, Any]) -> dict[str, Any]:
    """The form that changes how pages look."""
    return {
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
        "look": looks(context),
        "schemes": Scheme.choices,
        "sizes": TYPE_SIZES,
    }


def _name(context: dict[str, Any]) -> str:
    """The name of the address one is at; none where an error page stands in for another."""
    request: HttpRequest | None = context.get("request")
    match = request.resolver_match if request else None
    return (match.url_name or "") if match else ""
