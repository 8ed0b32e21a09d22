"""A reform's text put together by a form: one change more at a time, always shown as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jiekun.kernel.law import Law
from jiekun.kernel.program import Program
from jiekun.kernel.words import unit_words

from . import words

BLANK = "label: 我的改动\nchanges:\n"
ADDS = ("add-parameter", "add-measure", "add-document", "add-reading")
HOWS = {
    "to": "改成",
    "more": "增加",
    "less": "减少",
    "percent_more": "提高百分之",
    "percent_less": "降低百分之",
}


class Unfinished(ValueError):
    """Something in the form is missing or cannot be used; the message is for the screen."""


def parameters(program: Program) -> list[tuple[str, str, str]]:
    """Numbers the law uses: name, label, the value now with its unit."""
    found = []
    for name, use in program.parameters.items():
        value = None if use.dated is None else use.dated.value
        now = words.amount(value, use.parameter.unit) or "没有设定"
        found.append((name, use.parameter.label, now))
    return sorted(found, key=lambda each: each[1])


def measures(program: Program) -> list[tuple[str, str]]:
    """Measures that could be taken out of force."""
    found = {use.measure.name: use.measure.label for use in program.measures}
    return sorted(found.items(), key=lambda each: each[1])


def documents(law: Law) -> list[tuple[str, str]]:
    """Documents that could be put into force: the drafts."""
    drafts = [doc for doc in law.documents.values() if doc.status == "draft"]
    return [(draft.id, draft.title) for draft in drafts]


def readings(law: Law) -> list[tuple[str, str, str]]:
    """Other ways to read unclear clauses: `topic=option`, the topic in words, the option."""
    return [
        (f"{reading.topic}={name}", reading.label, text)
        for reading in law.readings.values()
        for name, text in reading.options.items()
    ]


def added(text: str, act: str, given: Mapping[str, str], program: Program) -> str:
    """The text with one change more. Raises Unfinished."""
    text = text.rstrip() or BLANK.rstrip()
    last = [line for line in text.splitlines() if re.match(r"[^\s#-]", line)][-1:]
    if last and not last[0].startswith("changes:"):
        raise Unfinished("表单只能往文末的 changes: 里加；请把 changes: 挪到最后，或直接改文字")
    lines = {
        "add-parameter": _number,
        "add-measure": lambda given, _: [f"measure: {_picked(given, 'measure')}", "in_force: no"],
        "add-document": lambda given, _: [
            f"document: {_picked(given, 'document')}",
            "in_force: yes",
        ],
        "add-reading": _reading,
    }[act](given, program)
    return "\n".join([text, f"  - {lines[0]}", *(f"    {line}" for line in lines[1:])]) + "\n"


def _picked(given: Mapping[str, str], name: str) -> str:
    value = given.get(name, "").strip()
    if not re.fullmatch(r"[A-Za-z0-9_=]+", value):
        raise Unfinished("先从下拉框里选一项，再点“加上”")
    return value


def _reading(given: Mapping[str, str], program: Program) -> list[str]:
    topic, _, option = _picked(given, "reading").partition("=")
    return [f"reading: {topic}", f"take: {option}"]


def _number(given: Mapping[str, str], program: Program) -> list[str]:
    name, how = _picked(given, "parameter"), given.get("how", "")
    if name not in program.parameters or how not in HOWS:
        raise Unfinished("先选改哪个数、怎么改，再点“加上”")
    typed = given.get("value", "").replace(",", "").replace("，", "").strip().rstrip("%％元")
    if not re.fullmatch(r"\d+(\.\d+)?", typed):
        raise Unfinished(f"改多少要填一个数，现在是“{given.get('value', '')[:20]}”")
    unit = program.parameters[name].parameter.unit
    if how.startswith("percent"):
        return [f"parameter: {name}", f"by: {'+' if how.endswith('more') else '-'}{typed}%"]
    amount = f"{typed}%" if unit == "ratio" else f"{typed} {unit_words(unit) or unit}"
    if how == "to":
        return [f"parameter: {name}", f"to: {amount}"]
    if unit == "ratio":
        raise Unfinished("这个数是比例：请选“改成”，填百分之几；或“提高百分之”，按它自己的比例增减")
    return [f"parameter: {name}", f"by: {'+' if how == 'more' else '-'}{amount}"]
