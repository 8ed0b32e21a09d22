"""`jiekun law mutate`: the law changed one thing at a time, to see that a case notices."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from itertools import islice
from multiprocessing import get_context

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from jiekun.config.cli_explain import refuse
from jiekun.config.cli_law import FOLDER, shipped_cases
from jiekun.kernel.cases import Case
from jiekun.kernel.household_file import Problem
from jiekun.kernel.law import Law
from jiekun.kernel.mutation import CaseIndex, Mutant, caught_by, mutants
from jiekun.law import load

# Small enough for the bar to move, large enough for the processes to be busy.
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Survivor:
    """A change no case noticed."""

    file: str
    line: int
    name: str
    what: str


def run(only: str, jobs: int, as_json: bool) -> int:
    """Changes the law and shows what no case notices: 0, or 1 with the survivors."""
    folder = only.strip("/")
    if folder and not _somewhere(folder):
        return refuse([Problem(only, "法规里没有这个文件夹")], as_json, "没有改")
    began = time.monotonic()
    law, cases = load(), list(shipped_cases())
    count = sum(1 for _ in chosen(law, folder))
    survivors = list(_tried(law, cases, folder, count, jobs))
    seconds = time.monotonic() - began
    if as_json:
        told = {
            "mutants": count,
            "caught": count - len(survivors),
            "survivors": [asdict(survivor) for survivor in survivors],
            "seconds": round(seconds, 1),
        }
        Console().out(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _tell(count, survivors, seconds)
    return 1 if survivors else 0


def chosen(law: Law, folder: str) -> Iterator[Mutant]:
    """The mutants of one folder of the law, or of all of it."""
    for mutant in mutants(law):
        if not folder or mutant.file == folder or mutant.file.startswith(f"{folder}/"):
            yield mutant


def _somewhere(folder: str) -> bool:
    place = (FOLDER / folder).resolve()
    return place.is_relative_to(FOLDER.resolve()) and place.exists()


def _tried(law: Law, cases: list[Case], folder: str, count: int, jobs: int) -> Iterator[Survivor]:
    starts = range(0, count, AT_ONCE)
    # Every process gets the law as read here, so an edit meanwhile changes nothing; what was
    # built of it stays behind.
    given = replace(law, _programs={}), cases, folder
    fresh = get_context("spawn")
    with (
        ProcessPoolExecutor(jobs, mp_context=fresh, initializer=_begin, initargs=given) as pool,
        _bar() as bar,
    ):
        task = bar.add_task("改一处，看例子", total=count)
        for start, survivors in zip(starts, pool.map(_try, starts), strict=True):
            bar.update(task, completed=min(start + AT_ONCE, count))
            yield from survivors


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


# -- in each process: the law, its mutants and its cases, made once

_made: tuple[Law, list[Mutant], CaseIndex]


def _begin(law: Law, cases: list[Case], folder: str) -> None:
    global _made  # noqa: PLW0603 - a process of the pool has no other place to keep them
    _made = law, list(chosen(law, folder)), CaseIndex(law, cases)


def _try(start: int) -> list[Survivor]:
    law, made, index = _made
    return [
        Survivor(mutant.file, mutant.line, mutant.name, mutant.what)
        for mutant in islice(made, start, start + AT_ONCE)
        if caught_by(mutant, index.for_mutant(law, mutant)) is None
    ]


def _tell(count: int, survivors: list[Survivor], seconds: float) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for survivor in survivors:
        where = escape(f"{survivor.file}:{survivor.line}")
        console.print(f"[red]✗[/] {where} {survivor.name}  {escape(survivor.what)}")
    mark = "[red]✗[/]" if survivors else "[green]✓[/]"
    told = f"改了 {count} 处，例子看出 {count - len(survivors)} 处，漏掉 {len(survivors)} 处"
    console.print(f"{mark} {told}，用时 {seconds:.0f} 秒")
