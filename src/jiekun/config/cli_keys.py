"""`jiekun keys`: the key ring that seals people's numbers and papers."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import NoReturn

import typer

keys_app = typer.Typer(help="封存证件号码和材料的密钥：生成、查看、更换。", no_args_is_help=True)


@keys_app.command()
def new() -> None:
    """新装的系统：生成密钥文件（0600）。已有就什么也不做。生成后请另处备份。"""
    _begin()
    from django.conf import settings

    from jiekun.registry import keys

    made = keys.make()
    typer.echo(f"{'已生成' if made else '已经有了，没有改动'}：{settings.KEY_FILE}")


@keys_app.command()
def status() -> None:
    """密钥文件在哪里、有几把密钥、多少条还封在旧密钥下。"""
    _begin()
    from django.conf import settings

    from jiekun.registry import keys
    from jiekun.registry.identifying import sealed_with_old_keys

    try:
        ring = keys.ring()
    except keys.KeyRingError as problem:
        _refuse(str(problem))
    typer.echo(f"密钥文件：{settings.KEY_FILE}")
    typer.echo(f"现用密钥：{ring.current.hex()}；共 {len(ring.sealing)} 把")
    typer.echo(f"还封在旧密钥下：{sealed_with_old_keys():,} 条")


@keys_app.command()
def rotate() -> None:
    """换一把新密钥，把所有密文重新封过。随时可停；再运行时从停下的地方接着做，不另换新钥。"""
    _begin()
    from jiekun.registry import actions, keys

    try:
        done = actions.rotate_keys(by=None, at=datetime.now(UTC), progress=_tell)
    except (keys.KeyRingError, keys.SealError) as problem:
        _refuse(str(problem))
    typer.echo(f"\r已重新封过 {done:,} 条。请再备份一次密钥文件：旧备份不含新密钥。")


def _tell(done: int, total: int) -> None:
    typer.echo(f"\r{done:,} / {total:,} 条", nl=False, err=True)


def _begin() -> None:
    """Set Django up on the database of the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiekun.config.settings")
    import django

    django.setup()


def _refuse(said: str) -> NoReturn:
    typer.echo(said, err=True)
    sys.exit(2)
