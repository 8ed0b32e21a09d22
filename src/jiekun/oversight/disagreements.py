"""The listed conflicts with today's numbers beside what each side says, for page and command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from jiekun.kernel.documents import DatedValue, Parameter, Reading
from jiekun.kernel.law import Law, Written
from jiekun.law.conflicts import Conflict, Side, Thing, conflicts, things


@dataclass(frozen=True)
class Number:
    """A number a side speaks of: `value` is None where nobody found it."""

    name: str
    label: str
    place: str
    value: Decimal | None
    unit: str
    draft: bool
    confirmed: bool


@dataclass(frozen=True)
class Pointed:
    """Something in the law that carries out what is done by default."""

    kind: Literal["rule", "parameter", "reading", "measure"]
    name: str
    label: str
    place: str
    written: str


@dataclass(frozen=True)
class SideRow:
    """What one document says, with its numbers."""

    clause: str
    says: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Listed:
    """One listed conflict, ready to be shown."""

    id: str
    topic: str
    sides: tuple[SideRow, ...]
    default: str
    rests_on: tuple[Pointed, ...]
    readings: tuple[Reading, ...]
    settles: str


def listed(law: Law, on: date) -> list[Listed]:
    """Every conflict of the list under a law. Raises LawError where a point is gone."""
    return [_listed(law, conflict, on) for conflict in conflicts()]


def _listed(law: Law, conflict: Conflict, on: date) -> Listed:
    found = [thing for point in conflict.points for thing in things(law, point)]
    return Listed(
        id=conflict.id,
        topic=conflict.topic,
        sides=tuple(_side(law, side, on) for side in conflict.sides),
        default=conflict.default,
        rests_on=tuple(dict.fromkeys(_pointed(law, thing) for thing in found)),
        readings=tuple(thing for thing in found if isinstance(thing, Reading)),
        settles=conflict.settles,
    )


def _side(law: Law, side: Side, on: date) -> SideRow:
    document = side.clause.partition("-")[0]
    numbers = [
        _number(thing, document, on)
        for point in side.points
        for thing in things(law, point)
        if isinstance(thing, Parameter)
    ]
    return SideRow(side.clause, side.says, tuple(numbers))


def _number(parameter: Parameter, document: str, on: date) -> Number:
    dated = next(_speaking(parameter, document, on), None)
    return Number(
        name=parameter.name,
        label=parameter.label,
        place=parameter.place,
        value=None if dated is None else dated.value,
        unit=parameter.unit,
        draft=dated is not None and dated.draft,
        confirmed=dated is not None and dated.confirmed,
    )


def _speaking(parameter: Parameter, document: str, on: date) -> Iterator[DatedValue]:
    """The side's own value of the day, then its own of any day, then whatever holds that day."""
    own = [v for v in parameter.values if v.cites and v.document == document]
    held = parameter.on(on, ())
    if held is not None and held.confirmed:
        yield held
    yield from (v for v in own if v.draft or v is held)
    yield from reversed(own)
    if held is not None:
        yield held
    yield from reversed(parameter.values)


def _pointed(law: Law, thing: Thing) -> Pointed:
    if isinstance(thing, Reading):
        return Pointed("reading", thing.topic, thing.label, "", "readings.yaml")
    place = law.places[thing.place].name
    if isinstance(thing, Written):
        measure = thing.measure
        return Pointed("measure", measure.name, measure.short or measure.label, place, thing.file)
    kind: Literal["parameter", "rule"] = "parameter" if isinstance(thing, Parameter) else "rule"
    return Pointed(kind, thing.name, thing.label, place, f"{thing.file}:{thing.line}")
