"""Rows as they stand, what an act changed in them, and putting that back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models

# (table, row) -> column -> value as JSON holds it.
Rows = dict[tuple[str, int], dict[str, Any]]
# [table, row, {column: [before, after]}]; null in place of the columns of a row that was made.
Changes = list[list[Any]]

# A version only ever grows; a seal is made anew, since it is bound to whose it is; an area
# follows stays by itself.
_LEFT_OUT = frozenset({"version", "sealed", "area"})


def rows(*parts: models.QuerySet[Any]) -> Rows:
    """All rows of the queries, column by column."""
    found: Rows = {}
    for part in parts:
        columns = [f.attname for f in _columns(part.model)]
        for pk, *values in part.values_list("pk", *columns):
            told = zip(columns, map(_plain, values), strict=True)
            found[part.model._meta.label, pk] = dict(_flat(part.model, told))
    return found


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    fields = (f for f in model._meta.concrete_fields if not f.generated)
    kept = [f for f in fields if f.name not in _LEFT_OUT]
    return [f for f in kept if not isinstance(f, models.BinaryField) and not f.primary_key]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _parted(model: type[models.Model], column: str) -> bool:
    """Columns that hold {key: value} and are changed key by key."""
    return model._meta.model_name == "personfacts" and column in {"sources", "displaced"}


def _flat(model: type[models.Model], told: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for column, value in told:
        if _parted(model, column):
            yield from ((f"{column}:{key}", one) for key, one in (value or {}).items())
        else:
            yield column, value


def changes(before: Rows, after: Rows) -> Changes:
    """What is different after; rows are never removed."""
    found: Changes = []
    for key, now in after.items():
        was = before.get(key)
        if was is None:
            found.append([*key, None])
            continue
        columns = sorted(was.keys() | now.keys())
        told = {c: [was.get(c), now.get(c)] for c in columns if was.get(c) != now.get(c)}
        if told:
            found.append([*key, told])
    return found


def changed_since(made: Changes) -> list[tuple[models.Model, list[str]]]:
    """The rows, and their columns, that no longer stand as the changes left them."""
    found: list[tuple[models.Model, list[str]]] = []
    for label, pk, columns in made:
        model = apps.get_model(label)
        now = rows(model._default_manager.filter(pk=pk)).get((model._meta.label, pk))
        if now is None:
            found.append((model(pk=pk), []))
            continue
        odd = [c for c, (_, after) in (columns or {}).items() if now.get(c) != after]
        if odd:
            found.append((model._default_manager.get(pk=pk), odd))
    return found


def put_back(made: Changes) -> None:
    """Undo changes: rows that were made go, columns get what they held before."""
    # Whoever heads a household or lives in it again comes last: there is never more than one.
    for label, pk, columns in sorted(made, key=_last):
        model = apps.get_model(label)
        row = model._default_manager.select_for_update().get(pk=pk)
        if columns is None:
            row.delete()
            continue
        for column, (before, _) in columns.items():
            put(row, column, before)
        row.save(update_fields=sorted({_field(model, c) for c in columns}))


def _last(change: list[Any]) -> bool:
    columns = change[2] or {}
    return bool(columns.get("relation", [""])[0] == "02" or columns.get("until", [""])[0] is None)


def _field(model: type[models.Model], column: str) -> str:
    name = column.partition(":")[0]
    return next(f.name for f in model._meta.concrete_fields if f.attname == name)


def put(row: models.Model, column: str, before: Any) -> None:
    """Let a column of a row, not yet saved, hold what it held before."""
    name, _, key = column.partition(":")
    if key:
        kept = {k: v for k, v in (getattr(row, name) or {}).items() if k != key}
        setattr(row, name, {**kept, **({} if before is None else {key: before})} or None)
        return
    field = next(f for f in type(row)._meta.concrete_fields if f.attname == name)
    setattr(row, name, field.to_python(before) if before is not None else None)
