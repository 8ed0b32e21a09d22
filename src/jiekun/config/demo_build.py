"""Migrate a demo database and fill it: run by the demo in a process of its own."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import django
from rich.console import Console

# The demo's day: the same on any day it is built.
AT = datetime(2024, 11, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

console = Console(highlight=False)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("scale")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--build", action="store_true")
    asked = parser.parse_args()
    django.setup()
    _step("数据表已就绪", _migrate)
    if not asked.build:
        return
    _step("街道、社区和演示账号已建立", _seed_offices)
    if hasattr(demo := import_module("jiekun.demo"), "build"):
        _step("演示人口已生成", lambda: demo.build(scale=asked.scale, folder=asked.folder))


def _seed_offices() -> None:
    from jiekun.offices import actions

    actions.seed_wuchang(at=AT)
    actions.seed_departments(at=AT)
    actions.seed_demo_officers(at=AT)


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _step(told: str, work: Callable[[], object]) -> None:
    started = time.monotonic()
    work()
    console.print(f"[green]✓[/green] {told}  [dim]{time.monotonic() - started:.1f} 秒[/dim]")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        # The demo that asked for this is ending and says so itself.
        sys.exit(130)
