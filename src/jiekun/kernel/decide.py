"""Deciding one household: outcomes for every measure, and what to ask next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import Any, Literal

from jiekun.kernel import units
from jiekun.kernel.decision import (
    HOUSEHOLD,
    Condition,
    Decision,
    Missing,
    Outcome,
    Status,
    Step,
)
from jiekun.kernel.facts import FactBook
from jiekun.kernel.graph import Graph
from jiekun.kernel.program import MeasureUse, Program
from jiekun.kernel.scalar import Run, Values, compile_run, leaf_order
from jiekun.kernel.values import PER_YEAR, encoder

# A leaf's name, whether it is a yes or no, and what reads its value.
_Leaf = tuple[str, bool, Callable[[Any], Any]]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where a measure's answer stands among the values, worked out once."""

    use: MeasureUse
    eligible: int
    mine: bool
    amount: int | None
    unit: str
    per_year: int | None
    # Conditions on the subject's own values, and on the household's behind a person's.
    own_atoms: Callable[[Values], tuple[Any, ...]]
    home_atoms: Callable[[Values], tuple[Any, ...]]
    step: str
    amount_step: str | None


class Decider:
    """Decides households under one program. Make it once, use it often."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.household_leaves, self.person_leaves = leaf_order(program)
        self._own = _leaves(program.facts, self.household_leaves)
        self._each = _leaves(program.facts, self.person_leaves)
        self.run: Run = compile_run(program)
        self.plans = [_plan(program.graph, use) for use in program.measures]

    def decide(self, household: Mapping[str, Any]) -> Decision:
        """Decides {"household": {fact: value}, "people": {key: {fact: value}}}. Raises BadValue."""
        return self.decide_encoded(*self.read(household))

    def read(self, household: Mapping[str, Any]) -> tuple[Values, list[Values], tuple[str, ...]]:
        """A household's values in leaf order, each person's, and people's keys. Raises BadValue."""
        people: Mapping[str, Mapping[str, Any]] = household["people"]
        own = _encoded(household.get("household") or {}, self._own)
        return own, [_encoded(facts, self._each) for facts in people.values()], tuple(people)

    def decide_encoded(self, own: Values, people: list[Values], keys: tuple[str, ...]) -> Decision:
        """Decides from values already in leaf order, money in fen."""
        top, each = self.run(own, people)
        decision = Decision(self.program, keys, top, each)
        for plan in self.plans:
            if plan.use.measure.to == "person":
                _for_people(decision, plan)
            else:
                decision.outcomes.append(_outcome(decision, plan, -1, HOUSEHOLD, "", 0))
        if any(outcome.missing for outcome in decision.outcomes):
            decision.missing = _rank(decision)
        return decision


def _encoded(facts: Mapping[str, Any], leaves: list[_Leaf]) -> Values:
    get, found = facts.get, []
    for name, truth, read in leaves:
        value = get(name)
        plain = value is None or (truth and (value is True or value is False))
        found.append(value if plain else read(value))
    return found


def _leaves(book: FactBook, names: list[str]) -> list[_Leaf]:
    """Leaves in order; one that is no fact is given as the engines count."""
    facts = [(name, book.get(name)) for name in names]
    return [(n, bool(f and f.kind == "bool"), encoder(f) if f else _as_it_is) for n, f in facts]


def _as_it_is(value: Any) -> Any:
    return value


def _plan(graph: Graph, use: MeasureUse) -> _Plan:
    measure = use.measure
    amount = None if use.amount is None else graph.source[use.amount]
    unit = "" if amount is None else units.text(graph[amount].unit)
    atoms = [at for at in (graph.source[a.node] for a in use.atoms) if graph[at].op != "const"]
    owned = [at for at in atoms if (graph[at].entity == "person") == (measure.to == "person")]
    return _Plan(
        use=use,
        eligible=graph.source[use.eligible],
        mine=graph[graph.source[use.eligible]].entity == "person",
        amount=amount,
        unit=unit,
        per_year=PER_YEAR.get(unit),
        own_atoms=_picker(owned),
        home_atoms=_picker([at for at in atoms if at not in owned]),
        step=measure.eligible,
        amount_step=measure.amount,
    )


def _picker(positions: list[int]) -> Callable[[Values], tuple[Any, ...]]:
    """Reads some values as a tuple, however few they are."""
    if not positions:
        return lambda _values: ()
    if len(positions) == 1:
        only = positions[0]
        return lambda values: (values[only],)
    return itemgetter(*positions)


def _for_people(decision: Decision, plan: _Plan) -> None:
    household = decision.household_values
    failing = plan.home_atoms(household).count(False)
    for person, key in enumerate(decision.keys):
        decision.outcomes.append(_outcome(decision, plan, person, key, "@" + key, failing))


def _outcome(
    decision: Decision, plan: _Plan, person: int, subject: str, at: str, failing: int
) -> Outcome:
    own = decision.people_values[person] if person >= 0 else decision.household_values
    holds = (own if plan.mine else decision.household_values)[plan.eligible]
    status: Status = "yes"
    amount: Decimal | None = None
    yearly: Decimal | None = None
    missing: tuple[str, ...] = ()
    if holds is False:
        status = "no"
        failing += plan.own_atoms(own).count(False)
    elif holds is None:
        missing = decision.missing_for(plan.eligible, person)
        status = _status(decision.program, missing)
    elif plan.amount is not None:
        amount = decision.amount(plan.amount, person)
        if amount is None:
            missing = decision.missing_for(plan.amount, person)
        elif plan.per_year is not None:
            yearly = amount * plan.per_year
    return Outcome(
        plan.use.measure,
        subject,
        status,
        amount,
        plan.unit,
        yearly,
        plan.step + at,
        plan.amount_step + at if plan.amount_step else None,
        missing,
        failing if holds is False else 0,
    )


def _status(program: Program, missing: tuple[str, ...]) -> Status:
    """What an open answer waits for first: a fact to ask, a judgment, a number nobody set."""
    kinds = {leaf_kind(program, key.partition("@")[0]) for key in missing}
    if "fact" in kinds or not kinds:
        return "ask"
    return "judge" if "judgment" in kinds else "unset"


def leaf_kind(program: Program, name: str) -> Literal["fact", "judgment", "parameter"]:
    """Who can tell what is not known: somebody asked, somebody who judges, or who sets numbers."""
    if name in program.parameters:
        return "parameter"
    fact = program.facts.get(name)
    return "judgment" if fact is not None and fact.judged_by else "fact"


def _rank(decision: Decision) -> list[Missing]:
    """What is missing, most useful first: facts a family can be asked before the rest."""
    weights: dict[str, float] = {}
    waiting: dict[str, dict[str, None]] = {}
    for outcome in decision.outcomes:
        for key in outcome.missing:
            weights[key] = weights.get(key, 0.0) + 1 / len(outcome.missing)
            waiting.setdefault(key, {})[outcome.measure.name] = None
    order = {"fact": 0, "judgment": 1, "parameter": 2}
    found = [_missing(decision.program, key, tuple(waiting[key]), weights[key]) for key in waiting]
    return sorted(found, key=lambda m: (order[m.kind], -round(m.weight, 9), m.key))


def _missing(program: Program, key: str, measures: tuple[str, ...], weight: float) -> Missing:
    name, _, subject = key.partition("@")
    kind = leaf_kind(program, name)
    label, question, ask = name, "", ""
    if kind == "parameter":
        label = program.parameters[name].parameter.label
        question, ask = f"“{label}”还没有设定", "区民政"
    elif name in program.facts:
        fact = program.facts[name]
        label, question, ask = fact.label, fact.question, fact.judged_by or fact.answered_by
    return Missing(key, kind, name, subject or HOUSEHOLD, label, question, ask, measures, weight)


def decider(program: Program) -> Decider:
    """The decider of a program, made once."""
    found: Decider | None = program.engines.get("scalar")
    if found is None:
        found = program.engines["scalar"] = Decider(program)
    return found


__all__ = [
    "HOUSEHOLD",
    "Condition",
    "Decider",
    "Decision",
    "Missing",
    "Outcome",
    "Status",
    "Step",
    "decider",
]
