"""Where an officer goes from every page: what their work begins with first, the rest behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jiekun.offices.models import Role

from .door import Desk

MOST_FIRST = 7


@dataclass(frozen=True)
class Entry:
    """A place on the desk: the name of its address, what it is called, its letter after g."""

    name: str
    label: str
    letter: str = ""
    # The desk's word for who may go there; empty for everybody.
    needs: str = ""
    # Names of addresses that belong to it.
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """An entry for one officer on one page."""

    label: str
    url: str
    letter: str
    # What `aria-current` says: "page" on the page itself, "true" inside it.
    current: str


ENTRIES = (
    Entry("today", "今天", "t", "sees_families", ("gone",)),
    Entry("front", "总览", "o", "", ("place",)),
    Entry("unreached", "未到位", "u", "sees_families"),
    Entry("findings", "筛查结果", "f", "sees_families"),
    Entry("changes", "变化", "c", "sees_families"),
    Entry("recognised", "已认定", "k", "sees_families"),
    Entry("duplicates", "疑似重复", "s", "sees_families", ("duplicate",)),
    Entry("imports", "导入台账", "i", "keeps_ledgers", ("import",)),
    Entry("runs", "运行记录", "y", "sees_families", ("run",)),
    Entry("reforms", "改一改", "r", "sees_families",
          ("reform", "reform-new", "reform-rows", "reform-compare")),
    Entry("measures", "政策", "m", "", ("measure",)),
    Entry("documents", "法规", "l", "", ("document",)),
    Entry("handbook", "工具书", "b", "", ("handbook-entry", "leaflet")),
    Entry("parameters", "参数", "n", "", ("parameter",)),
    Entry("readings", "读法", "e"),
    Entry("conflicts", "规定冲突", "x"),
    Entry("coverage", "落实进度", "v"),
    Entry("officers", "人员和岗位", "p", "sees_officers", ("officer",)),
    Entry("journal", "操作日志", "j", "reads_journal"),
    Entry("divisions", "街道和社区", "d"),
    Entry("calendar", "工作日历", "w"),
    Entry("district", "数据从哪里来", "q"),
    Entry("activity", "我做过的", "a"),
)  # fmt: skip

_WORKER = ("today", "unreached", "front", "changes", "imports", "recognised", "handbook")
_STREET = ("today", "unreached", "front", "imports", "changes", "measures", "handbook")
_LEADER = ("today", "front", "unreached", "changes", "findings", "measures", "handbook")
_OTHERS = ("front", "measures", "documents", "handbook", "parameters", "calendar")
_OFFICES = ("officers", "divisions", "calendar", "documents", "measures")
# What each role's day begins with, most needed first.
FIRST: dict[str, tuple[str, ...]] = {
    Role.COMMUNITY_WORKER: _WORKER,
    Role.GRID_WORKER: _WORKER,
    Role.STREET_OFFICER: _STREET,
    Role.STREET_LEADER: _LEADER,
    Role.DISTRICT_OFFICER: (
        "today", "front", "unreached", "imports", "reforms", "measures", "parameters",
    ),
    Role.DISTRICT_LEADER: (
        "today", "front", "unreached", "reforms", "changes", "measures", "documents",
    ),
    Role.DEPARTMENT_OFFICER: _OTHERS,
    Role.FINANCE: _OTHERS,
    Role.AUDITOR: (
        "journal", "front", "findings", "recognised", "officers", "runs", "documents",
    ),
    Role.SYSTEM_ADMIN: _OFFICES,
    Role.SECURITY_ADMIN: _OFFICES,
    Role.AUDIT_ADMIN: ("journal", "officers", "divisions", "calendar", "documents"),
}  # fmt: skip


def begins_with_today(roles: Iterable[str]) -> bool:
    """Whether the day of somebody with these roles begins at what waits for them."""
    return any(FIRST[role][0] == "today" for role in roles)


@dataclass(frozen=True)
class Navigation:
    """The links of one page for one officer."""

    first: tuple[Link, ...]
    rest: tuple[Link, ...]

    @property
    def elsewhere(self) -> Link | None:
        """The link of the rest that leads where one is, so that the fold can say so."""
        return next((link for link in self.rest if link.current), None)

    @property
    def letters(self) -> tuple[Link, ...]:
        """The links that have a letter."""
        return tuple(link for link in self.first + self.rest if link.letter)


def navigation(desk: Desk, here: str) -> Navigation:
    """Where this officer may go from the address of this name."""
    open_to = {entry.name: entry for entry in ENTRIES if not entry.needs or _may(desk, entry)}
    wanted = [name for post in desk.posts for name in FIRST[post.role]] or list(_OTHERS)
    first = [name for name in dict.fromkeys(wanted) if name in open_to][:MOST_FIRST]
    rest = [name for name in open_to if name not in first]
    return Navigation(
        tuple(_link(desk, open_to[name], here) for name in first),
        tuple(_link(desk, open_to[name], here) for name in rest),
    )


def _may(desk: Desk, entry: Entry) -> bool:
    return bool(getattr(desk, entry.needs))


def _link(desk: Desk, entry: Entry, here: str) -> Link:
    current = "page" if here == entry.name else "true" if here in entry.parts else ""
    # An overview is of what one's posts cover.
    label = desk.scope if entry.name == "front" and desk.sees_families else entry.label
    return Link(label, desk.url(entry.name), entry.letter, current)
