"""An officer's own account: where it was used, its password, its app, and ending every session."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jiekun.offices import actions
from jiekun.offices.models import Authenticator, RecoveryCode

from .door import BadQuery, Desk, desk_page, moment, page
from .sessions import sign_ins
from .sign_in import binding, change_password

SHOWN = 20


@desk_page()
@never_cache
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Where one signed in of late, and what one may do about it."""
    if request.method == "POST":
        return _act(request, desk)
    return _page(request, desk)


def _page(request: HttpRequest, desk: Desk, codes: Sequence[str] = ()) -> HttpResponse:
    bound = Authenticator.objects.filter(officer=desk.officer, confirmed_at__isnull=False).first()
    left = RecoveryCode.objects.filter(officer=desk.officer, used_at__isnull=True).count()
    told: dict[str, Any] = {"bound": bound, "left": left, "codes": codes}
    if not (bound or codes):
        told |= binding(desk.officer)
    entries = sign_ins(desk.officer)[:SHOWN]
    return page(request, "desk/account.html", entries=entries, **told)


def _act(request: HttpRequest, desk: Desk) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "everywhere":
        actions.sign_out_everywhere(by=desk.officer, at=moment())
        logout(request)
        return redirect("desk:sign-in")
    if act == "password":
        return _password(request, desk)
    if act == "bind":
        return _bind(request, desk)
    raise BadQuery(f"没有“{act[:20]}”这个动作。")


def _password(request: HttpRequest, desk: Desk) -> HttpResponse:
    problem = change_password(request, desk.officer)
    if problem:
        messages.error(request, problem)
    else:
        desk.officer.refresh_from_db()
        # Other sessions end with the old password; this one goes on.
        update_session_auth_hash(request, desk.officer)
        messages.success(request, "密码改好了，其他地方的登录都已退出。")
    return redirect("desk:account")


def _bind(request: HttpRequest, desk: Desk) -> HttpResponse:
    code = request.POST.get("code", "")[:40]
    try:
        codes = actions.confirm_authenticator(
            officer=desk.officer, code=code, instant=time.time(), at=moment()
        )
    except actions.RefusedError as problem:
        messages.error(request, str(problem))
        return redirect("desk:account")
    return _page(request, desk, codes=codes)
