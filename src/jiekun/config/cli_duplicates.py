"""`jiekun duplicates`: find people entered twice, and measure how well that is done."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

duplicates_app = typer.Typer(
    help="同一个人登记了两次：查找，以及量一量找得准不准。", no_args_is_help=True
)
console = Console(highlight=False, soft_wrap=True)
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="种子", help="从哪个种子埋下错误")]
Size = Annotated[str, typer.Option("--scale", metavar="比例", help="演示区多大，1:100 到 1:1")]


def _begin() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiekun.config.settings")
    import django

    django.setup()


@duplicates_app.command()
def find() -> None:
    """在登记册里找一遍，把疑似的记下，等工作人员在“疑似重复”里核对。夜里会自己找。"""
    _begin()
    from jiekun.screening.duplicates import search

    found = search(by=None, at=datetime.now(UTC))
    console.print(f"{found.people:,} 人比过，疑似 {found.likely:,} 对，其中新的 {found.fresh:,} 对")


@duplicates_app.command()
def measure(seed: Seed, scale: Size = "1:10") -> None:
    """造一个演示区，从种子埋下登记错误，按出厂参数找一遍，与埋下的对照。不用数据库。

    埋错误的种子不要用学参数时的那个，否则量的是背题。
    """
    _begin()
    from jiekun.demo.linking import measure as measured
    from jiekun.registry.likeness import model

    shipped = model()
    result = measured(scale, seed, shipped.threshold / 1000, lambda _stage, _done: None)
    table = Table("埋下的", "数量", "找出", "比例")
    for score in (*result.doubles, *result.traps):
        share = f"{score.found / score.planted:.0%}" if score.planted else "—"
        table.add_row(score.kind, f"{score.planted:,}", f"{score.found:,}", share)
    console.print(table)
    console.print(
        f"{result.people:,} 人，提出 {result.pairs:,} 对："
        f"查准率 {result.precision:.1%}，查全率 {result.recall:.1%}；"
        f"没有埋过而提出的 {result.strangers:,} 对"
    )
    console.print(
        f"门槛千分之 {shipped.threshold}；参数学自种子 {shipped.seed}、比例 {shipped.scale}"
        + ("；[red]这就是学参数的种子，结果不能作准[/red]" if seed == shipped.seed else "")
    )


@duplicates_app.command()
def learn(
    seed: Seed,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="文件.json", help="写到哪里")],
    scale: Size = "1:10",
    threshold: Annotated[
        int, typer.Option(min=1, max=999, metavar="千分数", help="多可能才给人看")
    ] = 100,
) -> None:
    """重新学参数：只看人，不看谁和谁是同一个人。写出的文件就是 registry/likeness.json。"""
    _begin()
    from jiekun.demo import DEMO_TODAY
    from jiekun.demo.linking import learn as learned

    levels, rate = learned(scale, seed, lambda _stage, _done: None)
    kept = {
        "learned_on": DEMO_TODAY.isoformat(), "seed": seed, "scale": scale,
        "rate": round(rate, 7), "threshold": threshold, "levels": levels,
    }  # fmt: skip
    out.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    console.print(f"写好了：{out}")
