"""Pages for what went wrong: what happened, in plain words, and where to go."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_SAID = {
    400: ("这个请求看不懂", "网址或提交的内容不完整。请回上一页再试。"),
    403: ("这一页不归您的岗位看", "如果工作需要，请找本单位的系统管理员调整岗位。"),
    404: ("没有这一页，或者不在您的辖区", "可能是网址写错了，也可能这家人不归您的岗位看。"),
    500: ("系统出了错", "已经记下，请过一会儿再试；急事请先按老办法办。"),
}


def _failed(request: HttpRequest, status: int) -> HttpResponse:
    heading, message = _SAID[status]
    context = {"heading": heading, "message": message}
    return render(request, "desk/failed.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _failed(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _failed(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _failed(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    return _failed(request, 500)
