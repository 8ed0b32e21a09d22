"""Divisions renamed, merged, split, moved: what was, stays on record and its codes resolve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import get_current_timezone

from jiekun.journal import actions as journal

from ..divisions import Division, FormerName, Succession
from ..models import Officer
from ..refused import RefusedError
from ..roles import Role

_LENGTHS = {Division.Kind.DISTRICT: 6, Division.Kind.STREET: 9, Division.Kind.COMMUNITY: 12}


@transaction.atomic
def rename_division(
    *, division: Division, name: str, on: date, document: str, by: Officer, at: datetime
) -> Division:
    """Give a division another name from a day on. Raises RefusedError."""
    division = _open(division.code, on, by, at)
    name = name.strip()
    if not name or len(name) > 64 or name == division.name:
        raise RefusedError("新名字要写，最多 64 个字，而且要和现在的不一样")
    if division.former_names.filter(until__gte=on).exists():
        raise RefusedError(f"{division.name}在 {on} 或那以后已经改过一次名")
    former = division.name
    FormerName.objects.create(
        division=division, name=former, until=on, document=_document(document)
    )
    division.name = name
    division.save(update_fields=["name"])
    data = {"was": former, "now": name, "on": on.isoformat(), "document": document}
    journal.write(
        act="rename-division", by=by, at=at, subject=division, area=division.code, data=data
    )
    return division


@transaction.atomic
def merge_divisions(
    *,
    into: Division,
    divisions: Iterable[Division],
    on: date,
    document: str,
    by: Officer,
    at: datetime,
) -> Division:
    """Let divisions of one kind go into one that is there, whole, from a day on.

    Whoever has a post there sees their records too. Raises RefusedError.
    """
    into = _open(into.code, on, by, at)
    gone = sorted({division.code for division in divisions})
    if not gone or into.code in gone:
        raise RefusedError("要写明并进来的是哪些，而且不能有它自己")
    for code in gone:
        _follow(_open(code, on, by, at), [into], Succession.Kind.MERGED, on, document)
    data = {"gone": gone, "on": on.isoformat(), "document": document}
    journal.write(act="merge-divisions", by=by, at=at, subject=into, area=into.code, data=data)
    return into


@transaction.atomic
def split_division(
    *,
    division: Division,
    parts: Mapping[str, str],
    on: date,
    document: str,
    by: Officer,
    at: datetime,
) -> list[Division]:
    """Let a division end and new ones (code: name) begin in its stead. Raises RefusedError.

    Until its records are moved, those above it see them, and none of the parts does.
    """
    division = _open(division.code, on, by, at)
    if len(parts) < 2:
        raise RefusedError("分设至少要分成两个")
    made = [
        _found(code, name, division.kind, division.parent_id, on) for code, name in parts.items()
    ]
    _follow(division, made, Succession.Kind.SPLIT, on, document)
    data = {"parts": dict(parts), "on": on.isoformat(), "document": document}
    journal.write(
        act="split-division", by=by, at=at, subject=division, area=division.code, data=data
    )
    return made


@transaction.atomic
def move_community(
    *,
    division: Division,
    street: Division,
    code: str,
    on: date,
    document: str,
    by: Officer,
    at: datetime,
) -> Division:
    """Let a community go under another street, where it bears a new code. Raises RefusedError."""
    division = _open(division.code, on, by, at)
    street = _open(street.code, on, by, at)
    if division.kind != Division.Kind.COMMUNITY or street.kind != Division.Kind.STREET:
        raise RefusedError("只有社区能改到另一个街道")
    made = _found(code, division.name, division.kind, street.code, on)
    _follow(division, [made], Succession.Kind.MOVED, on, document)
    data = {"now": code, "on": on.isoformat(), "document": document}
    journal.write(
        act="move-community", by=by, at=at, subject=division, area=division.code, data=data
    )
    return made


def _open(code: str, on: date, by: Officer, at: datetime) -> Division:
    """A division held for this act, which must be there that day, by who may change it."""
    division = Division.objects.select_for_update().filter(code=code).first()
    if division is None:
        raise RefusedError(f"没有区划代码 {code[:20]}")
    today = at.astimezone(get_current_timezone()).date()
    posts = by.posts_on(today).filter(role=Role.DISTRICT_OFFICER)
    if not any(code.startswith(post.area_id) for post in posts):
        raise RefusedError(f"区划变更要由本区的{Role.DISTRICT_OFFICER.label}来录")
    if division.since >= on or division.until is not None:
        ended = f"，到 {division.until} 为止" if division.until else ""
        raise RefusedError(f"{division.name}从 {division.since} 起{ended}，不能在 {on} 变更")
    return division


def _found(code: str, name: str, kind: str, parent: str | None, on: date) -> Division:
    if not (code.isascii() and code.isdigit() and len(code) == _LENGTHS[Division.Kind(kind)]):
        raise RefusedError(f"代码“{code[:20]}”要是 {_LENGTHS[Division.Kind(kind)]} 位数字")
    if parent is not None and not code.startswith(parent):
        raise RefusedError(f"代码 {code} 要以上级的代码 {parent} 开头")
    if Division.objects.filter(code=code).exists():
        raise RefusedError(f"代码 {code} 已经用过，不能再给别处")
    if not name.strip():
        raise RefusedError(f"{code} 没有写名字")
    return Division.objects.create(
        code=code, name=name.strip()[:64], kind=kind, parent_id=parent, since=on
    )


def _follow(
    gone: Division, after: list[Division], kind: Succession.Kind, on: date, document: str
) -> None:
    """End a division and say what it went into."""
    if any(one.kind != gone.kind for one in after):
        raise RefusedError(f"{gone.name}只能并入同一级的区划")
    if gone.children.filter(until__isnull=True).exists():
        raise RefusedError(f"{gone.name}下面还有没并走的社区，请先把它们改到别的街道")
    gone.until = on
    gone.save(update_fields=["until"])
    told = _document(document)
    Succession.objects.bulk_create(
        Succession(before=gone, after=one, kind=kind, on=on, document=told) for one in after
    )


def _document(document: str) -> str:
    if not document.strip():
        raise RefusedError("没有写依据：哪份批复或通知")
    return document.strip()[:200]
