"""`jiekun journal`: seal, verify, export. How it works: docs/journal.md."""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

journal_app = typer.Typer(help="操作日志：封存、验证、导出。", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)
_MOST_TOLD = 200


@journal_app.command("seal")
def _seal() -> None:
    """把已经办完的各行封存进链里；随时可以做，不挡任何人写。"""
    sys.exit(seal())


@journal_app.command("verify")
def _verify(
    known: Annotated[
        list[str] | None,
        typer.Option("--known", metavar="编号:摘要", help="从前抄在别处的封存，可写多次"),
    ] = None,
) -> None:
    """把整本日志从头读一遍：哪一行被改过、删过、插过、换过位置，一一说出；有就退出码 1。"""
    sys.exit(verify(known or []))


@journal_app.command("export", epilog="例：[bold]jiekun journal export -o 日志.jsonl[/bold]")
def _export(
    out: Annotated[Path, typer.Option("-o", "--out", metavar="文件", help="写到哪里，不能已有")],
    since: Annotated[int, typer.Option("--since", min=1, metavar="编号", help="从几号封存")] = 1,
    until: Annotated[
        int | None, typer.Option("--until", min=1, metavar="编号", help="到几号封存")
    ] = None,
) -> None:
    """导出封存和其中各行，别人不用本系统也能验证。里面有谁对谁做了什么，要当个人信息保管。"""
    sys.exit(export(out, since, until))


def _begin() -> datetime:
    """Set Django up on the database of the environment; now."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiekun.config.settings")
    import django

    django.setup()
    from django.utils import timezone

    return timezone.now()


def seal() -> int:
    """Link what is finished into the chain."""
    at = _begin()
    from jiekun.journal import actions

    sealed = actions.seal(at=at)
    console.print(f"封存了 {sealed:,} 行" if sealed else "没有新的行要封存")
    return 0


def verify(known: list[str]) -> int:
    """Read the whole journal against its seals."""
    noted: dict[int, str] = {}
    for text in known:
        number, _, digest = text.partition(":")
        if not number.isdecimal() or len(digest) != 64:
            console.print(f"[red]“{text}”要写成 编号:摘要，摘要是 64 位十六进制[/red]")
            return 2
        noted[int(number)] = digest.lower()
    at = _begin()
    from jiekun.journal import actions
    from jiekun.journal.verify import verify as read_all

    started = time.monotonic()
    actions.seal(at=at)
    verdict = read_all(known=noted)
    for fault in verdict.faults[:_MOST_TOLD]:
        console.print(f"[red]✗[/red] {fault.told}")
    if len(verdict.faults) > _MOST_TOLD:
        console.print(f"……还有 {len(verdict.faults) - _MOST_TOLD:,} 处")
    took = f"{time.monotonic() - started:.1f} 秒"
    read = (
        f"{verdict.lines:,} 行、{verdict.seals:,} 号封存，{verdict.unsealed:,} 行还没有封存，{took}"
    )
    if not verdict.whole:
        console.print(f"[red]日志被动过：{len(verdict.faults):,} 处[/red]（读了 {read}）")
        return 1
    console.print(f"[green]✓[/green] 日志完好：{read}")
    if verdict.last:
        console.print(f"最后一号封存，请抄在别处：{verdict.last}")
    return 0


def export(out: Path, since: int, until: int | None) -> int:
    """Write seals and their lines to a file that is not there yet."""
    at = _begin()
    from django.db import transaction

    from jiekun.journal import actions
    from jiekun.journal.export import export as lines

    with transaction.atomic():
        data = {"since": since, "until": until}
        actions.write(act="export-journal", by=None, at=at, subject=("journal.seal", since),
                      purpose="命令行导出", data=data)  # fmt: skip
    actions.seal(at=at)
    many = 0
    try:
        # Nobody but its owner is to read what officers did to whom.
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as problem:
        console.print(f"[red]写不了 {out}：{problem.strerror}[/red]")
        return 2
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        for line in lines(since=since, until=until):
            file.write(line)
            many += line.startswith('{"line"')
    console.print(f"{many:,} 行写到了 {out}；不用本系统也能验证，见 docs/journal.md")
    return 0
