"""Runs every measurement and writes docs/figures.md: `python -m bench [--quick]`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.machine import machine
from bench.report import page

ROOT = Path(__file__).resolve().parent.parent
SIZES = [100_000, 500_000, 1_092_750, 2_000_000, 5_000_000]
DRAFTS = (("现行", ""), ("试算 W24", "W24"))

console = Console(stderr=True, highlight=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="演示区用 1:20，不量 500 万人")
    parser.add_argument("--skip-database", action="store_true", help="不量 PostgreSQL 和网页")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "figures.md")
    asked = parser.parse_args()
    found: dict[str, Any] = {"law": task("law"), "decide": task("decide", "2000")}
    with tempfile.TemporaryDirectory(prefix="jk-bench-") as name:
        folder = Path(name)
        found["explain"] = task("explain", folder)
        found["make"] = task("make", "1:20" if asked.quick else "1:1", folder / "district")
        found["files"] = list(files(folder, found["make"]["people"], asked.quick))
        if not asked.skip_database:
            found |= database(folder, "1:20" if asked.quick else "1:1")
    asked.out.write_text(page(machine(), found), encoding="utf-8")
    console.print(f"写好了：{asked.out}")


def task(name: str, *words: object, environment: dict[str, str] | None = None) -> dict[str, Any]:
    """The figures of one task, measured in a process of its own."""
    console.print(f"[dim]{name} {' '.join(map(str, words))}[/]")
    command = [sys.executable, "-m", "bench.tasks", name, *map(str, words)]
    # As installed: Python keeps what it has compiled.
    environment = dict(environment or os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    console.print(f"  {found}")
    return found


def files(folder: Path, people: int, quick: bool) -> Any:
    """The district screened at several sizes, the full one under both laws."""
    for size in [people // 10, people] if quick else SIZES:
        sized = folder / "district"
        if size != people:
            sized = folder / f"people-{size}"
            task("repeat", folder / "district", sized, size)
        for law, simulate in DRAFTS if size == people else DRAFTS[:1]:
            yield {"law": law, **task("files", sized, folder / "out", simulate)}


def database(folder: Path, scale: str) -> dict[str, Any]:
    """A district in an embedded PostgreSQL of its own, screened again, and its pages opened."""
    from jiekun.config.demo_server import DATABASE, OWNER
    from jiekun.config.postgres import Cluster

    cluster = Cluster(folder / "pg")
    (folder / "pg").mkdir()
    cluster.start()
    try:
        with cluster.connect() as connection:
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        environment = {
            **os.environ,
            "DATABASE_URL": cluster.url(DATABASE, OWNER),
            "DJANGO_SETTINGS_MODULE": "jiekun.config.settings",
            "JIEKUN_DEMO": "1",
            "JIEKUN_STATE": str(folder / "pg"),
        }
        build = [sys.executable, "-m", "jiekun.config.demo_build", scale, str(folder / "demo")]
        subprocess.run([*build, "--build"], env=environment, check=True, stdout=sys.stderr)
        runs = [{"law": n, **task("database", s, environment=environment)} for n, s in DRAFTS]
        return {"database": runs, "desk": task("desk", "5", environment=environment)}
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
