"""The law itself, and nothing else: rules, numbers and cases, by place and measure."""

from functools import cache
from pathlib import Path

from jiekun.kernel.law import Law, read_law
from jiekun.law.facts import FACTS


@cache
def load() -> Law:
    """The shipped law, read once. Raises LawError with file and line."""
    return read_law(Path(__file__).parent, FACTS)
