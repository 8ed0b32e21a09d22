"""The offices' people: accounts, posts, deputies, rosters; for the administrators."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jiekun.offices import actions, roster
from jiekun.offices.models import Deputy, Division, Officer, Post, Role

from .choices import day
from .door import BadQuery, Desk, desk_page, moment, page, whole_number
from .paging import rows_a_page

A_PAGE = 50


def _look(desk: Desk) -> None:
    if not desk.sees_officers:
        raise PermissionDenied


@desk_page("q", "page")
@require_safe
def officers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everybody with an account, those waiting to be let in first."""
    _look(desk)
    q = request.GET.get("q", "").strip()[:64]
    rows = Officer.objects.select_related("department").prefetch_related("posts__area")
    if q:
        rows = rows.filter(Q(name__contains=q) | Q(username__contains=q.lower()))
    pages = Paginator(rows.order_by("is_active", "username"), rows_a_page(request, A_PAGE))
    here = pages.page(whole_number(request, "page", 1, 1, max(1, pages.num_pages)))
    return page(
        request,
        "desk/officers.html",
        keep_address=True,
        pages=here,
        rows=[(row, [post for post in row.posts.all() if _held(post, desk.on)]) for row in here],
        asked=q,
        may_import=desk.holds(Role.SYSTEM_ADMIN),
        columns=roster.COLUMNS,
    )


def _held(post: Post, on: date) -> bool:
    return post.since <= on and (post.until is None or post.until > on)


@desk_page()
@never_cache
@require_POST
def take_in(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A roster: everybody on it, or nobody and what is wrong with it."""
    if not desk.holds(Role.SYSTEM_ADMIN):
        raise PermissionDenied
    given = request.FILES.get("roster")
    if given is None:
        raise BadQuery("没有选文件。")
    try:
        content = given.read(roster.LARGEST_BYTES + 1)
        newcomers, problems = roster.check(roster.read(content, given.name or ""))
        if problems:
            return page(request, "desk/taken_in.html", status=400, problems=problems)
        made = actions.take_in(newcomers=newcomers, by=desk.officer, at=moment())
    except (roster.BadRoster, actions.RefusedError) as problem:
        return page(request, "desk/taken_in.html", status=400, told=str(problem))
    return page(request, "desk/taken_in.html", made=made)


@desk_page()
@require_safe
def officer(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One officer: the account, every post and deputy, and what may be done."""
    _look(desk)
    found = Officer.objects.select_related("department").filter(pk=pk).first()
    if found is None:
        raise Http404
    return _page(request, desk, found)


def _page(request: HttpRequest, desk: Desk, found: Officer, password: str = "") -> HttpResponse:
    posts = found.posts.select_related("area").order_by("-since")
    concerns = Q(officer=found) | Q(post__officer=found)
    deputies = Deputy.objects.filter(concerns).select_related("officer", "post__officer")
    return page(
        request,
        "desk/officer.html",
        found=found,
        posts=[(post, _held(post, desk.on)) for post in posts],
        deputies=deputies.order_by("-since"),
        password=password,
        roles=Role.choices,
        may_act=desk.holds(Role.SECURITY_ADMIN),
    )


@desk_page()
@never_cache
@require_POST
def act(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """What the security administrator does with an account."""
    if not desk.holds(Role.SECURITY_ADMIN):
        raise PermissionDenied
    found = Officer.objects.select_related("department").filter(pk=pk).first()
    if found is None:
        raise Http404
    asked = request.POST.get("act", "")
    try:
        if asked == "reset":
            why = request.POST.get("why", "")
            password = actions.reset_access(officer=found, why=why, by=desk.officer, at=moment())
            return _page(request, desk, found, password)
        if asked not in ACTS:
            raise BadQuery(f"没有“{asked[:20]}”这个动作。")
        ACTS[asked](request, desk, found)
        messages.success(request, "办好了，已记入日志。")
    except actions.RefusedError as problem:
        messages.error(request, str(problem))
    except IntegrityError as problem:
        messages.error(request, _in_words(problem))
    return HttpResponseRedirect(desk.url("officer", pk))


def _in_words(problem: IntegrityError) -> str:
    if "three_persons" in str(problem):
        return "系统管理、安全管理、安全审计要由三个不同的人担任，也不能兼别的岗位"
    if "post_held_once" in str(problem):
        return "这段时间里已经担任着同一个岗位"
    raise problem


def _activate(request: HttpRequest, desk: Desk, found: Officer) -> None:
    actions.activate(officer=found, by=desk.officer, at=moment())


def _deactivate(request: HttpRequest, desk: Desk, found: Officer) -> None:
    why = request.POST.get("why", "")
    actions.deactivate(officer=found, why=why, by=desk.officer, at=moment())


def _appoint(request: HttpRequest, desk: Desk, found: Officer) -> None:
    given = request.POST
    area = Division.objects.filter(code=given.get("area", "").strip()[:12]).first()
    if area is None or given.get("role") not in Role.values:
        raise actions.RefusedError("没有这个岗位，或没有这个区划代码")
    until = day(given["until"], "结束日") if given.get("until") else None
    since = day(given.get("since", ""), "起始日")
    if until is not None and until <= since:
        raise actions.RefusedError("结束日要在起始日之后")
    actions.appoint(
        officer=found, role=Role(given["role"]), area=area, since=since, until=until,
        by=desk.officer, at=moment(),
    )  # fmt: skip


def _end(request: HttpRequest, desk: Desk, found: Officer) -> None:
    until = day(request.POST.get("until", ""), "结束日")
    actions.end_post(post=_post(request, found), until=until, by=desk.officer, at=moment())


def _deputise(request: HttpRequest, desk: Desk, found: Officer) -> None:
    given = request.POST
    actions.deputise(
        post=_post(request, found),
        officer=_named(given.get("other", "")),
        since=day(given.get("since", ""), "起始日"),
        until=day(given.get("until", ""), "结束日"),
        why=given.get("why", ""),
        by=desk.officer,
        at=moment(),
    )


def _hand_over(request: HttpRequest, desk: Desk, found: Officer) -> None:
    actions.hand_over(
        giver=found,
        taker=_named(request.POST.get("other", "")),
        on=day(request.POST.get("since", ""), "交接日"),
        by=desk.officer,
        at=moment(),
    )


def _post(request: HttpRequest, found: Officer) -> Post:
    number = request.POST.get("post", "")
    post = found.posts.filter(pk=number).first() if number.isdecimal() else None
    if post is None:
        raise actions.RefusedError("没有这个岗位")
    return post


def _named(username: str) -> Officer:
    found = Officer.objects.filter(username=username.strip()[:64]).first()
    if found is None:
        raise actions.RefusedError(f"没有用户名“{username[:20]}”")
    return found


ACTS = {
    "activate": _activate,
    "deactivate": _deactivate,
    "appoint": _appoint,
    "end": _end,
    "deputise": _deputise,
    "hand-over": _hand_over,
}


@desk_page()
@require_safe
def template(request: HttpRequest, desk: Desk) -> HttpResponse:
    """An empty roster with the right headings, to fill in."""
    if not desk.holds(Role.SYSTEM_ADMIN):
        return redirect("desk:front")
    text = ",".join(roster.COLUMNS) + "\r\n"
    answer = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="roster.csv"'
    return answer
