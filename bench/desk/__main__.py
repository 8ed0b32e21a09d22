"""Serves a demo district and lets officers walk through it: `python -m bench.desk`.

Uses the district already built under .jiekun here, or builds it first.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TypeVar

import psutil
from rich.console import Console

from .browser import Browser, number_in

if TYPE_CHECKING:
    from .report import Phase
    from .walk import Walker

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent.parent
HOME = Path(".jiekun").resolve()
BUILDING = 1800
TRIED = "label: 低保标准提高 5%\nchanges:\n  - parameter: dibao_standard_urban\n    by: +5%\n"

console = Console(stderr=True, highlight=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", default="1:1", help="演示区的比例")
    parser.add_argument("--officers", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=8, help="边想边开的时间")
    parser.add_argument("--think", type=float, nargs=2, default=(3, 10), metavar="秒")
    parser.add_argument("--hard", type=float, default=1, help="一秒不停地开的分钟数，0 为不测")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "desk-load.md")
    asked = parser.parse_args()
    with _served(asked.scale) as (root, server):
        _environment()
        from .report import page

        trial = _tried(root)
        walkers = _walkers(root, asked.officers, asked.seed)
        # One after another, as people come in.
        signing = [walker.enter() for walker in walkers]
        _all(walkers, lambda walker: walker.look_around())
        phases = [_phase(walkers, server, (asked.think[0], asked.think[1]), asked.minutes * 60)]
        if asked.hard:
            phases.append(_phase(walkers, server, (0.0, 0.0), asked.hard * 60))
        asked.out.write_text(page(asked.scale, signing, trial, phases), encoding="utf-8")
    console.print(f"写好了：{asked.out}")


@contextmanager
def _served(scale: str) -> Iterator[tuple[str, psutil.Process]]:
    """The demo as anybody starts it: where it answers, and its process."""
    command = [sys.executable, "-c", "from jiekun.config.cli import main; main()"]
    command += ["demo", "--scale", scale, "--port", "0"]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield _address(demo), psutil.Process(demo.pid)
    finally:
        demo.terminate()
        demo.wait(60)


def _address(demo: subprocess.Popen[str]) -> str:
    assert demo.stdout is not None
    for line in demo.stdout:
        sys.stderr.write(line)
        if found := re.search(r"http://[\d.]+:\d+/", line):
            return found[0]
    raise SystemExit("演示区没有起来；上面是原因。")


def _environment() -> None:
    """Work on the demo's database from this process too, to draw officers and families."""
    from jiekun.config.demo_server import DATABASE
    from jiekun.config.postgres import Cluster

    os.environ |= {
        "DATABASE_URL": Cluster(HOME).url(DATABASE),
        "DJANGO_SETTINGS_MODULE": "jiekun.config.settings",
        "JIEKUN_DEMO": "1",
        "JIEKUN_STATE": str(HOME),
    }
    import django

    django.setup()


def _tried(root: str) -> dict[str, float]:
    """Seconds from the click on 开始试算 until the page with the result has come."""
    from jiekun.offices.actions import DEMO_PASSWORD

    browser = Browser(root)
    browser.sign_in("qu", DEMO_PASSWORD)
    browser.get("/reforms/new/")
    began = time.perf_counter()
    opened = browser.post("/reforms/new/", act="start", text=TRIED)
    number = number_in(opened.address)
    while f"/reforms/{number}/progress/" in opened.text:
        # As the page itself asks.
        time.sleep(0.5)
        opened = browser.get(f"/reforms/{number}/")
    assert "一年" in opened.text, "the simulation came to nothing"
    return {"试算：从点“开始”到结果页": time.perf_counter() - began}


def _walkers(root: str, count: int, seed: int) -> list[Walker]:
    """Officers of as many different places as there are, each with a browser."""
    from django.db import connection

    from .drawn import draw
    from .walk import Walker

    made = [
        Walker(drawn, Browser(root), Random(f"{seed} {drawn.username}"))  # noqa: S311 - a walk
        for drawn in draw(count, seed)
    ]
    connection.close()
    return made


def _all(walkers: list[Walker], work: Callable[[Walker], T]) -> list[T]:
    with ThreadPoolExecutor(len(walkers)) as pool:
        return list(pool.map(work, walkers))


def _phase(
    walkers: list[Walker], server: psutil.Process, think: tuple[float, float], seconds: float
) -> Phase:
    from .report import Phase

    console.print(f"[dim]{len(walkers)} 位，{seconds:.0f} 秒，每页之间想 {think} 秒[/]")
    before, began = _cpu(server), time.monotonic()
    _all(walkers, lambda walker: walker.walk(began + seconds, think))
    took, after = time.monotonic() - began, _cpu(server)
    steps = [step for walker in walkers for step in walker.taken()]
    return Phase(think, took, steps, {who: after[who] - used for who, used in before.items()})


def _cpu(server: psutil.Process) -> dict[str, float]:
    """Seconds of processor time so far of the server, its database and these browsers."""
    used = {"网页": 0.0, "数据库": 0.0, "浏览器": sum(psutil.Process().cpu_times()[:2])}
    for process in [server, *server.children(recursive=True)]:
        with suppress(psutil.Error):
            kind = "数据库" if process.name() == "postgres" else "网页"
            used[kind] += sum(process.cpu_times()[:2])
    return used


if __name__ == "__main__":
    main()
