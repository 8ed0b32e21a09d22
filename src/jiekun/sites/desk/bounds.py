"""How much an open answer could bring at most: the law tried with each thing it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import islice, product
from typing import Any

from jiekun.kernel.decide import HOUSEHOLD, Decider, Decision, Outcome
from jiekun.kernel.values import encode, yuan

# Beyond so many tries a page would be slow, and "at most" is simply not said.
TRIES = 64


class Most:
    """Tries what is not known, for one household."""

    def __init__(self, decider: Decider, facts: Mapping[str, Any]) -> None:
        self.decider, self.book = decider, decider.program.facts
        self.keys = tuple(facts["people"])
        self.own = self._encoded(facts["household"], decider.household_leaves)
        self.people = [self._encoded(p, decider.person_leaves) for p in facts["people"].values()]

    def _encoded(self, facts: Mapping[str, Any], leaves: list[str]) -> list[Any]:
        return [encode(self.book[n], facts.get(n)) if n in self.book else None for n in leaves]

    def of(self, outcome: Outcome) -> Decimal | None:
        """The highest amount any answer gives; None where that cannot be tried."""
        options = [self._options(key) for key in outcome.missing]
        tries = 1
        for tried in options:
            tries *= len(tried)
        if not outcome.amount_step or not 0 < tries <= TRIES:
            return None
        found = [
            amount
            for values in islice(product(*options), TRIES)
            if (amount := self._try(outcome, dict(zip(outcome.missing, values, strict=True))))
        ]
        return max(found, default=None)

    def _options(self, key: str) -> list[Any]:
        """Values that matter of what is missing: both answers, every choice, nothing at all."""
        name = key.partition("@")[0]
        if name not in self.book:
            return []
        fact = self.book[name]
        match fact.kind:
            case "bool":
                return [True, False]
            case "choice":
                return list(range(len(fact.choices)))
            case "money":
                # Income: none is best; a cost or a fee: the most there can be.
                return [0, fact.maximum * 100]
            case "int":
                return sorted({fact.minimum, fact.minimum + 1, fact.maximum})
        return []

    def _try(self, outcome: Outcome, values: Mapping[str, Any]) -> Decimal | None:
        own, people = list(self.own), [list(person) for person in self.people]
        for key, value in values.items():
            name, _, subject = key.partition("@")
            if subject:
                people[self.keys.index(subject)][self.decider.person_leaves.index(name)] = value
            else:
                own[self.decider.household_leaves.index(name)] = value
        decision = Decision(self.decider.program, self.keys, *self.decider.run(own, people))
        use = self.decider.program.measure(outcome.measure.name)
        person = -1 if outcome.subject == HOUSEHOLD else self.keys.index(outcome.subject)
        if not decision.raw(use.eligible, person) or use.amount is None:
            return None
        exact = decision.number(use.amount, person)
        return None if exact is None else yuan(exact.numerator * 100, exact.denominator)
