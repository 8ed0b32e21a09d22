"""Cases: one sentence, the facts that differ from a plain household, and what must come out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import partial
from math import lcm
from pathlib import Path
from typing import Any

from jiekun.kernel import units
from jiekun.kernel.decide import HOUSEHOLD, Decision, decider
from jiekun.kernel.errors import LawError, nearest
from jiekun.kernel.facts import FactBook
from jiekun.kernel.graph import Node
from jiekun.kernel.law import Law
from jiekun.kernel.program import Program
from jiekun.kernel.values import BadValue, yuan
from jiekun.kernel.yamls import Located, read

UNKNOWN = "unknown"
ABSENT = "absent"  # the rule is not in force there that day
BASELINE = "baseline.yaml"
_WORDS = (
    "name", "date", "place", "simulate", "readings", "household", "people", "given", "expect",
    "missing", "note",
)  # fmt: skip

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One example. `household` and `people` hold what it says; `facts()` all that is known."""

    name: str
    on: date
    place: str
    simulate: tuple[str, ...]
    household: Facts
    people: tuple[Facts, ...]
    given: Facts
    expect: Facts
    missing: Mapping[str, list[str]]
    file: str
    line: int
    note: str = ""
    readings: Mapping[str, str] = field(default_factory=dict)
    plain_household: Facts = field(default_factory=dict, repr=False)
    plain_person: Facts = field(default_factory=dict, repr=False)

    def facts(self) -> dict[str, Any]:
        """The household to decide: what the case says over what a plain household is."""
        people = [dict(self.plain_person) | dict(person) for person in self.people]
        return {
            "household": dict(self.plain_household) | dict(self.household),
            "people": {f"p{number}": facts for number, facts in enumerate(people, 1)},
        }


def read_cases(path: Path) -> list[Case]:
    """The cases of one cases.yaml. Raises LawError with file and line."""
    baseline, shown = _baseline(path)
    raw = read(path, shown)
    if raw is not None and not isinstance(raw, list):
        raise LawError("cases are not a list", file=shown, line=1, hint="start each with - name:")
    cases = [case for item in raw or () for case in _each_day(item, shown, baseline)]
    for case in cases:
        if [other.name for other in cases].count(case.name) > 1:
            raise LawError(f"two cases say {case.name}", file=shown, line=case.line)
    return cases


def check_all(law: Law, cases: Sequence[Case]) -> list[str]:
    """What any case says wrongly. Cases of one day's law at one place share its program."""
    asked: dict[object, list[Case]] = {}
    for case in cases:
        choice = tuple(sorted(case.readings.items()))
        asked.setdefault((case.on, case.place, case.simulate, choice), []).append(case)
    found: dict[int, list[str]] = {}
    for group in asked.values():
        names = dict.fromkeys(name for case in group for name in _names(case))
        found |= {id(case): check(law, case, tuple(names)) for case in group}
    return [line for case in cases for line in found[id(case)]]


def _names(case: Case) -> list[str]:
    return [*case.expect, *case.missing, *case.given]


def check(law: Law, case: Case, also: tuple[str, ...] = ()) -> list[str]:
    """What the case says wrongly of the law, a line each; nothing when it holds.

    `also` names what the program may hold beside what the case speaks of.
    """
    where = f"{case.file}:{case.line} {case.name}: "
    wrong = [*_strangers(law.facts, case), *_nameless(law, case)]
    if not wrong:
        try:
            wrong = list(_differences(law, case, also))
        except (LawError, BadValue) as error:
            wrong = [str(error)]
    return [where + line for line in wrong]


def _baseline(path: Path) -> tuple[Mapping[str, Any], str]:
    """The nearest baseline above a file, and the file's name as seen from there."""
    for folder in path.parents:
        if (folder / BASELINE).exists():
            return read(folder / BASELINE, BASELINE) or {}, path.relative_to(folder).as_posix()
    return {}, path.name


def _each_day(raw: Any, file: str, baseline: Mapping[str, Any]) -> Iterator[Case]:
    """One case; or, where `over_time` tells a number's values by day, one for each day."""
    if not isinstance(raw, Located) or "over_time" not in raw:
        yield _case(raw, file, baseline)
        return
    raw.only("name", "place", "simulate", "readings", "over_time", "note")
    days: dict[str, dict[str, Any]] = {}
    for name, values in raw["over_time"].items():
        for day, value in values.items():
            days.setdefault(day, {})[name] = value
    for day, expect in days.items():
        one = Located({word: raw[word] for word in raw if word != "over_time"})
        one.file, one.line = raw.file, raw.line
        try:
            on = date.fromisoformat(day)
        except ValueError:
            raise raw.error(f"over_time: {day!r} is not a date", "write YYYY-MM-DD") from None
        one |= {"name": f"{raw.need('name')}（{day}）", "date": on, "expect": expect}
        yield _case(one, file, baseline)


def _case(raw: Any, file: str, baseline: Mapping[str, Any]) -> Case:
    if not isinstance(raw, Located):
        raise LawError("a case is not a mapping", file=file, line=1, hint="write - name: ...")
    raw.only(*_WORDS)
    on = raw.need("date")
    if type(on) is not date:
        raise raw.error(f"date is {on!r}", "write YYYY-MM-DD")
    if not raw.need("expect"):
        raise raw.error("a case that expects nothing cannot fail", "say what comes out")
    return Case(
        name=str(raw.need("name")),
        on=on,
        place=str(raw.need("place")),
        simulate=tuple(raw.get("simulate") or ()),
        household=raw.get("household") or {},
        people=tuple(person or {} for person in raw.get("people") or [{}]),
        given=raw.get("given") or {},
        expect=raw["expect"],
        missing=raw.get("missing") or {},
        file=file,
        line=raw.line,
        note=str(raw.get("note") or ""),
        readings=raw.get("readings") or {},
        plain_household=baseline.get("household") or {},
        plain_person=baseline.get("person") or {},
    )


def _strangers(book: FactBook, case: Case) -> Iterator[str]:
    """Facts nobody declared, or said of the wrong one."""
    groups: list[tuple[str, Facts]] = [("household", case.household)]
    groups += [("person", person) for person in case.people]
    for entity, facts in groups:
        names = [fact.name for fact in book.values() if fact.entity == entity]
        for name in facts:
            if name not in names:
                yield f"no {entity} fact {name} {nearest(name, names)}".rstrip()


def _nameless(law: Law, case: Case) -> Iterator[str]:
    """What a case asks after that no law anywhere calls so."""
    known = {*law.rules, *law.parameters, *law.facts}
    for name, expected in [
        *case.expect.items(),
        *((n, None) for n in (*case.missing, *case.given)),
    ]:
        if name not in known and expected != ABSENT:
            yield f"nothing is named {name} {nearest(name, known)}".rstrip()


def _differences(law: Law, case: Case, also: tuple[str, ...]) -> Iterator[str]:
    # Only what the case speaks of is built: quick, and a case stands on nothing else.
    ask = partial(
        law.program,
        on=case.on,
        place=case.place,
        simulate=case.simulate,
        readings=case.readings,
        also=also if also and not case.given else tuple(dict.fromkeys(_names(case))),
        measures=False,
    )
    program, facts = ask(), case.facts()
    if case.given:
        nodes = {name: _given_node(program, name, value) for name, value in case.given.items()}
        values = {name: _given_value(nodes[name], value) for name, value in case.given.items()}
        program = ask(given=nodes)
        facts["household"] |= values
    decision = decider(program).decide(facts)
    for name, expected in case.expect.items():
        yield from _compare(decision, name, expected)
    for name, leaves in case.missing.items():
        found = _missing(decision, name)
        if found != set(leaves):
            yield f"{name} waits for {sorted(found)}, not {sorted(leaves)}"


def _given_node(program: Program, name: str, value: Any) -> Node:
    """A leaf standing in for a rule or parameter, of the same kind and unit, as fine as needed."""
    node = program.graph[_position(program, name)]
    if node.entity == "person":
        raise LawError(f"given {name}: only a household's value can be given, not a person's")
    den, bound = node.den or 1, node.bound
    if node.op == "param" and value is not None:
        # A share nobody found has no parts yet; the case's own value says how fine it is.
        exact = Fraction(str(value)) * (100 if units.is_money(node.unit) else 1)
        den = lcm(den, exact.denominator)
        bound = max(bound * (den // (node.den or 1)), abs(exact.numerator))
    return Node("given", (), node.kind, "household", name, node.unit, den, bound, den, node.choices)


def _given_value(node: Node, value: Any) -> Any:
    if value is None or node.kind in ("bool", "date"):
        return value
    if node.kind == "choice":
        return node.choices.index(value)
    scaled = Fraction(str(value)) * (node.den or 1) * (100 if units.is_money(node.unit) else 1)
    if scaled.denominator != 1:
        raise LawError(f"given {node.value}: {value} is not exact here")
    return scaled.numerator


def _position(program: Program, name: str) -> int:
    try:
        return program.node_of(name)
    except KeyError:
        where = f"on {program.on} in {program.place}"
        raise LawError(f"nothing named {name} is in force {where}") from None


def _compare(decision: Decision, name: str, expected: Any) -> Iterator[str]:
    if expected == ABSENT:
        used = decision.program.parameters.get(name)
        if name in decision.program.steps or (used is not None and used.dated is not None):
            yield f"{name} is in force"
        return
    node = decision.program.graph[_position(decision.program, name)]
    subjects = decision.keys if node.entity == "person" else (HOUSEHOLD,)
    wanted = expected if isinstance(expected, list) else [expected] * len(subjects)
    if len(wanted) != len(subjects):
        yield f"{name} has {len(subjects)} values, {len(wanted)} are expected"
        return
    for subject, want in zip(subjects, wanted, strict=True):
        found = decision.value(name, subject)
        if not _same(found, want):
            who = "" if subject == HOUSEHOLD else f" of {subject}"
            shown = _shown(found)
            yield f"{name}{who} is {shown}, not {want}"


def _same(found: Any, want: Any) -> bool:
    if found is None or want in (None, UNKNOWN):
        return found is None and want in (None, UNKNOWN)
    if isinstance(found, bool) or isinstance(want, bool):
        return found is want
    if isinstance(found, Fraction):
        try:
            return _hundredths(found) == Decimal(str(want))
        except InvalidOperation:
            return False
    return bool(found == want)


def _hundredths(value: Fraction) -> Decimal:
    return yuan(value.numerator * 100, value.denominator)


def _shown(found: Any) -> str:
    if found is None:
        return UNKNOWN
    return f"{_hundredths(found):f}" if isinstance(found, Fraction) else str(found)


def _missing(decision: Decision, name: str) -> set[str]:
    """Names of the leaves a value waits for, whosever they are."""
    position = _position(decision.program, name)
    person = decision.program.graph[position].entity == "person"
    subjects = range(len(decision.keys)) if person else [-1]
    keys = [key for i in subjects for key in decision.missing_for(position, i)]
    return {key.partition("@")[0] for key in keys}
