"""What a family would gain in all, when some measures cannot be had together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    everything = list(claims)
    has = _worth(best((c for c in everything if c.received), pairs))
    return max(0, _worth(best(everything, pairs)) - has)


def best(claims: Iterable[Claim], pairs: Pairs) -> tuple[Claim, ...]:
    """The claims worth most of those that can be had at once; always the same ones of equals.

    Only the household's own claims tie people to each other, and they are few: for each choice
    of them everybody is looked at alone.
    """
    ranked = sorted(claims, key=lambda c: (-c.yearly, c.measure, c.person or 0))
    own = [c for c in ranked if c.person is None]
    people: dict[int, list[Claim]] = {}
    for claim in ranked:
        if claim.person is not None:
            people.setdefault(claim.person, []).append(claim)
    found: tuple[Claim, ...] = ()
    for chosen in _together(own, pairs):
        taken = [
            c
            for each in people.values()
            for c in _best([c for c in each if not any(clash(c, d, pairs) for d in chosen)], pairs)
        ]
        if not found or _worth(chosen) + _worth(taken) > _worth(found):
            found = (*chosen, *taken)
    return found


def _together(own: Sequence[Claim], pairs: Pairs) -> Iterator[tuple[Claim, ...]]:
    """Every choice of a household's claims that can be had at once, the fullest first."""
    if not own:
        yield ()
        return
    first, rest = own[0], own[1:]
    free = [c for c in rest if not clash(first, c, pairs)]
    for others in _together(free, pairs):
        yield (first, *others)
    if any(first.measure in pair for pair in pairs):
        yield from _together(rest, pairs)


def _best(claims: Sequence[Claim], pairs: Pairs) -> tuple[Claim, ...]:
    """The same for one person: take the first claim, or leave it for those it bars."""
    if not claims:
        return ()
    first, rest = claims[0], claims[1:]
    barred = [c for c in rest if clash(first, c, pairs)]
    taken = (first, *_best([c for c in rest if c not in barred], pairs))
    if _worth(barred) <= first.yearly:
        return taken
    left = _best(rest, pairs)
    return left if _worth(left) > _worth(taken) else taken


def _worth(claims: Iterable[Claim]) -> int:
    return sum(claim.yearly for claim in claims)
