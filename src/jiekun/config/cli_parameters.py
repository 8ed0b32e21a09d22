"""`jiekun law parameters`, `readings`, `conflicts`: what is open in the law, what a place chose.

Without a database these show what ships; with DATABASE_URL also what the district decided.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape

from jiekun.config.cli_explain import refuse
from jiekun.config.cli_law import HOME
from jiekun.kernel.conflicts import FoundConflict, FoundSide, find_conflicts, says
from jiekun.kernel.documents import DatedValue, Parameter
from jiekun.kernel.household_file import law_asked
from jiekun.kernel.language import Measure
from jiekun.kernel.law import Law
from jiekun.kernel.standing_on import measures_on
from jiekun.kernel.values import plain
from jiekun.kernel.words import unit_words
from jiekun.law import load
from jiekun.oversight.disagreements import Listed, listed

if TYPE_CHECKING:
    from jiekun.screening.queries import Waiting

WAYS = {"up": "越高越有利", "down": "越低越有利", "none": ""}
SHIPPED_ONLY = "没有连数据库（DATABASE_URL），只列随系统发布的；本区的决定和影响的人数不在内。"


@dataclass(frozen=True)
class Asked:
    """The law a command speaks of, and what the database adds."""

    law: Law
    place: str
    on: date
    readings: Mapping[str, str]
    connected: bool
    waits: Mapping[str, Waiting]


@dataclass(frozen=True)
class Row:
    """One number on the day: its value, and the measures that stand on it."""

    parameter: Parameter
    dated: DatedValue | None
    measures: tuple[Measure, ...]
    drafted: bool

    @property
    def missing(self) -> bool:
        return bool(self.measures) and (self.dated is None or self.dated.value is None)


def _asked(place: str | None, on: date | None) -> Asked | int:
    """The law of a place, or the exit code once what is wrong was told."""
    law, place = load(), place or HOME
    on = on or datetime.now(ZoneInfo("Asia/Shanghai")).date()
    _, wrong = law_asked(law, None, place, ())
    if wrong:
        return refuse(wrong, not_done="没有列")
    if "DATABASE_URL" not in os.environ:
        return Asked(law, place, on, {}, False, {})
    import django
    from django.apps import apps

    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiekun.config.settings")
        django.setup()
    from jiekun.offices.chosen import law_for
    from jiekun.screening.queries import latest_run, waiting

    chosen, run = law_for(place, on), latest_run(place)
    waits = {} if run is None else waiting(run, frozenset({place}), set(law.parameters))
    return Asked(chosen.law, place, on, chosen.readings, True, waits)


# -- parameters


def parameters(*, missing: bool, place: str | None, on: date | None, as_json: bool) -> int:
    """Lists the numbers of a place, the missing ones first: 0, or 2 for an unknown place."""
    asked = _asked(place, on)
    if isinstance(asked, int):
        return asked
    rows = [row for row in _rows(asked) if row.missing or not missing]
    rows.sort(key=lambda r: (not r.missing, r.drafted, -_held_up(asked, r), r.parameter.name))
    console = Console(highlight=False, soft_wrap=True)
    if as_json:
        told = [_parameter_json(asked, row) for row in rows]
        console.out(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    console.print(
        f"{asked.law.places[asked.place].name}　{asked.on}　{len(rows)} 个参数，"
        f"缺 {sum(row.missing for row in rows)} 个\n"
    )
    for row in rows:
        _tell_parameter(console, asked, row)
    _tell_shipped_only(asked)
    return 0


def _rows(asked: Asked) -> list[Row]:
    law = asked.law
    chain = law.chain(asked.place)
    drafts = tuple(d.id for d in law.documents.values() if d.status == "draft" and d.place in chain)
    programs = [
        law.program(on=asked.on, place=asked.place, simulate=s, readings=asked.readings)
        for s in ((), drafts)
    ]
    now, draft = map(measures_on, programs)
    found = []
    for name, there in law.parameters.items():
        here = [p for p in there if p.place in chain]
        if here:
            parameter = max(here, key=lambda p: chain.index(p.place))
            used = programs[0 if name in now else 1].parameters.get(name)
            dated = parameter.on(asked.on, ()) if used is None else used.dated
            uses = now.get(name) or draft.get(name) or []
            measures = tuple(use.measure for use in uses)
            found.append(Row(parameter, dated, measures, name in draft and name not in now))
    return found


def _held_up(asked: Asked, row: Row) -> int:
    waits = asked.waits.get(row.parameter.name)
    return 0 if waits is None else waits.people + waits.homes


def _tell_parameter(console: Console, asked: Asked, row: Row) -> None:
    parameter, dated = row.parameter, row.dated
    value = _number(None if dated is None else dated.value, parameter.unit)
    colour = "yellow" if row.missing else "default"
    draft = "　只在草案里用" if row.drafted else ""
    console.print(
        f"[bold]{parameter.label}[/]　[{colour}]{value}[/]　[dim]{parameter.name}[/]{draft}"
    )
    told = [asked.law.places[parameter.place].name, WAYS[parameter.favourable]]
    if dated is not None:
        told += [
            f"{dated.since} 起" if dated.since else "",
            dated.cites,
            dated.source,
            "本区定" if dated.confirmed else dated.grade and f"可靠 {dated.grade}",
        ]
    console.print("  [dim]" + escape(" · ".join(filter(None, told))) + "[/]")
    labels = [measure.short or measure.label for measure in row.measures]
    if labels:
        more = f"等 {len(labels)} 项" if len(labels) > 5 else ""
        console.print(f"  靠它的：{'、'.join(labels[:5])}{more}")
    waits = asked.waits.get(parameter.name)
    if waits is not None:
        console.print(f"  因为缺它定不下来：{waits.people} 人、{waits.homes} 户")


def _number(value: Decimal | None, unit: str) -> str:
    if value is None:
        return "未查得"
    words = unit_words(unit)
    return f"{value.normalize():f}" if unit == "ratio" else f"{plain(value)} {words}".strip()


def _parameter_json(asked: Asked, row: Row) -> dict[str, Any]:
    parameter = row.parameter
    waits = asked.waits.get(parameter.name)
    chain = asked.law.chain(asked.place)
    there = [p for p in asked.law.parameters[parameter.name] if p.place in chain]
    return {
        "name": parameter.name,
        "label": parameter.label,
        "unit": parameter.unit,
        "favourable": parameter.favourable,
        "place": parameter.place,
        "now": None if row.dated is None else _value_json(row.dated),
        "missing": row.missing,
        "draft_only": row.drafted,
        "measures": [measure.name for measure in row.measures],
        "waiting": None if waits is None else {"people": waits.people, "homes": waits.homes},
        "values": [{"place": p.place, **_value_json(v)} for p in there for v in p.values],
    }


def _value_json(value: DatedValue) -> dict[str, Any]:
    return {
        "from": "draft" if value.draft else _day(value.since),
        "until": _day(value.until),
        "value": None if value.value is None else f"{value.value:f}",
        "cites": value.cites,
        "source": value.source,
        "grade": value.grade,
        "confirmed": value.confirmed,
    }


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


# -- readings


def readings(*, place: str | None, on: date | None, as_json: bool) -> int:
    """Lists the clauses that can be read in several ways: 0, or 2 for an unknown place."""
    asked = _asked(place, on)
    if isinstance(asked, int):
        return asked
    console = Console(highlight=False, soft_wrap=True)
    found = asked.law.readings.values()
    if as_json:
        told = [
            {
                "topic": reading.topic, "label": reading.label, "cites": reading.cites,
                "options": reading.options, "default": reading.default,
                "used": asked.readings.get(reading.topic, reading.default),
                "chosen": reading.topic in asked.readings, "note": reading.note,
            }
            for reading in found
        ]  # fmt: skip
        console.out(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    for reading in found:
        console.print(f"[bold]{reading.label}[/]　{reading.topic}　[dim]{reading.cites}[/]")
        used = asked.readings.get(reading.topic, reading.default)
        for option, words in reading.options.items():
            mark = "[green]●[/]" if option == used else "○"
            said = "默认" if option == reading.default else ""
            said = "本区选定" if option == used and reading.topic in asked.readings else said
            console.print(f"  {mark} {words}（{option}{'，' + said if said else ''}）")
        console.print(f"  [dim]{reading.note}[/]\n")
    _tell_shipped_only(asked)
    return 0


# -- conflicts


def conflicts(*, place: str | None, on: date | None, as_json: bool) -> int:
    """Lists known conflicts and those found by comparing: 0, or 2 for an unknown place."""
    asked = _asked(place, on)
    if isinstance(asked, int):
        return asked
    known = listed(asked.law, asked.on)
    found = find_conflicts(asked.law, asked.place)
    console = Console(highlight=False, soft_wrap=True)
    if as_json:
        told = {
            "listed": [_listed_json(asked, row) for row in known],
            "found": [_found_json(asked.law, conflict) for conflict in found],
        }
        console.out(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    for row in known:
        _tell_listed(console, asked, row)
    where = asked.law.places[asked.place].name
    console.print(f"[bold]另外比对{where}的规则和数，发现 {len(found)} 处不一样[/]\n")
    for conflict in found:
        _tell_found(console, asked.law, conflict)
    _tell_shipped_only(asked)
    return 0


def _tell_listed(console: Console, asked: Asked, row: Listed) -> None:
    console.print(f"[bold]{row.id}　{row.topic}[/]")
    for side in row.sides:
        console.print(f"  · {side.says}　[dim]{side.clause}[/]")
        for number in dict.fromkeys(side.numbers):
            draft = "（草案）" if number.draft else ""
            where = asked.law.places[number.place].name
            shown = _number(number.value, number.unit)
            console.print(f"      [dim]{where} {number.label}（{number.name}）[/] {shown}{draft}")
    console.print(f"  暂按：{row.default}")
    for reading in row.readings:
        used = asked.readings.get(reading.topic, reading.default)
        console.print(f"  读法：{reading.options[used]}　[dim]{reading.topic}:{used}[/]")
    console.print(f"  由{row.settles}定\n")


def _tell_found(console: Console, law: Law, conflict: FoundConflict) -> None:
    console.print(f"[bold]{conflict.label}[/]　{conflict.name}")
    for side in conflict.sides:
        draft = "（草案）" if side.draft else ""
        place = law.places[side.place].name
        cites = "、".join(side.cites) or side.source
        said = _said(law, conflict, side)
        console.print(f"  · {place}{draft}：{said}　[dim]{cites}　{side.file}:{side.line}[/]")
    console.print()


def _said(law: Law, conflict: FoundConflict, side: FoundSide) -> str:
    if conflict.kind == "number":
        return _number(side.value, conflict.unit)
    return says(law, conflict.name, side)


def _listed_json(asked: Asked, row: Listed) -> dict[str, Any]:
    return {
        "id": row.id,
        "topic": row.topic,
        "sides": [
            {
                "clause": side.clause,
                "says": side.says,
                "numbers": [
                    {
                        "name": n.name, "place": n.place, "unit": n.unit, "draft": n.draft,
                        "value": None if n.value is None else f"{n.value:f}",
                    }
                    for n in side.numbers
                ],
            }
            for side in row.sides
        ],
        "default": row.default,
        "rests_on": [f"{pointed.kind}:{pointed.name}" for pointed in row.rests_on],
        "readings": {r.topic: asked.readings.get(r.topic, r.default) for r in row.readings},
        "settles": row.settles,
    }  # fmt: skip


def _found_json(law: Law, conflict: FoundConflict) -> dict[str, Any]:
    return {
        "kind": conflict.kind,
        "name": conflict.name,
        "label": conflict.label,
        "unit": conflict.unit,
        "from": _day(conflict.since),
        "until": _day(conflict.until),
        "sides": [
            {
                "place": side.place,
                "cites": list(side.cites),
                "says": _said(law, conflict, side),
                "from": _day(side.since),
                "until": _day(side.until),
                "draft": side.draft,
                "file": f"{side.file}:{side.line}",
            }
            for side in conflict.sides
        ],
    }


def _tell_shipped_only(asked: Asked) -> None:
    if not asked.connected:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"[dim]{SHIPPED_ONLY}[/]")
