"""Signing in and out: the password, then whatever else is asked of this officer."""

from __future__ import annotations

import time

import segno
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from jiekun.offices import actions
from jiekun.offices.models import Officer, Role
from jiekun.offices.queries import steps_left

from .door import Desk, desk_page, moment, page, posts_of, today
from .looks import bring
from .navigation import begins_with_today
from .sessions import device, is_held
from .typed import told

REFUSED = "用户名或密码不对。连错五次要等一刻钟；忘了密码，请找本单位的安全管理员。"
WRONG_CODE = "验证码不对，或者已经用过。等手机上换一个数再试；连错五次要等一刻钟。"
# Seconds between the password and the last step.
PATIENCE = 600


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Open the door to an officer; in the demo, every post is offered."""
    onward = _onward(request)
    if request.method == "GET":
        if request.user.is_authenticated:
            return redirect(onward)
        return _form(request, onward)
    username, password = request.POST.get("username", ""), request.POST.get("password", "")
    officer = None
    # With a NUL in it nobody's name can be, and the database could not even be asked.
    if "\0" not in username:
        officer = actions.sign_in(
            username=username.strip(), password=password, at=moment(), **device(request)
        )
    if officer is None:
        return _form(request, onward, problem=REFUSED, username=username)
    if steps_left(officer, today()):
        request.session["half"] = {
            "officer": officer.pk, "until": time.time() + PATIENCE, "next": onward, "done": []
        }  # fmt: skip
        return redirect("desk:sign-in-step")
    return _let_in(request, officer, onward)


def _onward(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else reverse("desk:front")


def _let_in(request: HttpRequest, officer: Officer, onward: str) -> HttpResponse:
    login(request, officer)
    request.session["began"] = request.session["seen"] = time.time()
    roles = [post.role for post in posts_of(officer, today())]
    if onward == reverse("desk:front") and begins_with_today(roles):
        onward = reverse("desk:today")
    answer = HttpResponseRedirect(reverse("desk:held") if is_held(request) else onward)
    bring(answer, officer)
    return answer


def _form(
    request: HttpRequest, onward: str, *, problem: str = "", username: str = ""
) -> HttpResponse:
    context: dict[str, object] = {"next": onward, "problem": problem, "username": username}
    context["held"] = is_held(request)
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


# -- what is asked after the password


@never_cache
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest) -> HttpResponse:
    """The code, a new password, binding an app: one at a time, then in."""
    half = request.session.get("half")
    officer = half and Officer.objects.filter(pk=half["officer"], is_active=True).first()
    if not half or not officer or half["until"] < time.time():
        request.session.pop("half", None)
        return redirect(f"{reverse('desk:sign-in')}?{urlencode({'next': '/'})}")
    left = [name for name in steps_left(officer, today()) if name not in half["done"]]
    if request.method == "GET":
        return _ask(request, officer, left)
    if not left:
        del request.session["half"]
        actions.enter(by=officer, at=moment(), **device(request))
        return _let_in(request, officer, half["next"])
    return {"code": _code, "password": _password, "bind": _bind}[left[0]](request, officer)


def _done(request: HttpRequest, *names: str) -> None:
    request.session["half"]["done"] += names
    request.session.modified = True


def _ask(
    request: HttpRequest, officer: Officer, left: list[str], problem: str = ""
) -> HttpResponse:
    asked = left[0] if left else "enter"
    context: dict[str, object] = {"asked": asked, "problem": problem, "officer": officer}
    if asked == "bind":
        context |= binding(officer)
    return render(request, "desk/sign_in_step.html", context, status=401 if problem else 200)


def binding(officer: Officer) -> dict[str, object]:
    """What the officer's app needs: a QR code drawn here, and the same as letters."""
    secret = actions.begin_authenticator(officer=officer, at=moment())
    words = urlencode({"secret": secret, "issuer": "解困"})
    drawn = segno.make(f"otpauth://totp/{officer.username}?{words}", error="m")
    picture = drawn.svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=False)
    letters = " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))
    return {"picture": mark_safe(picture), "secret": letters}  # noqa: S308 - drawn above


def _code(request: HttpRequest, officer: Officer) -> HttpResponse:
    code = request.POST.get("code", "")[:40]
    right = actions.give_code(
        officer=officer, code=code, instant=time.time(), at=moment(), **device(request)
    )
    if not right:
        return _ask(request, officer, ["code"], WRONG_CODE)
    _done(request, "code")
    return _next(request, officer)


def _password(request: HttpRequest, officer: Officer) -> HttpResponse:
    problem = change_password(request, officer)
    if problem:
        return _ask(request, officer, ["password"], problem)
    return _next(request, officer)


def change_password(request: HttpRequest, officer: Officer) -> str:
    """Take the form's new password. Returns what is wrong with it."""
    old, new = request.POST.get("old", ""), request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        return "两次填的新密码不一样"
    try:
        changed = actions.change_password(officer=officer, old=old, new=new, at=moment())
    except actions.RefusedError as problem:
        return str(problem)
    return "" if changed else "原来的密码不对。连错五次要等一刻钟。"


def _bind(request: HttpRequest, officer: Officer) -> HttpResponse:
    try:
        codes = actions.confirm_authenticator(
            officer=officer, code=request.POST.get("code", "")[:40], instant=time.time(),
            at=moment(),
        )  # fmt: skip
    except actions.RefusedError as problem:
        return _ask(request, officer, ["bind"], str(problem))
    # The code just given proved the app: it is not asked for again at once.
    _done(request, "bind", "code")
    return render(request, "desk/sign_in_step.html", {"asked": "codes", "codes": codes})


def _next(request: HttpRequest, officer: Officer) -> HttpResponse:
    """On to the next step, or straight in after the last."""
    half = request.session["half"]
    officer.refresh_from_db()
    if [name for name in steps_left(officer, today()) if name not in half["done"]]:
        return redirect("desk:sign-in-step")
    del request.session["half"]
    actions.enter(by=officer, at=moment(), **device(request))
    return _let_in(request, officer, half["next"])


@desk_page()
@never_cache
@require_http_methods(["GET", "POST"])
def held(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was typed before the session ended: to be sent now, or dropped."""
    if request.method == "POST" or not is_held(request):
        request.session.pop("held", None)
        return redirect("desk:front")
    kept = request.session["held"]
    return page(request, "desk/held.html", held=kept, shown=told(kept["fields"]))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close the door behind an officer."""
    if isinstance(request.user, Officer):
        actions.sign_out(by=request.user, at=moment())
    logout(request)
    return redirect("desk:sign-in")
