"""How many rows a list's page shows."""

from __future__ import annotations

from django.http import HttpRequest

from jiekun.registry.looking import MOST_EXPORTED


def rows_a_page(request: HttpRequest, usual: int) -> int:
    """As many as usual; where the page is read for a file, all, and one more than may be taken."""
    return MOST_EXPORTED + 1 if getattr(request, "whole", False) else usual
