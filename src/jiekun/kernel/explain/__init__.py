"""One household explained as JSON bytes: outcomes, every step's value, facts, what is missing.

The shape is docs/explanation.schema.json. What the law says stands once, under "law"; a step is
a rule's name under the household or a person, so the reasons are a graph and never a tree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from jiekun.kernel.decide import decider, leaf_kind
from jiekun.kernel.explain.body import tellers
from jiekun.kernel.explain.head import law_json
from jiekun.kernel.explain.text import TRUTH, quoted
from jiekun.kernel.program import Program
from jiekun.kernel.scalar import Values
from jiekun.kernel.waiting import Masks, Wait, bits_of, waiting

# What can be missing, the most easily answered first, and what an answer waiting for it is called.
_KINDS = ("fact", "judgment", "parameter")
_OPEN = ("ask", "judge", "unset")


class Explainer:
    """Explains households under one program. Make it once, use it often."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._decider = decider(program)
        self._home, self._person = tellers(program)
        self._words = _words(program)
        self._head = b'{"law":' + law_json(program)

    def explain_json(self, household: Mapping[str, Any]) -> bytes:
        """Explains what `Decider.decide` takes. Raises BadValue."""
        return self.explain_encoded(*self._decider.read(household))

    def explain_encoded(self, own: Values, people: list[Values], keys: tuple[str, ...]) -> bytes:
        """Explains values already in leaf order, money in fen."""
        top, each = self._decider.run(own, people)
        unsure = _Open(self._words, top, each, keys)
        tell = self._person
        told = ",".join(
            [f"{quoted(keys[n])}:{tell(top, values, n, unsure)}" for n, values in enumerate(each)]
        )
        home = self._home(top, unsure)
        body = f',"household":{home},"people":{{{told}}},"missing":{unsure.ranked()}}}'
        return self._head + body.encode("ascii")


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said of leaves and measures, by their place in the program."""

    wait: Wait
    names: list[str]
    order: list[int]
    heads: list[str]
    measures: list[str]
    sure: list[tuple[bool, ...]]


def _words(program: Program) -> _Words:
    kinds = [leaf_kind(program, name) for name in program.leaves]
    return _Words(
        wait=waiting(program),
        names=list(program.leaves),
        order=[_KINDS.index(kind) for kind in kinds],
        heads=[
            f'"kind":"{kind}","name":{quoted(name)},"person":'
            for name, kind in zip(program.leaves, kinds, strict=True)
        ],
        measures=[quoted(use.measure.name) for use in program.measures],
        sure=[(True,) * len(use.atoms) for use in program.measures],
    )


class _Waits(NamedTuple):
    """What some open outcomes of one household wait for, and their measures."""

    keys: list[str]
    status: str
    text: str
    measures: list[int]


class _Open:
    """Tells the open outcomes of one household, and afterwards what they wait for."""

    __slots__ = ("each", "found", "keys", "leaves", "masks", "top", "words")

    def __init__(
        self, words: _Words, top: Values, each: list[Values], keys: tuple[str, ...]
    ) -> None:
        self.words, self.top, self.each, self.keys = words, top, each, keys
        self.masks: tuple[Masks, list[Masks]] | None = None
        self.found: dict[int, _Waits] = {}
        # Each key's leaf and person.
        self.leaves: dict[str, tuple[int, int]] = {}

    def __call__(
        self, index: int, position: int, person: int, holds: tuple[bool | None, ...] = ()
    ) -> str:
        masks = self.masks
        if masks is None:
            masks = self.masks = self.words.wait(self.top, self.each)
        mask = (masks[0] if person < 0 else masks[1][person])[position]
        waits = self.found.get(mask)
        if waits is None:
            waits = self.found[mask] = self._waits(mask)
        waits.measures.append(index)
        if not holds:
            return opened("yes", self.words.sure[index]) + waits.text
        return opened(waits.status, holds) + waits.text

    def _waits(self, mask: int) -> _Waits:
        names, leaves = self.words.names, {}
        for leaf, person in bits_of(mask, len(self.keys)):
            key = names[leaf] if person < 0 else f"{names[leaf]}@{self.keys[person]}"
            leaves[key] = leaf, person
        self.leaves |= leaves
        keys = sorted(leaves)
        first = min((self.words.order[leaf] for leaf, _ in leaves.values()), default=0)
        text = f"[{','.join([quoted(key) for key in keys])}]}}"
        return _Waits(keys, _OPEN[first], text, [])

    def ranked(self) -> str:
        """What is missing as JSON, most useful first, as `Decision.missing` has it."""
        if not self.found:
            return "[]"
        weights: dict[str, float] = {}
        asking: dict[str, set[int]] = {}
        for keys, _, _, measures in self.found.values():
            for key in keys:
                weights[key] = weights.get(key, 0.0) + len(measures) / len(keys)
                asking.setdefault(key, set()).update(measures)
        order = sorted((self._rank(key), -round(w, 9), key) for key, w in weights.items())
        return f"[{','.join([self._missing(key, asking[key]) for _, _, key in order])}]"

    def _rank(self, key: str) -> int:
        return self.words.order[self.leaves[key][0]]

    def _missing(self, key: str, asking: set[int]) -> str:
        leaf, person = self.leaves[key]
        measures = ",".join([self.words.measures[index] for index in sorted(asking)])
        whose = "null" if person < 0 else quoted(self.keys[person])
        return f'{{"key":{quoted(key)},{self.words.heads[leaf]}{whose},"measures":[{measures}]}}'


@lru_cache(4096)
def opened(status: str, holds: tuple[bool | None, ...]) -> str:
    """The JSON of an open outcome, up to what it waits for."""
    told = ",".join([TRUTH[hold] for hold in holds])
    return f'{{"status":"{status}","amount":null,"yearly":null,"holds":[{told}],"missing":'


def explain(program: Program) -> Explainer:
    """The explainer of a program, made once."""
    found: Explainer | None = program.engines.get("explain")
    if found is None:
        found = program.engines["explain"] = Explainer(program)
    return found
