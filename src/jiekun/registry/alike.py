"""Reading pairs that may be one person, and finding people like somebody who is being entered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from jiekun.offices.queries import within

from .duplicates import Candidate
from .identifiers import PROVING, IdentifierKind
from .likeness import Identity, compare, fingerprint, thousandths
from .models import FormerName, Identifier, Person
from .names import sounds
from .pairing import Alike
from .queries import holder_of
from .scope import whole_registry

MOST_ALIKE = 10
# Thousandths from which somebody is shown while the person stands at the counter and can be asked.
WORTH_ASKING = 10
WAITING = (Candidate.State.OPEN, Candidate.State.PROPOSED)


def pairs_in(areas: frozenset[str]) -> QuerySet[Candidate]:
    """The pairs of which a side lies in the areas: no areas, no pairs."""
    return Candidate.objects.filter(within(areas, "area_one") | within(areas, "area_other"))


def open_candidates(areas: frozenset[str]) -> int:
    """How many pairs wait for somebody's word in these areas."""
    return pairs_in(areas).filter(state__in=WAITING).count()


def identities(people: Collection[int]) -> dict[int, Identity]:
    """What each of some people is known by."""
    rows = Person.objects.filter(pk__in=people).select_related("facts__household")
    former: dict[int, list[str]] = {}
    names = FormerName.objects.filter(person__in=people)
    for person, name in names.values_list("person", "name"):
        former.setdefault(person, []).append(name)
    # The number that holds comes last, and stays.
    proving = Identifier.objects.filter(person__in=people, kind__in=PROVING)
    told = proving.order_by(F("until").asc(nulls_last=True), "pk")
    numbers = {one.person_id: bytes(one.digest).hex() for one in told}
    return {
        row.pk: _identity(row, tuple(former.get(row.pk, ())), numbers.get(row.pk, ""))
        for row in rows
    }


def _identity(row: Person, former: tuple[str, ...], number: str) -> Identity:
    facts = getattr(row, "facts", None)
    home = facts.household if facts is not None else None
    known = Identity(row.name, row.pinyin, row.sex, row.birth_date, former, number)
    if home is None:
        return known
    return Identity(
        row.name, row.pinyin, row.sex, row.birth_date, former, number,
        home.pk, home.community_id, home.address, home.phone,
    )  # fmt: skip


@whole_registry("two who may be one may live in two areas")
def alike(one: int, other: int) -> Alike:
    """Two people compared as they are known now, the lower number first."""
    low, high = sorted((one, other))
    known = identities((low, high))
    levels = compare(known[low], known[high])
    return Alike(
        low, high, levels, thousandths(levels, _people()), fingerprint(known[low], known[high])
    )


def _people() -> int:
    """About how many people there are, by the planner's own count; a town's worth at least, since
    whoever comes to an almost empty registry comes from one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(reltuples, 100000)::bigint FROM pg_class WHERE oid = %s::regclass",
            [Person._meta.db_table],
        )
        return int(cursor.fetchone()[0])


@whole_registry("whoever is entered may stand in the registry elsewhere")
def people_like(
    *,
    name: str,
    sex: str,
    birth_date: date,
    number: str = "",
    phone: str = "",
    community: str = "",
    address: str = "",
    household: int | None = None,
) -> list[Person]:
    """People somebody who is being entered may be, likeliest first, at most MOST_ALIKE.

    The holder of the same number comes first. Others are born that day, or with its month and
    day changed about, or have that name or one that sounds so and were born that year.
    """
    pinyin, _ = sounds(name)
    asked = Identity(name, pinyin, sex, birth_date, (), "", household, community, address, phone)
    found = _ranked(asked, _near(asked))
    holder = holder_of(IdentifierKind.RESIDENT_ID, number) if number else None
    others = [person for person in found if holder is None or person.pk != holder.pk]
    return [*([holder] if holder else []), *others][:MOST_ALIKE]


def _near(asked: Identity) -> list[int]:
    """The numbers of those worth comparing: a few hundred, each found by an index."""
    born = asked.birth_date
    days = [born]
    if born.day <= 12:
        days.append(date(born.year, born.day, born.month))
    year = Q(birth_date__year=born.year)
    rows = Person.objects.filter(died_on__isnull=True, merged_into__isnull=True)
    sounded = Q(pinyin=asked.pinyin) if asked.pinyin else Q(name=asked.name)
    parts: Iterable[QuerySet[Person]] = (
        rows.filter(birth_date__in=days),
        rows.filter(sounded & year),
        rows.filter(former_names__name=asked.name),
    )
    return sorted({pk for part in parts for pk in part.values_list("pk", flat=True)[:400]})


def _ranked(asked: Identity, near: list[int]) -> list[Person]:
    """Those probable enough to be shown, likeliest first."""
    people = _people()
    likely = {
        pk: thousandths(compare(asked, known), people) for pk, known in identities(near).items()
    }
    order = sorted(
        (pk for pk in near if likely[pk] >= WORTH_ASKING), key=lambda pk: (-likely[pk], pk)
    )
    rows = Person.objects.in_bulk(order[:MOST_ALIKE])
    return [rows[pk] for pk in order[:MOST_ALIKE]]


def waiting_pair(person: OuterRef) -> Subquery:
    """The likeliest pair that waits for a word and in which the person of a row stands."""
    pairs = Candidate.objects.filter(Q(one=person) | Q(other=person), state__in=WAITING)
    return Subquery(pairs.order_by("-thousandths").values("pk")[:1])


def now_under(person: int) -> int | None:
    """The number a person who was merged away stands under now; None for anybody else."""
    found = None
    row = Person.objects.filter(pk=person, merged_into__isnull=False).first()
    while row is not None and row.merged_into_id is not None:
        found = row.merged_into_id
        row = Person.objects.get(pk=found)
    return found
