"""Finding a family by whatever somebody can say of it: a name, a number, a telephone, a road."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import connection, models, transaction

from jiekun.offices.models import Division
from jiekun.offices.queries import within

from . import keys
from .checks import RefusedError
from .identifiers import IdentifierKind, read
from .identity import ONES_OWN, SHARED_OR_ENDED
from .models import FormerName, Household, Identifier, Membership
from .names import DOT, searched
from .queries import LIVES_OR_DIED_THERE, inside
from .scope import whole_registry

MOST_FOUND = 50
# Province, city, district, street and community before the road, as people write an address.
_BEFORE_ROAD = re.compile(
    r"^(?:[^省]{2,8}省)?(?:[^市]{2,6}市)?(?:[^区]{2,6}区)?(?:[^街]{1,8}街道)?(?:[^社]{1,12}社区)?"
)
_HOME_NUMBER = re.compile(r"^户号\s*[:：]?\s*(?=\d{1,9}$)")


class Found(NamedTuple):
    """A household that answers a search, and whom or what in it matched."""

    household: Household
    matched: str
    is_name: bool
    # Whom it was found by, as a member; none where the household itself matched.
    member: Membership | None = None


@dataclass
class _Search:
    """One search: where it may look, and what was found so far, best first."""

    areas: frozenset[str]
    on: date
    found: dict[int, Found] = field(default_factory=dict)

    def people(self, *parts: models.Q | dict[str, object]) -> None:
        """Families with a member who meets all of the conditions."""
        # The dead are found too: that is whom the family is looked for by in the first weeks.
        # Names come with areas in one index; where somebody lives is still asked of the household.
        here = within(self.areas, "person__area") & within(self.areas, "household__community__code")
        rows = Membership.objects.filter(LIVES_OR_DIED_THERE, here)
        for part in parts:
            rows = rows.filter(part) if isinstance(part, models.Q) else rows.filter(**part)
        whole = rows.select_related("household__community__parent", "person")
        for row in whole[: 2 * MOST_FOUND]:
            found = Found(row.household, row.person.name, True, row)
            self.found.setdefault(row.household_id, found)

    def homes(self, matched: Callable[[Household], Found], **condition: object) -> None:
        """Families that meet a condition themselves."""
        room = max(0, MOST_FOUND - len(self.found))
        homes = inside(self.areas).filter(**condition)
        for home in homes.select_related("community__parent")[:room]:
            self.found.setdefault(home.pk, matched(home))


def search(areas: frozenset[str], text: str, on: date) -> list[Found]:
    """Of the households in the areas, those by their own number, by a member's name, pinyin,
    initials, former name or number, its last four places, by telephone or its end, by address or
    community; best first, at most MOST_FOUND.

    A name and the last four places of a number together narrow a common name: 王芳 002X.
    """
    name, tail = _parts(text)
    wanted = f"{name}{tail}"
    if not wanted or "\0" in text:
        return []
    of = _Search(areas, on)
    with _row_by_row():
        _look(of, name, tail)
    return list(of.found.values())[:MOST_FOUND]


@contextmanager
def _row_by_row() -> Iterator[None]:
    """Let the database follow its indexes only: a page's few hits never need whole tables joined.

    Its planner takes families of one street to lie all over the table; they lie together.
    """
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {plan} = off" for plan in _WHOLE_TABLES))
        yield
        cursor.execute("; ".join(f"SET LOCAL {plan} = on" for plan in _WHOLE_TABLES))


_WHOLE_TABLES = ("enable_mergejoin", "enable_hashjoin", "enable_seqscan", "enable_bitmapscan")


def _look(of: _Search, name: str, tail: str) -> None:
    if not name:
        _by_number(of, tail)
    elif tail:
        _by_name(of, name, {"person__id_tail": tail})
    elif re.fullmatch(r"[A-Z]{2,3}\d{6,}[0-9A-Z]*", name.upper()):
        _by_number(of, name.upper())
    else:
        _by_name(of, name, {})
        if not name.isascii():
            _by_place(of, name)


def _parts(text: str) -> tuple[str, str]:
    """The words and the number of what was typed: 王芳 002X, 027-88936301, 复兴路2001号."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = _HOME_NUMBER.sub("", plain)
    digits = re.sub(r"[\s\-]", "", plain).upper()
    if re.fullmatch(r"\d{1,2}|\+?\d{3,}[0-9X]*(B\d)?", digits):
        return "", digits.lstrip("+")
    both = re.fullmatch(r"(\D+?)\s+(\d{3}[0-9Xx])", plain)
    if both:
        return "".join(both[1].split()), both[2].upper()
    return "".join(searched(plain).split()), ""


def _by_number(of: _Search, number: str) -> None:
    """A household by its own number, then a whole number by its keyed digest, a telephone as it
    begins, four places as they end."""
    if re.fullmatch(r"\d{1,9}", number):
        of.homes(_named, pk=int(number))
    if len(number) == 4:
        of.people({"person__id_tail": number})
        of.homes(_named, phone_end=number)
        return
    if len(number) >= 7 and number.isdigit():
        of.homes(_named, phone__begins=number)
    if len(number) >= 7 and (digests := _digests(number, of.on)):
        for part in (ONES_OWN, SHARED_OR_ENDED):
            held = Identifier.objects.filter(part, digest__in=digests)
            # Few rows answer a digest: their people are asked for by number.
            of.people({"person__in": list(held.values_list("person_id", flat=True)[:MOST_FOUND])})


def _named(home: Household) -> Found:
    return Found(home, home.name, True)


def _digests(number: str, on: date) -> list[bytes]:
    """What the number would be kept under, as any kind of number it can be."""
    try:
        ring = keys.ring()
    except keys.KeyRingError:
        if _any_number_kept():
            raise
        return []
    found = []
    for kind in IdentifierKind:
        try:
            found.append(ring.digest(kind, read(kind, number, on).text))
        except RefusedError:
            continue
    return found


@whole_registry("whether anybody's number was ever kept, so that keys are missed")
def _any_number_kept() -> bool:
    return Identifier.objects.exists()


def _by_name(of: _Search, name: str, also: dict[str, object]) -> None:
    for column in _columns(name):
        text = name if column == "name" else name.lower()
        # Whole matches first, then whoever begins so; the index needs no further order.
        of.people({f"person__{column}": text}, also)
        of.people({f"person__{column}__begins": text}, also)
        if len(of.found) < MOST_FOUND:
            before = FormerName.objects.filter(**{f"{column}__begins": text})
            of.people({"person__in": before.values("person")}, also)
    if not name.isascii() and DOT not in name and len(of.found) < MOST_FOUND:
        of.people({"person__undotted__begins": name}, also)


def _columns(name: str) -> Iterable[str]:
    return ("pinyin", "initials") if name.isascii() else ("name",)


def _by_place(of: _Search, text: str) -> None:
    road = _BEFORE_ROAD.sub("", text)
    for written in dict.fromkeys(part for part in (text, road) if part):
        of.homes(_addressed, address__begins=written)
    # By what it is called, was called, or what it went into is called.
    names = ("name", "former_names__name", "successions__after__name")
    called = models.Q(*((f"{name}__begins", text) for name in names), _connector=models.Q.OR)
    places = Division.objects.filter(called, kind=Division.Kind.COMMUNITY)
    codes = list(places.values_list("pk", flat=True).distinct())
    of.homes(_addressed, community__in=codes)


def _addressed(home: Household) -> Found:
    return Found(home, home.address, False)
