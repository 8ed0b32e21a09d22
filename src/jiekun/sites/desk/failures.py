"""Pages for what went wrong: what happened, in plain words, and where to go."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiekun.offices.models import Officer

from .sessions import Answer, ask_to_sign_in, hold, sent_from_here

# Forms at the door: what is typed there is not sent on for anybody.
_AT_THE_DOOR = frozenset({"sign-in", "sign-in-step", "sign-out", "held"})
# Where there is something to go back to from an address below it.
_BACK = {"households": ("household", "回这一户"), "people": ("person", "回这个人")}
_UNSENT = (
    "没有提交：这张表已经过期",
    "可能在别的窗口重新登录过，或者浏览器清掉了登录记录。请回到原来的页面，刷新以后再填。",
)
_SAID = {
    400: ("这个请求看不懂", "网址或提交的内容不完整。请回上一页再试。"),
    403: ("这一页不归您的岗位看", "如果工作需要，请找本单位的系统管理员调整岗位。"),
    405: (
        "这个网址只用来提交表单",
        "它没有自己的页面，打开它什么也不会发生。请回到原来的页面去办。",
    ),
    404: ("没有这一页，或者不在您的辖区", "可能是网址写错了，也可能这家人不归您的岗位看。"),
    500: ("系统出了错", "已经记下，请过一会儿再试；急事请先按老办法办。"),
}


def _failed(request: HttpRequest, status: int) -> HttpResponse:
    heading, message = _SAID[status]
    return _told(request, status, heading, message)


def _told(
    request: HttpRequest, status: int, heading: str, message: str, **more: str
) -> HttpResponse:
    context = {"heading": heading, "message": message, **more}
    return render(request, "desk/failed.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _failed(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _failed(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _failed(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    return _failed(request, 500)


def unsent(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that another session was given: what was typed is kept and offered again."""
    match = request.resolver_match
    at_the_door = match is None or match.url_name in _AT_THE_DOOR
    # What a page elsewhere made a browser send is kept for nobody.
    if at_the_door or not sent_from_here(request):
        return _told(request, 403, *_UNSENT)
    if not isinstance(request.user, Officer):
        return ask_to_sign_in(request)
    if not hold(request):
        return _told(request, 403, *_UNSENT)
    if request.headers.get("HX-Request"):
        # A piece of a page asked: the whole page must go.
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("desk:held")})
    return redirect("desk:held")


def only_sent(answer: Answer) -> Answer:
    """Middleware: who visits an address that only takes forms is told so, with the way back."""

    def told(request: HttpRequest) -> HttpResponse:
        made = answer(request)
        if made.status_code != 405 or request.method != "GET":
            return made
        spoken = _told(request, 405, *_SAID[405], **_way_back(request))
        spoken.headers["Allow"] = made.headers["Allow"]
        return spoken

    return told


def _way_back(request: HttpRequest) -> dict[str, str]:
    """The page of whom the address is about, under the law chosen; none about nobody."""
    match = request.resolver_match
    name, label = _BACK.get(match.route.partition("/")[0] if match else "", ("", ""))
    if match is None or not name or "pk" not in match.kwargs:
        return {}
    law = request.GET.get("law", "")
    back = reverse(f"desk:{name}", args=[match.kwargs["pk"]])
    return {"back": f"{back}?{urlencode({'law': law})}" if law else back, "back_to": label}
