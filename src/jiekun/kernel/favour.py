"""When law from above changes, the better of the two whole benefits (W24-F3).

Only whole outcomes are compared, never the good half of each: the local law's answer and the
wider place's answer to the same question. The rule wakes only where a document of a wider place
came into force after the local document did.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jiekun.kernel.decide import Outcome, decider
from jiekun.kernel.law import Law
from jiekun.kernel.program import Program

_RANK = {"yes": 2, "ask": 1, "judge": 1, "unset": 1, "no": 0}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two answers to one measure for one subject, and the later document from above."""

    local: Outcome
    upper: Outcome
    document: str

    @property
    def better(self) -> Outcome:
        """The higher whole benefit; the local one where neither is surely higher."""
        ours, theirs = _RANK[self.local.status], _RANK[self.upper.status]
        if ours != theirs:
            return self.upper if theirs > ours else self.local
        if self.local.unit != self.upper.unit:
            return self.local
        known = self.local.amount, self.upper.amount
        higher = known[1] is not None and known[1] > (known[0] or Decimal(0))
        return self.upper if higher and known[0] is not None else self.local


def compare_with_above(
    law: Law,
    household: Mapping[str, Any],
    *,
    on: date,
    place: str,
    document: str,
    simulate: tuple[str, ...] = (),
    readings: Mapping[str, str] | None = None,
) -> list[Comparison]:
    """Every outcome where the wider law changed after `document` began to apply at `place`."""
    own = law.documents[document]
    start = own.effective_from or own.simulate_from
    above = law.places[own.place].parent
    if start is None or above is None:
        return []
    here = law.program(on=on, place=place, simulate=simulate, readings=readings)
    wider = law.program(on=on, place=above, simulate=simulate, readings=readings)
    changed = {use.measure.name: _later(law, wider, use.eligible, start) for use in wider.measures}
    theirs = {(o.measure.name, o.subject): o for o in decider(wider).decide(household).outcomes}
    return [
        Comparison(outcome, upper, later)
        for outcome in decider(here).decide(household).outcomes
        if (upper := theirs.get((outcome.measure.name, outcome.subject))) is not None
        if (later := changed[outcome.measure.name]) is not None
    ]


def _later(law: Law, program: Program, node: int, start: date) -> str | None:
    """The newest document below a node that came into force after a day."""
    graph, found, stack = program.graph, set[str](), [node]
    seen: set[int] = set()
    while stack:
        position = stack.pop()
        if position in seen:
            continue
        seen.add(position)
        current = graph[position]
        if current.op == "step":
            found.add(program.steps[str(current.value)].rule.document)
        stack += current.args
    newer = [law.documents[name] for name in found]
    newer = [d for d in newer if d.effective_from is not None and d.effective_from > start]
    return max(newer, key=lambda d: d.effective_from or start).id if newer else None
