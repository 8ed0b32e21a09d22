"""Whether a value can be what it is said to be, in words for the screen."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from jiekun.kernel.facts import Fact

from .wide import Value


class RefusedError(ValueError):
    """What was given cannot be recorded; the message says why, in words for the screen."""


def checked(fact: Fact, value: Value) -> Value:
    """The value in the law's own type; refused with a plain reason when it cannot be."""
    if value is None:
        return None
    match fact.kind:
        case "bool":
            if not isinstance(value, bool):
                raise RefusedError(f"“{fact.label}”只能是“是”或“否”")
            return value
        case "choice":
            if value not in fact.choices:
                raise RefusedError(
                    f"“{fact.label}”没有“{value}”这一项：{'、'.join(fact.choices.values())}"
                )
            return value
        case "date":
            return _date(fact, value)
        case "money" | "int":
            return _number(fact, value)


def _date(fact: Fact, value: Value) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise RefusedError(f"“{fact.label}”要写成 2024-11-01 这样的日期") from None


def _number(fact: Fact, value: Value) -> int | Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool | float) or not number.is_finite():
        raise RefusedError(f"“{fact.label}”要写成数字")
    if not fact.minimum <= number <= fact.maximum:
        raise RefusedError(
            f"“{fact.label}”应在 {fact.minimum} 到 {fact.maximum} 之间，写的是 {number}"
        )
    if fact.kind == "money":
        if number != round(number, 2):
            raise RefusedError(f"“{fact.label}”最多写到分")
        return number
    if number != int(number):
        raise RefusedError(f"“{fact.label}”要写成整数")
    return int(number)
