"""Mutation testing of the law: change one thing at a time, and see that a case notices.

Every comparison, connective, number, truth value, set member and sign in a rule is changed, and
every number and date of a parameter, a rule and a document. A mutant is caught when the law no
longer builds or a case fails; a survivor is a thing the law says that no case holds it to.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from jiekun.kernel.cases import Case, check
from jiekun.kernel.documents import DatedValue, Document, Parameter
from jiekun.kernel.errors import LawError
from jiekun.kernel.law import Law
from jiekun.kernel.source import RuleSource

_EDGE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_TURN: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt,
}  # fmt: skip
_OTHER = {"min": "max", "max": "min", "any": "all", "all": "any"}
_DAY = timedelta(days=1)

Change = Callable[[ast.AST], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed law. `name` is the rule or parameter changed; `what` says how."""

    name: str
    file: str
    line: int
    what: str
    law: Law


def mutants(law: Law) -> Iterator[Mutant]:
    """Every mutant of a law, one change each."""
    for name, rules in law.rules.items():
        for position, rule in enumerate(rules):
            for what, line, changed in _rule_mutants(rule):
                others = [*rules[:position], changed, *rules[position + 1 :]]
                mutated = replace(law, rules=law.rules | {name: others}, _programs={})
                yield Mutant(name, rule.file, line, what, mutated)
    for name, parameters in law.parameters.items():
        for position, parameter in enumerate(parameters):
            for what, line, altered in _parameter_mutants(law, parameter):
                rest = [*parameters[:position], altered, *parameters[position + 1 :]]
                mutated = replace(law, parameters=law.parameters | {name: rest}, _programs={})
                yield Mutant(name, parameter.file, line, what, mutated)
    for document in law.documents.values():
        for what, shifted in _document_mutants(law, document):
            mutated = replace(law, documents=law.documents | {document.id: shifted}, _programs={})
            yield Mutant(document.id, "documents.yaml", 0, what, mutated)


def caught_by(mutant: Mutant, cases: list[Case]) -> Case | None:
    """The first case that notices a mutant; None when it survives."""
    for case in cases:
        try:
            if check(mutant.law, case):
                return case
        except (LawError, KeyError, ZeroDivisionError):
            return case
    return None


class CaseIndex:
    """Which cases can notice a change: those whose law stands on the changed name."""

    def __init__(self, law: Law, cases: list[Case]) -> None:
        self.cases = cases
        self.by_name: dict[str, list[Case]] = {}
        for case in cases:
            names = (*case.expect, *case.missing, *case.given)
            program = law.program(
                on=case.on,
                place=case.place,
                simulate=case.simulate,
                readings=case.readings,
                also=names,
                measures=False,
            )
            for name in {*program.steps, *program.parameters}:
                self.by_name.setdefault(name, []).append(case)

    def for_mutant(self, law: Law, mutant: Mutant) -> list[Case]:
        """Nearest first: cases beside the rule, then others that use it or name it."""
        if mutant.name in law.documents:
            return self.cases
        folder = mutant.file.rsplit("/", 1)[0] + "/"
        using = self.by_name.get(mutant.name, [])
        naming = [c for c in self.cases if mutant.name in c.expect]
        near = [c for c in self.cases if c.file.startswith(folder)]
        ordered = {id(c): c for c in [*(c for c in using if c in near), *near, *using, *naming]}
        return list(ordered.values())


# -- rules


def _rule_mutants(rule: RuleSource) -> Iterator[tuple[str, int, RuleSource]]:
    spots = list(_spots(rule.body))
    for index, what, change in spots:
        body = copy.deepcopy(rule.body)
        node = list(_walk(body))[index]
        change(node)
        yield what, getattr(node, "lineno", rule.line), replace(rule, body=body)
    for word in ("since", "until"):
        day = getattr(rule, word)
        if day is not None:
            for shift in (-_DAY, _DAY):
                moved = replace(rule, **{word: day + shift})
                yield f"{word} {day} → {day + shift}", rule.line, moved


def _walk(body: tuple[ast.stmt, ...]) -> Iterator[ast.AST]:
    for statement in body:
        yield from ast.walk(statement)


def _spots(body: tuple[ast.stmt, ...]) -> Iterator[tuple[int, str, Change]]:
    """(position in the walk, what changes, how) for every change of a rule's body."""
    for index, node in enumerate(_walk(body)):
        for what, change in _changes(node):
            yield index, what, change


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Compare):
        yield from _compare_changes(node)
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{type(node.op).__name__} → {other.__name__}", _setter("op", other)
    elif isinstance(node, ast.BinOp):
        swap = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
        other_op = swap[type(node.op)]
        yield f"{type(node.op).__name__} → {other_op.__name__}", _setter("op", other_op)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "drops not", _double_not
    elif isinstance(node, ast.IfExp | ast.If):
        yield "turns the test round", _negate_test
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _OTHER:
        yield f"{node.func.id} → {_OTHER[node.func.id]}", _rename_call
    elif isinstance(node, ast.Constant):
        yield from _constant_changes(node)
    elif isinstance(node, ast.Set) and len(node.elts) > 1:
        for place, element in enumerate(node.elts):
            yield f"drops {ast.unparse(element)} from the set", _dropper(place)


def _compare_changes(node: ast.Compare) -> Iterator[tuple[str, Change]]:
    for place, op in enumerate(node.ops):
        for table in (_EDGE, _TURN):
            if type(op) in table:
                other = table[type(op)]
                yield f"{type(op).__name__} → {other.__name__}", _comparer(place, other)


def _constant_changes(node: ast.Constant) -> Iterator[tuple[str, Change]]:
    if isinstance(node.value, bool):
        yield f"{node.value} → {not node.value}", _setter_value("value", not node.value)
    elif isinstance(node.value, int):
        for value in (node.value + 1, node.value - 1):
            yield f"{node.value} → {value}", _setter_value("value", value)


def _setter(field: str, kind: type[ast.AST]) -> Change:
    return lambda node: setattr(node, field, kind())


def _setter_value(field: str, value: object) -> Change:
    return lambda node: setattr(node, field, value)


def _comparer(place: int, kind: type[ast.cmpop]) -> Change:
    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.Compare)
        node.ops[place] = kind()

    return change


def _dropper(place: int) -> Change:
    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.Set)
        del node.elts[place]

    return change


def _double_not(node: ast.AST) -> None:
    assert isinstance(node, ast.UnaryOp)
    node.operand = ast.copy_location(ast.UnaryOp(ast.Not(), node.operand), node)


def _negate_test(node: ast.AST) -> None:
    assert isinstance(node, ast.IfExp | ast.If)
    node.test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)


def _rename_call(node: ast.AST) -> None:
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    node.func.id = _OTHER[node.func.id]


# -- numbers and dates


def _parameter_mutants(law: Law, parameter: Parameter) -> Iterator[tuple[str, int, Parameter]]:
    for position, value in enumerate(parameter.values):
        for what, changed in _value_mutants(value):
            values = [*parameter.values[:position], changed, *parameter.values[position + 1 :]]
            yield what, value.line, replace(parameter, values=tuple(values))
    yield from _border_mutants(law, parameter)


def _value_mutants(value: DatedValue) -> Iterator[tuple[str, DatedValue]]:
    if value.value is None:
        yield "null → 1", replace(value, value=Decimal(1))
        return
    step = Decimal(1).scaleb(min(0, int(value.value.as_tuple().exponent)))
    for number in (value.value + step, value.value - step):
        yield f"{value.value} → {number}", replace(value, value=number)


def _border_mutants(law: Law, parameter: Parameter) -> Iterator[tuple[str, int, Parameter]]:
    """The day one value gives way to the next, a day earlier and a day later."""
    dated = sorted((v for v in parameter.values if not v.draft), key=lambda v: v.since or date.min)
    drafts = [v for v in parameter.values if v.draft]
    for place, value in enumerate(dated):
        if value.since is None or _before(law, parameter, value.since) == value.value:
            # The same number, or as little known, the day before: no case could tell.
            continue
        for shift in (-_DAY, _DAY):
            moved = list(dated)
            moved[place] = replace(value, since=value.since + shift)
            if place and dated[place - 1].until is not None:
                before = dated[place - 1]
                moved[place - 1] = replace(before, until=value.since + shift - _DAY)
            what = f"from {value.since} → {value.since + shift}"
            yield what, value.line, replace(parameter, values=(*drafts, *moved))


def _before(law: Law, parameter: Parameter, day: date) -> Decimal | None:
    """The number in force the day before, be it a wider place's; None where unknown."""
    eve = day - _DAY
    used = law.parameter(parameter.name, law.ask(eve, parameter.place))
    dated = None if used is None else used.on(eve, ())
    return None if dated is None else dated.value


def _document_mutants(law: Law, document: Document) -> Iterator[tuple[str, Document]]:
    stands = any(rule.document == document.id for rules in law.rules.values() for rule in rules)
    if not stands:
        return
    for word in ("effective_from", "effective_to", "simulate_from"):
        day = getattr(document, word)
        if day is not None and day < date.max:
            for shift in (-_DAY, _DAY):
                moved = replace(document, **{word: day + shift})
                yield f"{word} {day} → {day + shift}", moved
