"""The journal as a file that others verify without this program; docs/journal.md has its form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from django.db import transaction

from .canonical import LINE, SEAL
from .verify import (
    LAST_NUMBER,
    LINES,
    LINES_AT_A_TIME,
    SEALS,
    SEALS_AT_A_TIME,
    SealRow,
    rows,
    seal_row,
)


def export(*, since: int = 1, until: int | None = None) -> Iterator[str]:
    """Lines of JSON: each seal from number to number, followed by its lines.

    Read in constant memory, inside a transaction that lasts as long as somebody reads on.
    """
    with transaction.atomic(), ExitStack() as streams:
        last = LAST_NUMBER if until is None else until
        eras: dict[int, Iterator[Any]] = {}
        for row in rows(streams, SEALS, [since, last], SEALS_AT_A_TIME):
            seal = seal_row(row)
            yield _json({"seal": _head(seal)})
            if seal.era not in eras:
                words = [seal.era, seal.since]
                eras[seal.era] = rows(streams, LINES, words, LINES_AT_A_TIME)
            yield from _lines(eras[seal.era], seal.rows)


def _head(seal: SealRow) -> dict[str, object]:
    return {
        "number": seal.number,
        "at": seal.at,
        "era": seal.era,
        "since": seal.since,
        "until": seal.until,
        "rows": seal.rows,
        "previous": seal.previous.hex(),
        "digest": seal.digest.hex(),
        "form": [SEAL, LINE],
    }


def _lines(lines: Iterator[Any], many: int) -> Iterator[str]:
    for _ in range(many):
        row = next(lines, None)
        if row is None:
            return
        _, number, _, *told, data = row
        yield _json({"line": [number, *told, json.loads(data)]})


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
