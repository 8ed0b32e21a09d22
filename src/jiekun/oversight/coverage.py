"""Every clause of the five documents, and what carries it out.

Rules and numbers are found in the law by what they cite. What the law cannot hold (procedures,
services, data, reports, offices' own duties) stands in coverage.yaml, a line a clause, and points
at the code that does it. A clause is never said to run beyond what its pointers show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from jiekun.kernel.cases import Case
from jiekun.kernel.errors import LawError, nearest
from jiekun.kernel.law import Clause, Law
from jiekun.kernel.yamls import Located, read
from jiekun.law import load

from .pointers import Dangling, Pointer, read_pointer, to_parameter, to_rule

State = Literal["runs", "partly", "to_come", "not_for_a_computer"]
How = Literal[
    "measure",
    "procedure_step",
    "clock",
    "service",
    "data_duty",
    "report",
    "organisational_duty",
]
STATES: tuple[State, ...] = get_args(State)
HOWS: tuple[How, ...] = get_args(How)
BY_LAW = "by_law"
WRITTEN = Path(__file__).with_name("coverage.yaml")
# Clauses of these kinds are law that is worked out; the others ask for something done.
LAW_KINDS = frozenset({"CE", "CA", "CQ"})
KIND_HOW: Mapping[str, How] = {
    "CE": "measure",
    "CA": "measure",
    "CQ": "measure",
    "WF": "procedure_step",
    "DL": "clock",
    "SV": "service",
    "DS": "data_duty",
    "RP": "report",
    "OR": "organisational_duty",
}
# Rooms that will carry out what is to come, by the words a reader knows them by.
ROOMS: Mapping[str, str] = {
    "law": "法规规则",
    "offices": "机构与人员",
    "exchange": "数据交换与核对",
    "dispatch": "转办协同",
    "casework": "受理审核",
    "payments": "发放",
    "relief": "临时救助",
    "funds": "资金账",
    "watch": "监测预警",
    "hotline": "民呼我应",
    "care": "服务工单",
    "support": "社会力量",
    "oversight": "监督与报表",
    "sites.portal": "居民端",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of coverage.yaml: how the part of a clause that is no rule stands."""

    clause: str
    # None: the clause's rules carry this part too, by their own dates.
    state: State | None
    how: tuple[How, ...]
    objects: tuple[Pointer, ...]
    tests: tuple[str, ...]
    room: str
    note: str
    # Whether the entry speaks for the law in the clause too.
    whole: bool


@dataclass(frozen=True, slots=True)
class Covered:
    """A clause and how it is carried out. `room` builds what is missing; `note` says what is."""

    clause: Clause
    state: State
    how: tuple[How, ...]
    objects: tuple[Pointer, ...]
    room: str = ""
    note: str = ""
    tests: tuple[str, ...] = ()
    cases: tuple[str, ...] = field(default=(), repr=False)

    @property
    def document(self) -> str:
        """The document the clause is one of."""
        return self.clause.id.split("-", 1)[0]

    @property
    def gives(self) -> bool:
        """Whether some of the clause is law that is worked out."""
        return bool(LAW_KINDS & kinds(self.clause))


def kinds(clause: Clause) -> set[str]:
    """CE, WF …: what sorts of thing a clause says."""
    return set(clause.kind.split("+"))


def coverage(
    law: Law,
    *,
    entries: Mapping[str, Entry] | None = None,
    cases: Iterable[Case] = (),
) -> list[Covered]:
    """Every clause with its one state, in the documents' order. Raises LawError."""
    known = read_entries(law) if entries is None else entries
    carried = _carried(law)
    exercised = exercising(law, cases)
    return [
        _covered(clause, carried.get(clause.id, ()), known.get(clause.id), exercised)
        for clause in law.clauses.values()
    ]


def dangling(law: Law, found: Iterable[Covered]) -> list[str]:
    """What points at nothing, a line each."""
    wrong = []
    for covered in found:
        for pointer in covered.objects:
            try:
                pointer.resolve(law)
            except Dangling as error:
                wrong.append(f"{covered.clause.id}: {error}")
    return wrong


def exercising(law: Law, cases: Iterable[Case]) -> dict[str, list[Case]]:
    """By clause: the cases whose answer stands on a rule or number that cites it."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        program = law.program(
            on=case.on,
            place=case.place,
            simulate=case.simulate,
            readings=case.readings,
            also=tuple(dict.fromkeys([*case.expect, *case.missing, *case.given])),
            measures=False,
        )
        cites = {cite for step in program.steps.values() for cite in step.cites}
        cites |= {use.dated.cites for use in program.parameters.values() if use.dated}
        for cite in cites & law.clauses.keys():
            found.setdefault(cite, []).append(case)
    return found


# -- one clause


def _covered(
    clause: Clause,
    carried: Iterable[Pointer],
    entry: Entry | None,
    exercised: Mapping[str, list[Case]],
) -> Covered:
    by_law = tuple(carried)
    states = list(_states(clause, bool(by_law), entry))
    missing = entry.note if entry else ""
    room = entry.room if entry else ""
    if not by_law and LAW_KINDS & kinds(clause) and not (entry and entry.whole):
        missing, room = f"规则还没有写。{missing}", room or "law"
    return Covered(
        clause=clause,
        state=_joined(states),
        how=_how(clause, bool(by_law), entry),
        objects=by_law + (entry.objects if entry else ()),
        room=room,
        note=missing,
        tests=entry.tests if entry else (),
        cases=tuple(f"{c.file}:{c.line} {c.name}" for c in exercised.get(clause.id, ())),
    )


def _states(clause: Clause, by_law: bool, entry: Entry | None) -> Iterator[State]:
    """How the clause's law stands, and how the rest of it does."""
    if by_law:
        yield "runs"
    elif LAW_KINDS & kinds(clause) and not (entry and entry.whole):
        yield "to_come"
    if entry is not None:
        yield entry.state or ("runs" if by_law else "to_come")
    elif kinds(clause) - LAW_KINDS:
        raise LawError(f"clause {clause.id} ({clause.kind}) has no entry", file=WRITTEN.name)


def _joined(states: list[State]) -> State:
    if len(set(states)) == 1:
        return states[0]
    if {"runs", "partly"} & set(states):
        return "partly"
    return "to_come"


def _how(clause: Clause, by_law: bool, entry: Entry | None) -> tuple[How, ...]:
    found: list[How] = ["measure"] if by_law else []
    rest = (KIND_HOW[kind] for kind in clause.kind.split("+"))
    found += entry.how if entry and entry.how else rest
    return tuple(dict.fromkeys(found))


def _carried(law: Law) -> dict[str, list[Pointer]]:
    """By clause: every rule that cites it and every number that does."""
    found: dict[str, list[Pointer]] = {}
    for rules in law.rules.values():
        for rule in rules:
            for cite in rule.cites:
                found.setdefault(cite, []).append(to_rule(rule))
    for parameters in law.parameters.values():
        for parameter in parameters:
            for cite in {value.cites for value in parameter.values}:
                found.setdefault(cite, []).append(to_parameter(parameter))
    return {cite: list(dict.fromkeys(pointers)) for cite, pointers in found.items()}


# -- coverage.yaml


def read_entries(law: Law, path: Path = WRITTEN) -> dict[str, Entry]:
    """Every entry by clause. Raises LawError with file, line and the nearest right word."""
    raw = read(path, path.name)
    if not isinstance(raw, Located):
        raise LawError("coverage is not a mapping of clauses", file=path.name, line=1)
    for clause in raw:
        if clause not in law.clauses:
            raise raw.error(f"no clause {clause}", nearest(clause, law.clauses))
    return {clause: _entry(law.clauses[clause], found, raw) for clause, found in raw.items()}


def _entry(clause: Clause, raw: Any, whole: Located) -> Entry:
    if not isinstance(raw, Located):
        raise whole.error(f"{clause.id} is not a mapping", "write {state: ..., note: ...}")
    raw.only("state", "how", "objects", "tests", "room", "note", "whole")
    entry = Entry(
        clause=clause.id,
        state=None if raw.need("state") == BY_LAW else _one_of(raw, raw["state"], STATES),
        how=tuple(_one_of(raw, how, HOWS) for how in raw.get("how") or ()),
        objects=tuple(map(read_pointer, raw.get("objects") or ())),
        tests=tuple(raw.get("tests") or ()),
        room=_one_of(raw, raw.get("room"), tuple(ROOMS)) if "room" in raw else "",
        note=raw.get("note") or "",
        whole=bool(raw.get("whole")),
    )
    _check_words(entry, raw, gives=bool(LAW_KINDS & kinds(clause)))
    return entry


def _one_of(raw: Located, word: Any, known: tuple[Any, ...]) -> Any:
    if word not in known:
        raise raw.error(f"{word} is none of {', '.join(known)}", nearest(str(word), known))
    return word


def _check_words(entry: Entry, raw: Located, *, gives: bool) -> None:
    """What runs shows it, what is missing says so and by whom, and nothing claims both."""
    works = entry.state in ("runs", "partly")
    if works and not entry.objects:
        raise raw.error(f"{entry.clause} {entry.state}, but points at nothing", "add objects")
    if works and not entry.tests:
        raise raw.error(f"{entry.clause} {entry.state}, but names no test", "add tests")
    # A number of the law that no rule uses is held by a test of its own.
    if not works and (entry.objects or (entry.tests and not gives)):
        raise raw.error(f"{entry.clause} is {entry.state}, yet points at something")
    if (entry.state in ("to_come", "partly")) != bool(entry.room):
        raise raw.error(f"{entry.clause} {entry.state}: room says who builds what is missing")
    if entry.state not in ("runs", None) and not entry.note:
        raise raw.error(f"{entry.clause} {entry.state}, but nobody says why", "add note")


@cache
def shipped() -> tuple[Covered, ...]:
    """The shipped law's coverage, worked out once."""
    return tuple(coverage(load()))
