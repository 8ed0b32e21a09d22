"""How law is worked out: no framework, no files of people, no clock."""

from jiekun.kernel.errors import LawError
from jiekun.kernel.language import (
    Measure,
    People,
    per_month,
    per_year,
    round_half_up,
    rule,
    years_since,
)

__all__ = [
    "LawError",
    "Measure",
    "People",
    "per_month",
    "per_year",
    "round_half_up",
    "rule",
    "years_since",
]
