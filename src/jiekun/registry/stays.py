"""The small steps acts on households are made of: lock, come, go, head the household, note it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import get_current_timezone

from jiekun.offices.models import Officer

from .checks import RefusedError
from .history import ChangeKind, HouseholdChange
from .models import Household, Membership, Person, PersonFacts, Receipt, Recognition, Relation
from .names import surname
from .relations import fits, turned

Relations = Mapping[int, str]


@dataclass(frozen=True)
class Act:
    """Who acts, when, from which day it holds and why: the same for every step of one act."""

    by: Officer | None
    at: datetime
    on: date
    reason: str = ""

    def check_day(self) -> None:
        """An act holds from a day that has come."""
        if self.on > self.at.date():
            raise RefusedError(f"日期 {self.on} 还没有到")


class StaleError(RefusedError):
    """Somebody changed the household since it was read: what they did is in `changes`."""

    def __init__(self, household: Household, changes: list[HouseholdChange]) -> None:
        told = "；".join(tell(change) for change in changes)
        super().__init__(f"您打开这一户之后，别人又改过：{told}。请看过这些改动再保存")
        self.household = household.pk
        self.version = household.version
        self.changes = changes


def tell(change: HouseholdChange) -> str:
    """One change in words: who, when, what, about whom."""
    who = change.by.name if change.by else "系统"
    when = change.at.astimezone(get_current_timezone())
    about = f"（{change.person.name}）" if change.person else ""
    return f"{who} {when:%m-%d %H:%M} {change.get_kind_display()}{about}"


def locked(household: Household, seen: int | None) -> Household:
    """The household's row, locked, if it is as the officer saw it. Raises StaleError."""
    home = Household.objects.select_for_update().get(pk=household.pk)
    if seen is not None and seen != home.version:
        since = HouseholdChange.objects.filter(household=home, version__gt=seen)
        raise StaleError(home, list(since.select_related("by", "person").order_by("version")))
    if home.dissolved_on is not None:
        raise RefusedError(f"{home.name}（{home.pk} 号）{home.dissolved_on} 起已无人，不能再改")
    return home


def note(home: Household, kind: ChangeKind, act: Act, **about: Any) -> HouseholdChange:
    """Keep what was done to a household, under its next version."""
    home.version += 1
    Household.objects.filter(pk=home.pk).update(version=home.version)
    return HouseholdChange.objects.create(
        household=home,
        version=home.version,
        kind=kind,
        on=act.on,
        at=act.at,
        by=act.by,
        reason=act.reason,
        **about,
    )


def staying(home: Household) -> list[Membership]:
    """Who lives there now, locked."""
    open_ones = Membership.objects.select_for_update(of=("self",)).filter(
        household=home, until__isnull=True
    )
    return list(open_ones.select_related("person").order_by("pk"))


def stay_of(home: Household, person: Person) -> Membership:
    """Somebody's open stay in a household. Raises RefusedError."""
    found = next((stay for stay in staying(home) if stay.person_id == person.pk), None)
    if found is None:
        raise RefusedError(f"这个人现在不住在 {home.name}（{home.pk} 号）")
    return found


def relation_of(code: str, person: Person) -> Relation:
    """A relation that this person can have. Raises RefusedError."""
    try:
        relation = Relation(code)
    except ValueError:
        raise RefusedError(f"没有“{code}”这种与户主关系，请从列表里选") from None
    if not fits(relation, person.sex):
        named = person.get_sex_display()
        raise RefusedError(f"登记为{named}性的人，与户主关系不能是“{relation.label}”")
    return relation


def come(home: Household, person: Person, code: str, act: Act) -> Membership:
    """Somebody begins to live in a household."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    relation = relation_of(code, person)
    _may_come(home, person, act)
    _fits_in(home, relation)
    if person.moved_away_on is not None:
        person.moved_away_on, person.moved_to = None, ""
        person.save(update_fields=["moved_away_on", "moved_to"])
    made = Membership.objects.create(person=person, household=home, relation=relation, since=act.on)
    PersonFacts.objects.update_or_create(person=person, defaults={"household": home})
    # What somebody holds of their own goes where they go.
    for model in (Recognition, Receipt):
        model._default_manager.filter(person=person, until__isnull=True).update(household=home)
    return made


def _may_come(home: Household, person: Person, act: Act) -> None:
    """Alive, born, and nowhere else on that day.

    Who comes may be somebody the officer sees behind a mask, or not at all: what is wrong is told
    without a name, a birthday or a home of theirs.
    """
    if person.died_on is not None:
        raise RefusedError(f"这个人已登记于 {person.died_on} 去世")
    if act.on < person.birth_date:
        raise RefusedError(f"日期 {act.on} 早于这个人的出生日期")
    if act.on < home.created_on:
        raise RefusedError(f"日期 {act.on} 早于 {home.name} 立户的日期 {home.created_on}")
    if person.moved_away_on is not None and act.on < person.moved_away_on:
        raise RefusedError(f"这个人 {person.moved_away_on} 才迁出，不能更早就回来")
    for stay in Membership.objects.filter(person=person):
        if stay.until is None:
            raise RefusedError("这个人现在住在另一户，请先办离开，或直接办转户")
        if stay.until > act.on:
            raise RefusedError(f"这个人到 {stay.until} 前还住在另一户，日期重叠")


def _fits_in(home: Household, relation: Relation) -> None:
    """One head, and one husband or wife of the head."""
    if relation.group not in (Relation.HEAD, Relation.SPOUSE):
        return
    for stay in staying(home):
        if Relation(stay.relation).group == relation.group:
            raise RefusedError(f"{home.name} 已有{relation.group.label} {stay.person.name}")


def go(stay: Membership, act: Act) -> None:
    """Somebody no longer lives where they lived; the household's head is seen to afterwards."""
    if act.on < stay.since:
        raise RefusedError(f"日期 {act.on} 早于 {stay.person.name} 住进来的日期 {stay.since}")
    stay.until = act.on
    stay.save(update_fields=["until"])
    PersonFacts.objects.filter(person=stay.person_id).update(household=None)


def settle_after(home: Household, act: Act, head: int | None = None) -> None:
    """After people left: nobody there any more, or a head for those who stay."""
    stays = staying(home)
    if not stays:
        Household.objects.filter(pk=home.pk).update(dissolved_on=act.on)
        home.dissolved_on = act.on
        note(home, ChangeKind.DISSOLVED, act)
    elif not any(stay.relation == Relation.HEAD for stay in stays):
        make_head(home, stays, _heir(stays, head), {}, act)


def _heir(stays: list[Membership], chosen: int | None) -> Membership:
    """Whoever was chosen; else the spouse, else the oldest of those who stay."""
    if chosen is None:
        return min(
            stays,
            key=lambda m: (Relation(m.relation).group != Relation.SPOUSE, m.person.birth_date),
        )
    found = next((stay for stay in stays if stay.person_id == chosen), None)
    if found is None:
        raise RefusedError("新户主要从留下的人里选")
    return found


def make_head(
    home: Household, stays: list[Membership], heir: Membership, given: Relations, act: Act
) -> None:
    """Another head: everybody's relation is said anew, as given or as it follows."""
    was = Relation(heir.relation)
    # The old head first: there is never more than one.
    for stay in sorted(stays, key=lambda stay: stay.relation != Relation.HEAD):
        old = Relation(stay.relation)
        if stay is heir:
            continue
        new = turned(old, was, sex=stay.person.sex, head_sex=heir.person.sex)
        if stay.person_id in given:
            new = relation_of(given[stay.person_id], stay.person)
        if new == Relation.HEAD:
            raise RefusedError("一户只能有一个户主")
        if new != old:
            _say_relation(home, stay, new, act)
    _say_relation(home, heir, Relation.HEAD, act, ChangeKind.HEAD)
    home.name = f"{surname(heir.person.name)}家"
    Household.objects.filter(pk=home.pk).update(name=home.name)


def _say_relation(
    home: Household,
    stay: Membership,
    new: Relation,
    act: Act,
    kind: ChangeKind = ChangeKind.RELATION,
) -> None:
    before, stay.relation = stay.relation, new
    stay.save(update_fields=["relation"])
    said = {"before": {"relation": before}, "after": {"relation": new.value}}
    note(home, kind, act, person=stay.person, **said)
