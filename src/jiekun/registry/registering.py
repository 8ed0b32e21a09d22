"""Acts on households by law: who enters a household register, and who leaves it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from jiekun.journal import actions as journal
from jiekun.offices.models import Division, Officer

from . import keys
from .checks import RefusedError
from .identifiers import read_register
from .models import Person, Register, Registration
from .noting import refuse_unseen
from .queries import area_of
from .scope import whole_registry
from .stays import relation_of

ACTS = {"enter-register": "落户", "leave-register": "户口迁出"}


@transaction.atomic
def enter_register(
    *,
    person: Person,
    number: str,
    relation: str,
    address: str,
    on: date,
    kind: str = Register.Kind.FAMILY,
    community: Division | None = None,
    seen_at: datetime | None = None,
    by: Officer | None,
    at: datetime,
) -> Registration:
    """Note in which register somebody stands since a day; the one before ends that day.

    `community` is None for a register kept outside the district. Raises RefusedError;
    UnseenError where somebody else entered it since `seen_at`.
    """
    if on > at.date() or on < person.birth_date:
        raise RefusedError(f"落户日期 {on} 不在出生日期和今天之间")
    person = Person.objects.select_for_update().get(pk=person.pk)
    refuse_unseen(person, ACTS, by, seen_at)
    stands = relation_of(relation, person)
    register = _register(read_register(number), kind, address, community)
    before = person.registrations.filter(until__isnull=True).first()
    if before is not None and before.register_id == register.pk:
        raise RefusedError("这个人已经在这本户口簿上")
    if before is not None and on < before.since:
        raise RefusedError(f"落户日期 {on} 早于上一次落户的日期 {before.since}")
    if person.registrations.filter(until__gt=on).exists():
        raise RefusedError(f"这个人在 {on} 还落在另一本户口簿上，日期重叠")
    if before is not None:
        before.until = on
        before.save(update_fields=["until"])
    made = Registration.objects.create(person=person, register=register, relation=stands, since=on)
    data = {"register": register.pk, "on": on.isoformat()}
    journal.write(
        act="enter-register", by=by, at=at, subject=person, area=area_of(person), data=data
    )
    return made


@whole_registry("one register may hold people of several streets, and none of this one yet")
def _register(number: str, kind: str, address: str, community: Division | None) -> Register:
    """The register of that number, made where there is none yet."""
    if kind not in Register.Kind.values:
        raise RefusedError("户口簿要选“家庭户”或“集体户”")
    if not address.strip():
        raise RefusedError("户籍地址没有填")
    digest = keys.ring().digest("register", number)
    found = Register.objects.filter(digest=digest).first()
    if found is not None:
        return found
    made = Register(kind=kind, digest=digest, tail=number[-4:], community=community)
    made.address = address.strip()
    made.sealed = keys.ring().seal(number.encode(), made.bound)
    made.save()
    return made


@transaction.atomic
def leave_register(
    *,
    person: Person,
    on: date,
    reason: str,
    seen_at: datetime | None = None,
    by: Officer | None,
    at: datetime,
) -> Registration:
    """Note that somebody no longer stands in their register: moved, or struck off."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    refuse_unseen(person, ACTS, by, seen_at)
    standing = person.registrations.filter(until__isnull=True).first()
    if standing is None:
        raise RefusedError("这个人现在不在任何户口簿上")
    if not standing.since <= on <= at.date():
        raise RefusedError(f"迁出日期 {on} 不在落户日期和今天之间")
    standing.until = on
    standing.save(update_fields=["until"])
    data = {"register": standing.register_id, "on": on.isoformat(), "reason": reason}
    journal.write(
        act="leave-register", by=by, at=at, subject=person, area=area_of(person), data=data
    )
    return standing
