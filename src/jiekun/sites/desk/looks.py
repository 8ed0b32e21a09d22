"""How pages look: dark or light, larger letters, keys. A browser keeps it, and so does an officer.

Pages go by the browser's cookie alone: the page that says the database is down looks right too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from jiekun.offices import actions
from jiekun.offices.models import Officer, Scheme
from jiekun.offices.own import TYPE_SIZES, looks_problem

from .door import moment

COOKIE = "looks"
_KEPT = re.compile(rf"({'|'.join(Scheme.values)})\.({'|'.join(map(str, TYPE_SIZES))})\.([01])")
_A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Looks:
    """What pages look like in one browser."""

    scheme: str = Scheme.AUTO
    percent: int = 100
    shortcuts: bool = True

    @property
    def kept(self) -> str:
        """As a cookie holds it."""
        return f"{self.scheme}.{self.percent}.{int(self.shortcuts)}"


def looks_of(request: HttpRequest) -> Looks:
    """What this browser is set to; a cookie that says anything else counts for nothing."""
    found = _KEPT.fullmatch(request.COOKIES.get(COOKIE, ""))
    return Looks(found[1], int(found[2]), found[3] == "1") if found else Looks()


def remember(answer: HttpResponse, looks: Looks) -> None:
    """Leave what was chosen with the browser."""
    answer.set_cookie(COOKIE, looks.kept, max_age=_A_YEAR, samesite="Lax", httponly=True)


def bring(answer: HttpResponse, officer: Officer) -> None:
    """An officer's own choice comes along to a browser they sign in with; who has made none
    takes the browser as it is."""
    own = Looks(officer.scheme, officer.type_percent, officer.shortcuts)
    if own != Looks():
        remember(answer, own)


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Settle how pages look: in this browser, and, signed in, wherever one signs in."""
    officer = request.user if isinstance(request.user, Officer) else None
    answer = HttpResponseRedirect(_back(request))
    percent = request.POST.get("percent", "")
    looks = Looks(
        scheme=request.POST.get("scheme", ""),
        percent=int(percent) if percent in map(str, TYPE_SIZES) else 0,
        shortcuts="shortcuts" in request.POST,
    )
    if problem := looks_problem(looks.scheme, looks.percent):
        messages.error(request, problem)
        return answer
    if officer is not None:
        actions.choose_looks(
            scheme=looks.scheme, type_percent=looks.percent, shortcuts=looks.shortcuts,
            by=officer, at=moment(),
        )  # fmt: skip
    remember(answer, looks)
    return answer


def _back(request: HttpRequest) -> str:
    onward = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure())
    return onward if safe else reverse("desk:front")
