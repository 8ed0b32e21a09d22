"""Change facts and see what changes; nothing is saved."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from jiekun.kernel.decide import HOUSEHOLD, Decision, Outcome, decider
from jiekun.kernel.values import BadValue
from jiekun.law.facts import FACTS
from jiekun.screening.claims import Claim, excluding, gain

from . import words
from .answers import Field, current, field, read_all
from .door import LAWS, BadQuery, Desk, desk_page, page
from .household import Known, known
from .masks import MASKED_FACT

_PLAIN = {"no": "不符合", "ask": "还缺事实", "judge": "等人判断", "unset": "标准没设定"}


@dataclass(frozen=True)
class Difference:
    """One measure of one subject that would change."""

    label: str
    who: str
    before: str
    after: str
    better: bool


@dataclass(frozen=True)
class Result:
    """What would change, measure by measure and in yuan a year for the family."""

    changed: list[str]
    law: str
    differences: list[Difference]
    before: int
    after: int

    @property
    def more(self) -> int:
        return self.after - self.before

    @property
    def less(self) -> int:
        return self.before - self.after


@desk_page()
@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The page with every fact; its answer alone where the household page asks for it."""
    at = known(desk, pk)
    given = {k: v for k, v in request.POST.items() if k not in ("csrfmiddlewaretoken", "under")}
    under = request.POST.get("under", desk.law)
    if under and under not in LAWS:
        raise BadQuery(f"没有“{under[:40]}”这套政策，可以试的是：{'、'.join(LAWS)}。")
    try:
        values, problems = read_all({k: str(v) for k, v in given.items()}, at.facts["people"])
    except BadValue as problem:
        raise BadQuery(str(problem)) from problem
    # A birthday stands behind the mask: its field is empty, and left so changes nothing.
    values = {where: v for where, v in values.items() if where[0] != MASKED_FACT or v is not None}
    result = None
    if request.method == "POST" and not problems:
        result = _result(desk, at, values, under)
    context = {"result": result, "problems": list(problems.values()), "household": at.household}
    status = 422 if problems else 200
    if getattr(request, "htmx", False):
        # htmx only swaps what came with success.
        return render(request, "desk/what_if_result.html", {"desk": desk, **context})
    groups = _groups(at, values, problems)
    return page(request, "desk/what_if.html", status, **context, groups=groups, under=under)


def _groups(
    at: Known, values: Mapping[tuple[str, str], Any], problems: Mapping[str, str]
) -> list[tuple[str, list[Field]]]:
    """Every fact the law may ask, the family's first, then each person's."""
    found = []
    for subject in (HOUSEHOLD, *at.facts["people"]):
        entity = "household" if subject == HOUSEHOLD else "person"
        who = "全家" if subject == HOUSEHOLD else at.name(subject)
        fields = []
        for fact in FACTS.of("household" if entity == "household" else "person"):
            kept = None if fact.name == MASKED_FACT else current(at.facts, fact.name, subject)
            now = values.get((fact.name, subject), kept)
            name = fact.name if subject == HOUSEHOLD else f"{fact.name}@{subject}"
            fields.append(field(fact, subject, who, now, problems.get(name, "")))
        found.append((who, fields))
    return found


def _result(desk: Desk, at: Known, values: Mapping[tuple[str, str], Any], under: str) -> Result:
    changed = {
        (name, subject): value
        for (name, subject), value in values.items()
        if value != current(at.facts, name, subject)
    }
    tried = copy.deepcopy(at.facts)
    for (name, subject), value in changed.items():
        (tried["household"] if subject == HOUSEHOLD else tried["people"][subject])[name] = value
    before = decider(desk.program).decide(at.facts)
    after = decider(desk.program_under(under)).decide(tried)
    return Result(
        changed=[
            f"{at.name(subject) if subject != HOUSEHOLD else '全家'}“{FACTS[name].label}”"
            f"改为{words.fact_words(FACTS[name], value)}"
            for (name, subject), value in changed.items()
        ],
        law=_law_words(desk.law, under),
        differences=_differences(at, before, after),
        before=_worth(before),
        after=_worth(after),
    )


def _law_words(now: str, under: str) -> str:
    if now == under:
        return ""
    return f"模拟 {under} 已施行" if under else "按现行政策"


def _differences(at: Known, before: Decision, after: Decision) -> list[Difference]:
    was = {(o.measure.name, o.subject): o for o in before.outcomes}
    becomes = {(o.measure.name, o.subject): o for o in after.outcomes}
    found = []
    for key in dict.fromkeys([*was, *becomes]):
        old, new = _words(was.get(key)), _words(becomes.get(key))
        if old != new:
            some = becomes.get(key) or was[key]
            label = some.measure.short or some.measure.label
            better = _yearly(becomes.get(key)) > _yearly(was.get(key))
            found.append(Difference(label, at.name(key[1]), old, new, better))
    # What moves money comes before what only turns from one kind of no into another.
    return sorted(found, key=lambda d: not any(c.isdigit() for c in d.before + d.after))


def _words(outcome: Outcome | None) -> str:
    if outcome is None:
        return "没有这项"
    if outcome.status != "yes":
        return _PLAIN[outcome.status]
    return words.amount(outcome.amount, outcome.unit) or "符合"


def _yearly(outcome: Outcome | None) -> int:
    return int((outcome.yearly or 0) * 100) if outcome and outcome.status == "yes" else -1


def _worth(decision: Decision) -> int:
    """Fen a year the law gives the family, what cannot be had together counted once."""
    claims = [
        Claim(o.measure.name, _person(o), int(o.yearly * 100))
        for o in decision.outcomes
        if o.status == "yes" and o.yearly
    ]
    return gain(claims, excluding(decision.program))


def _person(outcome: Outcome) -> int | None:
    return None if outcome.subject == HOUSEHOLD else int(outcome.subject)
