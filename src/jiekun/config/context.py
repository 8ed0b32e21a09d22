"""What every page knows about where it runs."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def place(request: HttpRequest) -> dict[str, bool]:
    """Whether the people on the page are synthetic."""
    return {"demo": settings.DEMO}
