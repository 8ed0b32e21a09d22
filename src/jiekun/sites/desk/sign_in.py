"""Signing in and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from jiekun.offices import actions
from jiekun.offices.models import Officer, Role

from .door import moment

REFUSED = "用户名或密码不对。连错五次要等一刻钟；忘了密码，请找本单位的系统管理员。"


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Open the door to an officer; in the demo, every post is offered."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    onward = wanted if safe else reverse("desk:front")
    if request.method == "GET":
        if request.user.is_authenticated:
            return redirect(onward)
        return _form(request, onward)
    username, password = request.POST.get("username", ""), request.POST.get("password", "")
    officer = None
    # With a NUL in it nobody's name can be, and the database could not even be asked.
    if "\0" not in username:
        officer = actions.sign_in(username=username.strip(), password=password, at=moment())
    if officer is None:
        return _form(request, onward, problem=REFUSED, username=username)
    login(request, officer)
    return HttpResponseRedirect(onward)


def _form(
    request: HttpRequest, onward: str, *, problem: str = "", username: str = ""
) -> HttpResponse:
    context: dict[str, object] = {"next": onward, "problem": problem, "username": username}
    if settings.DEMO:
        context |= {"signs": _demo_signs(), "sign_password": actions.DEMO_PASSWORD}
    return render(request, "desk/sign_in.html", context, status=401 if problem else 200)


def _demo_signs() -> list[dict[str, str]]:
    """The demo's sign-ins, as people would choose among them."""
    officers = Officer.objects.filter(username__in=actions.DEMO_OFFICERS)
    found = {o.username: o for o in officers.prefetch_related("posts__area")}
    return [
        {
            "username": username,
            "name": found[username].name,
            "role": str(Role(role).label),
            "area": "、".join(post.area.name for post in found[username].posts.all()),
        }
        for username, (_, _, role, _) in actions.DEMO_OFFICERS.items()
        if username in found
    ]


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close the door behind an officer."""
    if isinstance(request.user, Officer):
        actions.sign_out(by=request.user, at=moment())
    logout(request)
    return redirect("desk:sign-in")
