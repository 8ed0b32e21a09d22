"""How a choice of the district goes: from, to, who may, and who may not have acted before.

The buttons, the checks and the tests read this one table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .choices import Choice, State
from .models import Officer
from .roles import Role


@dataclass(frozen=True)
class Move:
    """One step of the workflow; `not_after` names who may not be the one to take it."""

    act: str
    before: State | None
    after: State
    roles: frozenset[Role]
    not_after: tuple[str, ...] = ()


_OFFICER, _LEADER = Role.DISTRICT_OFFICER, Role.DISTRICT_LEADER
MOVES = (
    Move("propose", None, State.PROPOSED, frozenset({_OFFICER})),
    Move("confirm", State.PROPOSED, State.CONFIRMED, frozenset({_LEADER}), ("proposed_by",)),
    Move("withdraw", State.PROPOSED, State.WITHDRAWN, frozenset({_OFFICER, _LEADER})),
    Move("withdraw", State.CONFIRMED, State.WITHDRAWN, frozenset({_OFFICER, _LEADER})),
)
WORDS = {"propose": "提出", "confirm": "确认", "withdraw": "撤回"}


def move(act: str, state: str | None) -> Move | None:
    """The step an act means for something in a state, if there is one."""
    return next((m for m in MOVES if m.act == act and m.before == state), None)


def hindrance(act: str, choice: Choice | None, *, place: str, by: Officer, on: date) -> str:
    """Why this officer may not take the step, in words for the screen; empty when they may."""
    state = None if choice is None else choice.state
    found = move(act, state)
    if found is None:
        told = "还没有提出" if state is None else f"已经是“{State(state).label}”"
        return f"这一项{told}，不能再{WORDS[act]}"
    posts = by.posts_on(on).filter(role__in=found.roles, area_id=place)
    holders = set(posts.values_list("officer_id", flat=True))
    if not holders:
        named = "或".join(str(role.label) for role in sorted(found.roles))
        return f"{WORDS[act]}要由本区的{named}来做"
    # Who stands in for somebody acts with that person's hands: four eyes see more than two.
    hands = {by.pk} | (set() if by.pk in holders else holders)
    if any(getattr(choice, f"{who}_id") in hands for who in found.not_after):
        return f"提出的人不能自己{WORDS[act]}，请另一位来做"
    return ""
