"""A worked example for a measure: a case of the law, worked out by the kernel on the day asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jiekun.kernel.cases import Case, read_cases
from jiekun.kernel.decide import HOUSEHOLD, Decision, Outcome, Step, decider
from jiekun.kernel.facts import Fact, FactBook
from jiekun.kernel.program import MeasureUse, Program
from jiekun.kernel.values import BadValue, plain
from jiekun.kernel.words import unit_words, value_words

_SIGN = re.compile(r"[+−×÷]")
_MOST_SAID = 6


@dataclass(frozen=True, slots=True)
class Example:
    """One family worked out. Every number in it was decided by the kernel, none was typed in."""

    sentence: str
    family: tuple[tuple[str, str], ...]
    whose: str
    conditions: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    label: str
    line: str
    amount: str
    unit: str
    yearly: str
    case: Case
    subject: str


@cache
def shipped_cases() -> tuple[Case, ...]:
    """Every case of the law."""
    folder = Path(str(files("jiekun.law")))
    return tuple(case for path in sorted(folder.rglob("cases.yaml")) for case in read_cases(path))


def example_of(program: Program, use: MeasureUse, cases: Iterable[Case]) -> Example | None:
    """The most telling of a measure's own cases in which somebody gets it; None without one."""
    found = [
        (_telling(case, program, use, outcome, step), -number, case, decision, outcome, step)
        for number, case in enumerate(cases)
        if _speaks_of(case, use)
        for decision, outcome, step in _gained(program, use, case)
    ]
    if not found:
        return None
    *_, case, decision, outcome, step = max(found, key=lambda f: f[:2])
    return _written(program, use, case, decision, outcome, step)


def _speaks_of(case: Case, use: MeasureUse) -> bool:
    # A reading chosen is not the book's; rules taken as given are left to the law.
    return (
        bool({use.measure.eligible, use.measure.amount} & case.expect.keys()) and not case.readings
    )


def _gained(
    program: Program, use: MeasureUse, case: Case
) -> Iterator[tuple[Decision, Outcome, Step | None]]:
    """Who gets it in a case, under the law of the book's own day."""
    try:
        decision = decider(program).decide(case.facts())
    except BadValue:
        return
    for outcome in decision.outcomes:
        mine = outcome.measure.name == use.measure.name and outcome.status == "yes"
        if mine and outcome.amount != 0:
            yield decision, outcome, _arithmetic(decision, outcome)
            return


def _arithmetic(decision: Decision, outcome: Outcome) -> Step | None:
    """The step that does the sum: a rule that only passes a number on is looked through."""
    if outcome.amount_step is None or outcome.amount is None:
        return None
    first = step = decision.step(outcome.amount_step)
    while not _SIGN.search(step.text):
        inner = [key for key in step.inputs if key.partition("@")[0] in decision.program.steps]
        same = [s for key in inner if (s := decision.step(key)).value == step.value]
        if len(same) != 1:
            return first
        step = same[0]
    return step


def _telling(
    case: Case, program: Program, use: MeasureUse, outcome: Outcome, step: Step | None
) -> tuple[bool | int, ...]:
    """What makes an example good: a sum of some size, of this very day, in few words."""
    said = len(case.household) + sum(map(len, case.people))
    return (
        outcome.amount is not None and outcome.amount > 0,
        _tells_of(case, program, use, outcome),
        outcome.amount is not None and outcome.amount >= 10,
        step is not None and bool(_SIGN.search(step.text)),
        said <= _MOST_SAID,
        len(case.people) > 1 and outcome.subject == HOUSEHOLD,
    )


def _tells_of(case: Case, program: Program, use: MeasureUse, outcome: Outcome) -> bool:
    """Whether a case's sentence was written of this gain, for the day and law of the book."""
    if (case.on, case.place) != (program.on, program.place) or case.given:
        return False
    said = _expected(case, use.measure.amount, outcome.subject)
    if isinstance(said, int | float) and Decimal(str(said)) != outcome.amount:
        # A district that set another number has another sum than the sentence says.
        return False
    gained = _expected(case, use.measure.eligible, outcome.subject) is True
    return (gained or bool(isinstance(said, int | float) and said)) and (
        set(case.simulate) <= set(program.simulate)
    )


def _expected(case: Case, name: str | None, subject: str) -> Any:
    """What a case expects of one subject."""
    found = case.expect.get(name or "")
    if isinstance(found, list):
        return None if subject == HOUSEHOLD else found[int(subject.removeprefix("p")) - 1]
    return found


def _written(
    program: Program,
    use: MeasureUse,
    case: Case,
    decision: Decision,
    outcome: Outcome,
    step: Step | None,
) -> Example:
    amount = "" if outcome.amount is None else plain(outcome.amount)
    return Example(
        sentence=case.name if _tells_of(case, program, use, outcome) else "",
        family=tuple(_family(program.facts, case, program.on)),
        whose=_whose(case, outcome),
        conditions=tuple(c.text for c in decision.conditions(outcome)),
        parts=tuple(_parts(decision, step)) if step else (),
        label=step.label if step else "",
        line=_bare(step.text) if step and _SIGN.search(step.text) else "",
        amount=amount,
        unit=unit_words(outcome.unit),
        yearly=_yearly(outcome),
        case=case,
        subject=outcome.subject,
    )


def _bare(line: str) -> str:
    """A sum without a bracket around all of it."""
    inner = line[1:-1]
    if line[:1] + line[-1:] != "()" or "(" in inner or ")" in inner:
        return line
    return inner


def _yearly(outcome: Outcome) -> str:
    """A year's sum, where a month's is given: that is what families plan with."""
    if outcome.yearly is None or outcome.unit != "yuan/month":
        return ""
    return plain(outcome.yearly)


def _whose(case: Case, outcome: Outcome) -> str:
    if outcome.subject == HOUSEHOLD:
        return "这一家"
    return "这个人" if len(case.people) == 1 else f"第 {outcome.subject.removeprefix('p')} 人"


def _parts(decision: Decision, step: Step) -> Iterator[tuple[str, str]]:
    """The numbers a sum is made of, each with its name."""
    program = decision.program
    for key in step.inputs:
        name, _, subject = key.partition("@")
        node = program.graph[program.node_of(name)]
        if node.kind != "number" or (subject and subject != step.subject):
            continue
        value = decision.value(name, subject or HOUSEHOLD)
        if value:
            yield _named(program, name), value_words(program, node, value)


def _named(program: Program, name: str) -> str:
    if name in program.steps:
        return program.steps[name].label
    if name in program.parameters:
        return program.parameters[name].parameter.label
    return program.facts[name].label


def _family(book: FactBook, case: Case, on: date) -> Iterator[tuple[str, str]]:
    """What a case says of the family, in words: who, and what is special about them."""
    if said := _said(book, case.household, on):
        yield "这一家", said
    several = len(case.people) > 1
    for number, person in enumerate(case.people, 1):
        said = _said(book, person, on)
        if several or said:
            yield f"第 {number} 人" if several else "本人", said or "一般成年人"


def _said(book: FactBook, facts: Mapping[str, Any], on: date) -> str:
    return "；".join(_fact(book[name], value, on) for name, value in facts.items() if name in book)


def _fact(fact: Fact, value: Any, on: date) -> str:
    if value is None:
        return f"{fact.label}还不知道"
    match fact.kind:
        case "bool":
            return fact.label if value else f"{fact.label}：否"
        case "choice":
            return f"{fact.label}：{fact.choices.get(str(value), str(value))}"
        case "date" if fact.name == "birth_date":
            return f"{value.year} 年 {value.month} 月 {value.day} 日出生（满 {_age(value, on)} 岁）"
        case "money" | "int":
            unit = unit_words(fact.unit)
            return f"{fact.label} {plain(Decimal(str(value)))}" + (f" {unit}" if unit else "")
    return f"{fact.label}：{value}"


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
