"""The family drawn as a family: generations in rows, lines between them, each box a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from jiekun.law.facts import FACTS
from jiekun.registry.models import Membership, Relation

from . import words
from .masks import Masks

_ROW = {
    Relation.GRANDPARENT: 0,
    Relation.PARENT: 1,
    Relation.HEAD: 2,
    Relation.SPOUSE: 2,
    Relation.SIBLING: 2,
    Relation.SON: 3,
    Relation.DAUGHTER: 3,
    Relation.GRANDCHILD: 4,
    Relation.RELATIVE: 5,
    Relation.OTHER: 5,
}
# What a relation is called for him and for her.
_CALLED = {
    Relation.PARENT: ("父亲", "母亲"),
    Relation.GRANDPARENT: ("祖父", "祖母"),
    Relation.SPOUSE: ("丈夫", "妻子"),
    Relation.GRANDCHILD: ("孙子", "孙女"),
    Relation.SIBLING: ("兄弟", "姐妹"),
}
WIDTH, HEIGHT, GAP, RISE = 124, 42, 12, 66
A_ROW = 3


@dataclass(frozen=True)
class Member:
    """One person of the family as a caseworker speaks of them."""

    id: int
    key: str
    relation: str
    name: str
    age: int
    state: str
    alert: bool
    died_on: date | None
    row: int
    head: bool

    @property
    def title(self) -> str:
        return f"{self.relation} {self.name}"

    @property
    def spoken(self) -> str:
        age = "" if self.died_on else f"，{self.age} 岁"
        return f"{self.title}{age}，{self.state}"


@dataclass(frozen=True)
class Box:
    """Where a member stands in the drawing."""

    member: Member
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.x + WIDTH / 2

    @property
    def first_line(self) -> float:
        return self.y + 17

    @property
    def second_line(self) -> float:
        return self.y + 33


@dataclass(frozen=True)
class Drawing:
    """The whole picture: its size, boxes and the path of its lines."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: str
    spoken: str


def members(
    memberships: Sequence[Membership],
    facts: Mapping[str, Mapping[str, Any]],
    on: date,
    *,
    masks: Masks,
) -> list[Member]:
    """Who lives together, and whom they lost, in the order people would name them."""
    here = [m for m in memberships if m.until is None or _died_there(m)]
    found = [_member(m, facts.get(str(m.person_id), {}), on, masks) for m in here]
    return sorted(found, key=lambda m: (m.row, m.died_on is None and not m.head, -m.age))


def _died_there(membership: Membership) -> bool:
    died, until = membership.person.died_on, membership.until
    return died is not None and until is not None and until >= died


def _member(membership: Membership, facts: Mapping[str, Any], on: date, masks: Masks) -> Member:
    person = membership.person
    relation = Relation(membership.relation)
    state, alert = _state(facts, person.died_on, on)
    died = person.died_on
    return Member(
        id=person.pk,
        key=str(person.pk),
        relation=relation_of(relation, person.sex, died),
        name=masks.name(person.name),
        age=words.age_on(person.birth_date, died or on),
        state=state,
        alert=alert,
        died_on=died,
        row=_ROW[relation.group],
        head=relation == Relation.HEAD and died is None,
    )


def relation_of(relation: Relation, sex: str, died: date | None) -> str:
    if died and relation == Relation.HEAD:
        return "原户主"
    him, her = _CALLED.get(relation, (relation.label, relation.label))
    return str(him if sex == "male" else her)


def _state(facts: Mapping[str, Any], died: date | None, on: date) -> tuple[str, bool]:
    """The one or two things that matter about somebody, and whether they call for help."""
    if died:
        return f"{words.short_day(died, on)}去世", False
    said: list[str] = []
    if (kind := facts.get("disability_class")) not in (None, "none"):
        level = words.DISABILITY_LEVELS[facts.get("disability_level") or 0]
        said.append(f"{FACTS['disability_class'].choices[kind]}{level}")
    if facts.get("serious_illness"):
        said.append("重大疾病")
    if facts.get("away") not in (None, "home"):
        said.append(FACTS["away"].choices[facts["away"]][:7])
    alert = bool(said)
    stage = facts.get("school_stage")
    if stage not in (None, "none"):
        said.append(FACTS["school_stage"].choices[stage].split("或")[0])
    elif facts.get("receives_pension"):
        said.append("领养老金")
    elif facts.get("employed"):
        said.append("在工作")
    elif facts.get("employed") is False and not said:
        said.append("没有工作")
    return " · ".join(said[:2]) or "情况还不知道", alert


def draw(family: Sequence[Member]) -> Drawing:
    """Places everybody: elders on top, children below, whoever else lives there last."""
    rows: list[list[Member]] = []
    for number in sorted({m.row for m in family}):
        same = [m for m in family if m.row == number]
        rows += [same[i : i + A_ROW] for i in range(0, len(same), A_ROW)]
    widest = max((len(row) for row in rows), default=1)
    width = max(2, widest) * (WIDTH + GAP) - GAP + 4
    boxes: list[list[Box]] = []
    for at, row in enumerate(rows):
        left = (width - len(row) * (WIDTH + GAP) + GAP) / 2
        boxes.append([Box(m, left + i * (WIDTH + GAP), 2 + at * RISE) for i, m in enumerate(row)])
    return Drawing(
        width=width,
        height=max(1, len(rows)) * RISE - RISE + HEIGHT + 4,
        boxes=tuple(box for row in boxes for box in row),
        lines=_lines(boxes),
        spoken="；".join(m.spoken for m in family),
    )


def _lines(rows: list[list[Box]]) -> str:
    """Couples joined sideways, generations joined downwards."""
    drawn: list[str] = []
    for row in rows:
        if len(row) > 1 and row[0].member.row == 2:
            y = row[0].y + HEIGHT / 2
            drawn.append(f"M{row[0].middle:g} {y:g}H{row[-1].middle:g}")
    for above, below in pairwise(rows):
        if below[0].member.row == 5 or above[0].member.row == below[0].member.row:
            continue
        centre = (above[0].middle + above[-1].middle) / 2
        top, bus, bottom = above[0].y + HEIGHT, below[0].y - 12, below[0].y
        start = top - HEIGHT / 2 if above[0].member.row == 2 and len(above) > 1 else top
        drawn.append(f"M{centre:g} {start:g}V{bus:g}")
        xs = sorted([centre, *(box.middle for box in below)])
        drawn.append(f"M{xs[0]:g} {bus:g}H{xs[-1]:g}")
        drawn += [f"M{box.middle:g} {bus:g}V{bottom:g}" for box in below]
    return "".join(drawn)
