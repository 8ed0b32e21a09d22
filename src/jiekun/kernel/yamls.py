"""YAML that remembers its lines, so a mistake can be shown where it stands."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from jiekun.kernel.errors import LawError, nearest

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Located(dict[str, Any]):
    """A YAML mapping that knows its file and line."""

    file: str = ""
    line: int = 0
    # Where each word stands.
    lines: Mapping[str, int] = MappingProxyType({})

    def error(self, message: str, hint: str = "") -> LawError:
        """A LawError at this mapping's place."""
        return LawError(message, file=self.file, line=self.line, hint=hint)

    def only(self, *known: str) -> None:
        """Refuses words that nobody reads. Raises LawError."""
        for word in self:
            if word not in known:
                raise self.error(f"unknown word {word}", nearest(word, known))

    def need(self, word: str) -> Any:
        """A word's value. Raises LawError when it is missing."""
        if word not in self:
            raise self.error(f"{word} is missing", f"add {word}: ...")
        return self[word]


def read(path: Path, shown: str) -> Any:
    """A YAML file with mappings as Located. Raises LawError with file and line."""
    return read_text(path.read_text(encoding="utf-8"), shown)


def read_text(text: str, shown: str) -> Any:
    """The same from a text."""
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        return _build(loader, root, shown) if root is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        here = text.splitlines()[line - 1 : line]
        hint = "indent with spaces, not tabs" if any(row.startswith("\t") for row in here) else ""
        raise LawError(f"not YAML: {error.problem}", file=shown, line=line, hint=hint) from error
    finally:
        loader.dispose()


def _build(loader: Any, node: yaml.Node, file: str) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, item, file) for item in node.value]
    if not isinstance(node, yaml.MappingNode):
        return _plain(loader, node, file)
    found = Located()
    found.file, found.line = file, node.start_mark.line + 1
    lines: dict[str, int] = {}
    found.lines = lines
    for key_node, value_node in node.value:
        # As written: YAML would take the word `on` for a yes.
        scalar = isinstance(key_node, yaml.ScalarNode)
        key = key_node.value if scalar else str(_plain(loader, key_node, file))
        if key in found:
            raise LawError(f"{key} is written twice", file=file, line=key_node.start_mark.line + 1)
        lines[key] = key_node.start_mark.line + 1
        found[key] = _build(loader, value_node, file)
    return found


def _plain(loader: Any, node: yaml.Node, file: str) -> Any:
    """A single value; one that only looks like a date or a number is refused where it stands."""
    try:
        return loader.construct_object(node)
    except ValueError as error:
        line = node.start_mark.line + 1
        raise LawError(f"{node.value!r}: {error}", file=file, line=line) from error
