"""Migrate a demo database and fill it: run by the demo in a process of its own."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import django
from rich.console import Console

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
    if find_spec("jiekun.demo") is not None:
        from jiekun.demo import build  # type: ignore[import-not-found,unused-ignore]

        _step("演示人口已生成", lambda: build(scale=asked.scale, folder=asked.folder))


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
