"""docs/benchmarks.md out of the recorded lines."""

from __future__ import annotations

import statistics
from collections import defaultdict
from typing import Any

from bench.peers.amounts import OUTPUTS
from bench.peers.goals import goals
from bench.report import Rows, table

Line = dict[str, Any]
Key = tuple[str, int, str, int, bool]
NAMES = {
    "openfisca": "OpenFisca-core",
    "openfisca_index": "OpenFisca-core, joined by index",
    "policyengine": "PolicyEngine-core",
    "polars": "Polars, in memory",
    "polars_streaming": "Polars, streaming",
    "numpy": "NumPy, whole arrays",
    "numpy_chunks": "NumPy, a row group at a time",
    "duckdb": "DuckDB SQL",
    "numba": "hand-fused Numba loop (the floor)",
    "jiekun": "**Jiekun**",
}
TASKS = {
    "evaluate": "Evaluation only, people already in memory, every output made",
    "counts": "Evaluation only, totals alone",
    "totals": "File to totals: Parquet in, thirteen totals out",
    "write": "File to file: Parquet in, every output written as Parquet",
}
QUIET = 0.25


def page(lines: list[Line]) -> str:
    """The whole page in Markdown."""
    about: Line = next((line["about"] for line in lines if "about" in line), {})
    found = gathered(lines)
    once = {line["case"]: line for line in lines if "case" in line and "/" not in line["case"]}
    parts = [_head(about), *goals(found, _named(lines, "one/").get("jiekun"))]
    for task, title in TASKS.items():
        mine = {key: value for key, value in found.items() if key[2] == task}
        if mine:
            parts += [f"## {title}", _rates(mine, found), _details(mine)]
    parts += _unknown_cost(found)
    parts += _skipped(lines)
    parts += [*_families(lines), *_starts(lines)]
    parts += _agreement(once)
    parts += _sums(lines)
    parts.append(NOTES)
    return "\n\n".join(part for part in parts if part) + "\n"


def gathered(lines: list[Line]) -> dict[Key, Line]:
    """Samples of all rounds by case: quiet ones, or where there are none, what there is."""
    samples: dict[Key, list[Line]] = defaultdict(list)
    more: dict[Key, Line] = defaultdict(dict)
    for line in lines:
        if "samples" in line:
            engine, threads, task, size, unknowns = line["case"].split("/")
            key = (engine, int(threads), task, int(size), unknowns == "True")
            samples[key] += line["samples"]
            more[key]["mib"] = max(line["mib"], more[key].get("mib", 0))
            more[key]["written"] = line.get("written")
    return {key: {**more[key], **_summed(taken)} for key, taken in samples.items()}


def _summed(taken: list[Line]) -> Line:
    quiet = [one for one in taken if one["others"] <= QUIET]
    walls = [one["wall"] for one in quiet or taken]
    return {
        "wall": statistics.median(walls),
        "low": min(walls),
        "high": max(walls),
        "cpu": statistics.median(one["cpu"] for one in quiet or taken),
        "samples": len(walls),
        "noisy": not quiet,
    }


def people(size: int) -> str:
    """A size in words."""
    return f"{size // 1_000_000}M" if size >= 1_000_000 else f"{size // 1000}k"


def _head(about: Line) -> str:
    machine = about.get("machine", {})
    english = {"处理器": "processor", "内存": "memory", "系统": "system", "Python": "Python"}
    known: Rows = [
        (word, str(machine[key]).replace("，", ", ").replace("核", "cores"))
        for key, word in english.items()
        if key in machine
    ]
    versions = ", ".join(f"{n} {v}" for n, v in sorted(about.get("versions", {}).items()))
    known += [
        ("versions", versions),
        ("Jiekun", f"commit {about.get('commit', '?')}"),
        ("run", f"{about.get('when', '?')}, {about.get('threads', '?')} threads"),
    ]
    return "\n\n".join(["# Benchmarks", ABOUT, table(("machine", ""), known)])


def _rates(mine: dict[Key, Line], found: dict[Key, Line]) -> str:
    """Millions of people a second, and how many times OpenFisca's rate."""
    sizes = sorted({key[3] for key in mine})
    rows: Rows = []
    for engine, threads in _engines(mine):
        cells = [_rate(found, (engine, threads, *_rest(mine)), size) for size in sizes]
        rows.append((NAMES[engine], str(threads), *cells))
    return table(("engine", "threads", *(people(size) for size in sizes)), rows)


def _rest(mine: dict[Key, Line]) -> tuple[str]:
    return (next(iter(mine))[2],)


def _engines(mine: dict[Key, Line]) -> list[tuple[str, int]]:
    """Engines in the order of NAMES, with their threads."""
    known = {(key[0], key[1]) for key in mine if not key[4]}
    return sorted(known, key=lambda pair: (list(NAMES).index(pair[0]), pair[1]))


def _rate(found: dict[Key, Line], case: tuple[str, int, str], size: int) -> str:
    one = found.get((*case, size, False))
    if one is None:
        return "–"
    text = f"{size / one['wall'] / 1e6:.2f}"
    base = found.get(("openfisca", 1, "evaluate" if case[2] == "counts" else case[2], size, False))
    if base is not None:
        text += f" ({base['wall'] / one['wall']:.1f}×)"
    return text + (" †" if one["noisy"] else "")


def _details(mine: dict[Key, Line]) -> str:
    """Seconds with their spread, processor seconds and memory, at each size."""
    rows: Rows = []
    for key in sorted(mine, key=lambda k: (k[3], list(NAMES).index(k[0]), k[1])):
        engine, threads, task, size, unknowns = key
        if unknowns:
            continue
        one = mine[key]
        spread = f"{one['wall']:.3f} ({one['low']:.3f}–{one['high']:.3f}; {one['samples']})"
        row = [people(size), NAMES[engine], str(threads), spread + (" †" if one["noisy"] else ""),
               f"{one['cpu']:.3f}", f"{one['mib']:,}"]  # fmt: skip
        if task == "write":
            row.append(f"{(one['written'] or 0) / 2**20:.1f}")
        rows.append(tuple(row))
    head: tuple[str, ...] = (
        "people", "engine", "threads", "seconds: median (min–max; samples)", "CPU s", "MiB",
    )  # fmt: skip
    head = (*head, "MiB written") if _rest(mine)[0] == "write" else head
    return (
        f"<details><summary>Seconds, memory, spread</summary>\n\n{table(head, rows)}\n\n</details>"
    )


def _unknown_cost(found: dict[Key, Line]) -> list[str]:
    rows: Rows = []
    for key, one in sorted(found.items(), key=lambda item: (item[0][3], item[0][2])):
        whole = found.get((*key[:4], False))
        if key[4] and whole is not None:
            mark = " †" if one["noisy"] or whole["noisy"] else ""
            rows.append((people(key[3]), key[2], f"{whole['wall']:.3f}", f"{one['wall']:.3f}",
                         f"{one['wall'] / whole['wall']:.2f}×{mark}",
                         f"{one['cpu'] / whole['cpu']:.2f}×"))  # fmt: skip
    if not rows:
        return []
    head = ("people", "task", "all known, s", "2 % unknown, s", "wall", "CPU")
    return ["## What unknown facts cost Jiekun", UNKNOWN, table(head, rows)]


def _skipped(lines: list[Line]) -> list[str]:
    last = {line["case"]: line for line in lines if "case" in line}
    said = {
        (case, line.get("skipped") or line["failed"])
        for case, line in last.items()
        if "skipped" in line or "failed" in line
    }
    rows: Rows = [(f"`{case}`", why) for case, why in sorted(said)]
    return ["## Not run", table(("case", "why"), rows)] if rows else []


def _families(lines: list[Line]) -> list[str]:
    """One family explained, by every engine that can."""
    ones = {n: one for n, one in _named(lines, "one/").items() if "median" in one}
    base = ones.get("openfisca", {}).get("median")
    rows: Rows = []
    for name, one in ones.items():
        times = f"{base / one['median']:.1f}×" if base else "–"
        noisy = " †" if one["others"] > QUIET else ""
        rows.append((NAMES[name], WHAT[name], ms(one["median"]), ms(one["p99"]),
                     f"{one['bytes']:,}", times + noisy))  # fmt: skip
    head = ("engine", "made", "median", "p99", "bytes", "× OpenFisca")
    return ["## One family of three, explained", table(head, rows)] if rows else []


def _starts(lines: list[Line]) -> list[str]:
    """What comes before the first answer."""
    rows: Rows = [
        (
            NAMES[name],
            f"{one['import']:.2f} s",
            f"{one['first']:.2f} s",
            one["what"],
            f"{one['mib']:,}",
        )
        for name, one in _named(lines, "start/").items()
        if "first" in one
    ]
    head = ("engine", "imported", "first answer", "to", "MiB")
    return ["## From nothing to the first answer", table(head, rows)] if rows else []


def _named(lines: list[Line], start: str) -> dict[str, Line]:
    mine = [line for line in lines if line.get("case", "").startswith(start)]
    return {line["case"].removeprefix(start): line for line in mine}


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.3f} ms" if seconds < 0.01 else f"{seconds * 1000:.1f} ms"


def _agreement(once: dict[str, Line]) -> list[str]:
    parts: list[str] = []
    if "agreement" in once:
        found = once["agreement"]
        rows: Rows = [(NAMES[name], *_differences(one)) for name, one in found["engines"].items()]
        head = ("engine", "values that differ", "yes against no", "largest", "of all totals")
        said = AGREEMENT.format(rows=found["rows"], people=found["people"])
        parts += ["## Do they agree?", said, table(head, rows)]
    if "unknowns" in once:
        parts += ["## What is answered when facts are unknown", _unknowns(once["unknowns"])]
    if "silence" in once:
        parts.append(_silence(once["silence"]))
    return parts


def _sums(lines: list[Line]) -> list[str]:
    """The household totals of every engine at every size, against Jiekun's."""
    found: dict[int, dict[str, float]] = defaultdict(dict)
    for line in lines:
        if line.get("totals") and line["case"].endswith("False"):
            engine, _, _, size, _ = line["case"].split("/")
            found[int(size)][engine] = line["totals"]["total"] / 100
    rows: Rows = []
    for size, sums in sorted(found.items()):
        mine = sums.pop("jiekun", None)
        if mine is not None:
            off = {NAMES[name]: value - mine for name, value in sums.items()}
            differ = [f"{name} {gap:+,.2f}" for name, gap in off.items() if gap]
            same = [name for name, gap in off.items() if not gap]
            rows.append((people(size), f"{mine:,.2f}", ", ".join(same), ", ".join(differ) or "–"))
    head = ("people", "all households' totals, yuan", "the same to the fen", "others, off by")
    return [table(head, rows)] if rows else []


def _differences(one: Line) -> tuple[str, ...]:
    if "failed" in one:
        return (one["failed"], "", "", "")
    if not one["differ"]:
        return ("none", "none", "0", "0")
    return (
        f"{one['differ']:,}", f"{one['flips']:,}", f"{one['largest'] / 100:.6f} ({one['worst']})",
        f"{one['total'] / 100:.2f}",
    )  # fmt: skip


def _unknowns(found: Line) -> str:
    engines = [n for n in ("jiekun", "openfisca", "policyengine", "numpy", "polars", "duckdb")
               if found["engines"].get(n, {}).get("totals")]  # fmt: skip
    rows: Rows = []
    for name in OUTPUTS:
        times = 1 if name in ("care_hours", "insurance") else 100
        sure = found["sure"][name] / times
        cells = [found["engines"][engine]["totals"][name] / times for engine in engines]
        unsure = found["open"][name] + found["unpriced"].get(name, 0)
        off = (f"{cell - sure:+,.2f}" for cell in cells)
        rows.append((name, f"{sure:,.2f}", f"{unsure:,}", *off))
    head = ("output", "surely given", "undetermined", *(NAMES[engine] for engine in engines))
    return SOME.format(people=found["people"]) + "\n\n" + table(head, rows)


def _silence(found: Line) -> str:
    rows: Rows = []
    for name in ("openfisca", "policyengine"):
        told, silent = found["told"].get(name), found["silent"].get(name)
        if told and silent:
            rows.append((NAMES[name], f"{told['dibao'][0]:,.2f}", f"{silent['dibao'][0]:,.2f}"))
    told, silent = found["told"]["jiekun"], found["silent"]["jiekun"]
    asks = "undetermined; asks for " + ", ".join(silent["missing"])
    rows.append((NAMES["jiekun"], told["amount"] or f"0.00 ({told['status']})", asks))
    return SILENT + "\n\n" + table(("dibao a month", "wage known", "wage not said"), rows)


WHAT = {
    "openfisca": "13 outputs and the trace, no clauses",
    "policyengine": "13 outputs and the trace, no clauses",
    "duckdb": "13 outputs, no explanation",
    "jiekun": "13 outputs, every step, clause, fact, parameter, what is missing",
}
ABOUT = """\
Written by `script/bench peers`, which makes the peers' environments from pinned versions, makes
people from a seed, runs every case and records what it sees; nothing here is typed by hand.
`--quick` takes a few minutes, `--sizes`, `--rounds` and `--only` narrow it, `--resume` goes on
after an interruption.

The dozen measures are made up and alike everywhere (`bench/dozen/law`, `bench/peers/`): dibao with
a work-cost deduction and limits on savings, cars and houses; tekun, whose people are left out of
dibao's counting; orphans; meals by age; education by stage; medical costs; temporary relief; care
hours; training; start-up; care at home; insurance; and a household total. 2.6 people a household,
one household in twelve on dibao, Parquet as pyarrow writes it by default (money as 64-bit fen),
row groups of about 64 thousand people. Rates are millions of people a second; × is against
OpenFisca-core in the same run. † marks figures during which other work on the machine took more
than a quarter of a core."""
UNKNOWN = "The same people, with two values in a hundred of thirteen facts unknown."
AGREEMENT = """\
{rows:,} values of {people:,} people, each compared with plain Python integers that share nothing
with any engine (`bench/dozen/oracle.py`). Differences in yuan."""
SOME = """\
{people:,} people, two values in a hundred of thirteen facts unknown. *Surely given* is what holds
whatever the unknown facts turn out to be as three-valued logic sees it, and *undetermined* how many
answers or amounts are open. Engines' columns: how far their total lies off what is surely given."""
SILENT = """\
One family in which one member earns 6,400 a month: told so, and with the wage left out."""
NOTES = """\
## How to read this

- **OpenFisca is one process.** It runs on one core; split over two processes it would take about
  half the time, and every × here would halve. It is given a threaded Parquet
  loader. People are joined to households as its documentation does it; *joined by index* sets the
  result of that join directly, its fastest way in. Build time counts in file to totals and file to
  file, not in evaluation only. Money is its 32-bit floats, as its float variables are.
- **"Written" differs.** OpenFisca, PolicyEngine, NumPy, Polars and DuckDB write one row for every
  person and household with all outputs, zeros included. Jiekun and the floor write a row for each
  person or household and measure that is not a firm no; Jiekun's rows also say undetermined ones
  and what they wait for, and its file is synced to disk before it takes its name.
- **The floor does less than any rules engine can**: one law fixed at compile time, two values of
  logic, no checks of the input, nothing explained.
- **Evaluation only**: every engine holds the people as it likes best; Jiekun and the floor make
  rows, the others whole columns. *Totals alone* is shown for those two that can do without rows.
- A fresh process for every case; its first turn is dropped (from 5M on, a turn over 100k people
  warms it up instead); rounds go over all cases in turn. Input stands in the page cache. With the
  first turn goes what compiling costs, of Jiekun and of the floor alike: a file screened by a new
  process pays that once more (0.4 s for the dozen, about 1.5 s for a district's whole law), unless
  the code is kept on disk from an earlier one, as it is outside this race.
- Memory is the most the whole process ever held, interpreter and libraries included.
- In short runs a turn is repeated until it lasts 0.3 s. CPU seconds count all threads.
- PolicyEngine and the whole-array engines are left out of file runs, PolicyEngine beyond 5M.
  One law of one month: long histories and hundreds of rules behave differently."""
