"""What was wanted of Jiekun, beside what this run saw."""

from __future__ import annotations

from typing import Any

from bench.report import Rows, table

Line = dict[str, Any]
Found = dict[tuple[str, int, str, int, bool], Line]
# Task, how many times OpenFisca's rate at 5M and 20M people; and of the floor's time at any size.
TIMES = {"totals": ("file to totals", 10), "write": ("file to file", 8)}
FLOOR, UNKNOWN, MEMORY = 1.2, 1.3, 400
MEDIAN, P99 = 0.12, 0.35
QUIET = 0.25


def goals(found: Found, family: Line | None) -> list[str]:
    """A table of goals; empty when nothing was measured that they speak of."""
    rows: Rows = []
    threads = max((key[1] for key in found), default=1)

    def seen(engine: str, task: str, size: int, unknowns: bool = False) -> Line | None:
        for count in (threads, 1):
            if one := found.get((engine, count, task, size, unknowns)):
                return one
        return None

    for size in sorted({key[3] for key in found}):
        for task, (name, wanted) in TIMES.items():
            mine, what = seen("jiekun", task, size), f"{name}, {size:,} people"
            if mine is None:
                continue
            if (base := seen("openfisca", task, size)) and size >= 5_000_000:
                times = base["wall"] / mine["wall"]
                rows.append(_row(f"{what}: × OpenFisca", wanted, times, base, mine))
            if floor := seen("numba", task, size):
                times = mine["wall"] / floor["wall"]
                rows.append(_row(f"{what}: time of the floor", FLOOR, times, floor, mine))
            if (open_ := seen("jiekun", task, size, True)) and size >= 1_000_000:
                cost = open_["cpu"] / mine["cpu"]
                rows.append(_row(f"{what}: CPU with 2 % unknown", UNKNOWN, cost, open_, mine))
            rows.append(_row(f"{what}: MiB", MEMORY, mine["mib"]))
    if family and "median" in family:
        noisy = {"noisy": family["others"] > QUIET}
        rows.append(_row("one family, ms, median", MEDIAN, family["median"] * 1000, noisy))
        rows.append(_row("one family, ms, 99th percentile", P99, family["p99"] * 1000, noisy))
    return ["## Goals", table(("goal", "wanted", "seen", ""), rows)] if rows else []


def _row(what: str, wanted: float, seen: float, *of: Line) -> tuple[str, ...]:
    """More is better only where times OpenFisca are counted; † where others were busy."""
    more = "OpenFisca" in what
    reached = seen >= wanted if more else seen <= wanted
    shown = f"{seen:,.0f}" if seen >= MEMORY / 4 else f"{seen:.2f}"
    shown += " †" if any(one["noisy"] for one in of) else ""
    return what, f"{'≥' if more else '≤'} {wanted}", shown, "reached" if reached else "not reached"
