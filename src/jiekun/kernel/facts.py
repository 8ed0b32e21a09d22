"""What may be known about a person or a household, and how each thing is declared."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Entity = Literal["person", "household"]
Kind = Literal["bool", "int", "money", "date", "choice"]
Sensitivity = Literal["public", "personal", "sensitive"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that may be known: its meaning, who can answer it, how long an answer keeps.

    `minimum` and `maximum` are in the fact's own unit (yuan for money). A fact with
    `judged_by` is never looked up or asked of a resident: a person in that office decides it.
    """

    name: str
    entity: Entity
    kind: Kind
    label: str
    question: str
    answered_by: str
    sensitivity: Sensitivity = "personal"
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    valid_months: int = 12
    minimum: int = 0
    maximum: int = 10_000_000
    judged_by: str | None = None

    def code_of(self, choice: str) -> int:
        """Position of a choice in the declared order. Raises ValueError for an unknown one."""
        return list(self.choices).index(choice)


class FactBook(Mapping[str, Fact]):
    """All declared facts by name, in the order they were declared."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts: dict[str, Fact] = {}
        for fact in facts:
            if fact.name in self._facts:
                raise ValueError(f"fact {fact.name} is declared twice")
            self._facts[fact.name] = fact

    def __getitem__(self, name: str) -> Fact:
        return self._facts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def of(self, entity: Entity) -> list[Fact]:
        """The facts of people, or of households."""
        return [fact for fact in self._facts.values() if fact.entity == entity]
