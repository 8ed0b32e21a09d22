"""What a screening comes to over everybody, kept so that totals of parts can be put together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jiekun.kernel.program import Program

from .sweep import Status, unit_of

STATUSES = [status.name.lower() for status in Status]


@dataclass(slots=True)
class Totals:
    """Counts by measure and status, fen a year by measure, and how often each leaf is missing."""

    people: int = 0
    households: int = 0
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    yearly: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)

    def add(self, other: Totals) -> None:
        """Count other people in."""
        self.people += other.people
        self.households += other.households
        for name, counts in other.counts.items():
            self.counts.setdefault(name, Counter()).update(counts)
        self.yearly.update(other.yearly)
        self.missing.update(other.missing)

    def as_json(self, program: Program) -> dict[str, Any]:
        """The totals as totals.json keeps them; yuan a year as text, exact to the fen."""
        measures = {
            use.measure.name: {
                "label": use.measure.label,
                "to": use.measure.to,
                "unit": unit_of(program, use),
                "universal": use.measure.universal,
                **{s: self.counts.get(use.measure.name, Counter())[s] for s in STATUSES},
                "yearly_yuan": f"{Decimal(self.yearly[use.measure.name]) / 100:.2f}",
            }
            for use in program.measures
        }
        most = sorted(self.missing.items(), key=lambda item: (-item[1], item[0]))
        return {
            "on": program.on.isoformat(),
            "place": program.place,
            "simulate": list(program.simulate),
            "people": self.people,
            "households": self.households,
            "measures": measures,
            "missing": {name: count for name, count in most if count},
        }

    @classmethod
    def from_json(cls, made: dict[str, Any]) -> Totals:
        """Totals as they were written."""
        found = cls(made["people"], made["households"], missing=Counter(made["missing"]))
        for name, measure in made["measures"].items():
            found.counts[name] = Counter({s: measure[s] for s in STATUSES})
            found.yearly[name] = int(Decimal(measure["yearly_yuan"]) * 100)
        return found
