"""Looking is an act: at a page, behind the mask, and what is printed or taken away as a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from jiekun.journal import actions as journal
from jiekun.journal.actions import Told
from jiekun.journal.models import Entry
from jiekun.offices.models import Officer
from jiekun.offices.roles import Role

from .access import LOOKS_FOR, TAKES_FOR, Purpose, UnknownPurposeError, stating
from .checks import RefusedError
from .models import Household, Person
from .noting import note_act
from .queries import area_of, family_areas, inside

# A printed list is meant to be carried: more families than anybody visits need another way.
MOST_PRINTED = 200
MOST_EXPORTED = 20_000
LONGEST_NOTE = 100


@transaction.atomic(savepoint=False)
def note_views(*, seen: Sequence[Told], by: Officer, at: datetime) -> None:
    """Somebody opened a page about people or households: one line an officer, subject and hour."""
    journal.write_views(by=by, at=at, lines=seen)


@transaction.atomic
def look_unmasked(
    *, subject: Person | Household, purpose: str, note: str = "", by: Officer, at: datetime
) -> None:
    """Somebody looks behind the mask, and says what for. Raises RefusedError."""
    check_looking(subject, purpose, by, at)
    note_act("look-unmasked", subject, by, at, {}, stated(purpose, note))


@transaction.atomic
def print_page(
    *, subject: Person | Household, purpose: str, note: str = "", by: Officer, at: datetime
) -> None:
    """Somebody prints a person's or household's page, and says what for. Raises RefusedError."""
    if not area_of(subject).startswith(tuple(_taking(purpose, by, at))):
        raise RefusedError(f"您在这里的岗位不能以“{purpose}”为由打印")
    note_act("print", subject, by, at, {}, stated(purpose, note))


def check_looking(
    subject: Person | Household, purpose: str, by: Officer | None, at: datetime
) -> None:
    """Refuse a purpose that no post of the officer's which reaches the subject may state."""
    if by is None:
        return
    areas = family_areas(by, at.date(), _roles(purpose, LOOKS_FOR))
    if not area_of(subject).startswith(tuple(areas)):
        raise RefusedError(f"您在这里的岗位不能以“{purpose}”为由看遮住的内容")


def _roles(purpose: str, of: Mapping[Role, tuple[Purpose, ...]]) -> frozenset[Role]:
    try:
        return stating(purpose, of)
    except UnknownPurposeError as unknown:
        raise RefusedError(str(unknown)) from unknown


@transaction.atomic
def take_away(
    *,
    kind: str,
    households: Collection[int],
    rows: int,
    purpose: str,
    note: str = "",
    filters: Mapping[str, str] | None = None,
    printed: bool = False,
    by: Officer,
    at: datetime,
) -> Entry:
    """A list leaves the desk, as a file or on paper: one line that says whose families are on it.

    `kind`: what the list is called in addresses ("unreached"); `rows`: its lines. Call it before
    the file is made: raises RefusedError for a purpose the officer may not state, for a family
    they may not see for it, and for too many rows.
    """
    most = MOST_PRINTED if printed else MOST_EXPORTED
    if rows > most:
        how = "打印" if printed else "导出"
        raise RefusedError(f"名单有 {rows:,} 行，一次最多{how} {most:,} 行，请先加条件")
    areas = _taking(purpose, by, at)
    homes = sorted(set(households))
    if inside(areas).filter(pk__in=homes).count() != len(homes):
        raise RefusedError(f"名单里有您不能以“{purpose}”为由带走的家庭，请先按辖区筛选")
    return journal.write(
        act="print" if printed else "export",
        by=by,
        at=at,
        subject=("registry.list", kind),
        area=_around(areas),
        purpose=stated(purpose, note),
        data={"rows": rows, "filters": dict(filters or {}), "households": homes},
    )


def _taking(purpose: str, by: Officer, at: datetime) -> frozenset[str]:
    """The areas whose families the officer may take away for a purpose."""
    areas = family_areas(by, at.date(), _roles(purpose, TAKES_FOR))
    if not areas:
        raise RefusedError(f"您的岗位不能以“{purpose}”为由打印或导出")
    return areas


def _around(areas: frozenset[str]) -> str:
    """The smallest place around all of some: a community, a street or the district."""
    first, last = min(areas), max(areas)
    return next((first[:n] for n in (12, 9, 6) if len(first) >= n and last[:n] == first[:n]), "")


def stated(purpose: str, note: str) -> str:
    """A purpose with the words somebody added to it."""
    words = " ".join(note.split())[:LONGEST_NOTE]
    return f"{purpose}：{words}" if words else purpose
