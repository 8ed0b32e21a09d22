"""Clause numbers in the handbook's sentences as links to the clauses."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from jiekun.law import load

register = template.Library()
_CITE = re.compile(r"([A-Z]+\d*-\w+(?:\.\w+)*)")


@register.simple_tag(takes_context=True)
def cited(context: dict[str, Any], text: str) -> SafeString:
    """A text with each clause number leading to the clause."""
    return format_html_join("", "{}", ((_linked(context, part),) for part in _CITE.split(text)))


def _linked(context: dict[str, Any], part: str) -> SafeString:
    document = part.partition("-")[0]
    if not _CITE.fullmatch(part) or document not in load().documents:
        return conditional_escape(part)
    address = f"{context['desk'].url('document', document)}#{part}"
    return format_html('<a href="{}">{}</a>', address, part)
