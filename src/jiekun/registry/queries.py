"""Reading the registry: what an officer may see, what is known, where it comes from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models import (
    Value as Just,
)

from jiekun.journal.many import any_of
from jiekun.kernel.facts import Fact
from jiekun.law.facts import FACTS
from jiekun.offices.models import Officer, Role
from jiekun.offices.queries import with_former, within

from . import keys
from .access import LOOKS_FOR, Data, seeing, stating
from .models import (
    Attachment,
    Consent,
    FactRecord,
    Feed,
    Household,
    HouseholdFacts,
    Identifier,
    Membership,
    Origin,
    Person,
    PersonFacts,
    Recognition,
    Registration,
    Relation,
    Settlement,
)
from .papers import Scope
from .scope import whole_registry
from .wide import Value, from_column

SEES_FAMILIES = seeing(Data.FAMILIES)


def family_areas(
    officer: Officer, on: date, roles: Collection[Role] = SEES_FAMILIES
) -> frozenset[str]:
    """The codes of communities, or what they begin with, that the day's posts open; old ones of
    what was merged into them among these, see `with_former`. `roles`: of which posts."""
    if not officer.is_active:
        return frozenset()
    posts = officer.posts_on(on).filter(role__in=SEES_FAMILIES & frozenset(roles))
    return with_former(frozenset(posts.values_list("area_id", flat=True)), on)


def visible_to(officer: Officer, on: date, purpose: str = "") -> QuerySet[Household]:
    """The households an officer may see that day: no post, no households.

    With a purpose, those whose mask may be lifted for it. Raises UnknownPurposeError.
    """
    roles = stating(purpose, LOOKS_FOR) if purpose else SEES_FAMILIES
    return inside(family_areas(officer, on, roles))


def inside(areas: frozenset[str]) -> QuerySet[Household]:
    """The households of areas, by their codes: no areas, no households."""
    return Household.objects.filter(within(areas, "community__code"))


# People's place in a household, while they live there and after they died there: who moved away
# and died later belongs to where they had moved to.
LIVES_OR_DIED_THERE = Q(until__isnull=True) | Q(until__gte=F("person__died_on"))


def members(household: Household) -> QuerySet[Membership]:
    """Who lives in a household now, in the order they were entered."""
    return (
        household.memberships.filter(until__isnull=True).select_related("person").order_by("person")
    )


def household_facts(
    household: Household,
    own: HouseholdFacts | None = None,
    people: Iterable[PersonFacts] | None = None,
) -> dict[str, Any]:
    """What is known, exactly as `Program.decide` takes it; people are keyed by their number.

    `own`, `people`: the household's own row and those of who lives in it, where they are read
    already.
    """
    if people is None:
        people = PersonFacts.objects.filter(household=household)
    people = sorted(people, key=lambda person: person.pk)
    own = own or HouseholdFacts.objects.filter(household=household).first()
    return {
        "household": _values(own, "household") if own else {},
        "people": {str(person.pk): _values(person, "person") for person in people},
    }


def _values(row: PersonFacts | HouseholdFacts, entity: str) -> dict[str, Value]:
    return {
        fact.name: from_column(fact, getattr(row, fact.name))
        for fact in FACTS.values()
        if fact.entity == entity
    }


def area_of(subject: Person | Household) -> str:
    """The community somebody lives in, or lived in last; empty for who never lived here."""
    if isinstance(subject, Household):
        return subject.community_id
    return areas_of([subject.pk]).get(subject.pk, "")


def areas_of(people: Collection[int]) -> dict[int, str]:
    """The same of many people, by their numbers."""
    stays = Membership.objects.filter(person__in=any_of(people)).distinct("person")
    lived = stays.order_by("person", F("until").desc(nulls_first=True), "-since")
    return dict(lived.values_list("person", "household__community"))


class Provenance(NamedTuple):
    """Where a value comes from: who says so, as of when, and how we got it."""

    source: str
    as_of: date | None
    how: str  # "record": somebody recorded it; "feed": a department delivered it


def provenance(household: Household) -> dict[tuple[str, str], Provenance]:
    """The source of every known fact; the subject is "household" or a person's number."""
    delivered, settled = delivery_days(), _settled(household)
    found: dict[tuple[str, str], Provenance] = {}
    rows: list[PersonFacts | HouseholdFacts] = [
        *HouseholdFacts.objects.filter(household=household),
        *PersonFacts.objects.filter(household=household),
    ]
    for row in rows:
        of_person = isinstance(row, PersonFacts)
        subject = str(row.pk) if of_person else "household"
        for fact in FACTS.of("person" if of_person else "household"):
            if getattr(row, fact.name) is not None:
                day = delivered_on(row, fact, delivered)
                if settled.get((subject, fact.name)) == fact.answered_by:
                    day = _kept_day(row, fact.name) or day
                found[subject, fact.name] = Provenance(fact.answered_by, day, "feed")
    for record in _records(household):
        key = (str(record.person_id) if record.person_id else "household", record.fact)
        fed = found.get(key)
        stands = settled.get(key, record.source) == record.source
        newer = fed is None or fed.as_of is None or record.as_of >= fed.as_of
        if stands and (newer or key in settled):
            found[key] = Provenance(record.source, record.as_of, "record")
    return found


def _kept_day(row: PersonFacts | HouseholdFacts, name: str) -> date | None:
    """The day of a department's word that is kept beside today's values."""
    kept = (row.displaced or {}).get(name)
    return date.fromisoformat(kept[1]) if kept else None


def _settled(household: Household) -> dict[tuple[str, str], str]:
    """Whose word stands by somebody's decision, by subject and fact."""
    people = PersonFacts.objects.filter(household=household).values("person")
    rows = Settlement.objects.filter(
        Q(household=household) | Q(person__in=people), lifted_at__isnull=True
    )
    return {
        (str(row.person_id) if row.person_id else "household", row.fact): row.source for row in rows
    }


def delivery_days() -> dict[str, date]:
    """The day each department's last delivery speaks of."""
    return dict(Feed.objects.values_list("department", "as_of"))


def delivered_on(
    row: PersonFacts | HouseholdFacts, fact: Fact, delivered: Mapping[str, date]
) -> date | None:
    """The day a department's own word on a fact is of; None where it has not spoken."""
    if getattr(row, fact.name) is None or fact.name in (row.displaced or {}):
        return None
    given = (row.sources or {}).get(fact.answered_by)
    return date.fromisoformat(given) if given else delivered.get(fact.answered_by)


def _records(household: Household) -> QuerySet[FactRecord]:
    """Records of a household and its people, oldest first, so that the newest is read last."""
    people = PersonFacts.objects.filter(household=household).values("person")
    return FactRecord.objects.filter(Q(household=household) | Q(person__in=people)).order_by(
        "as_of", "recorded_at", "id"
    )


def history(subject: Person | Household, fact: str | None = None) -> QuerySet[FactRecord]:
    """Everything stated about a subject, newest first, conflicting sources side by side."""
    key = "person" if isinstance(subject, Person) else "household"
    records = FactRecord.objects.filter(**{key: subject}).select_related("recorded_by")
    if fact is not None:
        records = records.filter(fact=fact)
    return records.order_by("-as_of", "-recorded_at", "-id")


def origin() -> Origin | None:
    """Where the people came from, most lately."""
    return Origin.objects.order_by("-loaded_at").first()


def identifiers_of(person: Person) -> QuerySet[Identifier]:
    """A person's numbers, those in use first; shown by their ends."""
    return person.identifiers.order_by(F("until").desc(nulls_first=True), "kind", "-id")


def holder_of(kind: str, number: str) -> Person | None:
    """Whose number this is now, by its keyed digest; None where nobody's or no number at all."""
    digest = keys.ring().digest(kind, number)
    living = Identifier.objects.filter(digest=digest, kind=kind, until__isnull=True)
    found = living.select_related("person").order_by("id").first()
    return found.person if found else None


def may_verify(person: Person, on: date, scope: str = Scope.FINANCES) -> Consent | None:
    """The ground on which somebody's data may be asked for that day; without one, nobody asks."""
    holding = person.consents.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
    return holding.filter(scope=scope).order_by("-since", "-id").first()


class Apart(NamedTuple):
    """Where a household as it lives and the register do not agree."""

    # Live here, and stand in another register than the household's head, or in none.
    here: list[Person]
    # Stand in the head's register, and live elsewhere.
    elsewhere: list[Person]


@whole_registry("who stands in the same register may live anywhere")
def apart(household: Household) -> Apart:
    """Who lives together but is not registered together, and the other way round."""
    living = list(members(household))
    standing = Registration.objects.filter(until__isnull=True)
    head = next((m.person_id for m in living if m.relation == Relation.HEAD), None)
    register = standing.filter(person=head).values("register")
    together = {row.person_id: row.person for row in _with_people(standing, register)}
    alive = [p for p in together.values() if p.died_on is None]
    here = {m.person_id for m in living}
    return Apart(
        [m.person for m in living if m.person_id not in together],
        [person for person in alive if person.pk not in here],
    )


def _with_people(
    standing: QuerySet[Registration], register: QuerySet[Registration, Any]
) -> QuerySet[Registration]:
    return standing.filter(register__in=register).select_related("person").order_by("person")


def attachments_of(household: Household) -> QuerySet[Attachment]:
    """Papers of a household and of those who live there, newest first; their content is an act."""
    people = PersonFacts.objects.filter(household=household).values("person")
    kept = Attachment.objects.filter(Q(household=household) | Q(person__in=people))
    return kept.select_related("by", "person").order_by("-at", "-id")


def recognitions(areas: frozenset[str], on: date) -> QuerySet[Recognition]:
    """Recognitions that hold on a day, inside the areas."""
    # Few are recognised among many households: each looks up its own home, none are joined.
    home = Household.objects.filter(pk=OuterRef("household")).values("community_id")
    held = Recognition.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
    return held.annotate(area=Subquery(home, output_field=CharField())).filter(
        within(areas, "area")
    )


def recognised(areas: frozenset[str], on: date) -> dict[str, tuple[int, int]]:
    """By category: households and people that hold a recognition on a day, inside the areas."""
    found: dict[str, tuple[int, int]] = {}
    for (category, _), (homes, people) in recognised_by_area(areas, on).items():
        before = found.get(category, (0, 0))
        found[category] = before[0] + homes, before[1] + people
    return found


def recognised_by_area(areas: frozenset[str], on: date) -> dict[tuple[str, str], tuple[int, int]]:
    """The same by category and community."""
    living = (
        PersonFacts.objects.filter(household=OuterRef("household")).order_by().values("household")
    )
    people = Case(
        When(person__isnull=False, then=Just(1)),
        default=Subquery(living.annotate(n=Count("pk")).values("n")),
        output_field=IntegerField(),
    )
    rows = recognitions(areas, on).annotate(people=people).values("category", "area")
    return {
        (row["category"], row["area"]): (row["homes"], row["all"] or 0)
        for row in rows.annotate(homes=Count("household", distinct=True), all=Sum("people"))
    }


def ages(areas: frozenset[str], on: date, bands: Sequence[int]) -> dict[int, int]:
    """How many people live in the areas by age on a day, by each band's first year of age."""
    living = PersonFacts.objects.filter(within(areas, "household__community__code"))
    # Who is as old as a band begins was born on its first day or before.
    born = [(band, _years_before(on, band)) for band in bands]
    counted = living.aggregate(
        **{f"from_{band}": Count("pk", filter=Q(birth_date__lte=day)) for band, day in born}
    )
    many = [counted[f"from_{band}"] for band in bands]
    return {
        band: count - older for band, count, older in zip(bands, many, [*many[1:], 0], strict=True)
    }


def _years_before(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        # Born on the 29th of February: a year older on the 1st of March.
        return date(on.year - years, 2, 28)


# Words of somebody who met the family, as against a department's files.
MET = ("本人", "入户查看", "入户了解")


def last_contacts(households: Sequence[int]) -> dict[int, date]:
    """The last day somebody spoke with each of these households, where anybody did."""
    spoken = FactRecord.objects.filter(source__in=MET)
    met, spoken_to = (
        spoken.filter(**{f"{home}__in": households}).values_list(home).annotate(day=Max("as_of"))
        for home in ("household", "person__facts__household")
    )
    found: dict[int, date] = {}
    for home, day in met.union(spoken_to, all=True):
        found[home] = max(day, found.get(home, day))
    return found
