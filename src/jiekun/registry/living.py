"""Acts on who lives together: open, join, leave, split, merge, change the head."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from jiekun.journal import actions as journal
from jiekun.law.facts import FACTS
from jiekun.offices.models import Division, Officer

from .checks import RefusedError
from .history import ChangeKind
from .identifiers import telephone
from .models import Household, HouseholdFacts, Membership, Person, PersonFacts, Relation
from .names import clean_name, sounds, surname
from .scope import whole_registry
from .stays import (
    Act,
    Relations,
    come,
    go,
    locked,
    make_head,
    note,
    relation_of,
    settle_after,
    stay_of,
    staying,
)
from .wide import Value, to_column

_TWO_AREAS = "the two households may lie in two areas: both are written"

_CAME = "who comes may have lived in another area last"


@transaction.atomic
def register_person(
    *, name: str, sex: str, birth_date: date, by: Officer | None, at: datetime
) -> Person:
    """Enter somebody new, not yet in any household. Raises RefusedError."""
    cleaned = clean_name(name)
    if sex not in Person.Sex.values:
        raise RefusedError("性别要选“男”或“女”")
    if not date(at.year - 130, 1, 1) <= birth_date <= at.date():
        raise RefusedError(f"出生日期 {birth_date} 不对，请核对")
    pinyin, initials = sounds(cleaned)
    person = Person.objects.create(
        name=cleaned, pinyin=pinyin, initials=initials, sex=sex, birth_date=birth_date
    )
    known: dict[str, Value] = {"birth_date": birth_date, "sex": sex}
    facts = {n: to_column(FACTS[n], v) for n, v in known.items() if n in FACTS}
    PersonFacts.objects.create(person=person, **facts)
    journal.write(act="register-person", by=by, at=at, subject=person)
    return person


@transaction.atomic
@whole_registry(_CAME)
def open_household(
    *,
    members: Relations,
    community: Division,
    address: str,
    on: date,
    grid: str = "",
    phone: str = "",
    reason: str = "",
    by: Officer | None,
    at: datetime,
) -> Household:
    """A new household of people who live nowhere else here: {person number: relation code}."""
    act = Act(by, at, on, reason)
    act.check_day()
    home = _new_home(members, community, address, grid, phone, act)
    _write("open-household", home, act, {"people": sorted(members)})
    return home


def _new_home(
    members: Relations, community: Division, address: str, grid: str, phone: str, act: Act
) -> Household:
    check_place(community, address, act)
    heads = [pk for pk, code in members.items() if code == Relation.HEAD]
    if len(heads) != 1:
        raise RefusedError(f"一户要有一个户主，现在写了 {len(heads)} 个")
    people = Person.objects.in_bulk(members)
    if missing := members.keys() - people.keys():
        raise RefusedError(f"没有 {min(missing)} 号这个人")
    home = Household.objects.create(
        name=f"{surname(people[heads[0]].name)}家",
        community=community,
        street_code=community.code[:9],
        address=address.strip(),
        grid=grid,
        phone=telephone(phone, act.at.date()),
        created_on=act.on,
    )
    HouseholdFacts.objects.create(household=home)
    note(home, ChangeKind.OPENED, act, after={"people": sorted(members)})
    for pk, code in sorted(members.items()):
        come(home, people[pk], code, act)
    return home


def check_place(community: Division, address: str, act: Act) -> None:
    """A home lies in a community there is, at an address. Raises RefusedError."""
    if community.kind != Division.Kind.COMMUNITY:
        raise RefusedError(f"“{community.name}”不是社区，住址要落到社区")
    if community.until is not None and community.until <= act.on:
        raise RefusedError(f"{community.name} {community.until} 起已撤并，请选现在的社区")
    if not address.strip():
        raise RefusedError("住址没有填")


@transaction.atomic
@whole_registry(_CAME)
def join_household(
    *,
    household: Household,
    person: Person,
    relation: str,
    on: date,
    reason: str = "",
    seen: int | None = None,
    by: Officer | None,
    at: datetime,
) -> Membership:
    """Somebody comes to live in a household: born, married, come back, taken in."""
    act = Act(by, at, on, reason)
    act.check_day()
    home = locked(household, seen)
    stay = come(home, person, relation, act)
    note(home, ChangeKind.JOINED, act, person=person, after={"relation": stay.relation})
    _write("join-household", home, act, {"person": person.pk, "relation": stay.relation})
    return stay


@transaction.atomic
def leave_household(
    *,
    household: Household,
    person: Person,
    on: date,
    reason: str,
    new_head: int | None = None,
    seen: int | None = None,
    by: Officer | None,
    at: datetime,
) -> None:
    """Somebody no longer lives there; where they now live is not yet known."""
    act = Act(by, at, on, reason)
    act.check_day()
    home = locked(household, seen)
    stay = stay_of(home, person)
    go(stay, act)
    note(home, ChangeKind.LEFT, act, person=person, before={"relation": stay.relation})
    settle_after(home, act, new_head)
    _write("leave-household", home, act, {"person": person.pk})


@transaction.atomic
@whole_registry(_TWO_AREAS)
def move_member(
    *,
    person: Person,
    household: Household,
    to: Household,
    relation: str,
    on: date,
    reason: str = "",
    new_head: int | None = None,
    seen: int | None = None,
    seen_to: int | None = None,
    by: Officer | None,
    at: datetime,
) -> Membership:
    """Somebody moves from one household to another on a day."""
    if household.pk == to.pk:
        raise RefusedError("这个人已经住在这一户")
    act = Act(by, at, on, reason)
    act.check_day()
    home, there = _both(household, to, seen, seen_to)
    left = stay_of(home, person)
    go(left, act)
    note(home, ChangeKind.LEFT, act, person=person, other=there, before={"relation": left.relation})
    settle_after(home, act, new_head)
    stay = come(there, person, relation, act)
    said = {"relation": stay.relation}
    note(there, ChangeKind.JOINED, act, person=person, other=home, after=said)
    for one, other in ((home, there), (there, home)):
        _write("move-member", one, act, {"person": person.pk, "other": other.pk})
    return stay


def _both(
    one: Household, other: Household, seen: int | None, seen_other: int | None
) -> tuple[Household, Household]:
    """Two households locked, always the lower number first: two acts never wait for each other."""
    versions = {one.pk: seen, other.pk: seen_other}
    found = {
        home.pk: locked(home, versions[home.pk])
        for home in sorted((one, other), key=lambda home: home.pk)
    }
    return found[one.pk], found[other.pk]


@transaction.atomic
@whole_registry(_TWO_AREAS)
def split_household(
    *,
    household: Household,
    leaving: Relations,
    community: Division,
    address: str,
    on: date,
    reason: str,
    grid: str = "",
    phone: str = "",
    new_head: int | None = None,
    seen: int | None = None,
    by: Officer | None,
    at: datetime,
) -> Household:
    """Some go and make a household of their own: {person number: relation code there}.

    `new_head` heads those who stay, if their head goes. What is known of the old household is not
    known of the new one.
    """
    act = Act(by, at, on, reason)
    act.check_day()
    home = locked(household, seen)
    stays = {stay.person_id: stay for stay in staying(home)}
    if strangers := leaving.keys() - stays.keys():
        raise RefusedError(f"{min(strangers)} 号不住在 {home.name}，不能从这一户分出去")
    if leaving.keys() == stays.keys():
        raise RefusedError("所有人都走就不是分户了，请办搬家")
    for pk in sorted(leaving):
        go(stays[pk], act)
    made = _new_home(leaving, community, address, grid, phone, act)
    note(made, ChangeKind.SPLIT, act, other=home)
    note(home, ChangeKind.SPLIT, act, other=made, before={"people": sorted(leaving)})
    settle_after(home, act, new_head)
    for one, other in ((home, made), (made, home)):
        data = {"people": sorted(leaving), "other": other.pk}
        _write("split-household", one, act, data)
    return made


@transaction.atomic
@whole_registry(_TWO_AREAS)
def merge_households(
    *,
    household: Household,
    other: Household,
    relations: Relations,
    on: date,
    reason: str,
    seen: int | None = None,
    seen_other: int | None = None,
    by: Officer | None,
    at: datetime,
) -> Household:
    """Everybody of `other` comes to live in `household`: {person number: relation code there}."""
    if household.pk == other.pk:
        raise RefusedError("一户不能与自己合并")
    act = Act(by, at, on, reason)
    act.check_day()
    home, gone = _both(household, other, seen, seen_other)
    stays = staying(gone)
    unsaid = [stay.person.name for stay in stays if stay.person_id not in relations]
    if unsaid or len(relations) != len(stays):
        names = "、".join(unsaid) or "这一户的人，且只写他们"
        raise RefusedError(f"请写明并过来的每个人与户主的关系：{names}")
    for stay in stays:
        go(stay, act)
        come(home, stay.person, relations[stay.person_id], act)
    people = sorted(relations)
    note(home, ChangeKind.MERGED, act, other=gone, after={"people": people})
    note(gone, ChangeKind.MERGED, act, other=home, before={"people": people})
    settle_after(gone, act)
    for one, another in ((home, gone), (gone, home)):
        _write("merge-households", one, act, {"people": people, "other": another.pk})
    return home


@transaction.atomic
def change_head(
    *,
    household: Household,
    person: Person,
    on: date,
    reason: str,
    relations: Relations | None = None,
    seen: int | None = None,
    by: Officer | None,
    at: datetime,
) -> None:
    """Another head; relations not given follow from the old ones as far as these tell."""
    act = Act(by, at, on, reason)
    act.check_day()
    home = locked(household, seen)
    heir = stay_of(home, person)
    if heir.relation == Relation.HEAD:
        raise RefusedError(f"{person.name} 已经是户主")
    stays = [heir if stay.pk == heir.pk else stay for stay in staying(home)]
    make_head(home, stays, heir, relations or {}, act)
    _write("change-head", home, act, {"person": person.pk})


@transaction.atomic
def change_relation(
    *,
    household: Household,
    person: Person,
    relation: str,
    on: date,
    reason: str,
    seen: int | None = None,
    by: Officer | None,
    at: datetime,
) -> None:
    """Say better how somebody stands to the head."""
    act = Act(by, at, on, reason)
    act.check_day()
    home = locked(household, seen)
    stay = stay_of(home, person)
    new = relation_of(relation, person)
    if Relation.HEAD in (new, stay.relation):
        raise RefusedError("户主要用“换户主”来改")
    before, stay.relation = stay.relation, new
    stay.save(update_fields=["relation"])
    said = {"before": {"relation": before}, "after": {"relation": new.value}}
    note(home, ChangeKind.RELATION, act, person=person, **said)
    _write("change-relation", home, act, {"person": person.pk, **said})


def _write(name: str, home: Household, act: Act, data: dict[str, object]) -> None:
    """One line in the journal of the household's own area."""
    told = {"on": act.on.isoformat(), "reason": act.reason, **data}
    journal.write(act=name, by=act.by, at=act.at, subject=home, area=home.community_id, data=told)
