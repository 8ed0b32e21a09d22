"""The words a measure is written in: `rule`, `Measure`, `People` and a few functions.

Rules stay plain Python functions, so they can be read, called and tested alone; the kernel
reads their source and never runs them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, TypeVar

Rule = TypeVar("Rule", bound=Callable[..., Any])
Gives = Literal["money", "hours", "service", "insurance", "status", "goods"]


class People(Iterable[Any]):
    """A set of a household's members: all of them, or those a rule picks out."""

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError("sets of people exist only inside the kernel")

    def __len__(self) -> int:
        raise NotImplementedError("sets of people exist only inside the kernel")


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing a person or household may get: money, hours, goods, insurance, a service.

    `eligible` and `amount` name rules. `stops_with` names measures it cannot be had together
    with. A `universal` measure reaches everybody in it without an application.
    """

    name: str
    label: str
    to: Literal["person", "household"]
    gives: Gives
    office: str
    eligible: str
    about: str
    short: str = ""
    amount: str | None = None
    apply: str = ""
    stops_with: tuple[str, ...] = ()
    universal: bool = False


def rule(
    *,
    cites: str | tuple[str, ...],
    label: str,
    since: str | None = None,
    until: str | None = None,
    name: str | None = None,
    reading: str | None = None,
) -> Callable[[Rule], Rule]:
    """Marks a function as a rule of law. The kernel reads these words from the source.

    `reading="topic:option"` names the reading of an ambiguous clause under which it applies.
    """

    def unchanged(function: Rule) -> Rule:
        return function

    return unchanged


def complete_months(start: date, on: date) -> int:
    """Months completed from `start` to `on`; a month is complete on the same day of the month."""
    months = (on.year - start.year) * 12 + on.month - start.month
    return months - (on.day < start.day)


def years_since(start: date) -> int:
    """Completed years up to the date the law is asked on; known only inside the kernel."""
    raise NotImplementedError("years_since needs the date asked, which only the kernel knows")


def per_year(monthly: Decimal) -> Decimal:
    """A monthly sum as a yearly one."""
    return monthly * 12


def per_month(yearly: Decimal) -> Decimal:
    """A yearly sum as a monthly one."""
    return yearly / 12


def round_half_up(amount: Decimal) -> Decimal:
    """Money rounded to the fen, halves up."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
