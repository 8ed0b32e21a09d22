"""Why somebody came in or fell out between two runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Exists, OuterRef, Q

from jiekun.kernel.decide import HOUSEHOLD, Condition, decider
from jiekun.kernel.language import complete_months
from jiekun.kernel.program import Program
from jiekun.law.facts import FACTS
from jiekun.registry.models import FactRecord, Household, Membership
from jiekun.registry.queries import household_facts

from .models import Change
from .queries import program_of


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that happened between two runs and bears on a measure."""

    kind: Literal["fact", "left", "joined", "died", "age", "number"]
    on: date | None
    # Whom it is about: a name, or empty for the household or the law.
    who: str
    label: str
    # As recorded: yuan as text, a choice by its name; of a number the old and the new.
    before: str
    after: str
    source: str


@dataclass(frozen=True, slots=True)
class Why:
    """What happened, and which conditions do not hold now."""

    reasons: list[Reason]
    failing: list[Condition]


def why_changed(change: Change) -> Why:
    """Facts, members and numbers that changed between the runs, and what now stands against it."""
    run, household = change.run, change.household
    if run.previous is None or household is None:
        return Why([], [])
    program, before = program_of(run), program_of(run.previous)
    if change.measure not in {use.measure.name for use in program.measures}:
        return Why([], [])
    names = rests_on(program, change.measure)
    since, until = run.previous.on, run.on
    reasons = [
        *_members(household, since, until),
        *_recorded(household, names, since, until),
        *(_birthdays(change, household, since, until) if "birth_date" in names else []),
        *_numbers(before, program, names),
    ]
    return Why(reasons, _failing(program, change, household))


def rests_on(program: Program, measure: str) -> set[str]:
    """Every rule, fact and parameter a measure's answer and amount are worked out from."""
    use = program.measure(measure).measure
    waiting = [name for name in (use.eligible, use.amount) if name]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            if name in program.steps:
                waiting += program.steps[name].inputs
    return found


def _members(household: Household, since: date, until: date) -> list[Reason]:
    """Who came, left or died after the earlier run, up to the later."""
    rows = household.memberships.select_related("person").filter(
        Q(since__gt=since, since__lte=until) | Q(until__gt=since, until__lte=until)
    )
    found = []
    for row in rows.order_by("until", "since", "id"):
        if row.until is not None and since < row.until <= until:
            found.append(_departure(row))
        if since < row.since <= until:
            found.append(Reason("joined", row.since, row.person.name, "加入家庭", "", "", ""))
    return found


def _departure(row: Membership) -> Reason:
    died = row.person.died_on
    # Who had left before they died is told as having left: the rest is another family's matter.
    if died is not None and row.until is not None and died <= row.until:
        return Reason("died", died, row.person.name, "去世", "", "", "")
    return Reason("left", row.until, row.person.name, "离开家庭", "", "", "")


def _birthdays(change: Change, household: Household, since: date, until: date) -> list[Reason]:
    """Who turned a year older: the subject, or for a household's measure anybody in it."""
    rows = household.memberships.filter(until__isnull=True).select_related("person")
    if change.person_id is not None:
        rows = rows.filter(person=change.person_id)
    found = []
    for row in rows.order_by("person"):
        years = _years(row.person.birth_date, until)
        if years != _years(row.person.birth_date, since):
            label = f"满 {years} 周岁"
            found.append(Reason("age", None, row.person.name, label, "", "", ""))
    return found


def _years(born: date, on: date) -> int:
    return complete_months(born, on) // 12


def _recorded(household: Household, names: set[str], since: date, until: date) -> list[Reason]:
    # What became of somebody before they came or after they left is another family's matter.
    living = household.memberships.filter(
        Q(until__isnull=True) | Q(until__gt=OuterRef("as_of")),
        person=OuterRef("person"),
        since__lte=OuterRef("as_of"),
    )
    rows = (
        FactRecord.objects.filter(Q(household=household) | Exists(living))
        .filter(fact__in=names, as_of__gt=since, as_of__lte=until)
        .select_related("person")
        .order_by("as_of", "recorded_at", "id")
    )
    return [_statement(row) for row in rows]


def _statement(row: FactRecord) -> Reason:
    earlier = (
        FactRecord.objects.filter(person=row.person, household=row.household, fact=row.fact)
        .filter(Q(as_of__lt=row.as_of) | Q(as_of=row.as_of, pk__lt=row.pk))
        .order_by("-as_of", "-recorded_at", "-id")
        .first()
    )
    who = row.person.name if row.person is not None else ""
    return Reason(
        "fact",
        row.as_of,
        who,
        FACTS[row.fact].label,
        "" if earlier is None else _text(earlier),
        _text(row),
        row.source,
    )


def _text(row: FactRecord) -> str:
    """A recorded value in words."""
    fact, value = FACTS[row.fact], row.value
    if value is None:
        return "不知道"
    if isinstance(value, bool):
        return "是" if value else "否"
    return fact.choices.get(str(value), str(value))


def _numbers(before: Program, after: Program, names: set[str]) -> list[Reason]:
    """Numbers of the law that are not the same on the two days."""
    found = []
    for name in sorted(names & after.parameters.keys()):
        new, old = after.parameters[name], before.parameters.get(name)
        values = [
            None if use is None or use.dated is None else use.dated.value for use in (old, new)
        ]
        if values[0] != values[1]:
            was, now = ("未设定" if value is None else str(value) for value in values)
            since = None if new.dated is None else new.dated.since
            found.append(Reason("number", since, "", new.parameter.label, was, now, ""))
    return found


def _failing(program: Program, change: Change, household: Household) -> list[Condition]:
    """The conditions that do not hold, or are not known to hold, as things stand now."""
    subject = HOUSEHOLD if change.person_id is None else str(change.person_id)
    facts = household_facts(household)
    if not facts["people"]:
        return []
    decision = decider(program).decide(facts)
    for outcome in decision.outcomes:
        if outcome.measure.name == change.measure and outcome.subject == subject:
            return [c for c in decision.conditions(outcome) if c.holds is not True]
    return []
