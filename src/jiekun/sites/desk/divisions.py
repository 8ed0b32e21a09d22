"""Streets and communities: what there is, what was called otherwise, and recording changes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from jiekun.offices import actions
from jiekun.offices.models import Division, FormerName, Role, Succession

from .choices import day
from .door import PLACE, BadQuery, Desk, desk_page, moment, page


@desk_page()
@require_http_methods(["GET", "POST"])
def divisions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every place of the district with its former names, and the changes there were."""
    if request.method == "POST":
        return _act(request, desk)
    rows = Division.objects.filter(code__startswith=PLACE).prefetch_related(
        "former_names", "origins__before", "successions__after"
    )
    changes = Succession.objects.select_related("before", "after").order_by("-on")
    names = FormerName.objects.select_related("division").order_by("-until")
    return page(
        request,
        "desk/divisions.html",
        there=[row for row in rows if row.until is None or row.until > desk.on],
        changes=changes,
        names=names,
        may_act=desk.holds(Role.DISTRICT_OFFICER),
    )


def _act(request: HttpRequest, desk: Desk) -> HttpResponse:
    asked = request.POST.get("act", "")
    if asked not in ACTS:
        raise BadQuery(f"没有“{asked[:20]}”这个动作。")
    try:
        ACTS[asked](request, desk)
        messages.success(request, "记好了。旧代码、旧名字以后仍然查得到。")
    except actions.RefusedError as problem:
        messages.error(request, str(problem))
    return redirect("desk:divisions")


def _rename(request: HttpRequest, desk: Desk) -> None:
    actions.rename_division(
        division=_one(request.POST.get("code", "")),
        name=request.POST.get("name", ""),
        on=day(request.POST.get("on", ""), "起始日"),
        document=request.POST.get("document", ""),
        by=desk.officer,
        at=moment(),
    )


def _merge(request: HttpRequest, desk: Desk) -> None:
    actions.merge_divisions(
        into=_one(request.POST.get("code", "")),
        divisions=[_one(code) for code in request.POST.get("gone", "").split()],
        on=day(request.POST.get("on", ""), "起始日"),
        document=request.POST.get("document", ""),
        by=desk.officer,
        at=moment(),
    )


def _split(request: HttpRequest, desk: Desk) -> None:
    parts = [line.split(maxsplit=1) for line in request.POST.get("parts", "").splitlines() if line]
    if any(len(part) != 2 for part in parts):
        raise actions.RefusedError("一行写一个：新代码，空一格，新名字")
    actions.split_division(
        division=_one(request.POST.get("code", "")),
        parts=dict(parts),
        on=day(request.POST.get("on", ""), "起始日"),
        document=request.POST.get("document", ""),
        by=desk.officer,
        at=moment(),
    )


def _move(request: HttpRequest, desk: Desk) -> None:
    actions.move_community(
        division=_one(request.POST.get("code", "")),
        street=_one(request.POST.get("street", "")),
        code=request.POST.get("new_code", "").strip(),
        on=day(request.POST.get("on", ""), "起始日"),
        document=request.POST.get("document", ""),
        by=desk.officer,
        at=moment(),
    )


def _one(code: str) -> Division:
    found = Division.objects.filter(code=code.strip()[:12], code__startswith=PLACE).first()
    if found is None:
        raise actions.RefusedError(f"本区没有代码“{code[:20]}”")
    return found


ACTS = {"rename": _rename, "merge": _merge, "split": _split, "move": _move}
