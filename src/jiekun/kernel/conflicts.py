"""Where two documents speak of the same thing with different words: for a person to settle."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Literal

from jiekun.kernel.documents import FOREVER, DatedValue, Parameter
from jiekun.kernel.law import Law
from jiekun.kernel.source import RuleSource
from jiekun.kernel.words import phrase


@dataclass(frozen=True, slots=True)
class FoundSide:
    """What one document says: its clause or source, where, from when, and its number if any."""

    cites: tuple[str, ...]
    source: str
    place: str
    since: date | None
    until: date | None
    draft: bool
    value: Decimal | None
    label: str
    file: str
    line: int
    document: str = ""


@dataclass(frozen=True, slots=True)
class FoundConflict:
    """Two sides that speak of the same days at the same place; the second is the one applied."""

    kind: Literal["number", "rule"]
    name: str
    label: str
    unit: str
    sides: tuple[FoundSide, FoundSide]
    # The first day both speak, and the last; None where a draft has no days yet.
    since: date | None
    until: date | None


def find_conflicts(law: Law, place: str) -> list[FoundConflict]:
    """Everything found by itself at a place and those above it, the numbers first."""
    chain = law.chain(place)
    numbers = [found for name in law.parameters for found in _numbers(law, name, chain)]
    rules = [found for name in law.rules for found in _rules(law, name, chain)]
    return [*numbers, *rules]


def _numbers(law: Law, name: str, chain: tuple[str, ...]) -> Iterator[FoundConflict]:
    """Two numbers of one name for the same days, at two places or in law and draft."""
    here = [p for p in law.parameters[name] if p.place in chain]
    said = [(p, v) for p in here for v in p.values if v.value is not None]
    said.sort(key=lambda both: _weight(chain, both[0].place, both[1].draft))
    for (first, one), (second, other) in combinations(said, 2):
        if one.value == other.value or (first is second and one.draft == other.draft):
            continue
        days = _shared(_span(law, one), _span(law, other))
        if days is not None:
            sides = _number_side(first, one), _number_side(second, other)
            draft = one.draft or other.draft
            yield FoundConflict(
                "number", name, second.label, second.unit, sides, *_told(days, draft)
            )


def _weight(chain: tuple[str, ...], place: str, draft: bool) -> tuple[int, bool]:
    return chain.index(place), draft


def _span(law: Law, value: DatedValue) -> tuple[date, date]:
    if value.draft:
        return law.documents[value.document].simulate_from or date.min, FOREVER
    return value.since or date.min, value.until or FOREVER


def _shared(one: tuple[date, date], other: tuple[date, date]) -> tuple[date, date] | None:
    since, until = max(one[0], other[0]), min(one[1], other[1])
    return (since, until) if since <= until else None


def _told(days: tuple[date, date], draft: bool) -> tuple[date | None, date | None]:
    """Days as they are shown: nobody knows yet when a draft will begin."""
    since, until = days
    return (None if draft else since), (None if until == FOREVER else until)


def _number_side(parameter: Parameter, value: DatedValue) -> FoundSide:
    return FoundSide(
        (value.cites,) if value.cites else (), value.source, parameter.place, value.since,
        value.until, value.draft, value.value, parameter.label, parameter.file,
        value.line or parameter.line,
    )  # fmt: skip


def _rules(law: Law, name: str, chain: tuple[str, ...]) -> Iterator[FoundConflict]:
    """Two rules of one name from two documents for the same days: the second overrides."""
    here = [rule for rule in law.rules[name] if rule.place in chain and _usual(law, rule)]
    here.sort(key=lambda rule: _weight(chain, rule.place, _is_draft(law, rule)))
    for one, other in combinations(here, 2):
        if one.document == other.document or not _other_words(one, other):
            continue
        days = _shared(_force(law, one), _force(law, other))
        if days is not None:
            draft = _is_draft(law, one) or _is_draft(law, other)
            sides = _rule_side(law, one), _rule_side(law, other)
            yield FoundConflict("rule", name, other.label, "", sides, *_told(days, draft))


def _usual(law: Law, rule: RuleSource) -> bool:
    """Whether a rule applies where nobody chose another reading."""
    topic, _, option = rule.reading.partition(":")
    return not topic or law.readings[topic].default == option


def says(law: Law, name: str, side: FoundSide) -> str:
    """What a side's rule says in Chinese, on a day and at a place where it applies."""
    drafts = (side.document,) if side.draft else ()
    days = (side.until, law.documents[side.document].simulate_from, side.since)
    on = next(day for day in days if day is not None)
    asked = law.ask(on, side.place, drafts)
    rule = law.rule(name, asked)
    if rule is None or (rule.file, rule.line) != (side.file, side.line):
        return side.label
    program = law.program(on=on, place=side.place, simulate=drafts, also=(name,), measures=False)
    return phrase(program, program.steps[name].body)


def _other_words(one: RuleSource, other: RuleSource) -> bool:
    """Whether two rules say different things, not only in another document."""
    return _dumped(one) != _dumped(other)


def _dumped(rule: RuleSource) -> tuple[object, ...]:
    return rule.arguments, rule.returns, tuple(ast.dump(statement) for statement in rule.body)


def _is_draft(law: Law, rule: RuleSource) -> bool:
    return law.documents[rule.document].status == "draft"


def _force(law: Law, rule: RuleSource) -> tuple[date, date]:
    document = law.documents[rule.document]
    if document.status == "draft":
        start = document.simulate_from or date.min
    else:
        start = document.effective_from or date.min
        if rule.since and rule.since < start:
            start = rule.since
    end = document.effective_to or FOREVER
    return max(start, rule.since or date.min), min(end, rule.until or FOREVER)


def _rule_side(law: Law, rule: RuleSource) -> FoundSide:
    since, until = _force(law, rule)
    return FoundSide(
        rule.cites, "", rule.place, since if since > date.min else None,
        until if until < FOREVER else None, _is_draft(law, rule), None, rule.label, rule.file,
        rule.line, rule.document,
    )  # fmt: skip
