"""The second wall: the database itself shows one transaction only the people of some areas.

Tables that hold people have policies (row-level security) for the role DESK, which read the
settings made here. They hold until the transaction ends and no longer, so that a connection
given back to others carries nothing on. Nothing set is nothing seen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, ProgrammingError, connection, transaction

DESK = "jiekun_desk"
# In place of areas: every row there is.
EVERYWHERE = "*"

# Read before they are written, whatever order the planner likes.
_BEFORE = """(SELECT current_setting('role') AS role,
    current_setting('jiekun.areas', true) AS areas,
    current_setting('jiekun.posts', true) AS posts,
    current_setting('jiekun.officer', true) AS officer OFFSET 0) AS before"""
_BACK = "SELECT set_config('role', %s, true)"
# Whoever covers every district there is sees everything, without a look at each row.
_SET = """set_config('role', %s, true), set_config('jiekun.areas', CASE WHEN (
        SELECT bool_and(code = ANY (string_to_array(%s, ','))) FROM offices_division
        WHERE parent_id IS NULL
    ) THEN '*' ELSE %s END, true),
    set_config('jiekun.posts', %s, true), set_config('jiekun.officer', %s, true)"""


@contextmanager
def seeing(
    areas: Collection[str], *, posts: Collection[str] = (), officer: int | None = None
) -> Iterator[None]:
    """One transaction that sees the people of these areas: codes, what codes begin with, or all
    of it for `(EVERYWHERE,)`.

    `posts`: the areas an office itself works for, which its files and journal lines are kept
    under; `officer`: whose own lines are seen wherever they lie. An error rolls all of it back.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        before = _step(DESK, _joined(areas), _joined(posts), str(officer or ""))
        yield
        # A transaction that ends takes its settings along; an outer one must get its own back.
        if nested:
            _step(*before)


@contextmanager
def whole_registry(why: str) -> Iterator[None]:
    """Lift the wall for what must reach beyond it, and say here why it must.

    Also a decorator. Who asked must be allowed it by other means: this is for looking whether
    somebody stands elsewhere, and for acts that two areas share.
    """
    if not why.strip():
        raise ValueError("say why the whole registry is needed")
    with _a_transaction():
        role, _ = _asked(f"SELECT before.role, set_config('role', NULL, true) FROM {_BEFORE}")  # noqa: S608 - our own
        try:
            yield
        except BaseException:
            # A transaction that failed is rolled back, and what was set in it along with it.
            with suppress(DatabaseError):
                _asked(_BACK, role)
            raise
        _asked(_BACK, role)


def _a_transaction() -> AbstractContextManager[object]:
    """The one there is, or a new one."""
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


def _joined(codes: Collection[str]) -> str:
    """Codes as the policies split them again; an empty one would be what every code begins with."""
    for code in codes:
        if code != EVERYWHERE and not re.fullmatch(r"[0-9]{2,12}", code):
            raise ValueError(f"{code!r} is no code of an area")
    return EVERYWHERE if EVERYWHERE in codes else ",".join(sorted(codes))


def _step(role: str, areas: str, posts: str, officer: str) -> tuple[str, ...]:
    """Make the role and settings those given; returns what they were."""
    given = (role, areas, areas, posts, officer)
    try:
        found = _asked(f"SELECT before.*, {_SET} FROM {_BEFORE}", *given)  # noqa: S608 - our own
    except ProgrammingError as problem:
        raise ImproperlyConfigured(
            f"the database lets this role not act as {DESK}: see docs/production.md"
        ) from problem
    return tuple(value or "" for value in found[:4])


def _asked(order: str, *given: str | None) -> tuple[str | None, ...]:
    with connection.cursor() as cursor:
        cursor.execute(order, given)
        row: tuple[str | None, ...] = cursor.fetchone()
    return row
