"""How long a session lasts, what is told of another one, and what is typed into one just ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from jiekun.journal.models import Entry
from jiekun.offices.models import Officer

# A session is touched in the database no oftener than this.
_TOUCHED_SECONDS = 60
_HELD_SECONDS, _HELD_CHARACTERS = 3600, 200_000
_NEVER_HELD = ("csrfmiddlewaretoken", "password", "old", "new", "again", "code")
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("MicroMessenger", "微信"),
             ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("Windows", "Windows"), ("Android", "安卓"), ("iPhone", "iPhone"),
            ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip

Answer = Callable[[HttpRequest], HttpResponse]


def session_rules(answer: Answer) -> Answer:
    """Middleware: ends a session left alone too long or open since yesterday, and tells an
    officer when somebody else signed in under the same name."""

    def ruled(request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Officer):
            now, session = time.time(), request.session
            began, seen = session.get("began", now), session.get("seen", now)
            idle, old = now - seen, now - began
            if idle > settings.SESSION_IDLE_SECONDS or old > settings.SESSION_COOKIE_AGE:
                logout(request)
            else:
                if "began" not in session or idle > _TOUCHED_SECONDS:
                    session.update({"began": began, "seen": now})
                _tell_of_others(request, request.user, began)
        return answer(request)

    return ruled


def _tell_of_others(request: HttpRequest, officer: Officer, began: float) -> None:
    """Say once that the same name was used to sign in elsewhere since this session began."""
    last = officer.last_login.timestamp() if officer.last_login else 0.0
    if last <= max(began, request.session.get("told", 0.0)):
        return
    request.session["told"] = last
    newest = sign_ins(officer).first()
    where = "、".join(newest.data.values()) if newest and newest.data else "另一台设备"
    messages.warning(
        request, f"您的帐号刚在别处登录过（{where}）。不是您本人，请到“我的登录”全部退出并改密码。"
    )


def sign_ins(officer: Officer) -> Any:
    """The times an officer signed in, newest first."""
    kind = officer._meta.label_lower
    return Entry.objects.filter(
        subject_kind=kind, subject_id=str(officer.pk), act="sign-in"
    ).order_by("-at", "-id")


def device(request: HttpRequest) -> dict[str, str]:
    """Which browser asks, in a word or two, and from where; for the journal of sign-ins."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in _BROWSERS if mark in agent), "其他浏览器")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "其他系统")
    return {"browser": f"{browser}/{system}", "address": request.META.get("REMOTE_ADDR", "")[:45]}


# -- a form sent after its session ended


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page; what was typed is kept and offered again afterwards."""
    onward = request.get_full_path()
    if request.method == "POST":
        onward = _page_before(request)
        hold(request)
    answer = redirect_to_login(onward)
    if request.headers.get("HX-Request"):
        # A piece of a page asked: the whole page must go.
        return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})
    return answer


def _page_before(request: HttpRequest) -> str:
    """Where the form stood; the address it was sent to may take no visits."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure()):
        parts = urlsplit(referer)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return reverse("desk:front")


def sent_from_here(request: HttpRequest) -> bool:
    """Whether one of our own pages sent this form, as the browser says."""
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(origin).netloc == request.get_host()


def hold(request: HttpRequest) -> bool:
    """Keep what was typed with the session; False where there is nothing to keep, or too much."""
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        for value in values
        if name not in _NEVER_HELD
    ]
    if not fields or sum(len(name) + len(value) for name, value in fields) > _HELD_CHARACTERS:
        return False
    request.session["held"] = {
        "to": request.get_full_path(),
        "fields": fields,
        "files": list(request.FILES),
        "until": time.time() + _HELD_SECONDS,
    }
    return True


def is_held(request: HttpRequest) -> bool:
    held = request.session.get("held")
    return bool(held and held["until"] > time.time())
