"""Reading measure.py files: rules and measures, as syntax, without running them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jiekun.kernel.errors import LawError, nearest
from jiekun.kernel.language import Measure

ANNOTATIONS = ("bool", "int", "Decimal", "date", "str", "People")
_RULE_WORDS = ("cites", "label", "since", "until", "name", "reading")


@dataclass(frozen=True, eq=False, slots=True)
class RuleSource:
    """One rule as written. `returns` and the arguments' annotations are names of types."""

    name: str
    label: str
    cites: tuple[str, ...]
    since: date | None
    until: date | None
    arguments: tuple[tuple[str, str], ...]
    returns: str
    body: tuple[ast.stmt, ...]
    doc: str
    place: str
    folder: str
    file: str
    line: int
    reading: str = ""

    @property
    def document(self) -> str:
        """The document the rule stands or falls with: that of its first citation."""
        return self.cites[0].split("-", 1)[0]


def read_module(path: Path, *, place: str, shown: str) -> tuple[list[RuleSource], list[Measure]]:
    """The rules and measures of one file. Raises LawError with file and line."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise LawError(f"not Python: {error.msg}", file=shown, line=error.lineno or 0) from error
    rules = [
        _read_rule(statement, call, place=place, file=shown)
        for statement in tree.body
        if isinstance(statement, ast.FunctionDef)
        for call in _rule_calls(statement, shown)
    ]
    return rules, list(_read_measures(tree, shown))


def _rule_calls(function: ast.FunctionDef, file: str) -> Iterator[ast.Call]:
    for mark in function.decorator_list:
        if (
            isinstance(mark, ast.Call)
            and isinstance(mark.func, ast.Name)
            and mark.func.id == "rule"
        ):
            yield mark
            return
    raise LawError(
        f"{function.name} is not marked @rule(cites=..., label=...)",
        file=file,
        line=function.lineno,
        hint="every function of a measure is a rule; take helpers out",
    )


def _read_rule(function: ast.FunctionDef, call: ast.Call, *, place: str, file: str) -> RuleSource:
    words = _literals(call, file, _RULE_WORDS)
    cites = words.get("cites")
    cites = (cites,) if isinstance(cites, str) else tuple(cites or ())
    where: dict[str, Any] = {"file": file, "line": function.lineno}
    if not cites:
        raise LawError(f"rule {function.name} cites no clause", hint="add cites=...", **where)
    if not words.get("label"):
        raise LawError(f"rule {function.name} has no Chinese label", hint="add label=...", **where)
    return RuleSource(
        name=words.get("name") or function.name,
        label=words["label"],
        cites=cites,
        since=_day(words.get("since"), where),
        until=_day(words.get("until"), where),
        arguments=tuple(_arguments(function, file)),
        returns=_annotation(function.returns, function, file),
        body=tuple(_without_docstring(function)),
        doc=ast.get_docstring(function) or "",
        place=place,
        folder=file.rsplit("/", 1)[0],
        file=file,
        line=function.lineno,
        reading=words.get("reading") or "",
    )


def _day(text: Any, where: dict[str, Any]) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise LawError(f"{text!r} is not a date", hint="write YYYY-MM-DD", **where) from error


def _arguments(function: ast.FunctionDef, file: str) -> Iterator[tuple[str, str]]:
    spec = function.args
    if spec.vararg or spec.kwarg or spec.kwonlyargs or spec.posonlyargs or spec.defaults:
        raise LawError(
            f"rule {function.name} takes plain arguments only, without defaults",
            file=file,
            line=function.lineno,
            hint="an unknown fact stays unknown; nothing is defaulted",
        )
    for argument in spec.args:
        yield argument.arg, _annotation(argument.annotation, function, file, argument.arg)


def _annotation(
    node: ast.expr | None, function: ast.FunctionDef, file: str, argument: str = ""
) -> str:
    text = ast.unparse(node) if node is not None else ""
    if text not in ANNOTATIONS:
        what = f"argument {argument}" if argument else "the result"
        raise LawError(
            f"rule {function.name}: {what} has type {text or 'missing'}",
            file=file,
            line=function.lineno,
            hint=nearest(text, ANNOTATIONS) or "use " + ", ".join(ANNOTATIONS),
        )
    return text


def _without_docstring(function: ast.FunctionDef) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def _read_measures(tree: ast.Module, file: str) -> Iterator[Measure]:
    for statement in tree.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
            continue
        call = statement.value
        if isinstance(call.func, ast.Name) and call.func.id == "Measure":
            try:
                yield Measure(**_literals(call, file, tuple(Measure.__dataclass_fields__)))
            except TypeError as error:
                raise LawError(f"measure: {error}", file=file, line=statement.lineno) from error


def _literals(call: ast.Call, file: str, known: tuple[str, ...]) -> dict[str, Any]:
    if call.args:
        raise LawError("use keyword arguments here", file=file, line=call.lineno)
    words = {}
    for word in call.keywords:
        name = word.arg or "**"
        if name not in known:
            raise LawError(
                f"unknown word {name}", file=file, line=call.lineno, hint=nearest(name, known)
            )
        try:
            words[name] = ast.literal_eval(word.value)
        except ValueError as error:
            raise LawError(f"{name} must be written out", file=file, line=call.lineno) from error
    return words
