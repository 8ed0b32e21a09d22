"""What stands around every page: how it looks, where one may go, how the page is used."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest

from jiekun.offices.models import Officer
from jiekun.offices.own import TYPE_SIZES, Scheme
from jiekun.sites.desk import guide, navigation, saved
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


@register.inclusion_tag("desk/kept.html", takes_context=True)
def kept_lists(context: dict[str, Any]) -> dict[str, Any]:
    """This list as the officer narrowed it before, and the way to keep it as it is now."""
    name = _name(context)
    if name not in saved.LISTS:
        return {}
    words = saved.words_of(context["request"].GET)
    kept = saved.kept_on(context["desk"].officer, name, words)
    return {
        "csrf_token": context.get("csrf_token"),
        "page_name": name,
        "words": words,
        "kept": kept,
        "known": any(one.current for one in kept),
    }


@register.simple_tag(takes_context=True)
def kept_here(context: dict[str, Any]) -> saved.Kept | None:
    """The saved list that led to an address that is refused."""
    request, name = context.get("request"), _name(context)
    if request is None or name not in saved.LISTS or not isinstance(request.user, Officer):
        return None
    words = saved.words_of(request.GET)
    kept = [] if "%00" in words else saved.kept_on(request.user, name, words)
    return next((one for one in kept if one.current), None)


def _name(context: dict[str, Any]) -> str:
    """The name of the address one is at; none where an error page stands in for another."""
    request: HttpRequest | None = context.get("request")
    match = request.resolver_match if request else None
    return (match.url_name or "") if match else ""
