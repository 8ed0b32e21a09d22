"""Many rows of one table written in one statement.

They travel as one JSON text: Django's own way asks Python for every cell, and COPY is closed to a
role that row-level security holds for.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

# Few enough that one statement's text stays small, many enough that statements do not count.
AT_ONCE = 2_000


def any_of(numbers: Iterable[int]) -> RawSQL:
    """What `__in` takes for very many numbers: Django would quote each of them by itself."""
    return RawSQL("SELECT value::bigint FROM jsonb_array_elements_text(%s)", [_text([*numbers])])


def any_of_bytes(values: Iterable[bytes]) -> RawSQL:
    """The same for digests."""
    text = _text([value.hex() for value in values])
    return RawSQL("SELECT decode(value, 'hex') FROM jsonb_array_elements_text(%s)", [text])


def take_numbers(model: type[models.Model], many: int) -> list[int]:
    """Numbers for rows still to be written, in order, which nobody else is given."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, many],
        )
        return sorted(number for (number,) in cursor.fetchall())


def add_objects(rows: Sequence[models.Model]) -> None:
    """Write objects of one model, not yet saved; each gets its number."""
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = [field.attname for field in fields]
    for row, number in zip(rows, take_numbers(model, len(rows)), strict=True):
        row.pk = number
    key = _column(model, "pk")
    add_rows(
        model,
        ({key: row.pk, **{name: getattr(row, name) for name in names}} for row in rows),
        [key, *names],
    )
    for row in rows:
        row._state.adding = False


def add_rows(
    model: type[models.Model], rows: Iterable[Mapping[str, Any]], names: Collection[str]
) -> None:
    """Write rows as {column: value}; columns not named are the database's to fill."""
    columns = ", ".join(f'"{_column(model, name)}"' for name in names)
    table = model._meta.db_table
    _in_parts(
        f'INSERT INTO "{table}" ({columns}) SELECT {columns} '  # noqa: S608 - our own names
        f'FROM jsonb_populate_recordset(NULL::"{table}", %s::jsonb)',
        rows,
    )


def change_objects(rows: Sequence[models.Model], names: Collection[str]) -> None:
    """Write the fields named of objects that stand in the database already."""
    if not rows or not names:
        return
    model = type(rows[0])
    key, table = _column(model, "pk"), model._meta.db_table
    attributes = {_column(model, name): _field(model, name).attname for name in names}
    said = ", ".join(f'"{column}" = n."{column}"' for column in attributes)
    _in_parts(
        f'UPDATE "{table}" t SET {said} '  # noqa: S608 - our own names
        f'FROM jsonb_populate_recordset(NULL::"{table}", %s::jsonb) n WHERE t."{key}" = n."{key}"',
        ({key: row.pk, **{c: getattr(row, a) for c, a in attributes.items()}} for row in rows),
    )


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def _column(model: type[models.Model], name: str) -> str:
    return str(_field(model, name).column)


def _in_parts(statement: str, rows: Iterable[Mapping[str, Any]]) -> None:
    waiting: list[Mapping[str, Any]] = []
    with connection.cursor() as cursor:
        for row in rows:
            waiting.append(row)
            if len(waiting) == AT_ONCE:
                cursor.execute(statement, [_text(waiting)])
                waiting = []
        if waiting:
            cursor.execute(statement, [_text(waiting)])


def _plain(value: object) -> str:
    """What JSON has no word for, as the database reads it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return f"\\x{bytes(value).hex()}"
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"no column is written from {value!r}")


_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
