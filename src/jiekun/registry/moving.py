"""Acts on where people are: a household moves, people leave the district, people die."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from jiekun.journal import actions as journal
from jiekun.offices.models import Division, Officer

from .checks import RefusedError
from .history import ChangeKind
from .identifiers import telephone
from .living import check_place
from .models import Household, Membership, Person, PersonFacts
from .queries import area_of
from .scope import whole_registry
from .stays import Act, go, locked, note, settle_after, stay_of


@transaction.atomic
@whole_registry("a family that moves is written where it goes to as well")
def move_household(
    *,
    household: Household,
    community: Division,
    address: str,
    on: date,
    reason: str = "",
    grid: str = "",
    seen: int | None = None,
    by: Officer | None,
    at: datetime,
) -> Household:
    """All of a household moves, within a community or to another street of the district."""
    act = Act(by, at, on, reason)
    act.check_day()
    home = locked(household, seen)
    check_place(community, address, act)
    if on < home.created_on:
        raise RefusedError(f"日期 {on} 早于 {home.name} 立户的日期 {home.created_on}")
    before = {"community": home.community_id, "address": home.address, "grid": home.grid}
    after = {"community": community.pk, "address": address.strip(), "grid": grid}
    if before == after:
        raise RefusedError("新住址和现在的一样")
    home.community, home.street_code = community, community.code[:9]
    home.address, home.grid = address.strip(), grid
    home.save(update_fields=["community", "street_code", "address", "grid"])
    note(home, ChangeKind.MOVED, act, before=before, after=after)
    # Both offices find it in their journal: where they left, and where they came.
    for area in sorted({before["community"], community.pk}):
        data = {"on": on.isoformat(), "from": before["community"], "to": community.pk}
        journal.write(act="move-household", by=by, at=at, subject=home, area=area, data=data)
    return home


@transaction.atomic
def change_contact(
    *,
    household: Household,
    phone: str,
    grid: str,
    seen: int | None = None,
    by: Officer | None,
    at: datetime,
) -> Household:
    """Another telephone or grid for the same home."""
    act = Act(by, at, at.date())
    home = locked(household, seen)
    before = {"phone": home.phone, "grid": home.grid}
    if phone != home.phone:
        home.phone = telephone(phone, at.date())
    home.grid = grid.strip()
    after = {"phone": home.phone, "grid": home.grid}
    if before == after:
        return home
    home.save(update_fields=["phone", "grid"])
    note(home, ChangeKind.CONTACT, act, before=before, after=after)
    journal.write(act="change-contact", by=by, at=at, subject=home, area=home.community_id)
    return home


@transaction.atomic
def move_away(
    *,
    household: Household,
    people: Sequence[Person],
    to: str,
    on: date,
    reason: str = "",
    new_head: int | None = None,
    seen: int | None = None,
    by: Officer | None,
    at: datetime,
) -> None:
    """People leave the district: they stay here with the day, and nothing is worked out for them.

    Coming back is `join_household`.
    """
    act = Act(by, at, on, reason)
    act.check_day()
    home = locked(household, seen)
    if not people:
        raise RefusedError("请选迁出的人")
    if not to.strip():
        raise RefusedError("请写明迁到哪里；不知道就写“不详”")
    for person in people:
        stay = stay_of(home, person)
        go(stay, act)
        Person.objects.filter(pk=person.pk).update(moved_away_on=on, moved_to=to.strip())
        said = {"before": {"relation": stay.relation}, "after": {"to": to.strip()}}
        note(home, ChangeKind.MOVED_AWAY, act, person=person, **said)
    settle_after(home, act, new_head)
    data = {"people": [person.pk for person in people], "on": on.isoformat(), "reason": reason}
    journal.write(act="move-away", by=by, at=at, subject=home, area=home.community_id, data=data)


@transaction.atomic
def report_death(
    *,
    person: Person,
    died_on: date,
    source: str,
    new_head: int | None = None,
    seen: int | None = None,
    by: Officer | None,
    at: datetime,
) -> Person:
    """Note a death: the person leaves the household, and somebody else becomes its head."""
    if not source.strip():
        raise RefusedError("去世要写明是谁说的、哪里查的")
    home = _home_of(person, seen)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.died_on is not None:
        raise RefusedError(f"这个人已登记于 {person.died_on} 去世")
    if not person.birth_date <= died_on <= at.date():
        raise RefusedError(f"去世日期 {died_on} 不在出生日期和今天之间")
    area = area_of(person)
    person.died_on = died_on
    person.save(update_fields=["died_on"])
    PersonFacts.objects.filter(person=person).update(household=None)
    if home is not None:
        stay = stay_of(home, person)
        # Who is said to have died before they came has a wrong day somewhere: they leave at once.
        act = Act(by, at, max(died_on, stay.since), source)
        go(stay, act)
        note(home, ChangeKind.DIED, act, person=person, before={"relation": stay.relation})
        settle_after(home, act, new_head)
    journal.write(
        act="report-death",
        by=by,
        at=at,
        subject=person,
        area=area,
        data={"died_on": died_on.isoformat(), "source": source},
    )
    return person


def _home_of(person: Person, seen: int | None) -> Household | None:
    """Where somebody lives, locked before they are: the order of every act."""
    stay = Membership.objects.filter(person=person, until__isnull=True).first()
    return None if stay is None else locked(stay.household, seen)
