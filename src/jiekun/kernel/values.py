"""Facts as people write them, into what the engines count with, and back."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import partial
from typing import Any

from jiekun.kernel.errors import nearest
from jiekun.kernel.facts import Fact

# How often a sum of each unit comes in a year; other units have no yearly value.
PER_YEAR = {"yuan/year": 1, "yuan/month": 12, "yuan": 1}
EARLIEST = date(1880, 1, 1)


class BadValue(ValueError):
    """A value that cannot be this fact's, said in plain Chinese."""


def encode(fact: Fact, value: Any) -> int | bool | date | None:
    """Money in fen, choices as their position, None unknown. Raises BadValue."""
    if value is None:
        return None
    match fact.kind:
        case "bool":
            if isinstance(value, bool):
                return value
            raise BadValue(f"“{fact.label}”应填是或否（true 或 false），现在是 {value!r}")
        case "date":
            return _day(fact, value)
        case "choice":
            if isinstance(value, str) and value in fact.choices:
                return fact.code_of(value)
            hint = nearest(str(value), fact.choices)
            raise BadValue(
                f"“{fact.label}”没有 {value!r} 这一项，可填：{'、'.join(fact.choices)}"
                + (f"（是不是 {hint.split()[-1].rstrip('?')}？）" if hint else "")
            )
    return _number(fact, value)


def _day(fact: Fact, value: Any) -> date:
    try:
        found = value if type(value) is date else date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadValue(f"“{fact.label}”不是日期：{value!r}，请写成 2024-11-01") from error
    if found < EARLIEST:
        raise BadValue(f"“{fact.label}”太早：{found}")
    return found


def _number(fact: Fact, value: Any) -> int:
    number = value if type(value) is Decimal else _decimal(fact, value)
    if not number.is_finite():
        raise BadValue(f"“{fact.label}”应填数字，现在是 {value!r}")
    if number < fact.minimum:
        raise BadValue(f"“{fact.label}”不能小于 {fact.minimum}，现在是 {value}")
    if number > fact.maximum:
        raise BadValue(f"“{fact.label}”不能大于 {fact.maximum}，现在是 {value}")
    scaled = number * 100 if fact.kind == "money" else number
    whole = int(scaled)
    if whole != scaled:
        raise BadValue(
            f"“{fact.label}”{'最小到分' if fact.kind == 'money' else '应是整数'}，现在是 {value}"
        )
    return whole


def _decimal(fact: Fact, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise BadValue(f"“{fact.label}”应填数字，现在是 {value!r}")
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise BadValue(f"“{fact.label}”应填数字，现在是 {value!r}") from error


def encoder(fact: Fact) -> Callable[[Any], int | bool | date | None]:
    """`encode` for one fact: values of the usual types take a short way, all others the long."""
    if fact.kind == "date":
        return lambda value: (
            value if type(value) is date and value >= EARLIEST else encode(fact, value)
        )
    if fact.kind == "choice":
        codes = {choice: code for code, choice in enumerate(fact.choices)}
        return lambda value: (
            codes[value] if type(value) is str and value in codes else encode(fact, value)
        )
    return partial(encode, fact) if fact.kind == "bool" else _number_encoder(fact)


def _number_encoder(fact: Fact) -> Callable[[Any], int | bool | date | None]:
    low, high = Decimal(fact.minimum), Decimal(fact.maximum)
    times = 100 if fact.kind == "money" else 1

    def read(value: Any) -> int | bool | date | None:
        if type(value) is int and fact.minimum <= value <= fact.maximum:
            return value * times
        if type(value) is Decimal and value.is_finite() and low <= value <= high:
            top, den = value.as_integer_ratio()
            if times % den == 0:
                return top * (times // den)
        return encode(fact, value)

    return read


def decode(fact: Fact, value: int | bool | date | None) -> Any:
    """The value as people write it: yuan as Decimal, a choice by its code."""
    if value is None:
        return None
    if fact.kind == "money":
        return Decimal(int(value)) / 100  # type: ignore[arg-type]
    if fact.kind == "choice":
        return list(fact.choices)[int(value)]  # type: ignore[arg-type]
    return value


def fen(number: int, den: int) -> int:
    """A number of fen over a denominator, rounded half up."""
    return (2 * number + den) // (2 * den)


def yuan(number: int, den: int = 1) -> Decimal:
    """Fen over a denominator as yuan, rounded half up to the fen."""
    return Decimal(fen(number, den)) / 100


def plain(value: Fraction | Decimal | int) -> str:
    """A number as people write it: thousands grouped, at most two decimals, none when whole."""
    hundredths = fen(Fraction(value).numerator * 100, Fraction(value).denominator)
    sign = "−" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{sign}{whole:,}" + (f".{rest:02d}" if rest else "")
