"""Pointers to what carries a clause out: the very object, found by import or in the law itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from importlib import import_module
from typing import Any, Literal

from jiekun.kernel.documents import Parameter
from jiekun.kernel.errors import nearest
from jiekun.kernel.law import Law
from jiekun.kernel.source import RuleSource

Kind = Literal["rule", "parameter", "document", "code"]


class Dangling(LookupError):
    """A pointer at nothing; the message says which part of it is missing."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """What carries a clause out: a rule or number of the law, a document, or code."""

    kind: Kind
    path: str
    label: str = ""
    name: str = ""
    place: str = ""
    folder: str = ""
    written: str = ""

    def resolve(self, law: Law) -> Any:
        """The object itself. Raises Dangling."""
        match self.kind:
            case "rule":
                return _function(self)
            case "parameter":
                return _parameter(self, law)
            case "document":
                return _named(law.documents, self.name, "document")
        return _imported(self.path)


def to_rule(rule: RuleSource) -> Pointer:
    """A pointer to a rule of the shipped law, as an import sees it."""
    module = "jiekun.law." + rule.file.removesuffix(".py").replace("/", ".")
    return Pointer(
        kind="rule",
        path=f"{module}:{rule.name}",
        label=rule.label,
        name=rule.name,
        place=rule.place,
        folder=rule.folder,
        written=f"{rule.file}:{rule.line}",
    )


def to_parameter(parameter: Parameter) -> Pointer:
    """A pointer to a number of the law at its place."""
    return Pointer(
        kind="parameter",
        path=f"parameter:{parameter.name}@{parameter.place}",
        label=parameter.label,
        name=parameter.name,
        place=parameter.place,
        folder=parameter.folder,
        written=f"{parameter.file}:{parameter.line}",
    )


def read_pointer(text: str) -> Pointer:
    """A pointer as coverage.yaml writes it: `document:W24` or `package.module:name`."""
    word, _, name = text.partition(":")
    if word == "document":
        return Pointer("document", text, name=name)
    return Pointer("code", text, name=name)


def _imported(path: str) -> Any:
    module_name, _, names = path.partition(":")
    if not names:
        raise Dangling(f"{path}: write package.module:name")
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        raise Dangling(f"{path}: no module {error.name}") from error
    try:
        return reduce(getattr, names.split("."), module)
    except AttributeError as error:
        hint = nearest(names, vars(module))
        raise Dangling(f"{path}: {module_name} has no {names} {hint}".rstrip()) from error


def _function(pointer: Pointer) -> Any:
    """The function a rule is written as, whatever name the rule goes by."""
    module_name, _, name = pointer.path.partition(":")
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        raise Dangling(f"{pointer.path}: no module {error.name}") from error
    line = int(pointer.written.rpartition(":")[2])
    for function in _functions(module):
        lines, first = inspect.getsourcelines(function)
        if first <= line < first + len(lines):
            return function
    raise Dangling(f"{pointer.path}: no function at line {line} is rule {name}")


def _functions(module: Any) -> Iterator[Any]:
    for value in vars(module).values():
        if inspect.isfunction(value) and value.__module__ == module.__name__:
            yield value


def _parameter(pointer: Pointer, law: Law) -> Parameter:
    _named(law.parameters, pointer.name, "parameter")
    for parameter in law.parameters[pointer.name]:
        if parameter.place == pointer.place:
            return parameter
    raise Dangling(f"{pointer.path}: {pointer.name} has no value at {pointer.place}")


def _named(known: Any, name: str, what: str) -> Any:
    if name not in known:
        raise Dangling(f"no {what} {name} {nearest(name, known)}".rstrip())
    return known[name]
