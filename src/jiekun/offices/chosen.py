"""The law as a place has it: what ships, with the numbers and readings the district confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any

from django.db.models import DateField, DecimalField, Value

from jiekun.kernel.keeper import Keeper
from jiekun.kernel.law import Law, read_law
from jiekun.kernel.overlay import SetValue, with_values
from jiekun.kernel.program import Program
from jiekun.kernel.values import BadValue
from jiekun.law import load
from jiekun.law.facts import FACTS

from .choices import ParameterChoice, ReadingChoice, State

FOLDER = Path(str(files("jiekun.law")))
# Laws with numbers laid over them; few differ at a time, and each keeps its programs.
_KEPT = 8


@dataclass(frozen=True)
class Chosen:
    """A law, and how its unclear clauses are read; what does not fit it any more is told."""

    law: Law
    readings: Mapping[str, str]
    values: tuple[SetValue, ...] = ()
    problems: tuple[str, ...] = ()

    def program(self, *, on: date, place: str, simulate: Sequence[str] = ()) -> Program:
        """The law of a day and a place, ready to decide. Raises LawError."""
        return self.law.program(
            on=on, place=place, simulate=tuple(simulate), readings=self.readings
        )

    def as_json(self) -> dict[str, Any]:
        """What was chosen, for a record that must be worked out again as it was."""
        return {"values": [_value_json(v) for v in self.values], "readings": dict(self.readings)}


class _First:
    """Reads the shipped law: at first the one everybody shares, then what the files now say."""

    def __init__(self) -> None:
        self.done = False

    def __call__(self) -> Law:
        if not self.done:
            self.done = True
            return load()
        return read_law(FOLDER, FACTS)


keeper = Keeper(FOLDER, _First())


@dataclass
class _Laws:
    """Laws made from the shipped one, by the numbers laid over it."""

    made: dict[tuple[str, tuple[SetValue, ...]], tuple[Law, tuple[str, ...]]] = field(
        default_factory=dict
    )
    turn: Lock = field(default_factory=Lock)

    def under(self, values: tuple[SetValue, ...]) -> tuple[Law, tuple[str, ...]]:
        """The shipped law under these numbers, and which of them do not fit it."""
        law, digest = keeper.kept()
        if not values:
            return law, ()
        key = (digest, values)
        with self.turn:
            if key not in self.made:
                while len(self.made) >= _KEPT:
                    del self.made[next(iter(self.made))]
                self.made[key] = _fitting(law, values)
            return self.made[key]


_laws = _Laws()


def _fitting(law: Law, values: Iterable[SetValue]) -> tuple[Law, tuple[str, ...]]:
    """The law under those numbers that fit it; a number the law outgrew is told, not guessed."""
    good: list[SetValue] = []
    problems: list[str] = []
    found = law
    for value in values:
        try:
            found = with_values(law, [*good, value])
        except BadValue as problem:
            problems.append(str(problem))
        else:
            good.append(value)
    return found, tuple(problems)


def law_for(place: str, on: date) -> Chosen:
    """The law a place works under on a day. Raises LawError for an unknown place."""
    chain = keeper.law().chain(place)
    rows = _confirmed(chain)
    values = sorted(
        (_value_row(row) for row in rows if row[4] is not None),
        key=lambda v: (v.name, v.place, v.since),
    )
    said = sorted(
        ((chain.index(place), since, topic, option)
         for topic, place, since, _, number, _, _, option in rows
         if number is None and since <= on)
    )  # fmt: skip
    # The most local of the latest choices is the last one seen.
    return _chosen(tuple(values), {topic: option for _, _, topic, option in said})


def _confirmed(chain: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Every confirmed number and reading in one question: most pages ask it."""
    names = ("name", "place_id", "since", "until", "value", "unit", "source", "cites")
    there = {"state": State.CONFIRMED, "place__in": chain}
    numbers = ParameterChoice.objects.filter(**there).order_by().values_list(*names)
    readings = (
        ReadingChoice.objects.filter(**there)
        .order_by()
        .values_list(
            "topic",
            "place_id",
            "since",
            Value(None, output_field=DateField()),
            Value(None, output_field=DecimalField()),
            Value(""),
            Value(""),
            "option",
        )
    )
    return list(numbers.union(readings, all=True))


def _chosen(values: tuple[SetValue, ...], readings: Mapping[str, str]) -> Chosen:
    law, unfit = _laws.under(values)
    known, strange = {}, []
    for topic, option in readings.items():
        if topic in law.readings and option in law.readings[topic].options:
            known[topic] = option
        else:
            strange.append(f"本区选的读法 {topic}:{option} 在法规里已经没有，改按默认的读法")
    return Chosen(law, known, values, (*broken_files(), *unfit, *strange))


def broken_files() -> tuple[str, ...]:
    """That the law's files went wrong while the system runs, if they did."""
    told = f"法规文件有错，仍按最后一份完好的算：{keeper.problem}"
    return (told,) if keeper.problem else ()


def as_recorded(record: Mapping[str, Any]) -> Chosen:
    """The law under what a record says was chosen then."""
    values = tuple(_value_of(raw) for raw in record.get("values", ()))
    return _chosen(values, record.get("readings", {}))


def value_of(choice: ParameterChoice) -> SetValue:
    """A choice as the kernel takes it."""
    return SetValue(
        choice.name, choice.place_id, choice.since, choice.until, _short(choice.value),
        choice.unit, choice.source, choice.cites,
    )  # fmt: skip


def _value_row(row: tuple[Any, ...]) -> SetValue:
    name, place, since, until, value, unit, source, cites = row
    return SetValue(name, place, since, until, _short(value), unit, source, cites)


def _short(value: Decimal) -> Decimal:
    """Without the zeros a column fills up with, and never as a power of ten."""
    return Decimal(f"{value.normalize():f}")


def _value_json(value: SetValue) -> dict[str, str | None]:
    return {
        "name": value.name,
        "place": value.place,
        "since": value.since.isoformat(),
        "until": None if value.until is None else value.until.isoformat(),
        "value": f"{value.value:f}",
        "unit": value.unit,
        "source": value.source,
        "cites": value.cites,
    }


def _value_of(raw: Mapping[str, Any]) -> SetValue:
    until = raw["until"]
    return SetValue(
        raw["name"],
        raw["place"],
        date.fromisoformat(raw["since"]),
        None if until is None else date.fromisoformat(until),
        Decimal(raw["value"]),
        raw["unit"],
        raw["source"],
        raw["cites"],
    )
