"""What an officer did, from the journal, day by day: their own acts and nobody else's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from jiekun.journal.models import Entry
from jiekun.journal.queries import find

from .door import BadQuery, Desk, desk_page, page, whole_number
from .journal import ACTS, KINDS, day_of
from .paging import rows_a_page

A_PAGE = 100
# Where the subject of a line can be looked at, for who still may.
_WHERE = {
    "registry.household": "household", "registry.person": "person", "exchange.import": "import",
    "screening.run": "run", "screening.simulation": "reform", "offices.officer": "officer",
}  # fmt: skip
FILTERS = ("act", "since", "until")


@dataclass(frozen=True)
class Line:
    """One act, as its officer reads it."""

    entry: Entry
    act: str
    subject: str
    url: str


@desk_page(*FILTERS, "page")
@require_safe
def activity(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One's own acts by day, narrowed by act and days."""
    asked = {name: request.GET.get(name, "").strip() for name in FILTERS}
    mine = _own(desk, asked)
    counted = mine.order_by().values_list("act").annotate(many=Count("pk"))
    counts = sorted(counted, key=lambda row: (-row[1], row[0]))
    act = asked["act"]
    if act and act not in {*ACTS, *(known for known, _ in counts)}:
        raise BadQuery(f"没有“{act[:40]}”这种动作。请在页面上点一种，或者去掉这个条件。")
    pages = Paginator(mine.filter(act=act) if act else mine, rows_a_page(request, A_PAGE))
    here = pages.page(whole_number(request, "page", 1, 1, max(1, pages.num_pages)))
    return page(
        request,
        "desk/activity.html",
        keep_address=True,
        asked=asked,
        pages=here,
        days=list(_by_day(desk, here)),
        total=sum(many for _, many in counts),
        counts=[(name, ACTS.get(name, name), many) for name, many in counts],
        chosen=ACTS.get(act, act),
    )


def _own(desk: Desk, asked: dict[str, str]) -> QuerySet[Entry]:
    """The officer's lines of these days. Raises BadQuery."""
    since, until = (day_of(asked[name], name) for name in ("since", "until"))
    return find(since=since, until=until).filter(officer_id=desk.officer.pk)


def _by_day(desk: Desk, entries: Iterable[Entry]) -> Iterator[tuple[date, list[Line]]]:
    for day, found in groupby(entries, key=lambda entry: localdate(entry.at)):
        yield day, [_line(desk, entry) for entry in found]


def _line(desk: Desk, entry: Entry) -> Line:
    kind, name = entry.subject_kind, _WHERE.get(entry.subject_kind)
    leads = name and _is_key(entry) and desk.admitted_to(name)
    url = reverse(f"desk:{name}", args=[entry.subject_id]) if leads else ""
    subject = f"{KINDS.get(kind, '')} {entry.subject_id}".strip()
    return Line(entry, ACTS.get(entry.act, entry.act), subject if kind in KINDS else "", url)


def _is_key(entry: Entry) -> bool:
    return entry.subject_id.isascii() and entry.subject_id.isdigit()
