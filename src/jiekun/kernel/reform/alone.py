"""One measure put into force by itself, without the rest of the document it stands in."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date

from jiekun.kernel.documents import Asked, DatedValue
from jiekun.kernel.law import Law, Written
from jiekun.kernel.source import RuleSource


def alone(law: Law, asked: Asked, written: Written) -> tuple[Law, tuple[str, ...]] | None:
    """The law with this measure of a draft in force, and the drafts then simulated.

    Of the draft only what the measure cannot do without is kept: its own folder's rules, and
    rules and numbers that the law in force has no other of. None if it stands in no draft.
    """
    drafts = {
        rule.document
        for rule in law.rules.get(written.measure.eligible, ())
        if rule.place in asked.chain and law.documents[rule.document].status == "draft"
    }
    ready = [d for d in drafts if asked.on >= (law.documents[d].simulate_from or date.min)]
    if len(ready) != 1:
        return None
    draft = ready[0]
    whole = replace(asked, simulate=(*asked.simulate, draft))
    kept, numbers = _needed(law, asked, whole, written)
    rules = {
        name: [r for r in there if r.document != draft or id(r) in kept]
        for name, there in law.rules.items()
    }
    parameters = {
        name: there
        if name in numbers
        else [replace(p, values=tuple(v for v in p.values if not _of(v, draft))) for p in there]
        for name, there in law.parameters.items()
    }
    return replace(law, rules=rules, parameters=parameters, _programs={}), whole.simulate


def _of(value: DatedValue, draft: str) -> bool:
    return value.draft and value.document == draft


def _needed(law: Law, now: Asked, whole: Asked, written: Written) -> tuple[set[int], set[str]]:
    """The draft's rules (by identity) and the parameters a measure stands on."""
    kept: set[int] = set()
    numbers: set[str] = set()
    seen: set[str] = set()
    waiting = [name for name in (written.measure.eligible, written.measure.amount) if name]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        rule = law.rule(name, whole)
        if rule is None:
            parameter = law.parameter(name, now)
            bare = parameter is None or parameter.on(now.on, now.simulate) is None
            if bare or any(p.folder == written.folder for p in law.parameters.get(name, ())):
                numbers.add(name)
            continue
        plain = law.rule(name, now)
        if plain is not None and rule.folder != written.folder:
            rule = plain
        kept.add(id(rule))
        waiting += _names(rule)
    return kept, numbers


def _names(rule: RuleSource) -> list[str]:
    """The names a rule reads, its own and what it asks of each person."""
    asked = [
        node.attr
        for statement in rule.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Attribute)
    ]
    return [name for name, _ in rule.arguments] + asked
