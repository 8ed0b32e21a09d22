"""Two people side by side: each as this officer may see them, and where they agree."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q

from jiekun.law.facts import FACTS
from jiekun.registry.likeness import LEVELS, NAMES, told, weight
from jiekun.registry.models import (
    Candidate,
    Household,
    Membership,
    Merge,
    Person,
    PersonFacts,
    Receipt,
    Recognition,
    Relation,
)
from jiekun.registry.wide import from_column

from . import labels, words
from .door import Desk


@dataclass
class Side:
    """One of two people; hidden, nothing of them is told."""

    person: Person
    hidden: bool
    name: str = ""
    born: str = ""
    number: str = ""
    home: Household | None = None
    relation: str = ""
    where: str = ""
    phone: str = ""
    mates: list[str] = field(default_factory=list)
    facts: PersonFacts | None = None
    gets: list[str] = field(default_factory=list)
    recognised: list[str] = field(default_factory=list)
    # Whether they, or the home they live in, are getting money.
    paid: bool = False


@dataclass(frozen=True)
class Reason:
    """One field that was compared: what it says, and for which answer how strongly."""

    field: str
    says: str
    strength: str
    supports: bool


@dataclass(frozen=True)
class Line:
    """One thing told of both, and whether it agrees; None where one side is not known."""

    label: str
    one: str
    other: str
    same: bool | None


def sees(desk: Desk, area: str) -> bool:
    """Whether an area lies inside the officer's."""
    return bool(area) and area.startswith(tuple(desk.areas))


def reasons(why: dict[str, str]) -> list[Reason]:
    """Why a pair was proposed, the strongest first."""
    weighed = [(weight(name, level), name, level) for name, level in why.items()]
    weighed.sort(key=lambda one: -abs(one[0]))
    return [
        Reason(NAMES[name], LEVELS[name][level], told(bits), bits > 0)
        for bits, name, level in weighed
    ]


def both(desk: Desk, pair: Candidate) -> list[Side]:
    """Both people with all that is shown of them, in a handful of queries."""
    found = [
        Side(person, hidden=not sees(desk, area))
        for person, area in ((pair.one, pair.area_one), (pair.other, pair.area_other))
    ]
    seen = {side.person.pk: side for side in found if not side.hidden}
    for side in seen.values():
        person = side.person
        side.name, side.born = desk.masks.name(person.name), desk.masks.born(person.birth_date)
        side.facts = getattr(person, "facts", None)
        side.number = f"有，尾号 {person.id_tail}" if person.id_tail else "没有登记"
    _homes(desk, seen)
    _held(desk, seen)
    return found


def _homes(desk: Desk, seen: dict[int, Side]) -> None:
    lived = Membership.objects.filter(person__in=seen, until__isnull=True)
    for stay in lived.select_related("household__community__parent"):
        side, home = seen[stay.person_id], stay.household
        side.home, side.relation = home, Relation(stay.relation).label
        side.where = f"{desk.place(home.community)} {desk.masks.address(home.address)}"
        side.phone = desk.masks.phone(home.phone)
    homes = {side.home.pk for side in seen.values() if side.home}
    others = Membership.objects.filter(household__in=homes, until__isnull=True)
    for stay in others.select_related("person").order_by("pk"):
        for side in seen.values():
            if side.home and side.home.pk == stay.household_id and stay.person_id != side.person.pk:
                relation = Relation(stay.relation).label
                side.mates.append(f"{relation} {desk.masks.name(stay.person.name)}")


def _held(desk: Desk, seen: dict[int, Side]) -> None:
    """What each is getting and recognised as: of their own, or with their home."""
    homes = [side.home.pk for side in seen.values() if side.home]
    whose = Q(person__in=seen) | Q(person__isnull=True, household__in=homes)
    running = Q(until__isnull=True) | Q(until__gt=desk.on)
    for receipt in Receipt.objects.filter(whose, running).order_by("since"):
        for side in _of(seen, receipt):
            name = labels.measure(desk.program, receipt.measure)
            fen = receipt.amount_fen
            sum_told = f" {words.yuan(fen)} 元" if fen else ""
            shared = "" if receipt.person_id else "（全家）"
            side.gets.append(f"{name}{sum_told}{shared}，{receipt.since} 起")
            side.paid = side.paid or bool(fen)
    for held in Recognition.objects.filter(whose, running).order_by("since"):
        for side in _of(seen, held):
            side.recognised.append(labels.measure(desk.program, held.category))


def _of(seen: dict[int, Side], row: Receipt | Recognition) -> list[Side]:
    if row.person_id is not None:
        return [seen[row.person_id]]
    return [side for side in seen.values() if side.home and side.home.pk == row.household_id]


def compared(two: list[Side]) -> list[Line]:
    """Who they are, line by line; what is masked agrees or not all the same."""
    one, other = two
    if one.hidden or other.hidden:
        return []
    people = one.person, other.person
    return [
        _line("姓名", one.name, other.name, *(p.name for p in people)),
        _line("性别", *(p.get_sex_display() for p in people)),
        _line("出生日期", one.born, other.born, *(p.birth_date.isoformat() for p in people)),
        Line("证件号码", one.number, other.number,
             (people[0].id_tail == people[1].id_tail) if all(p.id_tail for p in people) else None),
        _line("住处", one.where, other.where, *_whole(two, "address")),
        _line("电话", one.phone, other.phone, *_whole(two, "phone")),
    ]  # fmt: skip


def _whole(two: list[Side], column: str) -> list[str]:
    """What stands behind the mask, to be compared and not shown."""
    return [str(getattr(side.home, column, "")) for side in two]


def _line(label: str, one: str, other: str, *whole: str) -> Line:
    first, second = whole or (one, other)
    same = first == second if first and second else None
    return Line(label, one or "还不知道", other or "还不知道", same)


@dataclass
class Facts:
    """What is known of both: said differently, and how much only one of them knows."""

    differ: list[Line] = field(default_factory=list)
    one_knows: int = 0
    other_knows: int = 0


def facts(two: list[Side]) -> Facts:
    """The facts of two people held against each other."""
    known, told_apart = [side.facts for side in two], Facts()
    if any(side.hidden for side in two) or known[0] is None or known[1] is None:
        return told_apart
    for fact in FACTS.of("person"):
        one, other = (from_column(fact, getattr(row, fact.name)) for row in known)
        # The day of birth and the sex stand above.
        if one == other or fact.name in ("birth_date", "sex"):
            continue
        if one is None or other is None:
            told_apart.other_knows += one is None
            told_apart.one_knows += other is None
            continue
        told_apart.differ.append(
            Line(fact.label, words.fact_words(fact, one), words.fact_words(fact, other), same=False)
        )
    return told_apart


def overlaps(desk: Desk, made: Merge | None) -> list[str]:
    """What both were getting at once when they were made one."""
    if made is None:
        return []
    return [
        labels.measure(desk.program, name)
        + (f"：{words.yuan(one)} 元和 {words.yuan(other)} 元" if one and other else "")
        for _, name, one, other in made.overlaps
    ]
