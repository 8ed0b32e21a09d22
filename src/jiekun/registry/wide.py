"""Columns made from the law's facts, and how one value goes into such a column and out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models

from jiekun.kernel.facts import Entity, Fact
from jiekun.law.facts import FACTS

ModelClass = TypeVar("ModelClass", bound=type[models.Model])

# A value as the law takes it at its edge: yuan as Decimal, a choice by its name.
Value = bool | int | Decimal | date | str | None

_COLUMNS: dict[str, Callable[..., models.Field[Any, Any]]] = {
    "money": models.BigIntegerField,
    "date": models.DateField,
    "int": models.SmallIntegerField,
    "choice": models.SmallIntegerField,
    "bool": models.BooleanField,
}


def columns(entity: Entity) -> list[Fact]:
    """The facts of an entity in column order: widest first, so that rows carry no padding."""
    kinds = list(_COLUMNS)
    return sorted(FACTS.of(entity), key=lambda fact: kinds.index(fact.kind))


def add_fact_columns(entity: Entity) -> Callable[[ModelClass], ModelClass]:
    """Give a model one nullable column for every fact of the entity."""

    def add(model: ModelClass) -> ModelClass:
        for fact in columns(entity):
            column = _COLUMNS[fact.kind](fact.label, null=True)
            # The public way for a field to join a class that exists already.
            column.contribute_to_class(model, fact.name)
        return model

    return add


def fact_privacy(entity: Entity) -> dict[str, str]:
    """How private each fact's column is: what the fact itself says."""
    return {fact.name: fact.sensitivity for fact in columns(entity)}


def to_column(fact: Fact, value: Value) -> bool | int | date | None:
    """A value of the law's edge as it stands in the column: fen, a code, a day."""
    if value is None:
        return None
    match fact.kind:
        case "money":
            return int(Decimal(str(value)) * 100)
        case "choice":
            return fact.code_of(str(value))
        case "date":
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        case "bool":
            return bool(value)
        case "int":
            return int(str(value))


def from_column(fact: Fact, stored: Any) -> Value:
    """What stands in a column as the law takes it."""
    if stored is None:
        return None
    match fact.kind:
        case "money":
            return Decimal(int(stored)).scaleb(-2)
        case "choice":
            return list(fact.choices)[int(stored)]
        case "date":
            return date.fromisoformat(str(stored))
        case "bool":
            return bool(stored)
        case "int":
            return int(stored)


def to_json(fact: Fact, value: Value) -> bool | int | str | None:
    """A value as a fact record keeps it."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else value


def from_json(fact: Fact, kept: bool | int | str | None) -> Value:
    """A record's value as the law takes it."""
    if kept is None:
        return None
    if fact.kind == "money":
        return Decimal(str(kept))
    return date.fromisoformat(str(kept)) if fact.kind == "date" else kept
