"""A list taken away as a file. It is read from the list's own page, which is asked for as its
officer would ask: so the file holds the columns, rows, filters and masks of the page, and no
other."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from jiekun.journal.many import any_of
from jiekun.registry import actions as registry
from jiekun.registry.access import Data
from jiekun.registry.finding import MOST_FOUND
from jiekun.registry.looking import LONGEST_NOTE, MOST_EXPORTED
from jiekun.registry.models import Candidate, Membership, Person

from . import actions
from .door import BadQuery, Desk, desk_page, moment
from .listed import Listed
from .shows import shown_at
from .workbook import Sheet, answer

# The lists that may leave the desk, by the names of their addresses.
LISTS = frozenset(
    {
        *("unreached", "findings", "changes", "recognised", "gone", "search", "reform-rows"),
        *("imports", "import", "runs", "reforms", "measures", "parameters", "conflicts"),
        *("coverage", "journal", "officers", "activity", "household-looked", "person-looked"),
        *("duplicates",),
    }
)
SCREENED = frozenset({"unreached", "findings", "changes"})
# What the words of an address are called in the file.
WORDS = {
    "q": "查", "number": "按号码查", "list": "名单", "street": "街道", "community": "社区",
    "measure": "政策", "kind": "类别", "category": "认定为", "direction": "变化",
    "run": "第几次筛查", "least": "一年不少于（元）", "sort": "排序", "officer": "谁",
    "act": "做了什么", "subject": "对什么", "area": "辖区", "since": "从",
    "until": "到", "outcome": "结果", "show": "看哪些", "type": "家庭类型",
    "decile": "收入等", "law": "按哪套政策",
}  # fmt: skip


def of_residents(name: str) -> bool:
    """Whether a list names residents: then it is taken only for what the officer may state."""
    return Data.FAMILIES in shown_at(name).needs


@desk_page()
@never_cache
@require_POST
def take(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The list of an address, whole, as it is narrowed there; written down with its purpose."""
    asked, match = _asked(request)
    shown: HttpResponse = match.func(asked, *match.args, **match.kwargs)
    if shown.status_code != 200:
        return shown
    listed = Listed(shown.content.decode())
    if not listed.rows:
        raise BadQuery("这个名单现在是空的，没有可以导出的。")
    if len(listed.rows) > MOST_EXPORTED:
        raise BadQuery(f"名单超过 {MOST_EXPORTED:,} 行，一次最多导出这么多，请先加条件。")
    name, filters = match.url_name or "", _said(asked.GET, match.url_name)
    taking = _Taking(desk, name, request.POST.get("purpose", ""), request.POST.get("note", ""))
    taking.note(listed, match, filters)
    sheet = taking.sheet(listed, filters, asked.GET.get("law", ""))
    return answer(sheet, f"{sheet.title}-{desk.on:%Y%m%d}")


def _asked(request: HttpRequest) -> tuple[HttpRequest, ResolverMatch]:
    """The list's own page, as a request by the same officer for all of its rows."""
    path, _, query = request.POST.get("list", "").partition("?")
    try:
        match = resolve(path)
    except Resolver404:
        raise BadQuery("没有这个名单。") from None
    if match.url_name not in LISTS or match.app_name != "desk":
        raise BadQuery("这一页不是可以导出的名单。")
    given = QueryDict(query, mutable=True)
    given.pop("page", None)
    asked: Any = copy(request)
    asked.method, asked.path, asked.path_info = "GET", path, path
    asked.GET, asked.POST = given, QueryDict()
    asked.META = {**request.META, "REQUEST_METHOD": "GET", "QUERY_STRING": given.urlencode()}
    asked.resolver_match, asked.whole = match, True
    return asked, match


def _said(words: QueryDict, name: str | None) -> dict[str, str]:
    """The words a list is narrowed by. What was searched for tells of somebody, and stays out of
    the file and the journal."""
    kept_back = {"q"} if name == "search" else set()
    return {key: str(word) for key, word in words.items() if key not in kept_back}


@dataclass(frozen=True)
class _Taking:
    """One list on its way out, and what it is taken for."""

    desk: Desk
    name: str
    purpose: str
    said: str

    @property
    def _for(self) -> str:
        words = " ".join(self.said.split())[:LONGEST_NOTE]
        return "：".join(word for word in (self.purpose.strip()[:LONGEST_NOTE], words) if word)

    def note(self, listed: Listed, match: ResolverMatch, filters: Mapping[str, str]) -> None:
        """Write it down before the file is made."""
        given: dict[str, Any] = {"kind": self.name, "rows": len(listed.rows), "filters": filters}
        given |= {"by": self.desk.officer, "at": moment()}
        if not of_residents(self.name):
            if not self.purpose.strip():
                raise BadQuery("导出要写明用途：做什么用、交给谁。")
            actions.note_list(purpose=self._for, **given)
            return
        homes = _homes(listed, match)
        # The rows of a ledger may be of people nobody here knows; any other list is of families.
        if not homes and Data.LEDGERS not in shown_at(self.name).needs:
            raise BadQuery("名单里没有一户现在在您的辖区，不能导出。")
        try:
            registry.take_away(households=homes, purpose=self.purpose, note=self.said, **given)
        except registry.RefusedError as refused:
            raise BadQuery(f"{refused}。") from refused

    def sheet(self, listed: Listed, filters: Mapping[str, str], law: str) -> Sheet:
        """The list with what must not get lost when the file is passed on."""
        desk, wide = self.desk, max(len(row) for row in listed.rows)
        taken = f"{desk.officer.name}（{desk.role_name}）于 {moment():%Y-%m-%d %H:%M} 导出"
        words = [f"{WORDS.get(key, key)}={word}" for key, word in filters.items() if word]
        narrowed = "、".join(listed.chips + words) or "没有"
        cut = self.name == "search" and len(listed.rows) >= MOST_FOUND
        whole = f"最多列 {MOST_FOUND} 户，可能不全" if cut else "是全部"
        notes = [
            f"{listed.title} · {desk.area_name}",
            listed.told,
            f"共 {len(listed.rows):,} 行，{whole}；条件：{narrowed}",
            f"{taken}，用途：{self._for}，已留痕",
        ]
        if of_residents(self.name):
            notes.append("姓名和门牌照页面上那样遮住；含个人信息，请勿外传，用完请归档或销毁")
        run = desk.run() if self.name in SCREENED and not law else None
        if run is not None and (days := (desk.on - run.on).days) > 0:
            notes.append(f"注意：筛查是 {days} 天前做的，情况可能变了")
        if settings.DEMO:
            notes.insert(0, "演示数据：人物和金额均为合成")
        if law:
            notes.insert(0, f"模拟 {law} 已施行：草案未生效，不能据以发放")
        return Sheet(
            title=f"{listed.title}{f'（模拟{law}）' if law else ''}",
            notes=[note for note in notes if note],
            mark=f"{taken} 用途：{self._for}",
            headings=[*listed.headings, *[""] * (wide - len(listed.headings))],
            rows=[[*row, *[""] * (wide - len(row))] for row in listed.rows],
        )


def _homes(listed: Listed, match: ResolverMatch) -> set[int]:
    """The families on the list, and those the people on it live in or lived in last."""
    homes, people = set(listed.subjects["households"]), set(listed.subjects["people"])
    # Whom the list of who looked is about stands in its address only.
    about = {"household-looked": homes, "person-looked": people}.get(match.url_name or "")
    if about is not None:
        about.add(match.kwargs["pk"])
    pairs = Candidate.objects.filter(pk__in=any_of(listed.subjects["duplicates"]))
    people.update(side for pair in pairs.values_list("one", "other") for side in pair)
    # Of those elsewhere the database shows nobody, and the list told nothing.
    seen = Person.objects.filter(pk__in=any_of(people))
    stays = Membership.objects.filter(person__in=seen).distinct("person")
    lived = stays.order_by("person", F("until").desc(nulls_first=True), "-since")
    return homes | set(lived.values_list("household", flat=True))
