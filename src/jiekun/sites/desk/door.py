"""The door of the desk: who is signed in, what they may see, on which day, under which law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial, wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from jiekun.journal.actions import Told
from jiekun.kernel.keeper import steady
from jiekun.kernel.program import Program
from jiekun.offices.chosen import Chosen, broken_files, law_for
from jiekun.offices.models import Division, Officer, Post, Role
from jiekun.offices.queries import Places, places
from jiekun.registry import access
from jiekun.registry import actions as registry
from jiekun.registry.access import Data
from jiekun.registry.models import Household, Person
from jiekun.registry.queries import SEES_FAMILIES, inside
from jiekun.screening.models import Run
from jiekun.screening.queries import UnknownFilter, latest_run

from .masks import Masks
from .sessions import ask_to_sign_in
from .shows import OF_RESIDENTS, shown_at
from .walled import answered

PLACE = "420106"
# Drafts whose effect the desk can show, by the word in the address.
LAWS = {"W24": ("W24",)}
DECIDING_ROLES = frozenset({Role.DISTRICT_OFFICER, Role.DISTRICT_LEADER})


class BadQuery(ValueError):
    """An address asks for something there is not; the message says what there is."""


def today() -> date:
    """The day the desk works on: the demo's, or the calendar's."""
    fixed: date | None = settings.TODAY
    return fixed or timezone.localdate()


def moment() -> datetime:
    """Now, on the desk's day."""
    now = timezone.localtime()
    return datetime.combine(today(), now.timetz())


@dataclass(frozen=True)
class Desk:
    """One officer at work: everything a page needs to know about who is looking."""

    officer: Officer
    posts: tuple[Post, ...]
    on: date
    law: str

    @property
    def simulate(self) -> tuple[str, ...]:
        return LAWS.get(self.law, ())

    @cached_property
    def areas(self) -> frozenset[str]:
        """Codes of the areas whose families this officer may see; none for other departments."""
        return self.places.covering(self._of_posts(SEES_FAMILIES))

    def within(self, place: str) -> frozenset[str]:
        """The officer's areas, or what of them lies in one place. Raises BadQuery."""
        if not place:
            return self.areas
        mine = place.startswith(tuple(self.areas))
        if not (mine and Division.objects.filter(pk=place).exists()):
            raise BadQuery(f"您的辖区里没有代码是“{place[:20]}”的地方，请从街道、社区页面点进来。")
        return self.places.covering(frozenset({place}))

    @property
    def own_areas(self) -> frozenset[str]:
        """Codes of the areas the posts that see families stand for."""
        return self._of_posts(SEES_FAMILIES)

    def reaches(self, code: str) -> bool:
        """Whether all families of a place are this officer's to see."""
        return code.startswith(tuple(self.areas))

    def families(self) -> QuerySet[Household]:
        """The households this officer may see."""
        return inside(self.areas)

    @cached_property
    def _writes_in(self) -> frozenset[str]:
        return self.places.covering(self._of_posts(access.RECORDING))

    def _of_posts(self, roles: frozenset[Role]) -> frozenset[str]:
        return frozenset(post.area_id for post in self.posts if post.role in roles)

    def holds(self, *roles: Role) -> bool:
        """Whether one of the officer's posts of today has one of the roles."""
        return any(post.role in roles for post in self.posts)

    @cached_property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(post.role) for post in self.posts)

    def sees(self, *data: Data) -> bool:
        """Whether every one of these kinds is shown to this officer, if only masked."""
        return all(access.sight(self.roles, one) != access.Sight.NONE for one in data)

    def admitted_to(self, name: str | None) -> bool:
        """Whether the officer sees what the page of an address shows, and sees it somewhere."""
        needs = shown_at(name).needs
        return self.sees(*needs) and (needs.isdisjoint(OF_RESIDENTS) or self.sees_families)

    @cached_property
    def masks(self) -> Masks:
        """How this officer sees whoever is seen masked."""
        return Masks(self.roles & SEES_FAMILIES)

    def roles_in(self, community: str) -> frozenset[Role]:
        """The roles of the posts that reach a community."""
        reach = (post for post in self.posts if community.startswith(self._cover(post)))
        return frozenset(Role(post.role) for post in reach)

    def _cover(self, post: Post) -> tuple[str, ...]:
        return tuple(self.places.covering(frozenset({post.area_id})))

    def note_views(self, *seen: tuple[Person | Household, Household]) -> None:
        """Write down that this officer looks at people or households, each with its home."""
        signing = self.officer.signing_from(self.posts)
        lines = [
            Told(subject, home.community_id, signed=signing(home.community_id))
            for subject, home in seen
        ]
        registry.note_views(seen=lines, by=self.officer, at=moment())

    def looks_for(self, community: str) -> list[access.Purpose]:
        """What this officer may look behind a mask for in a community."""
        return access.purposes(self.roles_in(community), access.LOOKS_FOR)

    def takes_in(self, community: str) -> list[access.Purpose]:
        """What this officer may print the page of a family there for."""
        return access.purposes(self.roles_in(community), access.TAKES_FOR)

    @property
    def takes_for(self) -> list[access.Purpose]:
        """What this officer may print or export lists for."""
        return access.purposes(self.roles, access.TAKES_FOR)

    @property
    def reads_journal(self) -> bool:
        return self.sees(Data.OFFICE_ACTS)

    @property
    def sees_officers(self) -> bool:
        return self.sees(Data.OFFICERS)

    @property
    def keeps_ledgers(self) -> bool:
        return self.sees(Data.LEDGERS)

    @property
    def sees_families(self) -> bool:
        return bool(self.areas)

    @property
    def may_record(self) -> bool:
        """Whether one of the officer's posts writes things down about families."""
        return bool(self._writes_in)

    def may_record_in(self, community: str) -> bool:
        """Whether a post that writes things down reaches this community."""
        return community.startswith(tuple(self._writes_in))

    @cached_property
    def places(self) -> Places:
        """What places are called today, and were before."""
        return places(self.on)

    def place(self, division: Division) -> str:
        """Where something is: its street and its community, with their former names."""
        now = self.places.current(division)
        name = self.places.name(division)
        return f"{self.places.name(now.parent)} {name}" if now.parent else name

    @property
    def area_name(self) -> str:
        return "、".join(sorted({p.area.name for p in self.posts})) or "没有辖区"

    @property
    def scope(self) -> str:
        """What the overview is called for this officer."""
        widest = min(map(len, self._of_posts(SEES_FAMILIES)), default=12)
        return {6: "全区", 9: "本街道"}.get(widest, "本社区")

    @property
    def role_name(self) -> str:
        return "、".join(dict.fromkeys(str(post.get_role_display()) for post in self.posts))

    @cached_property
    def chosen(self) -> Chosen:
        """The law with the numbers and readings the district chose."""
        return law_for(PLACE, self.on)

    @property
    def program(self) -> Program:
        return self.chosen.program(on=self.on, place=PLACE, simulate=self.simulate)

    @property
    def told(self) -> tuple[str, ...]:
        """What is wrong with the law in use, for those who can see to it."""
        decides = any(p.role in DECIDING_ROLES and p.area_id == PLACE for p in self.posts)
        if not decides:
            return ()
        # A page that works nothing out is not worth asking the database for.
        return self.chosen.problems if "chosen" in self.__dict__ else broken_files()

    def program_under(self, law: str) -> Program:
        return self.chosen.program(on=self.on, place=PLACE, simulate=LAWS.get(law, ()))

    def run(self) -> Run | None:
        """The last screening under the law chosen."""
        return latest_run(PLACE, self.simulate)

    def url(self, name: str, *args: object, **query: object) -> str:
        """An address on the desk that keeps the law chosen."""
        asked = {"law": self.law, **query}
        text = urlencode({key: value for key, value in asked.items() if value not in ("", None)})
        path = reverse(f"desk:{name}", args=args)
        return f"{path}?{text}" if text else path


def posts_of(officer: Officer, on: date) -> tuple[Post, ...]:
    return tuple(officer.posts_on(on).select_related("area", "officer"))


View = Callable[..., HttpResponseBase]


def desk_page(*known: str, walled: bool = True) -> Callable[[View], View]:
    """A page for signed-in officers that takes these words in its address and no others.

    It opens to whoever sees what shows.py says that its address shows. It is one transaction, in
    which the database shows the officer's areas only; without `walled` it sees every row.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, Officer):
                return ask_to_sign_in(request)
            try:
                check_characters(request)
                check_words(request, (*known, "law"))
                desk = _desk(request, request.user)
                request.desk = desk  # type: ignore[attr-defined]
                match = request.resolver_match
                if not desk.admitted_to(match.url_name if match else None):
                    raise PermissionDenied
                made = partial(view, request, desk, *args, **kwargs)
                with steady():
                    return _behind_wall(desk, made) if walled else made()
            except (BadQuery, UnknownFilter) as problem:
                return refuse(request, str(problem))

        guarded.words = known  # type: ignore[attr-defined]
        return guarded

    return wrap


def _behind_wall(desk: Desk, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    return answered(view, areas=desk.areas, posts=desk.own_areas, officer=desk.officer.pk)


def _desk(request: HttpRequest, officer: Officer) -> Desk:
    on = today()
    law = one_of(request, "law", {"": "现行政策", **dict.fromkeys(LAWS, "模拟")})
    return Desk(officer=officer, posts=posts_of(officer, on), on=on, law=law)


def check_characters(request: HttpRequest) -> None:
    """Refuse the one character that no text in the database can hold."""
    for given in (request.GET, request.POST):
        if any("\0" in value for values in given.lists() for value in (values[0], *values[1])):
            raise BadQuery("填写的内容里有一个看不见的空字符（NUL），请删掉它再试。")


def check_words(request: HttpRequest, known: tuple[str, ...]) -> None:
    """Refuse an address with a word nobody knows: ignoring it would show everybody."""
    for name in request.GET:
        if name not in known:
            raise BadQuery(f"网址里的“{name}”不认识。这一页可以用：{'、'.join(known)}。")
        if len(request.GET.getlist(name)) > 1:
            raise BadQuery(f"网址里的“{name}”出现了不止一次，只能写一次。")


def named(place: str) -> str:
    """What a place is called; nothing for none, and a code nobody knows as it stands."""
    if not place:
        return ""
    return Division.objects.filter(pk=place).values_list("name", flat=True).first() or place


def one_of(request: HttpRequest, name: str, known: dict[str, str]) -> str:
    """A word's value, which must be one of these."""
    value = request.GET.get(name, "")
    if value and value not in known:
        told = "、".join(f"{key}（{label}）" for key, label in known.items() if key)
        raise BadQuery(f"“{name}”没有“{value[:40]}”这一项，可以填：{told}。")
    return value


def whole_number(request: HttpRequest, name: str, default: int, least: int, most: int) -> int:
    """A word's value as a number within bounds."""
    text = request.GET.get(name, "")
    if not text:
        return default
    # A longer number is none anybody typed, and could be too long to be read at all.
    digits = text.isascii() and text.isdigit() and len(text) <= 12
    if not digits or not least <= int(text) <= most:
        raise BadQuery(f"“{name}”要填 {least} 到 {most} 的整数，现在是“{text[:40]}”。")
    return int(text)


def refuse(request: HttpRequest, message: str) -> HttpResponse:
    """The page for an address that makes no sense."""
    return render(request, "desk/refused.html", {"message": message}, status=400)


def page(request: HttpRequest, template: str, status: int = 200, **context: object) -> HttpResponse:
    """A desk page with what every page carries."""
    desk: Desk = request.desk  # type: ignore[attr-defined]
    return render(request, template, {"desk": desk, **context}, status=status)
