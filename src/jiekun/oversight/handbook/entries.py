"""Entries of the handbook, built from the law of one day at one place and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from jiekun.kernel.cases import Case
from jiekun.kernel.decision import ORDERED
from jiekun.kernel.documents import DatedValue
from jiekun.kernel.language import Measure
from jiekun.kernel.law import Law
from jiekun.kernel.program import Atom, MeasureUse, Program, StepInfo
from jiekun.kernel.values import plain
from jiekun.kernel.words import phrase, unit_words

from .examples import Example, example_of, shipped_cases
from .procedures import Limit, Paper, by_itself, limits_for, papers_for, table

# Offices as chapters: whom a family meets first stands first.
_CHAPTERS = ("民政", "街道", "医保", "卫健", "教育", "人社", "残联", "住建", "房管", "应急")
_WHAT = {
    "money": "给钱",
    "hours": "给服务时数",
    "service": "给服务，不发钱",
    "insurance": "政府出保费，出了事由保险赔",
    "status": "给的是身份认定，本身不发钱",
    "goods": "给实物或者减免",
}
# A condition longer than this is named for a resident, not spelled out.
_LONG = 46


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold: named for a resident, spelled out for a caseworker."""

    plainly: str
    fully: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the law: what it is now, and what it was."""

    label: str
    value: str
    cites: str
    source: str
    history: tuple[tuple[str, str, str], ...]

    @property
    def unset(self) -> bool:
        return not self.value


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in words."""

    label: str
    text: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """A fact to find out, how to ask for it, and who can answer or must decide."""

    label: str
    question: str
    who: str
    judged: bool


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause an entry stands on."""

    cite: str
    title: str
    document: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One measure, for all three readers."""

    measure: Measure
    what: str
    draft: bool
    redrafted: bool
    conditions: tuple[Condition, ...]
    amount: RuleLine | None
    # Those the amount stands on, then all others.
    amount_numbers: tuple[Number, ...]
    other_numbers: tuple[Number, ...]
    example: Example | None
    by_itself: bool
    papers: tuple[Paper, ...]
    limits: tuple[Limit, ...]
    excludes: tuple[Measure, ...]
    rules: tuple[RuleLine, ...]
    asking: tuple[Asking, ...]
    clauses: tuple[ClauseLine, ...]

    @property
    def name(self) -> str:
        return self.measure.name

    @property
    def tag(self) -> str:
        """What a draft simulated has to do with a measure."""
        if self.draft:
            return "只在草案里"
        return "草案有改动" if self.redrafted else ""

    @property
    def unset(self) -> list[Number]:
        """Numbers nobody found: said plainly, never taken as nothing."""
        return [number for number in self.numbers if number.unset]

    @property
    def numbers(self) -> tuple[Number, ...]:
        return self.amount_numbers + self.other_numbers


@dataclass(frozen=True, slots=True)
class Book:
    """All measures of one day at one place."""

    title: str
    place: str
    on: date
    simulate: tuple[str, ...]
    chapters: tuple[tuple[str, tuple[Entry, ...]], ...]
    plain_family: str
    remedy: str
    remedy_source: str

    @property
    def entries(self) -> list[Entry]:
        return [entry for _, entries in self.chapters for entry in entries]

    @property
    def marker(self) -> str:
        """What must stand on every page of a book that takes a draft as law."""
        if not self.simulate:
            return ""
        return f"模拟 {'、'.join(self.simulate)}：草案不得据以发放"

    def entry(self, name: str) -> Entry | None:
        """The entry of a measure, if it is in force."""
        return next((entry for entry in self.entries if entry.name == name), None)


def book_of(law: Law, program: Program, cases: Iterable[Case] | None = None) -> Book:
    """The handbook of a program, written once for each."""
    book: Book | None = program.engines.get("handbook")
    if book is None or cases is not None:
        own = tuple(shipped_cases() if cases is None else cases)
        writer = _Writer(law, program, own)
        book = writer.book()
        if cases is None:
            program.engines["handbook"] = book
    return book


class _Writer:
    """Writes the entries of one program."""

    def __init__(self, law: Law, program: Program, cases: tuple[Case, ...]) -> None:
        self.law = law
        self.program = program
        self.cases = cases
        self.answers = {
            name for use in program.measures for name in (use.measure.eligible, use.measure.amount)
        } - {None}

    def book(self) -> Book:
        place = self.law.places[self.program.place].name
        written = sorted(map(self.entry, self.program.measures), key=_place_in_book)
        chapters = groupby(written, key=lambda entry: entry.measure.office)
        return Book(
            title=f"{place}分层分类社会救助政策工具书",
            place=place,
            on=self.program.on,
            simulate=self.program.simulate,
            chapters=tuple((office, tuple(entries)) for office, entries in chapters),
            plain_family="例子里没有写到的，都按一般成年人算：本区户口、身体健康、没有收入、"
            "没有残疾证，财产算超限。",
            remedy=table()["remedy"]["text"],
            remedy_source=table()["remedy"]["source"],
        )

    def entry(self, use: MeasureUse) -> Entry:
        measure = use.measure
        steps = list(self.steps(measure.eligible, measure.amount))
        names = self.inputs(steps)
        of_amount = self.near_inputs(measure.amount)
        amount = self.program.steps.get(measure.amount or "")
        return Entry(
            measure=measure,
            what=_WHAT[measure.gives],
            draft=self._draft(use),
            redrafted=any(self._of_a_draft(cite) for step in steps for cite in step.cites),
            conditions=tuple(self.condition(atom) for atom in use.atoms),
            amount=None if amount is None else self.rule(amount),
            amount_numbers=tuple(self.numbers(of_amount)),
            other_numbers=tuple(self.numbers([n for n in names if n not in of_amount])),
            example=example_of(self.program, use, self.cases),
            by_itself=by_itself(measure),
            papers=tuple(papers_for(self.law, self.program.asked, measure)),
            limits=tuple(limits_for(self.law, self.program.asked, measure)),
            excludes=tuple(self.excludes(measure)),
            rules=tuple(self.rule(step) for step in steps),
            asking=tuple(self.asking(names)),
            clauses=tuple(self.clauses(steps, measure)),
        )

    def steps(self, *answers: str | None) -> Iterator[StepInfo]:
        """The rules of a measure's answers, down to where another measure's answer begins."""
        waiting = [name for name in answers if name]
        seen = set(waiting)
        while waiting:
            step = self.program.steps[waiting.pop(0)]
            yield step
            for name in step.inputs:
                if name in self.program.steps and name not in seen | self.answers:
                    seen.add(name)
                    waiting.append(name)

    def near_inputs(self, answer: str | None) -> list[str]:
        """What an amount is made of, and what that is made of: as far as a resident asks."""
        first = self.program.steps.get(answer or "")
        if first is None:
            return []
        steps = [self.program.steps[n] for n in first.inputs if n in self.program.steps]
        return self.inputs([first, *(s for s in steps if s.name not in self.answers)])

    def inputs(self, steps: Iterable[StepInfo]) -> list[str]:
        return list(dict.fromkeys(name for step in steps for name in step.inputs))

    def numbers(self, names: Iterable[str]) -> Iterator[Number]:
        yield from (self.number(name) for name in names if name in self.program.parameters)

    def condition(self, atom: Atom) -> Condition:
        info = self.program.steps[atom.step]
        fully = self.words(atom.node)
        whole = info.body == atom.node and self.program.graph[atom.node].op not in ORDERED
        named = whole and (len(fully) > _LONG or fully.startswith("有成员（"))
        return Condition(info.label if named else fully, fully, info.cites)

    def rule(self, step: StepInfo) -> RuleLine:
        return RuleLine(step.label, self.words(step.body), step.cites)

    def words(self, node: int) -> str:
        """A rule in words, with the numbers the law itself sets."""
        return phrase(self.program, node, self._set).replace(" （", "（")

    def _set(self, node: int) -> str:
        found = self.program.graph[node]
        if found.op != "param":
            return ""
        value = self.number(str(found.value[0])).value  # type: ignore[index]
        return f"（{value or '没有查到'}）"

    def number(self, name: str) -> Number:
        use = self.program.parameters[name]
        parameter, dated = use.parameter, use.dated
        history = tuple(
            (
                _since(v),
                _shown(v, parameter.label, parameter.unit) or "没有查到",
                v.source or v.cites,
            )
            for v in reversed(parameter.values)
        )
        return Number(
            label=parameter.label,
            value="" if dated is None else _shown(dated, parameter.label, parameter.unit),
            cites="" if dated is None or "-" not in dated.cites else dated.cites,
            source="" if dated is None else dated.source,
            history=history,
        )

    def excludes(self, measure: Measure) -> Iterator[Measure]:
        """Measures not to be had together with this one, whichever of the two says so."""
        for use in self.program.measures:
            other = use.measure
            if other.name in measure.stops_with or measure.name in other.stops_with:
                yield other

    def asking(self, names: Iterable[str]) -> Iterator[Asking]:
        for name in names:
            fact = self.program.facts.get(name)
            if fact is not None:
                who = fact.judged_by or fact.answered_by
                yield Asking(fact.label, fact.question, who, bool(fact.judged_by))

    def clauses(self, steps: Iterable[StepInfo], measure: Measure) -> Iterator[ClauseLine]:
        """What an entry stands on: its rules, its limits, its papers."""
        asked = self.program.asked
        cites = [cite for step in steps for cite in step.cites]
        cites += [limit.cites for limit in limits_for(self.law, asked, measure) if limit.cites]
        cites += [paper.cites for paper in papers_for(self.law, asked, measure) if paper.cites]
        for cite in dict.fromkeys(cites):
            clause = self.law.clauses.get(cite)
            document = self.law.documents[cite.partition("-")[0]]
            yield ClauseLine(cite, clause.title if clause else "", document.title)

    def _of_a_draft(self, cite: str) -> bool:
        return cite.partition("-")[0] in self.program.simulate

    def _draft(self, use: MeasureUse) -> bool:
        """Whether a measure exists only because a draft is simulated."""
        if not self.program.simulate:
            return False
        asked = self.program.asked
        really = self.law.program(on=asked.on, place=asked.place, readings=dict(asked.readings))
        return all(other.measure.name != use.measure.name for other in really.measures)


def _place_in_book(entry: Entry) -> tuple[int, str, bool]:
    office = entry.measure.office
    known = _CHAPTERS.index(office) if office in _CHAPTERS else len(_CHAPTERS)
    return known, office, entry.draft


def _since(value: DatedValue) -> str:
    if value.draft:
        return "草案施行后"
    until = f" 至 {value.until:%Y-%m-%d}" if value.until else " 起"
    return f"{value.since:%Y-%m-%d}{until}" if value.since else ""


def _shown(value: DatedValue, label: str, unit: str) -> str:
    """A number as a reader sees it; nothing where nobody found it."""
    if value.value is None:
        return ""
    if unit == "ratio" and "比例" in label:
        return f"{plain(value.value * 100)}%"
    words = unit_words(unit)
    return plain(value.value) + (f" {words}" if words else "")
