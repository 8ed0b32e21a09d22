"""How each page is used: told on the page itself, and of all pages in one place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .door import Desk, desk_page, page

_FILE = Path(__file__).with_name("guide.yaml")


@dataclass(frozen=True)
class Told:
    """What a page shows, what each act on it does, and where its numbers come from."""

    name: str
    title: str
    shows: str
    acts: dict[str, str]
    numbers: str


@cache
def every_page() -> dict[str, Told]:
    """The help of each page, by the name of its address, in the order one meets them."""
    written: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {name: Told(name=name, **told) for name, told in written.items()}


@desk_page()
@require_safe
def index(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The help of all pages, and the keys."""
    return page(request, "desk/help.html", keep_address=True, told=every_page().values())
