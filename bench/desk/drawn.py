"""Officers, families and words to look for, drawn from the district's own database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.urls import Resolver404, resolve

from jiekun.offices import actions as offices
from jiekun.offices.models import Department, Division, Officer, Role
from jiekun.registry import keys
from jiekun.registry.models import Household, Identifier, Membership, Person
from jiekun.registry.queries import visible_to
from jiekun.screening.models import FamilySummary

DISTRICT, SINCE = "420106", date(2024, 1, 1)
# The demo's day.
AT = datetime(2024, 11, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORD = "bench-desk-1"  # noqa: S105 - of officers in a database made to be measured
HOMES = 60
# As GB/T 4761 writes a household's head.
HEAD = "02"
# Who sits at twenty desks: department, role, kind of place; the places are all different.
STAFF = (
    *[("community", Role.COMMUNITY_WORKER, "community")] * 8,
    *[("street", Role.STREET_OFFICER, "street")] * 5,
    ("street", Role.STREET_LEADER, "street"),
    *[("civil_affairs", Role.DISTRICT_OFFICER, "district")] * 3,
    ("civil_affairs", Role.DISTRICT_LEADER, "district"),
    ("audit", Role.AUDITOR, "district"),
    ("education", Role.DEPARTMENT_OFFICER, "district"),
)
SEARCH = "查找："


@dataclass(frozen=True)
class Drawn:
    """One officer and what they may come to open: addresses by kind of page, words by search."""

    username: str
    role: str
    addresses: dict[str, list[str]]


def kind_of(link: str) -> str:
    """The kind of page a link leads to, as its address is written; none for what is no page."""
    path = urlsplit(link).path
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    is_file = "." in path.rpartition("/")[2]
    return "" if is_file or match.url_name in ("sign-out", "search") else f"/{match.route}"


def draw(count: int, seed: int) -> Iterator[Drawn]:
    """That many officers, each with families of their own area: hardship's first."""
    chosen = Random(seed)  # noqa: S311 - the same walk again
    places = {kind: _places(kind, chosen) for kind in ("community", "street")}
    places["district"] = [Division.objects.get(pk=DISTRICT)] * len(STAFF)
    hashed = make_password(PASSWORD)
    for number in range(count):
        department, role, kind = STAFF[number % len(STAFF)]
        officer = _officer(
            f"bench-{number:02}", department, role, places[kind][number % len(places[kind])], hashed
        )
        addresses = dict(_of_families(officer, chosen))
        yield Drawn(officer.username, role.label, addresses)


def _places(kind: str, chosen: Random) -> list[Division]:
    found = Division.objects.filter(kind=kind, functional=False, until=None).order_by("pk")
    return sorted(found, key=lambda _: chosen.random())


def _officer(username: str, department: str, role: Role, area: Division, hashed: str) -> Officer:
    if (there := Officer.objects.filter(username=username).first()) is not None:
        return there
    made = offices.hire(
        username=username, name=f"测量{username[-2:]}", password_hash=hashed, by=None,
        department=Department.objects.get(slug=department), at=AT,
    )  # fmt: skip
    offices.appoint(officer=made, role=role, area=area, since=SINCE, by=None, at=AT)
    return made


def _of_families(officer: Officer, chosen: Random) -> Iterator[tuple[str, list[str]]]:
    """Addresses of families and of people, and words to search for them in every way."""
    homes = list(_homes(officer, chosen))
    if not homes:
        return
    living = list(
        Membership.objects.filter(household__in=homes, until=None).select_related("person")
    )
    yield kind_of(f"/households/{homes[0].pk}/"), [f"/households/{home.pk}/" for home in homes]
    yield (
        kind_of(f"/people/{living[0].person_id}/"),
        [f"/people/{one.person_id}/" for one in living],
    )
    people = [one.person for one in living]
    words = {
        "姓名": [person.name for person in people],
        "户主": [one.person.name for one in living if one.relation == HEAD],
        "姓": [home.name.removesuffix("家") for home in homes],
        "拼音": [person.pinyin for person in people],
        "身份证末四位": [person.id_tail for person in people if person.id_tail],
        "身份证全号": list(_numbers(people)),
        "电话": [home.phone for home in homes if home.phone],
        "电话末四位": [home.phone[-4:] for home in homes if home.phone],
        "地址": [home.address for home in homes],
    }
    yield from ((f"{SEARCH}{how}", some) for how, some in words.items() if some)


def _homes(officer: Officer, chosen: Random) -> Iterator[Household]:
    """Families officers open: half in hardship, half any."""
    seen = visible_to(officer, AT.date())
    numbers = list(
        FamilySummary.objects.filter(household__in=seen).order_by("pk")
        .values_list("household_id", flat=True)[:5000]
    )  # fmt: skip
    picked = chosen.sample(numbers, min(HOMES // 2, len(numbers)))
    yield from Household.objects.filter(pk__in=picked)
    yield from seen.exclude(pk__in=picked).order_by("?")[: HOMES // 2]


def _numbers(people: Iterable[Person]) -> Iterator[str]:
    ring = keys.ring()
    for held in Identifier.objects.filter(person__in=people, kind="resident_id", until=None):
        yield ring.unseal(held.sealed, held.bound).decode()
