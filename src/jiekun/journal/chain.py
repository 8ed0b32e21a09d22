"""How seals are made: which lines are finished, and under which digest they come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from .canonical import member, microseconds, seal_digest
from .models import Seal

# Lines under one seal, unless a single transaction wrote more.
MOST = 10_000

_ERAS = """
WITH RECURSIVE eras AS (
    SELECT min(era) AS era FROM journal_entry
    UNION ALL
    SELECT (SELECT min(era) FROM journal_entry WHERE era > eras.era)
    FROM eras WHERE eras.era IS NOT NULL
)
SELECT eras.era,
       coalesce((SELECT max(until_transaction) FROM journal_seal s WHERE s.era = eras.era), 0),
       CASE WHEN eras.era = journal_era() THEN NULL
            ELSE (SELECT max(transaction) + 1 FROM journal_entry e WHERE e.era = eras.era) END
FROM eras WHERE eras.era IS NOT NULL ORDER BY 3 NULLS LAST, 1
"""
_LINES = """
SELECT transaction, id, digest FROM journal_entry
WHERE era = %s AND transaction >= %s AND transaction < %s ORDER BY transaction, id
"""


class Line(NamedTuple):
    """A line as the sealer needs it."""

    transaction: int
    number: int
    digest: bytes


def eras() -> list[tuple[int, int, int | None]]:
    """The servers that wrote the journal: each with the transaction its seals have reached, and
    the one it ended before; none for the server that is running, which comes last."""
    return _asked(_ERAS)


def extend(at: datetime) -> int:
    """Make the seals that can be made. The caller holds the sealer's lock."""
    # Asked first: whatever is below it is over, and whatever it wrote can be read from now on.
    # (Reading first and asking then could pass over a line written in between.)
    running = _asked("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")[0][0]
    last = Seal.objects.defer("members").order_by("-number").first()
    number, previous = (0, b"") if last is None else (last.number, bytes(last.digest))
    sealed = 0
    for era, reached, ended in eras():
        for since, end, lines in _bundles(era, reached, running if ended is None else ended):
            number += 1
            made = _make(number, at, (era, since, end), lines, previous)
            made.save(force_insert=True)
            previous, sealed = bytes(made.digest), sealed + made.rows
    return sealed


def _bundles(era: int, reached: int, until: int) -> Iterator[tuple[int, int, list[Line]]]:
    """An era's unsealed lines in order, whole transactions at a time."""
    while lines := _read(f"{_LINES} LIMIT {MOST + 1}", era, reached, until):
        end = until
        if len(lines) > MOST:
            end = lines[-1].transaction
            whole = [line for line in lines if line.transaction < end]
            if not whole:
                end += 1
                whole = _read(_LINES, era, reached, end)
            lines = whole
        yield reached, end, lines
        reached = end
        if end == until:
            return


def _make(
    number: int, at: datetime, span: tuple[int, int, int], lines: list[Line], previous: bytes
) -> Seal:
    members = b"".join(member(line.number, line.digest) for line in lines)
    era, since, until = span
    head = (number, microseconds(at), era, since, until, len(lines), previous.hex())
    return Seal(
        number=number,
        at=at,
        era=era,
        since_transaction=since,
        until_transaction=until,
        rows=len(lines),
        members=members,
        previous=previous,
        digest=seal_digest(head, members),
    )


def _read(statement: str, *words: int) -> list[Line]:
    return [Line(when, number, bytes(digest)) for when, number, digest in _asked(statement, *words)]


def _asked(statement: str, *words: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, words)
        return list(cursor.fetchall())
