"""Lists narrowed as an officer needs them again: kept under a name, opened, renamed, given up."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from jiekun.offices import actions
from jiekun.offices.models import Officer, SavedFilter

from .door import BadQuery, Desk, desk_page, moment

# The lists that can be kept, by the names of their addresses. What is searched for is not: it
# names people.
LISTS = {
    "unreached": "未到位", "findings": "筛查结果", "changes": "变化", "recognised": "已认定",
    "duplicates": "疑似重复", "journal": "操作日志", "officers": "人员和岗位",
    "parameters": "参数", "coverage": "落实进度",
}  # fmt: skip
# Part of an address, but not of what a list is narrowed to.
_PASSING = ("page",)


@dataclass(frozen=True)
class Kept:
    """A saved list as a link."""

    saved: SavedFilter
    current: bool

    @property
    def url(self) -> str:
        return f"{reverse(f'desk:{self.saved.page}')}?{self.saved.words}"

    @property
    def of(self) -> str:
        """What the list is called."""
        return LISTS[self.saved.page]


def words_of(given: QueryDict) -> str:
    """What an address narrows a list to, written in one way however it was typed."""
    kept = [(name, str(value)) for name, value in given.items() if value and name not in _PASSING]
    return urlencode(sorted(kept))


def kept_on(officer: Officer, name: str, words: str) -> list[Kept]:
    """An officer's saved lists of one page."""
    mine = SavedFilter.objects.filter(officer=officer, page=name)
    return [Kept(one, one.words == words) for one in mine]


def every_kept(officer: Officer) -> list[Kept]:
    """All of an officer's saved lists."""
    mine = SavedFilter.objects.filter(officer=officer, page__in=LISTS)
    return [Kept(one, current=False) for one in mine]


@desk_page()
@require_POST
def save(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keep the list one is looking at."""
    name = request.POST.get("page", "")
    if name not in LISTS:
        raise BadQuery("这一页的条件不能存。")
    words = words_of(QueryDict(request.POST.get("words", "")))
    if not words:
        raise BadQuery("现在没有条件可以存，请先在名单上选条件。")
    try:
        made = actions.save_filter(
            page=name, words=words, name=request.POST.get("name", ""), by=desk.officer, at=moment()
        )
        messages.success(request, f"已存为“{made.name}”，下次在这里和“今天”都能点开。")
    except actions.RefusedError as problem:
        messages.error(request, f"没有存：{problem}。")
    return HttpResponseRedirect(f"{reverse(f'desk:{name}')}?{words}")


@desk_page()
@require_POST
def act(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Rename one's own saved list, or give it up."""
    saved = SavedFilter.objects.filter(officer=desk.officer, pk=pk, page__in=LISTS).first()
    if saved is None:
        raise Http404
    onward = reverse(f"desk:{saved.page}")
    try:
        match request.POST.get("act", ""):
            case "rename":
                name = request.POST.get("name", "")
                actions.rename_filter(saved=saved, name=name, by=desk.officer, at=moment())
                messages.success(request, "名字改好了。")
                onward = Kept(saved, current=True).url
            case "remove":
                actions.remove_filter(saved=saved, by=desk.officer, at=moment())
                messages.success(request, f"常用条件“{saved.name}”删掉了，名单本身没有变。")
            case other:
                raise BadQuery(f"没有“{other[:20]}”这个动作。")
    except actions.RefusedError as problem:
        messages.error(request, f"没有改：{problem}。")
    return HttpResponseRedirect(onward)
