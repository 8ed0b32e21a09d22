"""How a pair that may be one person goes: from, to, who may, and who may not have acted before.

The buttons, the checks and the tests read this one table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Q

from jiekun.offices.models import Officer, Post, Role
from jiekun.offices.queries import with_former, within

from .duplicates import Candidate


class PairAct(models.TextChoices):
    """What may be done with a pair."""

    SAME = "same", "是同一个人"
    DIFFERENT = "different", "不是同一个人"
    LATER = "later", "以后再看"
    CONFIRM = "confirm", "确认合并"
    BACK = "back", "退回提出的合并"
    UNDO = "undo", "撤销合并"


@dataclass(frozen=True)
class Move:
    """One step of a pair; `not_after` names who may not be the one to take it."""

    act: PairAct
    before: Candidate.State
    after: Candidate.State
    roles: frozenset[Role]
    not_after: tuple[str, ...] = ()


_S = Candidate.State
_STREET = frozenset({Role.STREET_OFFICER, Role.STREET_LEADER})
_DISTRICT = frozenset({Role.DISTRICT_OFFICER, Role.DISTRICT_LEADER})
DECIDING = _STREET | _DISTRICT
# Whoever knows the families may say that two are two; only the offices make two one.
KNOWING = DECIDING | {Role.COMMUNITY_WORKER, Role.GRID_WORKER}
MOVES = (
    # Where both, or the homes they live in, are getting money, a second officer confirms.
    Move(PairAct.SAME, _S.OPEN, _S.MERGED, DECIDING),
    Move(PairAct.SAME, _S.OPEN, _S.PROPOSED, DECIDING),
    Move(PairAct.SAME, _S.LATER, _S.MERGED, DECIDING),
    Move(PairAct.SAME, _S.LATER, _S.PROPOSED, DECIDING),
    Move(PairAct.CONFIRM, _S.PROPOSED, _S.MERGED, DECIDING, ("proposed_by",)),
    Move(PairAct.BACK, _S.PROPOSED, _S.OPEN, DECIDING),
    Move(PairAct.DIFFERENT, _S.OPEN, _S.DIFFERENT, KNOWING),
    Move(PairAct.DIFFERENT, _S.LATER, _S.DIFFERENT, KNOWING),
    Move(PairAct.LATER, _S.OPEN, _S.LATER, KNOWING),
    Move(PairAct.UNDO, _S.MERGED, _S.OPEN, DECIDING),
)


def moves(act: str, state: str) -> list[Move]:
    """The steps an act may mean for a pair in a state."""
    return [one for one in MOVES if one.act == act and one.before == state]


def reaches(areas: Collection[str], pair: Candidate) -> bool:
    """Whether both sides lie inside the areas; whoever never lived here lies in none."""
    sides = (pair.area_one, pair.area_other)
    return all(side and side.startswith(tuple(areas)) for side in sides)


Covering = Callable[[frozenset[str]], frozenset[str]]


def hindrance(act: str, pair: Candidate, *, by: Officer, on: date) -> str:
    """Why this officer may not take the step, in words for the screen; empty when they may."""
    posts = list(by.posts_on(on)) if by.is_active else []
    return hindered(act, pair, by=by, posts=posts, covering=lambda codes: with_former(codes, on))


def hindered(
    act: str, pair: Candidate, *, by: Officer, posts: Iterable[Post], covering: Covering
) -> str:
    """The same for an officer whose posts of the day, and what their areas cover, are known."""
    found = moves(act, pair.state)
    if not found:
        return f"这一对现在是“{pair.get_state_display()}”，不能再选“{PairAct(act).label}”"
    roles = found[0].roles
    held = [post for post in posts if post.role in roles]
    if not reaches(covering(frozenset(post.area_id for post in held)), pair):
        if held:
            return "两个人不都在您的辖区：请报区民政核对"
        named = "、".join(sorted(str(role.label) for role in roles))
        return f"“{PairAct(act).label}”要由{named}来做"
    if any(getattr(pair, f"{who}_id") in _hands(by, held) for who in found[0].not_after):
        return "提出合并的人不能自己确认：双方都在领钱，请另一位来确认"
    return ""


def _hands(by: Officer, held: Iterable[Post]) -> set[int]:
    """Who stands in for somebody acts with that person's hands: four eyes see more than two."""
    holders = {post.officer_id for post in held}
    return {by.pk} | (set() if by.pk in holders else holders)


def unhindered(
    act: str, state: str, *, by: Officer, posts: Iterable[Post], covering: Covering
) -> Q:
    """The pairs in a state on which this officer may take a step, as `hindered` tells of one."""
    move = moves(act, state)[0]
    held = [post for post in posts if post.role in move.roles]
    areas = covering(frozenset(post.area_id for post in held))
    open_ones = Q(state=state) & within(areas, "area_one") & within(areas, "area_other")
    for who in move.not_after:
        open_ones &= ~Q(**{f"{who}__in": _hands(by, held)})
    return open_ones
