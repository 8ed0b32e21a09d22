"""Conflicts between documents, and clauses that read two ways: the list, and what it points at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jiekun.kernel.documents import Parameter, Reading
from jiekun.kernel.errors import LawError, nearest
from jiekun.kernel.law import Law, Written, check_citation
from jiekun.kernel.source import RuleSource
from jiekun.kernel.yamls import Located, read

FILE = "conflicts.yaml"
Thing = RuleSource | Parameter | Reading | Written


@dataclass(frozen=True, slots=True)
class Side:
    """What one document says. `clause` is empty for what is no document's, such as a guide."""

    clause: str
    says: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One conflict: its sides, what is done by default and by which law, who must settle it."""

    id: str
    topic: str
    sides: tuple[Side, ...]
    default: str
    points: tuple[str, ...]
    settles: str
    line: int


@cache
def conflicts() -> tuple[Conflict, ...]:
    """All of them, in order. Raises LawError with file and line."""
    return tuple(map(_conflict, read(Path(__file__).with_name(FILE), FILE)))


def _conflict(raw: Located) -> Conflict:
    raw.only("id", "topic", "sides", "default", "points", "settles")
    return Conflict(
        raw.need("id"),
        raw.need("topic"),
        tuple(map(_side, raw.need("sides"))),
        raw.need("default"),
        tuple(raw.need("points")),
        raw.need("settles"),
        raw.line,
    )


def _side(raw: Located) -> Side:
    raw.only("clause", "says", "points")
    return Side(raw.get("clause") or "", raw.need("says"), tuple(raw.get("points") or ()))


def things(law: Law, point: str) -> list[Thing]:
    """What `kind:name` or `kind:name@place` names, wherever it stands. Raises LawError."""
    kind, _, name = point.partition(":")
    name, _, place = name.partition("@")
    known = dict(_of_kind(law, kind))
    found = [thing for thing in known.get(name, ()) if not place or _place(thing) == place]
    if not found:
        raise LawError(f"{point} points at nothing", file=FILE, hint=nearest(name, known))
    return found


def _of_kind(law: Law, kind: str) -> Iterator[tuple[str, Sequence[Thing]]]:
    match kind:
        case "rule":
            yield from ((name, rules) for name, rules in law.rules.items())
        case "parameter":
            yield from ((name, known) for name, known in law.parameters.items())
        case "reading":
            yield from ((name, [reading]) for name, reading in law.readings.items())
        case "measure":
            yield from ((written.measure.name, [written]) for written in law.written)


def _place(thing: Thing) -> str:
    return "" if isinstance(thing, Reading) else thing.place


def check(law: Law) -> None:
    """Refuses clauses nobody has and points at nothing. Raises LawError."""
    for conflict in conflicts():
        for side in conflict.sides:
            if side.clause:
                check_citation(law, side.clause, FILE, conflict.line)
        for point in (*conflict.points, *(p for side in conflict.sides for p in side.points)):
            things(law, point)
