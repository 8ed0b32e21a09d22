"""Where a number comes from: its steps, down to facts with their source and clauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiekun.kernel.decide import HOUSEHOLD, Decision, Outcome, decider
from jiekun.kernel.standing_on import ReadingUse, readings_used
from jiekun.kernel.words import value_words
from jiekun.law.facts import FACTS
from jiekun.registry.queries import Provenance, provenance

from . import words
from .door import Desk, desk_page, page
from .household import Known, known
from .reasons import Reason, reasons

_STATUS = {
    "yes": ("give", "符合"),
    "no": ("stop", "不符合"),
    "ask": ("ask", "还缺事实"),
    "judge": ("ask", "等人判断"),
    "unset": ("ask", "标准没设定"),
}


@dataclass
class Branch:
    """One step, fact or parameter, and what it was worked out from."""

    label: str
    who: str
    value: str
    text: str = ""
    cites: tuple[str, ...] = ()
    origin: str = ""
    unknown: bool = False
    above: bool = False
    below: list[Branch] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """One subject's answer with reasons and the tree below it."""

    who: str
    kind: str
    status: str
    amount: str
    reasons: list[Reason]
    trees: list[Branch]
    anchor: str


@desk_page("who")
@require_safe
def why(request: HttpRequest, desk: Desk, pk: int, measure: str) -> HttpResponse:
    """The page that takes a measure apart for one family."""
    at = known(desk, pk)
    decision = decider(desk.program).decide(at.facts)
    found = [o for o in decision.outcomes if o.measure.name == measure]
    if not found:
        raise Http404
    who = request.GET.get("who", "")
    if who and who not in {o.subject for o in found}:
        raise Http404
    sources = provenance(at.household)
    order = {"yes": 0, "ask": 1, "judge": 1, "unset": 1, "no": 2}
    found.sort(key=lambda o: (o.subject != who, order[o.status], o.failing))
    answers = [_answer(decision, at, outcome, sources) for outcome in found]
    return page(
        request,
        "desk/why.html",
        household=at.household,
        measure=found[0].measure,
        answers=answers,
        readings=_readings(desk, measure),
        keep_address=True,
    )


def _readings(desk: Desk, measure: str) -> list[ReadingUse]:
    """How the unclear clauses behind this measure were read."""
    use = desk.program.measure(measure)
    return readings_used(desk.chosen.law, desk.program, use)


def _answer(
    decision: Decision, at: Known, outcome: Outcome, sources: Mapping[tuple[str, str], Provenance]
) -> Answer:
    kind, status = _STATUS[outcome.status]
    tree = _Tree(decision, at, sources)
    wanted = [outcome.step, outcome.amount_step if outcome.status != "no" else None]
    return Answer(
        who=at.name(outcome.subject),
        kind=kind,
        status=status,
        amount=words.amount(outcome.amount, outcome.unit),
        reasons=reasons(decision, outcome),
        trees=[tree.grow(key) for key in wanted if key],
        anchor=outcome.subject,
    )


class _Tree:
    """Grows the steps below a number; what was shown once is not shown again."""

    def __init__(
        self, decision: Decision, at: Known, sources: Mapping[tuple[str, str], Provenance]
    ) -> None:
        self.decision, self.at, self.sources = decision, at, sources
        self.shown: set[str] = set()

    def grow(self, key: str) -> Branch:
        name, _, subject = key.partition("@")
        program = self.decision.program
        who = self.at.name(subject) if subject else ""
        if name in program.parameters:
            return self._parameter(name)
        if name not in program.steps:
            return self._fact(name, subject or HOUSEHOLD, who)
        step = self.decision.step(key)
        branch = Branch(step.label, who, step.words, cites=step.cites, unknown=step.value is None)
        branch.above = key in self.shown
        if not branch.above:
            self.shown.add(key)
            text = words.arithmetic(step.text)
            branch.text = text if text != step.words.split(" ")[0] else ""
            branch.below = [self.grow(below) for below in step.inputs]
        return branch

    def _fact(self, name: str, subject: str, who: str) -> Branch:
        program = self.decision.program
        fact, position = FACTS[name], program.leaves[name]
        person = -1 if subject == HOUSEHOLD else self.decision.keys.index(subject)
        node = program.graph[position]
        read = self.decision.number if node.kind == "number" else self.decision.raw
        value = read(position, person)
        return Branch(
            fact.label,
            who,
            value_words(program, node, value),
            origin=self._origin(name, subject),
            unknown=value is None,
        )

    def _origin(self, name: str, subject: str) -> str:
        fact = FACTS[name]
        found = self.sources.get((subject, name))
        if found is None:
            return f"由{fact.judged_by}决定" if fact.judged_by else f"可问{fact.answered_by}"
        if found.as_of is None:
            return f"{found.source}提供，日期没有记"
        return f"{found.source}，截至 {found.as_of.isoformat()}"

    def _parameter(self, name: str) -> Branch:
        use = self.decision.program.parameters[name]
        dated = use.dated
        if dated is None or dated.value is None:
            source = dated.source if dated else "没有查到"
            return Branch(use.parameter.label, "", "还没有设定", unknown=True, origin=source)
        since = f"{dated.since.isoformat()} 起" if dated.since else "草案施行后"
        origin = "，".join(filter(None, (since, dated.source)))
        cites = (dated.cites,) if dated.cites else ()
        value = words.amount(dated.value, use.parameter.unit)
        return Branch(use.parameter.label, "", value, cites=cites, origin=origin)
