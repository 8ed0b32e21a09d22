"""Reading the offices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.conf import settings
from django.db.models import Q, QuerySet

from .authenticator import Authenticator
from .calendar import Calendar
from .days import CalendarDay, CalendarYear
from .divisions import Division, FormerName, Succession
from .models import Deputy, Officer, Post
from .roles import Role

# Other names for a place are shown this long after it changed.
NAMES_SHOWN_YEARS = 5


# -- who works where


def areas_of(officer: Officer, on: date) -> frozenset[str]:
    """The codes of the divisions an officer's posts of that day stand for."""
    return frozenset(officer.areas(on).values_list("code", flat=True))


def posts_on(officer: Officer, on: date) -> QuerySet[Post]:
    """The posts an officer held that day, those of others they stood in for among them."""
    return officer.posts_on(on)


def deputies_on(on: date) -> QuerySet[Deputy]:
    """Who stood in for whom that day."""
    there = Deputy.objects.filter(since__lte=on, until__gt=on)
    return there.select_related("officer", "post__officer", "post__area")


def holders(role: Role, area: str, on: date) -> QuerySet[Officer]:
    """The active officers whose own post of that day has the role in exactly this area."""
    posts = Post.objects.filter(Q(until__isnull=True) | Q(until__gt=on), role=role, area=area)
    return Officer.objects.filter(is_active=True, posts__in=posts.filter(since__lte=on)).distinct()


def within(codes: frozenset[str], field: str = "code") -> Q:
    """Whatever lies in one of the areas; no areas means nothing, never everything."""
    # A community's code begins with its street's, and that with its district's.
    condition = Q(pk__in=[])
    for code in codes:
        condition |= Q(**{f"{field}__begins": code})
    return condition


def divisions_of(officer: Officer, on: date) -> QuerySet[Division]:
    """Every division inside the officer's areas that day, for dropdowns and lists."""
    return Division.objects.filter(within(areas_of(officer, on)))


# -- places, and what became of them


def streets(district: str = "420106", *, functional: bool = False) -> QuerySet[Division]:
    """The streets of a district, by default without its functional areas."""
    found = Division.objects.filter(parent_id=district, kind=Division.Kind.STREET)
    return found if functional else found.filter(functional=False)


def resolve(code: str, on: date) -> frozenset[str]:
    """What a code, perhaps an old one, stands for on a day: itself, or what it went into.

    More than one after a split; none for a code nobody ever bore.
    """
    found, left = set(), {code}
    while left:
        divisions = Division.objects.filter(code__in=left)
        found |= {d.code for d in divisions if d.until is None or d.until > on}
        gone = [d.code for d in divisions if d.until is not None and d.until <= on]
        left = set(
            Succession.objects.filter(before__in=gone, on__lte=on).values_list("after", flat=True)
        )
    return frozenset(found)


@dataclass(frozen=True)
class Places:
    """What became of places up to a day: read once, asked for every place of a page."""

    on: date
    # What each place went into whole, by its old code.
    after: dict[str, Division]
    # Names of the last years that came with what went into a place, by its code.
    brought: dict[str, list[str]]

    @cached_property
    def former(self) -> dict[str, list[str]]:
        """Other names of the last years, by the code of the place that has them now.

        Asked for only when a place is named: most pages know by codes alone what may be seen.
        """
        own = FormerName.objects.filter(until__lte=self.on, until__gte=_names_since(self.on))
        found: dict[str, list[str]] = {}
        for code, name in own.values_list("division", "name"):
            found.setdefault(code, []).append(name)
        for code, names in self.brought.items():
            known = found.setdefault(code, [])
            known += [name for name in names if name not in known]
        return found

    def current(self, division: Division) -> Division:
        """The place there is where this one was."""
        while division.code in self.after:
            division = self.after[division.code]
        return division

    def name(self, division: Division) -> str:
        """A place's name, with its former ones: 新名社区（原旧名社区）."""
        now = self.current(division)
        # A family that still bears the code of one needs no other former name than that.
        former = self.former.get(now.code, []) if now.code == division.code else [division.name]
        others = [name for name in former if name != now.name]
        return f"{now.name}（原{'、'.join(others)}）" if others else now.name

    def covering(self, codes: frozenset[str]) -> frozenset[str]:
        """The codes that records lying in these areas may bear.

        The areas' own; old codes of what went into them whole, from wherever; without what went
        elsewhere. Of a community that was split only its street sees the records, until each has
        its new code.
        """
        ends = {code: self.current(into).code for code, into in self.after.items()}
        found: set[str] = set()
        for area in codes - ends.keys():
            left = {c for c, e in ends.items() if c.startswith(area) and not e.startswith(area)}
            found |= _communities_but(area, left) if left else {area}
            found |= {c for c, e in ends.items() if e.startswith(area) and not c.startswith(area)}
        return frozenset(found)


def _communities_but(area: str, left: set[str]) -> set[str]:
    inside = Division.objects.filter(code__startswith=area, kind=Division.Kind.COMMUNITY)
    return set(inside.exclude(code__in=left).values_list("code", flat=True))


def places(on: date) -> Places:
    """What became of places up to a day."""
    after: dict[str, Division] = {}
    brought: dict[str, list[str]] = {}
    told = Succession.objects.filter(on__lte=on).select_related("before", "after__parent")
    for one in told:
        if one.kind != Succession.Kind.SPLIT:
            after[one.before_id] = one.after
        if one.on >= _names_since(on):
            brought.setdefault(one.after_id, []).append(one.before.name)
    return Places(on, after, brought)


def _names_since(on: date) -> date:
    return date(on.year - NAMES_SHOWN_YEARS, 1, 1)


def with_former(codes: frozenset[str], on: date) -> frozenset[str]:
    """The codes that records lying in these areas on a day may bear, see `Places.covering`."""
    return places(on).covering(codes)


def called(division: Division, on: date) -> str:
    """A place's name, with its former ones: 新名社区（原旧名社区）."""
    return places(on).name(division)


# -- the calendar


def calendar_of(place: str) -> Calendar:
    """The calendar a place works by: its own years before those of the places above it."""
    years = CalendarYear.objects.filter(place__in=[place[:n] for n in (6, 9, 12)])
    entered: dict[int, dict[date, bool]] = {}
    # The longer code is the more local place, and said last.
    latest = {row.year: row.pk for row in years.order_by("place")}
    for number in latest:
        entered[number] = {}
    for row in CalendarDay.objects.filter(year__in=latest.values()):
        entered[row.day.year][row.day] = row.working
    return Calendar(entered)


def add_working_days(day: date, many: int, place: str) -> date:
    """The working day `many` working days after a day in a place. Raises UnknownYear."""
    return calendar_of(place).add(day, many)


def working_days_between(start: date, end: date, place: str) -> int:
    """Working days after one day up to and with another in a place. Raises UnknownYear."""
    return calendar_of(place).between(start, end)


# -- the second factor


def needs_second_factor(officer: Officer, on: date) -> bool:
    """Whether one of the day's posts has a role that must sign in with a code."""
    if settings.DEMO:
        return False
    roles = [Role(name) for name in settings.SECOND_FACTOR_ROLES]
    return officer.has_role(*roles, on=on)


def steps_left(officer: Officer, on: date) -> tuple[str, ...]:
    """What is still asked after the password: "code", then "password" (a new one), then "bind"."""
    bound = Authenticator.objects.filter(officer=officer, confirmed_at__isnull=False).exists()
    asked = {
        "code": bound,
        "password": officer.must_change_password,
        "bind": not bound and needs_second_factor(officer, on),
    }
    return tuple(step for step, true in asked.items() if true)
