"""Planted mistakes put into the database beside everybody, and their truth into a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from jiekun.registry import keys
from jiekun.registry.identifiers import IdentifierKind
from jiekun.registry.models import (
    Household,
    HouseholdFacts,
    Identifier,
    Membership,
    Person,
    PersonFacts,
)
from jiekun.registry.names import surname

from . import identity
from .district import District
from .doubles import Extra, Planted, relation
from .linking import addresses, placed
from .scale import EPOCH

TRUTH = "doubles.csv"
_BEGAN = date(2024, 3, 1)


def write_truth(district: District, planted: Planted, path: Path) -> None:
    """Who was planted as what: the only place that tells."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("person", "like", "same", "kind"))
        for nth, made in enumerate(planted.extras):
            number = district.people + nth + 1
            rows.writerow((number, made.of + 1, int(made.same), made.kind))


@transaction.atomic
def put_in(district: District, planted: Planted) -> None:
    """Add the extra rows, and take away the numbers that were never shown."""
    unproven = [who + 1 for who in planted.unproven]
    Identifier.objects.filter(person__in=unproven).delete()
    Person.objects.filter(pk__in=unproven).update(id_tail="")
    homes = dict(_homes(district, planted))
    Household.objects.bulk_create(homes.values())
    HouseholdFacts.objects.bulk_create(HouseholdFacts(household=home) for home in homes.values())
    rows = placed(district, planted)
    people = Person.objects.bulk_create(_person(made) for made, _ in rows)
    for nth, (person, (made, home)) in enumerate(zip(people, rows, strict=True)):
        # The truth names people by their place: the database must have counted alike.
        assert person.pk == district.people + nth + 1
        where = homes[home].pk if made.household is None else home
        since = max(_BEGAN, person.birth_date)
        Membership.objects.create(
            person=person, household_id=where, relation=relation(made), since=since
        )
        PersonFacts.objects.create(
            person=person, household_id=where, birth_date=made_birth(made), sex=made.sex
        )
    _old_numbers(district, planted, people)


def made_birth(made: Extra) -> date:
    """The birthday as it was entered."""
    return EPOCH + timedelta(days=made.birth)


def _person(made: Extra) -> Person:
    sounds = [identity.sound(letter) for letter in made.name]
    return Person(
        name=made.name,
        pinyin="".join(sounds),
        initials="".join(sound[0] for sound in sounds),
        sex=("male", "female")[made.sex],
        birth_date=made_birth(made),
    )


def _homes(district: District, planted: Planted) -> Iterator[tuple[int, Household]]:
    """The new households, by the number the truth counts them with."""
    told, phones = addresses(district, planted)
    for nth, (made, home) in enumerate(placed(district, planted)):
        if made.household is None:
            place = district.communities[made.community]
            yield (
                home,
                Household(
                    name=f"{surname(made.name)}家",
                    community_id=place.code,
                    street_code=place.street,
                    address=told[nth],
                    phone=phones[nth],
                    created_on=max(_BEGAN, made_birth(made)),
                ),
            )


def _old_numbers(district: District, planted: Planted, people: list[Person]) -> None:
    """Numbers shown once and ended since: another's, under the double."""
    digits, ring = identity.identity_digits(district), keys.ring()
    kind = IdentifierKind.RESIDENT_ID
    for made, person in zip(planted.extras, people, strict=True):
        if made.old_number:
            text = identity.digits_text(digits[[made.of]])[0].as_py()
            old = Identifier(person=person, kind=kind, digest=ring.digest(kind, text))
            old.tail, old.until, old.source = text[-4:], _BEGAN + timedelta(days=60), "旧台账"
            old.sealed = ring.seal(text.encode(), old.bound)
            old.save()
