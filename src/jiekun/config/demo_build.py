"""Migrate a demo database and fill it: run by the demo in a process of its own."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import django
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from jiekun import demo

# The demo's day: the same on any day it is built.
PLACE = "420106"
AT = datetime(2024, 11, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

Bar = Callable[[str, float], None]

console = Console(highlight=False)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("scale")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--build", action="store_true")
    asked = parser.parse_args()
    django.setup()
    with _step("数据表已就绪"):
        _migrate()
    if not asked.build:
        return
    with _step("街道、社区和演示账号已建立"):
        _seed_offices()
    with _step("演示人口已生成"), _progress() as progress:
        demo.build(scale=asked.scale, folder=asked.folder, progress=progress)
    _screen(demo.LAST_RUN)
    with _step("十月发生的事已记入"):
        demo.apply_events()
    _screen(demo.DEMO_TODAY)
    with _step("疑似重复登记已比对"):
        _find_duplicates()


def _screen(day: date) -> None:
    """Both of what is in force and of the draft as if it were, so that each has its last run."""
    from jiekun.screening import actions

    at = datetime.combine(day, AT.timetz())
    for simulate in ((), ("W24",)):
        told = f"{day} 筛查已完成" + ("（模拟 W24）" if simulate else "")
        with _step(told), _progress() as progress:

            def tell(done: int, total: int, people: int, bar: Bar = progress) -> None:
                bar("筛查", done / total)

            last = day == demo.DEMO_TODAY
            run = actions.start_run(
                on=day, place=PLACE, simulate=simulate, snapshot=last and not simulate,
                by=None, at=at,
            )  # fmt: skip
            actions.run_chunks(run=run, at=at, watch=time.monotonic, progress=tell)
            actions.thin_history(place=PLACE, simulate=simulate, at=at)


def _find_duplicates() -> None:
    from jiekun.screening.duplicates import search

    search(by=None, at=AT)


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _seed_offices() -> None:
    from jiekun.offices import actions

    actions.seed_wuchang(at=AT)
    actions.seed_departments(at=AT)
    actions.seed_demo_officers(at=AT)


@contextmanager
def _progress() -> Iterator[Bar]:
    """A bar for `progress(stage, done)`, with `done` from 0 to 1; each new stage is a new bar."""
    columns = (TextColumn("  {task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        tasks = {}

        def progress(stage: str, done: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=1.0)
            bars.update(tasks[stage], completed=done)

        yield progress


@contextmanager
def _step(told: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    console.print(f"[green]✓[/green] {told}  [dim]{time.monotonic() - started:.1f} 秒[/dim]")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        # The demo that asked for this is ending and says so itself.
        sys.exit(130)
