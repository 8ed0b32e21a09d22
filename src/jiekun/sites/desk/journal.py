"""The journal for those who supervise: searching it, the state of its chain, taking it away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from jiekun.journal import actions as journal
from jiekun.journal import queries
from jiekun.journal.export import export as export_lines
from jiekun.journal.models import Entry
from jiekun.offices.models import Role
from jiekun.offices.queries import with_former

from . import actions
from .door import BadQuery, Desk, desk_page, moment, page, whole_number

A_PAGE = 50
FILTERS = ("officer", "act", "subject", "area", "since", "until")
# Kinds whose lines tell nothing of residents: all that an administrator may read of them.
_OFFICES = ("offices.", "journal.")
KINDS = {
    "registry.person": "人", "registry.household": "家庭", "offices.officer": "工作人员",
    "offices.division": "区划", "offices.department": "部门", "screening.run": "筛查",
    "offices.parameterchoice": "参数", "offices.readingchoice": "读法",
    "offices.calendaryear": "工作日历", "journal.seal": "日志",
}  # fmt: skip


@desk_page(*FILTERS, "page", families=False)
@require_safe
def search(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Lines by who, what, on whom, where and when."""
    asked = {name: request.GET.get(name, "").strip()[:64] for name in FILTERS}
    rows = queries.find(
        officer=asked["officer"],
        act=asked["act"],
        subject=asked["subject"],
        area=asked["area"],
        since=_day(asked["since"], "since"),
        until=_day(asked["until"], "until"),
    )
    pages = Paginator(_readable(desk, rows), A_PAGE)
    here = pages.page(whole_number(request, "page", 1, 1, max(1, pages.num_pages)))
    return page(
        request,
        "desk/journal.html",
        here="journal",
        keep_address=True,
        asked=asked,
        pages=here,
        rows=[(row, KINDS.get(row.subject_kind, row.subject_kind)) for row in here],
        kinds=KINDS,
        chain=queries.chain_state(),
        may_export=desk.holds(Role.AUDITOR),
    )


def _readable(desk: Desk, rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """An auditor's: the lines of their areas. The audit administrator's: what the offices did."""
    areas = frozenset(post.area_id for post in desk.posts if post.role == Role.AUDITOR)
    if areas:
        return rows.filter(_within(areas) | Q(area=""))
    if desk.holds(Role.AUDIT_ADMIN):
        kinds = Q(pk__in=[])
        for start in _OFFICES:
            kinds |= Q(subject_kind__startswith=start)
        return rows.filter(kinds)
    raise PermissionDenied


def _within(areas: frozenset[str]) -> Q:
    found = Q(pk__in=[])
    for code in with_former(areas):
        found |= Q(area__startswith=code)
    return found


def _day(text: str, name: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadQuery(f"“{name}”要写成 2024-11-01 这样的日期，现在是“{text[:20]}”。") from None


@desk_page(families=False)
@require_POST
def export(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """All seals with their lines, as a file others can verify; said what for, and written down."""
    if not any(post.role == Role.AUDITOR and len(post.area_id) == 6 for post in desk.posts):
        raise PermissionDenied
    purpose = request.POST.get("purpose", "").strip()
    if not purpose:
        raise BadQuery("导出日志要写明用途：为哪项检查、交给谁。")
    actions.note_journal_export(purpose=purpose, by=desk.officer, at=moment())
    journal.seal(at=moment())
    answer = StreamingHttpResponse(_bytes(), content_type="application/jsonl")
    answer["Content-Disposition"] = f'attachment; filename="journal-{desk.on}.jsonl"'
    answer["Cache-Control"] = "no-store"
    return answer


def _bytes() -> Iterator[bytes]:
    for line in export_lines():
        yield line.encode()


@desk_page(families=False)
@require_POST
def seal(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Link what is finished into the chain now."""
    if not desk.holds(Role.AUDITOR, Role.AUDIT_ADMIN):
        raise PermissionDenied
    sealed = journal.seal(at=moment())
    messages.success(request, f"封存了 {sealed:,} 行。" if sealed else "没有新的行要封存。")
    return redirect("desk:journal")
