"""Reading who looked at a person or a household, what at, and what for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.timezone import localdate

from jiekun.journal.models import Entry
from jiekun.journal.queries import about
from jiekun.offices.models import Post

from .models import Household, Merge, Person

# Acts by which somebody saw a family, and how they are told.
LOOKS = {
    "view": "看了页面",
    "look-unmasked": "看了全名和电话",
    "reveal-identifier": "看了完整号码",
    "look-at-attachment": "看了材料",
    "print": "打印",
    "export": "导出",
}
TAKEN = ("export", "print")


class Look(NamedTuple):
    """One line of who looked: the journal's, and the post it was done from."""

    line: Entry
    what: str
    post: str


def looks(home: Household, person: Person | None = None) -> QuerySet[Entry]:
    """Who saw a household, or one person of it and their home, newest first; a person under every
    number they were entered by."""
    found = about(home).filter(act__in=LOOKS)
    listed = Entry.objects.filter(act__in=TAKEN, data__households__contains=[home.pk])
    others = [listed.order_by()]
    if person is not None:
        numbers = [str(number) for number in _numbers(person)]
        kind = Person._meta.label_lower
        of_person = Entry.objects.filter(subject_kind=kind, subject_id__in=numbers)
        others.append(of_person.filter(act__in=LOOKS).order_by())
    return found.order_by().union(*others, all=True).order_by("-at", "-id")


def _numbers(person: Person) -> list[int]:
    """Somebody's number, and those of the rows that were merged into theirs."""
    found, fresh = [person.pk], [person.pk]
    while fresh:
        merged = Merge.objects.filter(kept__in=fresh, undone_at__isnull=True)
        fresh = list(merged.values_list("gone", flat=True))
        found += fresh
    return found


def told(lines: Sequence[Entry]) -> list[Look]:
    """The lines as they are read, each with the post its officer held there that day."""
    held: dict[int | None, list[Post]] = {}
    officers = {line.officer_id for line in lines}
    for post in Post.objects.filter(officer__in=officers).select_related("area"):
        held.setdefault(post.officer_id, []).append(post)
    return [Look(line, _what(line), _post(line, held.get(line.officer_id, []))) for line in lines]


def _what(line: Entry) -> str:
    if line.subject_kind == "registry.list":
        return f"{LOOKS[line.act]}了有这户的名单（{line.data['rows']:,} 行）"
    if line.act == "view":
        return "看了家庭页" if line.subject_kind == "registry.household" else "看了个人页"
    return f"{LOOKS[line.act]}了这一页" if line.act in TAKEN else LOOKS[line.act]


def _post(line: Entry, posts: Sequence[Post]) -> str:
    day = localdate(line.at)
    of_day = [p for p in posts if p.since <= day and (p.until is None or day < p.until)]
    here = [post for post in of_day if line.area.startswith(post.area_id)] or of_day
    return "、".join(f"{post.area.name} {post.get_role_display()}" for post in here)
