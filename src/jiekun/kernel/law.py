"""The whole law as read from its folder, and the programs made from it."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from jiekun.kernel.build import build_program
from jiekun.kernel.documents import (
    Asked,
    Document,
    Parameter,
    Place,
    Reading,
    read_document,
    read_parameter,
    read_place,
    read_reading,
)
from jiekun.kernel.errors import LawError, nearest
from jiekun.kernel.facts import FactBook
from jiekun.kernel.graph import Node
from jiekun.kernel.language import Measure
from jiekun.kernel.program import Program
from jiekun.kernel.source import RuleSource, read_module
from jiekun.kernel.yamls import Located, read


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered clause of one of the five documents."""

    id: str
    kind: str
    title: str
    title_en: str
    unit: str


@dataclass(frozen=True, slots=True)
class Written:
    """A measure and where it is written."""

    measure: Measure
    place: str
    folder: str
    file: str


@dataclass(slots=True)
class Law:
    """Rules, numbers, documents and places. Made by `read_law`; never changed afterwards."""

    facts: FactBook
    places: dict[str, Place]
    documents: dict[str, Document]
    clauses: dict[str, Clause]
    readings: dict[str, Reading] = field(default_factory=dict)
    rules: dict[str, list[RuleSource]] = field(default_factory=dict)
    parameters: dict[str, list[Parameter]] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    _programs: dict[object, Program] = field(default_factory=dict)

    def chain(self, place: str) -> tuple[str, ...]:
        """A place and all it belongs to, widest first. Raises LawError for an unknown place."""
        found: list[str] = []
        code: str | None = place
        while code is not None:
            if code not in self.places:
                raise LawError(f"no place {code}", hint=nearest(code, self.places))
            found.insert(0, code)
            code = self.places[code].parent
        return tuple(found)

    def ask(
        self,
        on: date,
        place: str,
        simulate: tuple[str, ...] = (),
        readings: Mapping[str, str] | None = None,
    ) -> Asked:
        """Names the law wanted. Raises LawError for an unknown place, document or reading."""
        for document in simulate:
            if document not in self.documents:
                raise LawError(f"no document {document}", hint=nearest(document, self.documents))
        for topic, option in (readings or {}).items():
            if topic not in self.readings:
                raise LawError(f"no reading {topic}", hint=nearest(topic, self.readings))
            options = self.readings[topic].options
            if option not in options:
                raise LawError(f"{topic} has no option {option}", hint=nearest(option, options))
        chosen = tuple(sorted((readings or {}).items()))
        # A draft not yet written that day is simulated by nobody, nor are its numbers.
        written = tuple(d for d in simulate if on >= (self.documents[d].simulate_from or date.min))
        return Asked(on, place, self.chain(place), written, chosen)

    def rule(self, name: str, asked: Asked) -> RuleSource | None:
        """The rule of a name in force: the most local; a simulated draft before others there."""
        found: list[tuple[int, bool, RuleSource]] = []
        for rule in self.rules.get(name, ()):
            if rule.place in asked.chain and self.in_force(rule, asked):
                draft = self.documents[rule.document].status == "draft"
                found.append((asked.chain.index(rule.place), draft, rule))
        found.sort(key=lambda item: item[:2])
        if len(found) > 1 and found[-1][:2] == found[-2][:2]:
            first, second = found[-2][2], found[-1][2]
            raise LawError(
                f"two rules {name} are in force on {asked.on}",
                file=second.file,
                line=second.line,
                hint=f"the other stands at {first.file}:{first.line}",
            )
        return found[-1][2] if found else None

    def in_force(self, rule: RuleSource, asked: Asked) -> bool:
        """Whether a rule, its document and its reading apply."""
        if not (rule.since or date.min) <= asked.on <= (rule.until or date.max):
            return False
        if rule.reading:
            topic, _, option = rule.reading.partition(":")
            if dict(asked.readings).get(topic, self.readings[topic].default) != option:
                return False
        document, day = self.documents[rule.document], asked.on
        if rule.since and document.effective_from and rule.since < document.effective_from:
            # The clause itself reaches back to months before its document was issued.
            day = max(day, document.effective_from)
        return document.applies(day, asked.simulate)

    def cites(self, rule: RuleSource, asked: Asked) -> tuple[str, ...]:
        """What a rule cites on a day: its own clause, and those of the others in force."""
        first, *others = rule.cites
        alive = (
            cite
            for cite in others
            if self.documents[cite.split("-", 1)[0]].applies(asked.on, asked.simulate)
        )
        return (first, *alive)

    def parameter(self, name: str, asked: Asked) -> Parameter | None:
        """The most local parameter of a name that says something of the day."""
        here = [p for p in self.parameters.get(name, ()) if p.place in asked.chain]
        here.sort(key=lambda p: asked.chain.index(p.place), reverse=True)
        for parameter in here:
            if parameter.on(asked.on, asked.simulate) is not None:
                return parameter
        return here[0] if here else None

    def program(
        self,
        *,
        on: date,
        place: str,
        simulate: tuple[str, ...] = (),
        readings: Mapping[str, str] | None = None,
        given: dict[str, Node] | None = None,
        also: tuple[str, ...] = (),
        measures: bool = True,
    ) -> Program:
        """The law of a day and a place, ready to decide. Raises LawError.

        `also` names rules wanted although no measure there stands on them, alone when `measures`
        is false; `given` puts leaves in the place of rules.
        """
        asked = self.ask(on, place, simulate, readings)
        key = (asked, tuple(sorted((given or {}).items())), also, measures)
        if key not in self._programs:
            self._programs[key] = build_program(self, asked, given or {}, also, measures)
        return self._programs[key]

    def change_dates(self, place: str | None = None) -> list[date]:
        """Every day on which some rule, document or number begins to apply, there or anywhere."""
        chain = self.places if place is None else self.chain(place)
        rules = [rule for rule in self._all_rules() if rule.place in chain]
        days: set[date | None] = set()
        for document in self.documents.values():
            if document.place in chain:
                days |= {document.effective_from, _after(document.effective_to)}
                days.add(document.simulate_from)
        for rule in rules:
            days |= {rule.since, _after(rule.until)}
        for parameters in self.parameters.values():
            days |= {v.since for p in parameters if p.place in chain for v in p.values}
        return sorted(day for day in days if day is not None)

    def check(self) -> int:
        """Builds the law of every place on every day it changes, and counts. Raises LawError."""
        built = 0
        for place, chain in ((place, self.chain(place)) for place in self.places):
            drafts = tuple(
                d.id for d in self.documents.values() if d.status == "draft" and d.place in chain
            )
            for day in self.change_dates(place):
                for simulate in {(), self.ask(day, place, drafts).simulate}:
                    self.program(on=day, place=place, simulate=simulate)
                    built += 1
        return built + self._check_options()

    def _check_options(self) -> int:
        """Builds each rule that stands under a reading, on its first day, with what it asks."""
        read = [rule for rule in self._all_rules() if rule.reading]
        for rule in read:
            found = self.documents[rule.document]
            starts = found.effective_from or found.simulate_from or date.min
            topic, _, option = rule.reading.partition(":")
            self.program(
                on=max(starts, rule.since or date.min),
                place=rule.place,
                simulate=(found.id,) if found.status == "draft" else (),
                readings={topic: option},
                also=(rule.name,),
                measures=False,
            )
        return len(read)

    def _all_rules(self) -> Iterator[RuleSource]:
        for rules in self.rules.values():
            yield from rules


def _after(day: date | None) -> date | None:
    return None if day is None or day == date.max else day + timedelta(days=1)


def read_law(folder: Path, facts: FactBook) -> Law:
    """Reads every measure under `folder`. Raises LawError with file, line and the nearest name."""
    places = [read_place(raw) for raw in read(folder / "places.yaml", "places.yaml")]
    documents = [read_document(raw) for raw in read(folder / "documents.yaml", "documents.yaml")]
    law = Law(
        facts=facts,
        places={place.code: place for place in places},
        documents={document.id: document for document in documents},
        clauses={clause.id: clause for clause in _clauses(folder / "clauses.csv")},
    )
    chosen = folder / "readings.yaml"
    if chosen.exists():
        law.readings = {r.topic: r for r in map(read_reading, read(chosen, "readings.yaml"))}
    by_length = sorted(places, key=lambda p: len(p.folder), reverse=True)
    for path in sorted(folder.rglob("measure.py")):
        shown = path.relative_to(folder).as_posix()
        place = next((p.code for p in by_length if shown.startswith(p.folder + "/")), None)
        if place is None:
            raise LawError("this folder belongs to no place", file=shown, hint="see places.yaml")
        _read_measure(law, path, place, shown)
    _check_names(law)
    return law


def _clauses(path: Path) -> Iterator[Clause]:
    if path.exists():
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield Clause(row["id"], row["kind"], row["title_zh"], row["title_en"], row["unit"])


def _read_measure(law: Law, path: Path, place: str, shown: str) -> None:
    rules, measures = read_module(path, place=place, shown=shown)
    folder = shown.rsplit("/", 1)[0]
    for rule in rules:
        law.rules.setdefault(rule.name, []).append(rule)
    law.written += [Written(measure, place, folder, shown) for measure in measures]
    numbers = path.with_name("parameters.yaml")
    if not numbers.exists():
        return
    shown = f"{folder}/parameters.yaml"
    found = read(numbers, shown)
    if found is not None and not isinstance(found, Located):
        raise LawError("parameters are not a mapping of names", file=shown)
    for name, raw in (found or {}).items():
        parameter = read_parameter(name, raw, place=place, folder=folder, file=shown)
        law.parameters.setdefault(name, []).append(parameter)


def _check_names(law: Law) -> None:
    for rule in law._all_rules():
        if rule.name in law.facts or rule.name in law.parameters:
            raise LawError(
                f"{rule.name} is a rule and also a fact or a parameter",
                file=rule.file,
                line=rule.line,
            )
        _check_reading(law, rule)
        for cite in rule.cites:
            check_citation(law, cite, rule.file, rule.line)
    for name, parameters in law.parameters.items():
        if name in law.facts:
            raise LawError(
                f"{name} is a parameter and also a fact",
                file=parameters[0].file,
                line=parameters[0].line,
            )
        for parameter in parameters:
            for value in parameter.values:
                if value.cites:
                    check_citation(law, value.cites, parameter.file, value.line)
    for written in law.written:
        for name in filter(None, (written.measure.eligible, written.measure.amount)):
            if name not in law.rules:
                raise LawError(
                    f"measure {written.measure.name}: no rule {name}",
                    file=written.file,
                    line=1,
                    hint=nearest(name, law.rules),
                )


def _check_reading(law: Law, rule: RuleSource) -> None:
    if not rule.reading:
        return
    topic, _, option = rule.reading.partition(":")
    known = [f"{r.topic}:{o}" for r in law.readings.values() for o in r.options]
    if topic not in law.readings or option not in law.readings[topic].options:
        raise LawError(
            f"{rule.name}: no reading {rule.reading}",
            file=rule.file,
            line=rule.line,
            hint=nearest(rule.reading, known),
        )


def check_citation(law: Law, cite: str, file: str, line: int) -> None:
    """Refuses a clause number that no document has. Raises LawError."""
    name, _, clause = cite.partition("-")
    document = law.documents.get(name)
    if document is None:
        raise LawError(
            f"{cite}: no document {name}", file=file, line=line, hint=nearest(name, law.documents)
        )
    if document.articles is not None:
        digits = "".join(c for c in clause.split("(")[0].split(".")[0] if c.isdigit())
        if not digits or not 1 <= int(digits) <= document.articles:
            raise LawError(f"{cite}: {name} has {document.articles} articles", file=file, line=line)
    elif cite not in law.clauses:
        raise LawError(f"no clause {cite}", file=file, line=line, hint=nearest(cite, law.clauses))
