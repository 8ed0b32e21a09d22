"""Reading the offices."""

from __future__ import annotations

from datetime import date

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
        condition |= Q(**{f"{field}__startswith": code})
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


def with_former(codes: frozenset[str]) -> frozenset[str]:
    """Areas, and those that went into them whole: whose records still bear the old code.

    Of a community that was split only its street sees the records, until each has its new code.
    """
    found, left = set(codes), codes
    while left:
        whole = Succession.objects.filter(within(left, "after__code")).exclude(
            kind=Succession.Kind.SPLIT
        )
        left = frozenset(whole.values_list("before", flat=True)) - found
        found |= left
    return frozenset(found)


def former_names(code: str, on: date) -> list[str]:
    """What else a place was called in the last years: its own names, and of what went into it."""
    since = date(on.year - NAMES_SHOWN_YEARS, 1, 1)
    own = FormerName.objects.filter(division=code, until__lte=on, until__gte=since)
    into = Succession.objects.filter(after=code, on__lte=on, on__gte=since)
    names = [*own.values_list("name", flat=True), *into.values_list("before__name", flat=True)]
    return list(dict.fromkeys(names))


def called(division: Division, on: date) -> str:
    """A place's name, with its former ones: 新名社区（原旧名社区）."""
    former = [name for name in former_names(division.code, on) if name != division.name]
    return f"{division.name}（原{'、'.join(former)}）" if former else division.name


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
