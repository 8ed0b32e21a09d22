"""Which cases are run, at which sizes, how often, and in what order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

SIZES = (100_000, 1_000_000, 5_000_000, 20_000_000)
# Rounds over all cases of a size, and samples a process takes in each.
ROUNDS = {100_000: 2, 1_000_000: 3, 5_000_000: 2, 20_000_000: 1}
SAMPLES = {100_000: 3, 1_000_000: 3}
# From here on a process is warmed up by a small file, not by a turn of its own.
LONG = 5_000_000
SMALL = 100_000
EVERY_SIZE = ("openfisca", "numpy_chunks", "polars_streaming", "duckdb", "numba", "jiekun")
ENGINES = ("openfisca", "policyengine", "polars", "numpy", *EVERY_SIZE[1:])
WHOLE = ("policyengine", "numpy", "polars")
SINGLE = ("openfisca", "openfisca_index", "policyengine", "numpy")
# Bytes a person an engine has been seen to hold, generously: what would not fit is left out.
HELD = {
    "openfisca": 420,
    "openfisca_index": 420,
    "policyengine": 800,
    "numpy": 520,
    "polars": 700,
    "polars_streaming": 450,
    "duckdb": 300,
    "numpy_chunks": 300,
    "numba": 250,
    "jiekun": 150,
}


@dataclass(frozen=True, slots=True)
class Case:
    """One engine doing one task to so many people."""

    engine: str
    threads: int
    task: str
    size: int
    unknowns: bool = False

    @property
    def key(self) -> str:
        """The case in one word."""
        return "/".join(map(str, asdict(self).values()))


def cases(size: int, threads: int) -> Iterator[Case]:
    """All cases of one size, those to be compared next to each other."""
    for task in ("evaluate", "totals", "write"):
        for engine in ENGINES:
            if engine in WHOLE and (task != "evaluate" or size > LONG):
                continue
            if task == "evaluate" and size > LONG and engine in ("polars_streaming", "duckdb"):
                continue
            yield Case(engine, 1 if engine in SINGLE else threads, task, size)
    yield Case("openfisca_index", 1, "totals", size)
    for engine in ("numba", "jiekun"):
        if size <= LONG:
            yield Case(engine, threads, "counts", size)
            yield Case(engine, 1, "evaluate", size)
    for task in ("evaluate", "totals", "write"):
        if SMALL < size <= LONG:
            yield Case("jiekun", threads, task, size, unknowns=True)


def rounds(case: Case, asked: int | None) -> int:
    """How many rounds a case is in."""
    usual = next((n for size, n in ROUNDS.items() if case.size <= size), 1)
    if case.size >= LONG and case.engine in ("numba", "jiekun"):
        usual = 3  # These are quick, and what the page is about.
    return min(asked or usual, 2 * usual)


def order(sizes: list[int], threads: int, asked: int | None, only: set[str]) -> Iterator[Any]:
    """(round, case), round by round, so that a slow hour of the machine strikes all alike."""
    for size in sizes:
        mine = [c for c in cases(size, threads) if not only or {c.engine, c.task} & only]
        for number in range(max((rounds(case, asked) for case in mine), default=0)):
            for case in mine:
                if number < rounds(case, asked):
                    yield number, case


def too_big(case: Case, available: int) -> str:
    """Why a case cannot be run in this memory; empty where it can."""
    needed = HELD[case.engine] * case.size if case.task in ("evaluate", "counts") else 0
    if case.engine in (*SINGLE, *WHOLE, "duckdb", "polars_streaming"):
        needed = HELD[case.engine] * case.size
    if needed < 0.8 * available:
        return ""
    return f"needs about {needed / 2**30:.0f} GiB"
