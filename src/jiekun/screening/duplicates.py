"""The nightly search for people entered twice: read, link, and propose what was found.

Killed at any time it may be begun again: pairs already kept are met and left as they are.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import pyarrow as pa
from adbc_driver_postgresql import dbapi

from jiekun.offices.models import Officer
from jiekun.registry import pairing
from jiekun.registry.alike import identities
from jiekun.registry.identifiers import PROVING
from jiekun.registry.likeness import fingerprint, model
from jiekun.registry.models import (
    Candidate,
    FormerName,
    Household,
    Identifier,
    Person,
    PersonFacts,
)

from . import linkage
from .reading import conninfo

PAIRS_A_BATCH = 500

_PEOPLE = f"""
    SELECT p.id AS unique_id, p.name, p.pinyin, coalesce(f.former, ARRAY[]::text[]) AS former,
        p.sex, p.birth_date, coalesce(i.number, '') AS number, k.household_id AS household,
        coalesce(h.community_id, '') AS community, coalesce(h.address, '') AS address,
        coalesce(h.phone, '') AS phone, coalesce(i.open, false) AS proven
    FROM {Person._meta.db_table} p
    LEFT JOIN {PersonFacts._meta.db_table} k ON k.person_id = p.id
    LEFT JOIN {Household._meta.db_table} h ON h.id = k.household_id
    LEFT JOIN (
        -- Half a digest tells numbers apart as well as all of it.
        SELECT DISTINCT ON (person_id) person_id, left(encode(digest, 'hex'), 32) AS number,
            until IS NULL AS open
        FROM {Identifier._meta.db_table}
        WHERE kind IN ({", ".join(f"'{kind.value}'" for kind in PROVING)})
        ORDER BY person_id, until DESC NULLS FIRST, id DESC
    ) i ON i.person_id = p.id
    LEFT JOIN (
        SELECT person_id, array_agg(name) AS former
        FROM {FormerName._meta.db_table} GROUP BY person_id
    ) f ON f.person_id = p.id
    WHERE p.died_on IS NULL AND p.merged_into_id IS NULL
"""  # noqa: S608 - made of table names and constants


class Searched(NamedTuple):
    """What a search came to: people held against each other, pairs likely enough, and new ones."""

    people: int
    likely: int
    fresh: int


def read_people() -> pa.Table:
    """Everybody alive and not merged away, as `linkage.COLUMNS`."""
    with dbapi.connect(conninfo(), autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(_PEOPLE)
        table: pa.Table = cursor.fetch_arrow_table()
    return table.select(linkage.COLUMNS.names).cast(linkage.COLUMNS)


def search(*, by: Officer | None, at: datetime) -> Searched:
    """Hold everybody without a number against everybody; keep the likely pairs for officers."""
    people = read_people()
    found = linkage.find(people, threshold=model().threshold / 1000)
    fresh = 0
    for first in range(0, len(found), PAIRS_A_BATCH):
        batch = found[first : first + PAIRS_A_BATCH]
        fresh += len(
            pairing.note_pairs(pairs=_as_known(batch), found=Candidate.Found.NIGHTLY, by=by, at=at)
        )
    return Searched(people.num_rows, len(found), fresh)


def _as_known(pairs: list[linkage.Pair]) -> list[pairing.Alike]:
    known = identities({person for pair in pairs for person in (pair.one, pair.other)})
    return [
        pairing.Alike(
            pair.one, pair.other, pair.levels, round(1000 * pair.probability),
            fingerprint(known[pair.one], known[pair.other]),
        )
        for pair in pairs
        # Whoever was taken away since they were read is nobody's double.
        if pair.one in known and pair.other in known
    ]  # fmt: skip
