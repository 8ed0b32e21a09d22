"""The few words templates need: addresses that keep the law, numbers, masks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from jiekun.offices.models import Division
from jiekun.sites.desk import words
from jiekun.sites.desk.door import Desk

register = template.Library()


@register.simple_tag(takes_context=True)
def at(context: dict[str, Any], name: str, *args: object, **query: object) -> str:
    """The address of a desk page under the law chosen."""
    return str(context["desk"].url(name, *args, **query))


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as whole yuan."""
    return words.yuan(fen)


@register.filter
def more(fen: int | None) -> str:
    """Fen as whole yuan with its sign: what is more than before."""
    if not fen:
        return "还不知道" if fen is None else "0"
    return ("+" if fen > 0 else "−") + words.yuan(abs(fen))


@register.filter
def minus(after: int, before: int) -> int:
    """What there is more of after than before."""
    return after - before


@register.filter
def count(number: int | None) -> str:
    """A count with thousands."""
    return "还不知道" if number is None else f"{number:,}"


@register.filter
def short_day(day: date, today: date) -> str:
    """A day without the year where it is this year's."""
    return words.short_day(day, today)


@register.filter
def ago(day: date, today: date) -> str:
    """How long ago."""
    return words.ago(day, today)


@register.simple_tag(takes_context=True)
def clause(context: dict[str, Any], cite: str) -> str:
    """Where a clause stands on the law pages."""
    return f"{context['desk'].url('document', cite.partition('-')[0])}#{cite}"


@register.simple_tag(takes_context=True)
def place(context: dict[str, Any], division: Division) -> str:
    """A street and community by their names of today, with the former ones."""
    desk: Desk = context["desk"]
    return desk.place(division)


@register.simple_tag(takes_context=True)
def called(context: dict[str, Any], division: Division) -> str:
    """A place's name of today, with its former ones."""
    desk: Desk = context["desk"]
    return desk.places.name(division)


@register.filter
def sees(desk: Desk, code: str) -> bool:
    """Whether all families of a place are this officer's to see."""
    return desk.reaches(code)
