"""What a family would gain in all, when some measures cannot be had together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jiekun.kernel.program import Program

Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Claim:
    """One measure a family has or could have: whose it is (None: all of theirs), fen a year."""

    measure: str
    person: int | None
    yearly: int
    received: bool = False


def excluding(program: Program) -> Pairs:
    """Every pair of measures that cannot be had together, both ways round."""
    pairs = {
        (use.measure.name, other) for use in program.measures for other in use.measure.stops_with
    }
    return frozenset(pairs | {(b, a) for a, b in pairs})


def clash(a: Claim, b: Claim, pairs: Pairs) -> bool:
    """Whether two claims exclude each other: of one person, or where one is the household's."""
    same = a.person is None or b.person is None or a.person == b.person
    return same and (a.measure, b.measure) in pairs


def gain(claims: Iterable[Claim], pairs: Pairs) -> int:
    """Fen a year a family would have more, at best; where measures clash the higher counts."""
    everything = sorted(claims, key=lambda c: (-c.yearly, c.measure, c.person or 0))
    has = _best([c for c in everything if c.received], pairs)
    return max(0, _best(everything, pairs) - has)


def _best(claims: Sequence[Claim], pairs: Pairs) -> int:
    """The most that can be had at once: take the first claim, or leave it for those it bars."""
    if not claims:
        return 0
    first, rest = claims[0], claims[1:]
    barred = [c for c in rest if clash(first, c, pairs)]
    taken = first.yearly + _best([c for c in rest if c not in barred], pairs)
    if sum(c.yearly for c in barred) <= first.yearly:
        return taken
    return max(taken, _best(rest, pairs))
