"""What may be done with a run, in which state and by whom: buttons, checks and tests read this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jiekun.offices.models import Officer, Role

from .models import Run


@dataclass(frozen=True)
class Move:
    """One act on a run; `before` is None where there is no run yet."""

    act: str
    before: Run.State | None
    after: Run.State
    roles: frozenset[Role]


_DISTRICT = frozenset({Role.DISTRICT_OFFICER, Role.DISTRICT_LEADER})
_State = Run.State
MOVES = (
    Move("start", None, _State.RUNNING, _DISTRICT),
    Move("resume", _State.RUNNING, _State.RUNNING, _DISTRICT),
    Move("resume", _State.FAILED, _State.RUNNING, _DISTRICT),
    Move("cancel", _State.RUNNING, _State.CANCELLED, _DISTRICT),
    Move("cancel", _State.FAILED, _State.CANCELLED, _DISTRICT),
)
WORDS = {"start": "开始筛查", "resume": "接着做", "cancel": "取消"}


def hindrance(act: str, run: Run | None, *, place: str, by: Officer, on: date) -> str:
    """Why this officer may not do this, in words for the screen; empty when they may."""
    state = None if run is None else run.state
    found = next((move for move in MOVES if move.act == act and move.before == state), None)
    if found is None:
        told = "还没有开始" if run is None else f"已经是“{run.get_state_display()}”"
        return f"这次筛查{told}，不能再{WORDS[act]}"
    return lacks_post(WORDS[act], found.roles, place=place, by=by, on=on)


def lacks_post(words: str, roles: frozenset[Role], *, place: str, by: Officer, on: date) -> str:
    """Who it takes to do this, where the officer holds no such post in the place; else empty."""
    if by.posts_on(on).filter(role__in=roles, area_id=place).exists():
        return ""
    return f"{words}要由本区的{'或'.join(str(role.label) for role in sorted(roles))}来做"


def may_not_simulate(*, place: str, by: Officer, on: date) -> str:
    """Why this officer may not try, cancel or remove changes of the law; empty when they may."""
    return lacks_post("试算", _DISTRICT, place=place, by=by, on=on)
