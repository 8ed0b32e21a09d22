"""`jiekun screen`: many households from two Parquet files, with a bar that moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from jiekun.config.cli_explain import refuse
from jiekun.kernel.household_file import Problem, law_asked
from jiekun.law import load


def run(
    persons: Path, households: Path, on: date, place: str, simulate: tuple[str, ...], out: Path
) -> int:
    """Screens the files: 0, or 2 with every problem listed and nothing written."""
    _, problems = law_asked(load(), on, place, simulate)
    problems += _unreadable(persons, households, out)
    if problems:
        return refuse(problems)
    from jiekun.screening.file_checks import FileProblems
    from jiekun.screening.files import screen_files

    with _bar() as bar:
        task = bar.add_task("已算")
        try:
            screen_files(
                persons,
                households,
                on=on,
                place=place,
                simulate=simulate,
                out=out,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        except FileProblems as error:
            bar.stop()
            return refuse([Problem("", problem) for problem in error.problems])
    Console(stderr=True, highlight=False).print(
        f"结果：{out / 'findings.parquet'}、{out / 'totals.json'}", soft_wrap=True
    )
    return 0


def _unreadable(persons: Path, households: Path, out: Path) -> Iterator[Problem]:
    for path in (persons, households):
        if not path.is_file():
            yield Problem(str(path), "没有这个文件")
    if out.exists() and not out.is_dir():
        yield Problem(str(out), "不是文件夹")


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description} {task.completed:,.0f} 人"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True, highlight=False),
    )
