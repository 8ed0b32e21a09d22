"""Races Jiekun against its peers and writes docs/benchmarks.md: `script/bench peers`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console

from bench.dozen import people
from bench.machine import machine
from bench.peers import agreement, environments, plan
from bench.peers.report import page

HOME, ROOT = environments.HOME, environments.ROOT
RESULTS = HOME / "results.jsonl"
LATENCY = {"openfisca": 300, "policyengine": 200, "duckdb": 150, "jiekun": 5000}
TINY = 1_000
Line = dict[str, Any]
console = Console(stderr=True, highlight=False)


def main() -> None:
    asked = _asked()
    threads = asked.threads or os.cpu_count() or 1
    for name in ("openfisca", "policyengine", "hand"):
        console.print(f"环境 {name}")
        environments.install(name)
    done = _begin(asked, threads)
    only = set(asked.only.split(",")) if asked.only else set()
    for size in {plan.SMALL, TINY, *asked.sizes}:
        _people(size)
    if not only:
        _once(done, threads)
    turns = list(plan.order(asked.sizes, threads, asked.rounds, only))
    for number, (turn, case) in enumerate(turns, start=1):
        if (case.key, turn) not in done:
            console.print(f"[dim]{number}/{len(turns)}[/] 第 {turn + 1} 轮 {case.key}", end="  ")
            _keep({"case": case.key, "round": turn, **_run(case)})
    lines = [json.loads(text) for text in RESULTS.read_text().splitlines()]
    asked.out.write_text(page(lines), encoding="utf-8")
    console.print(f"写好了：{asked.out}")


def _asked() -> Any:
    parser = argparse.ArgumentParser(prog="script/bench peers", description=__doc__)
    parser.add_argument("--sizes", type=_sizes, help="多少人，如 100k,1M,5M,20M")
    parser.add_argument("--rounds", type=int, help="每种情形几轮")
    parser.add_argument("--only", help="只跑这些引擎或任务，如 openfisca,jiekun 或 totals")
    parser.add_argument("--threads", type=int, help="线程数，默认全部核")
    parser.add_argument("--quick", action="store_true", help="只跑 10 万和 100 万人，一轮")
    parser.add_argument("--resume", action="store_true", help="接着上次中断的地方")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    asked = parser.parse_args()
    known = {*plan.ENGINES, "openfisca_index", "evaluate", "counts", "totals", "write"}
    if asked.only and (wrong := set(asked.only.split(",")) - known):
        parser.error(f"没有 {'、'.join(sorted(wrong))}；可选：{'、'.join(sorted(known))}")
    asked.sizes = asked.sizes or list(plan.SIZES[:2] if asked.quick else plan.SIZES)
    asked.rounds = asked.rounds or (1 if asked.quick else None)
    return asked


def _sizes(text: str) -> list[int]:
    units = {"k": 1_000, "M": 1_000_000}
    try:
        return [int(part.rstrip("kM")) * units.get(part[-1:], 1) for part in text.split(",")]
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text}：写成 100k,1M 这样") from error


def _begin(asked: Any, threads: int) -> set[tuple[str, int]]:
    """What is done already; without --resume everything begins anew."""
    if asked.resume and RESULTS.exists():
        lines = [json.loads(text) for text in RESULTS.read_text().splitlines()]
        return {
            (one["case"], one["round"]) for one in lines if "case" in one and "failed" not in one
        }
    RESULTS.unlink(missing_ok=True)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        cwd=ROOT, check=False, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    now = datetime.now().astimezone()
    about = {"machine": machine(), "versions": environments.pinned(), "commit": commit}
    _keep({"about": {**about, "when": now.isoformat(timespec="minutes"), "threads": threads}})
    return set()


def _people(size: int, unknowns: bool = False) -> Path:
    """A folder of so many people, made once."""
    folder = HOME / f"people-{size}{'-unknowns' if unknowns else ''}"
    if not (folder / "made").exists():
        console.print(f"生成 {size:,} 人 → {folder}")
        people.write(folder, size, unknowns=unknowns)
        (folder / "made").touch()
    return folder


def _run(case: plan.Case) -> Line:
    lacks = plan.too_big(case, psutil.virtual_memory().available)
    if lacks:
        console.print(lacks)
        return {"skipped": lacks}
    words = {
        "folder": _people(case.size, case.unknowns),
        "out": HOME / "out",
        "count": plan.SAMPLES.get(case.size, 1 if case.size >= plan.LONG else 3),
    }
    if case.size >= plan.LONG:
        words["warm"] = _people(plan.SMALL, case.unknowns)
    found = ask(case.engine, case.task, words, threads=case.threads)
    for one in found.get("samples", ())[:1]:
        console.print(f"{one['wall']:.3f} s  {found['mib']:,} MiB")
    return found


def ask(engine: str, task: str, words: Line, *, threads: int = 1) -> Line:
    """One case, in a process and an environment of its own."""
    environment = {
        **os.environ,
        "BENCH_THREADS": str(threads),
        "BENCH_ENGINE": engine.partition("_")[2],
        "POLARS_MAX_THREADS": str(threads),
        # Start-up counts what compiling the law costs.
        "JIEKUN_CACHE": "",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [environments.python(engine), "-m", "bench.peers.case", engine, task,
         json.dumps(words, default=str)],
        cwd=ROOT, env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        console.print(f"[red]{engine} {task} 没有跑成[/]")
        return {"failed": (done.stderr.strip().splitlines() or ["?"])[-1]}
    found: Line = json.loads(done.stdout.splitlines()[-1])
    return found


def _once(done: set[tuple[str, int]], threads: int) -> None:
    """What is asked once a run: agreement, unknowns, one family, start-up."""

    def unless(name: str, make: Any) -> None:
        if (name, 0) not in done:
            console.print(name)
            _keep({"case": name, "round": 0, **make()})

    def rows(engine: str, folder: Path, save: Path) -> Line:
        return ask(engine, "rows", {"folder": folder, "save": save}, threads=threads)

    def sums(engine: str, folder: Path) -> Line:
        words = {"folder": folder, "out": HOME / "out", "count": 1}
        return ask(engine, "totals", words, threads=threads)

    whole, some = _people(plan.SMALL), _people(plan.SMALL, unknowns=True)
    unless("agreement", lambda: agreement.compare(whole, rows, list(plan.ENGINES)))
    unless("unknowns", lambda: agreement.unknowns(some, sums, list(plan.ENGINES)))
    unless("silence", lambda: agreement.silence(ask))
    for engine, count in LATENCY.items():
        words = {"family": "poor", "count": count}
        unless(f"one/{engine}", lambda e=engine, w=words: ask(e, "one", w, threads=threads))
    for engine in plan.ENGINES:
        words = {"folder": _people(TINY)}
        unless(f"start/{engine}", lambda e=engine, w=words: ask(e, "start", w, threads=threads))


def _keep(line: Line) -> None:
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
