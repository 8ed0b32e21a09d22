"""The whole story of a family or a person: a picture of it, and every line with what is behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .door import Desk, desk_page, one_of, page, whole_number
from .household import Known, known
from .person import find_person
from .timeline import KINDS, Event, Teller

A_PAGE = 100
WIDTH, LEFT, LANE, FOOT = 900, 110, 24, 20


@dataclass(frozen=True)
class Dot:
    """Everything of one kind on one day."""

    kind: str
    x: float
    y: float
    r: float
    told: str
    link: str
    alarm: bool


@dataclass(frozen=True)
class Lane:
    """The line one kind stands on."""

    label: str
    y: int

    @property
    def text_y(self) -> int:
        return self.y + 4


@dataclass(frozen=True)
class Year:
    """Where a year begins."""

    x: float
    text: str


@dataclass(frozen=True)
class Picture:
    """Events as dots: time to the right, a lane for each kind there is."""

    lanes: tuple[Lane, ...]
    years: tuple[Year, ...]
    dots: tuple[Dot, ...]

    width = WIDTH
    left = LEFT
    right = WIDTH - 10

    @property
    def base(self) -> int:
        return LANE * len(self.lanes) + 4

    @property
    def height(self) -> int:
        return self.base + FOOT

    @property
    def foot(self) -> int:
        return self.base + 14


def picture(events: Sequence[Event], links: Sequence[str], on: date) -> Picture:
    """Draw events, each with its address, up to a day."""
    kinds = [kind for kind in KINDS if any(event.kind == kind for event in events)]
    lanes = {kind: Lane(KINDS[kind], 14 + LANE * at) for at, kind in enumerate(kinds)}
    start = min((event.on for event in events), default=on) - timedelta(days=20)
    whole = max(1, (max(on, *(event.on for event in events), on) - start).days)

    def x(day: date) -> float:
        return round(LEFT + (WIDTH - 10 - LEFT) * (day - start).days / whole, 1)

    many = Counter((event.on, event.kind) for event in events)
    first = {(e.on, e.kind): (e, link) for e, link in reversed([*zip(events, links, strict=True)])}
    dots = []
    for (day, kind), count in many.items():
        event, link = first[day, kind]
        more = f"，共 {count} 条" if count > 1 else ""
        told = f"{day} {event.text}{more}"
        radius = min(9.0, 4 + 1.2 * (count - 1))
        dots.append(Dot(kind, x(day), lanes[kind].y, radius, told, link, event.alarm))
    every = max(1, (on.year - start.year) // 8)
    years = [
        Year(x(date(year, 1, 1)), str(year)) for year in range(start.year + 1, on.year + 1, every)
    ]
    return Picture(tuple(lanes.values()), tuple(years), tuple(dots))


@desk_page("kind", "page")
@require_safe
def of_household(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Everything that happened to a family."""
    at = known(desk, pk)
    teller = Teller(desk, at.household, at.family, at.masks)
    return _answer(request, desk, at, teller, at.household.name)


@desk_page("kind", "page")
@require_safe
def of_person(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Everything that happened to one person."""
    person, at = find_person(desk, pk)
    teller = Teller(desk, at.household, at.family, at.masks, person)
    return _answer(request, desk, at, teller, at.name(str(pk)))


def _answer(request: HttpRequest, desk: Desk, at: Known, teller: Teller, who: str) -> HttpResponse:
    kind = one_of(request, "kind", KINDS)
    events = teller.events()
    many = Counter(event.kind for event in events)
    shown = [event for event in events if kind in ("", event.kind)]
    pages = Paginator(shown, A_PAGE)
    here = pages.page(whole_number(request, "page", 1, 1, max(1, pages.num_pages)))
    person = teller.person
    address, about = ("person-story", person.pk) if person else ("household-story", at.household.pk)
    sheets = ["" if n < A_PAGE else 1 + n // A_PAGE for n in range(len(shown))]
    links = [
        f"{desk.url(address, about, kind=kind, page=sheet)}#{event.mark}"
        for event, sheet in zip(shown, sheets, strict=True)
    ]
    return page(
        request,
        "desk/story.html",
        keep_address=True,
        household=at.household,
        person=person,
        who=who,
        address=address,
        about=about,
        pages=here,
        story=list(here),
        picture=picture(shown, links, desk.on),
        all=len(events),
        kinds=[(slug, label, many[slug]) for slug, label in KINDS.items() if many[slug]],
        chosen=kind,
        title=KINDS.get(kind, "全部经过"),
    )
