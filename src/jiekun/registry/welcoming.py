"""Acts on who is new here: somebody enters the registry and a household at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection, transaction

from jiekun.offices.models import Division, Officer

from .alike import alike, people_like
from .checks import RefusedError
from .identifiers import IdentifierKind, read
from .identifying import claim_identifier
from .likeness import model
from .living import join_household, open_household, register_person
from .models import Candidate, Household, Membership, Person, Relation
from .names import clean_name
from .pair_steps import PairAct, hindrance
from .pairing import note_pairs, say_different


@dataclass(frozen=True)
class Newcomer:
    """Who somebody says they are; sex and birthday may be left to the number that tells them."""

    name: str
    sex: str = ""
    birth_date: date | None = None
    # Of their resident identity card, and who showed it.
    number: str = ""
    shown: str = ""


def read_newcomer(newcomer: Newcomer, on: date) -> Newcomer:
    """Somebody as they would be entered that day. Raises RefusedError."""
    name = clean_name(newcomer.name)
    if not newcomer.number.strip():
        if not newcomer.sex or newcomer.birth_date is None:
            raise RefusedError("没有身份证号时，性别和出生日期都要填")
        return replace(newcomer, name=name, number="")
    said = read(IdentifierKind.RESIDENT_ID, newcomer.number, on)
    if not newcomer.shown.strip():
        raise RefusedError("身份证号要写明是谁出示的、哪里查的")
    return Newcomer(
        name=name,
        sex=newcomer.sex or said.sex or "",
        birth_date=newcomer.birth_date or said.birth_date,
        number=said.text,
        shown=newcomer.shown.strip(),
    )


def known_already(newcomer: Newcomer) -> list[Person]:
    """People in the registry who may be this one: of that number, or alike; likeliest first.

    Asked in the transaction that enters them: whoever enters the same person at the same moment
    waits until it ends, and finds them.
    """
    said = f"{newcomer.name} {newcomer.sex} {newcomer.birth_date}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [said])
    return people_like(
        name=newcomer.name,
        sex=newcomer.sex,
        birth_date=newcomer.birth_date or date.min,
        number=newcomer.number,
    )


@transaction.atomic
def take_in(
    *,
    household: Household,
    newcomer: Newcomer,
    relation: str,
    on: date,
    reason: str = "",
    seen: int | None = None,
    unlike: Collection[int] = (),
    by: Officer | None,
    at: datetime,
) -> Membership:
    """Somebody nobody knew yet comes to live in a household. Raises RefusedError.

    `unlike`: the numbers of people alike whom the officer was shown and said it is not.
    """
    person = _entered(newcomer, by, at)
    made = join_household(
        household=household, person=person, relation=relation, on=on, reason=reason, seen=seen,
        by=by, at=at,
    )  # fmt: skip
    _told_apart(person, unlike, by, at)
    return made


@transaction.atomic
def found_household(
    *,
    head: Newcomer | Person,
    community: Division,
    address: str,
    on: date,
    grid: str = "",
    phone: str = "",
    reason: str = "",
    unlike: Collection[int] = (),
    by: Officer | None,
    at: datetime,
) -> Household:
    """A new household of one: somebody new, or somebody who lives nowhere. Others join it."""
    person = head if isinstance(head, Person) else _entered(head, by, at)
    made = open_household(
        members={person.pk: Relation.HEAD.value}, community=community, address=address, on=on,
        grid=grid, phone=phone, reason=reason, by=by, at=at,
    )  # fmt: skip
    _told_apart(person, unlike, by, at)
    return made


def _told_apart(person: Person, unlike: Collection[int], by: Officer | None, at: datetime) -> None:
    """Keep that the officer was shown people alike and said they are others.

    Of those in other areas that is for whoever sees both to say: the pair waits for them. Who is
    less like than the nightly run asks for is nobody's question.
    """
    alikes = (alike(person.pk, other) for other in unlike)
    likely = [one for one in alikes if one.thousandths >= model().threshold]
    for pair in note_pairs(pairs=likely, found=Candidate.Found.ENTRY, by=by, at=at):
        if by is not None and not hindrance(PairAct.DIFFERENT, pair, by=by, on=at.date()):
            say_different(pair=pair, reason="登记时核对过，不是同一个人", by=by, at=at)


def _entered(newcomer: Newcomer, by: Officer | None, at: datetime) -> Person:
    said = read_newcomer(newcomer, at.date())
    if said.birth_date is None:
        raise RefusedError("出生日期没有填")
    person = register_person(name=said.name, sex=said.sex, birth_date=said.birth_date, by=by, at=at)
    if said.number:
        claim_identifier(
            person=person, kind=IdentifierKind.RESIDENT_ID, number=said.number,
            source=said.shown, by=by, at=at,
        )  # fmt: skip
    return person
