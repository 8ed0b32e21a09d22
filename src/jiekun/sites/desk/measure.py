"""Measures: what each gives to whom, its rules in words, its numbers over time, its cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiekun.kernel.cases import Case, read_cases
from jiekun.kernel.documents import Parameter
from jiekun.kernel.language import Measure
from jiekun.kernel.program import MeasureUse, Program, StepInfo
from jiekun.kernel.standing_on import readings_used
from jiekun.kernel.words import phrase, unit_words
from jiekun.law.facts import FACTS
from jiekun.offices.chosen import keeper

from . import charts, spread, words
from .door import Desk, desk_page, page

GIVES = {
    "money": "钱",
    "hours": "服务时数",
    "service": "服务",
    "insurance": "保险",
    "status": "身份认定",
    "goods": "实物",
}


@dataclass(frozen=True)
class RuleLine:
    """One rule in words, with its clause and where it is written."""

    label: str
    text: str
    cites: tuple[str, ...]
    written: str
    whose: str


@dataclass(frozen=True)
class NumberLine:
    """One dated value of a parameter, as a row."""

    since: str
    until: str
    value: str
    cites: str
    source: str
    grade: str
    now: bool


@dataclass(frozen=True)
class Number:
    """A parameter: its values over time and their chart."""

    label: str
    unit: str
    lines: tuple[NumberLine, ...]
    chart: charts.Steps | None
    unset: bool


@dataclass(frozen=True)
class CaseLine:
    """One example as a row: who, when, what comes out."""

    name: str
    on: date
    simulate: str
    given: tuple[str, ...]
    result: tuple[str, ...]


@desk_page()
@require_safe
def measures(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every measure in force, by the office that gives it."""
    uses = sorted(desk.program.measures, key=lambda u: (u.measure.office, u.measure.label))
    offices = [(office, list(found)) for office, found in groupby(uses, lambda u: u.measure.office)]
    return page(
        request,
        "desk/measures.html",
        keep_address=True,
        offices=offices,
        count=len(uses),
        gives=GIVES,
        drafted=_drafted(desk) if not desk.law else 0,
    )


def _drafted(desk: Desk) -> int:
    """How many more there would be under the draft."""
    here = {use.measure.name for use in desk.program.measures}
    return len({use.measure.name for use in desk.program_under("W24").measures} - here)


@desk_page()
@require_safe
def measure(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    """One measure's page; under the draft too, where only the draft has it."""
    found = find(desk, name)
    if found is None:
        raise Http404
    program, use, law = found
    steps = list(_steps(program, use))
    numbers = [program.parameters[n].parameter for n in _leaves(program, steps)]
    return page(
        request,
        "desk/measure.html",
        keep_address=True,
        measure=use.measure,
        gives=GIVES[use.measure.gives],
        only_draft=law != desk.law,
        rules=[_rule_line(program, step) for step in steps],
        numbers=[_number(parameter, program) for parameter in numbers],
        cases=[_case_line(case, program) for case in _cases_of(use)],
        excludes=_excludes(program, use.measure),
        readings=readings_used(desk.chosen.law, program, use),
        spread=spread.of_measure(desk, use.measure) if desk.sees_families else None,
        file=use.file,
    )


def find(desk: Desk, name: str) -> tuple[Program, MeasureUse, str] | None:
    """A measure under the law chosen, else under the draft that alone has it."""
    for law in dict.fromkeys((desk.law, "W24")):
        program = desk.program_under(law)
        for use in program.measures:
            if use.measure.name == name:
                return program, use, law
    return None


def _steps(program: Program, use: MeasureUse) -> Iterator[StepInfo]:
    """The rules a measure stands on, the deciding ones first."""
    queue = [use.measure.eligible, *([use.measure.amount] if use.measure.amount else [])]
    seen: set[str] = set()
    while queue:
        name = queue.pop(0)
        if name in seen or name not in program.steps:
            continue
        seen.add(name)
        yield program.steps[name]
        queue += program.steps[name].inputs


def _leaves(program: Program, steps: list[StepInfo]) -> list[str]:
    names = dict.fromkeys(name for step in steps for name in step.inputs)
    return [name for name in names if name in program.parameters]


def _rule_line(program: Program, step: StepInfo) -> RuleLine:
    return RuleLine(
        label=step.label,
        text=phrase(program, step.body),
        cites=step.cites,
        written=f"{step.rule.file}:{step.rule.line}",
        whose="每个人" if step.entity == "person" else "全家",
    )


def _number(parameter: Parameter, program: Program) -> Number:
    now = parameter.on(program.on, program.simulate)
    return Number(
        label=parameter.label,
        unit=unit_words(parameter.unit),
        lines=tuple(
            NumberLine(
                since="草案施行后" if v.draft else f"{v.since:%Y-%m-%d}" if v.since else "",
                until=f"{v.until:%Y-%m-%d}" if v.until else "",
                value="未查得" if v.value is None else words.amount(v.value, parameter.unit),
                cites=v.cites if "-" in v.cites else "",
                source=v.source,
                grade=v.grade,
                now=v is now,
            )
            for v in reversed(parameter.values)
        ),
        chart=charts.steps(parameter, program.on),
        unset=now is None or now.value is None,
    )


def _excludes(program: Program, measure: Measure) -> list[Measure]:
    """Measures that cannot be had together with this one, whichever of the two says so."""
    return [
        use.measure
        for use in program.measures
        if use.measure.name in measure.stops_with or measure.name in use.measure.stops_with
    ]


@cache
def _all_cases() -> tuple[Case, ...]:
    folder = Path(str(files("jiekun.law")))
    return tuple(case for path in sorted(folder.rglob("cases.yaml")) for case in read_cases(path))


def _cases_of(use: MeasureUse) -> list[Case]:
    """The examples beside a measure, or that expect something of its rules."""
    mine = {use.measure.eligible, use.measure.amount}
    return [case for case in _all_cases() if mine & case.expect.keys()]


def _case_line(case: Case, program: Program) -> CaseLine:
    given = [_said(case.household)]
    given += [f"第 {n} 人：{_said(person)}" for n, person in enumerate(case.people, 1)]
    return CaseLine(
        name=case.name,
        on=case.on,
        simulate="、".join(case.simulate),
        given=tuple(text for text in given if text and not text.endswith("：")),
        result=tuple(
            f"{_label(program, name)}：{_outcome(value)}" for name, value in case.expect.items()
        ),
    )


def _said(facts: Any) -> str:
    said = []
    for name, value in facts.items():
        fact = FACTS.get(name)
        if fact is not None:
            said.append(f"{fact.label} {words.fact_words(fact, value)}")
    return "，".join(said)


def _label(program: Program, name: str) -> str:
    if name in program.steps:
        return program.steps[name].label
    rules = keeper.law().rules.get(name)
    return rules[0].label if rules else name


def _outcome(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "、".join(_outcome(item) for item in value)
    if value == "unknown":
        return "还不知道"
    if value == "absent":
        return "没有这项"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
