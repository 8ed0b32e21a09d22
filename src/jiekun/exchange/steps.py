"""What may be done with an import, in which state and by whom: buttons, checks, tests read this."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from jiekun.offices.models import Officer, Role

from .models import Import

# Those who keep ledgers; leaders and auditors read, other departments have no families.
IMPORTING_ROLES = frozenset({Role.COMMUNITY_WORKER, Role.STREET_OFFICER, Role.DISTRICT_OFFICER})


@dataclass(frozen=True)
class Move:
    """One act on an import; `before` is None where there is none yet."""

    act: str
    before: Import.State | None
    after: Import.State
    roles: frozenset[Role] = IMPORTING_ROLES


_State = Import.State
MOVES = (
    Move("upload", None, _State.UPLOADED),
    Move("check", _State.UPLOADED, _State.CHECKING),
    Move("check", _State.CHECKED, _State.CHECKING),
    Move("apply", _State.CHECKED, _State.APPLYING),
    Move("undo", _State.APPLIED, _State.UNDOING),
    # What was begun and stopped is gone on with.
    Move("resume", _State.CHECKING, _State.CHECKING),
    Move("resume", _State.APPLYING, _State.APPLYING),
    Move("resume", _State.UNDOING, _State.UNDOING),
    Move("discard", _State.UPLOADED, _State.DISCARDED),
    Move("discard", _State.CHECKED, _State.DISCARDED),
)
# What the worker does by itself in a state, and where that ends.
WORKED_OFF = {
    _State.CHECKING: _State.CHECKED,
    _State.APPLYING: _State.APPLIED,
    _State.UNDOING: _State.UNDONE,
}
WORDS = {
    "upload": "上传", "check": "检查", "apply": "导入", "undo": "撤销", "resume": "接着做",
    "discard": "作废",
}  # fmt: skip


def areas_of(officer: Officer, on: date) -> frozenset[str]:
    """The areas this officer may bring ledgers for that day."""
    if not officer.is_active:
        return frozenset()
    posts = officer.posts_on(on).filter(role__in=IMPORTING_ROLES)
    return frozenset(posts.values_list("area_id", flat=True))


def reaches(areas: Collection[str], codes: Collection[str]) -> bool:
    """Whether all of the codes lie inside the areas; none never do."""
    inside = [any(code.startswith(area) for area in areas) for code in codes]
    return bool(inside) and all(inside)


def hindrance(act: str, of: Import | None, *, by: Officer, on: date) -> str:
    """Why this officer may not do this, in words for the screen; empty when they may."""
    state = None if of is None else of.state
    if not any(move.act == act and move.before == state for move in MOVES):
        told = "还没有上传" if of is None else f"现在是“{of.get_state_display()}”"
        return f"这份表{told}，不能{WORDS[act]}"
    areas = areas_of(by, on)
    if not areas or (of is not None and not reaches(areas, of.areas)):
        roles = "、".join(sorted(str(role.label) for role in IMPORTING_ROLES))
        return f"{WORDS[act]}要由本辖区的{roles}来做"
    return ""
