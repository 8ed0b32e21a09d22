"""Facts as form fields: what to show, and what was typed turned into values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jiekun.kernel.decide import HOUSEHOLD
from jiekun.kernel.facts import Fact
from jiekun.kernel.values import BadValue, encode
from jiekun.kernel.words import unit_words
from jiekun.law.facts import FACTS
from jiekun.registry.wide import Value

_YES_NO = (("yes", "是"), ("no", "否"))


@dataclass(frozen=True)
class Field:
    """One fact of one subject in a form. `name` is the fact, @ and whose it is."""

    name: str
    label: str
    who: str
    kind: str
    unit: str
    options: tuple[tuple[str, str], ...]
    value: str
    question: str = ""
    problem: str = ""


def field(fact: Fact, subject: str, who: str, value: Value, problem: str = "") -> Field:
    """A fact as a form field holding its present value."""
    options = _YES_NO if fact.kind == "bool" else tuple(fact.choices.items())
    return Field(
        name=key(fact.name, subject),
        label=fact.label,
        who=who,
        kind=fact.kind,
        unit=unit_words(fact.unit) if fact.unit else "",
        options=options,
        value=typed(fact, value),
        question=fact.question,
        problem=problem,
    )


def key(fact: str, subject: str) -> str:
    """The name of a field: as the kernel names what is missing."""
    return fact if subject == HOUSEHOLD else f"{fact}@{subject}"


def typed(fact: Fact, value: Value) -> str:
    """A value as it stands in a field; nothing typed means not known."""
    if value is None:
        return ""
    if fact.kind == "bool":
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def read(fact: Fact, text: str) -> Value:
    """What was typed as the law takes it; None when nothing was. Raises BadValue."""
    text = text.strip()
    if not text:
        return None
    if fact.kind == "bool":
        if text not in ("yes", "no"):
            raise BadValue(f"“{fact.label}”只能选“是”或“否”")
        return text == "yes"
    if fact.kind in ("money", "int"):
        text = text.replace(",", "").replace("，", "").removesuffix("元").strip()
        encode(fact, text)
        return Decimal(text) if fact.kind == "money" else int(Decimal(text))
    encode(fact, text)
    return date.fromisoformat(text) if fact.kind == "date" else text


def subject_of(name: str, people: Iterable[str]) -> tuple[Fact, str]:
    """The fact and subject a field's name means. Raises BadValue for a name that means none."""
    fact_name, _, subject = name.partition("@")
    fact = FACTS.get(fact_name)
    fits = fact is not None and (
        subject in people if fact.entity == "person" else not subject and "@" not in name
    )
    if fact is None or not fits:
        raise BadValue(f"表单里的“{name[:60]}”不是这家人的事实")
    return fact, subject or HOUSEHOLD


def read_all(
    given: Mapping[str, str], people: Iterable[str]
) -> tuple[dict[tuple[str, str], Value], dict[str, str]]:
    """Everything typed, by fact and subject; and what is wrong, by field. Raises BadValue."""
    values: dict[tuple[str, str], Value] = {}
    problems: dict[str, str] = {}
    known = list(people)
    for name, text in given.items():
        fact, subject = subject_of(name, known)
        try:
            values[fact.name, subject] = read(fact, text)
        except BadValue as problem:
            problems[name] = str(problem)
    return values, problems


def current(facts: Mapping[str, Any], fact: str, subject: str) -> Value:
    """What is known now."""
    known = facts["household"] if subject == HOUSEHOLD else facts["people"][subject]
    value: Value = known.get(fact)
    return value
