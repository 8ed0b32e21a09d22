"""The demo: an embedded database, a synthetic district in it, and a server in front."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

from psycopg import sql
from rich.console import Console

from .postgres import OWNER, Cluster, PostgresError, die_with_parent
from .worker import start as start_worker
from .worker import stop as stop_worker

DATABASE = "jiekun_demo"
BUILDING = "jiekun_building"
HOST = "127.0.0.1"
# What the demo's people and results are made from: when one of these changes, they are made anew.
SOURCES = ("demo", "law", "kernel", "screening", "registry", "offices", "journal")

console = Console(highlight=False)


class DemoError(RuntimeError):
    """The demo cannot run; the message says why and what to do."""


def run_demo(scale: str, port: int) -> None:
    """Build what is missing, serve until Ctrl-C, and leave nothing running."""
    started = time.monotonic()
    try:
        parse_scale(scale)
        home = Path(".jiekun").resolve()
        home.mkdir(exist_ok=True)
        with _ending_on_signals(), _only_one(home), _listening(port) as listener:
            cluster = Cluster(home)
            try:
                cluster.start()
                _tell("数据库已启动", started)
                _prepare(cluster, scale, home)
                _serve(cluster, listener, started)
            finally:
                cluster.stop()
                console.print("已停止。")
    except (DemoError, PostgresError) as problem:
        console.print(f"[red]✗[/red] {problem}", soft_wrap=True)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def parse_scale(scale: str) -> int:
    """How many real people one synthetic person stands for: 50 for '1:50'."""
    found = re.fullmatch(r"1:([1-9]\d{0,2})", scale)
    if found is None or int(found[1]) > 100:
        raise DemoError(f"--scale 写成 1:1 到 1:100，例如 --scale 1:50；收到的是 {scale!r}")
    return int(found[1])


def _tell(what: str, since: float) -> None:
    console.print(f"[green]✓[/green] {what}  [dim]{time.monotonic() - since:.1f} 秒[/dim]")


@contextmanager
def _ending_on_signals() -> Iterator[None]:
    """A polite kill or a closed terminal ends the demo as Ctrl-C does."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Hold the folder's lock; the system lets go of it however this process ends."""
    with (home / "demo.lock").open("a+") as lock:
        _lock(lock)
        yield


def _lock(lock: IO[str]) -> None:
    # Workers of a killed demo need a moment to notice, and hold the lock until then.
    until = time.monotonic() + 6
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise DemoError("这个目录里已有一个演示在运行；先在它的窗口按 Ctrl-C") from None
            time.sleep(0.2)
        else:
            return


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """Take the port before any work is done, so that a busy one is told at once."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        # Two sockets may share a port until one listens: this one does so now.
        listener.listen(512)
    except (OSError, OverflowError) as error:
        listener.close()
        raise DemoError(
            f"端口 {port} 用不了（{_reason(error)}）；换一个，例如 script/demo --port 8001"
        ) from None
    try:
        yield listener
    finally:
        listener.close()


def _reason(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "没有权限，请用 1024 以上的端口"
    return "端口号应在 0 到 65535 之间" if isinstance(error, OverflowError) else "已被占用"


def _prepare(cluster: Cluster, scale: str, home: Path) -> None:
    """Reuse the finished demo when it fits; else build beside it and put it in its place."""
    wanted = {"scale": scale, "source": _source_digest()}
    present = _read_mark(cluster)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with cluster.connect() as connection:
        # Whatever stands under this name was never finished.
        connection.execute(drop.format(sql.Identifier(BUILDING)))
        if present == wanted:
            _fill(cluster, DATABASE, scale, home, build=False)
            return
        if present is not None:
            old = present.get("scale")
            why = f"比例由 {old} 改为 {scale}" if old != scale else "程序有更新"
            console.print(f"重新生成演示数据：{why}。")
        create = sql.SQL("CREATE DATABASE {} OWNER {}")
        connection.execute(create.format(sql.Identifier(BUILDING), sql.Identifier(OWNER)))
        _fill(cluster, BUILDING, scale, home, build=True)
        mark = sql.SQL("COMMENT ON DATABASE {} IS {}")
        connection.execute(mark.format(sql.Identifier(BUILDING), sql.Literal(json.dumps(wanted))))
        connection.execute(drop.format(sql.Identifier(DATABASE)))
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        connection.execute(rename.format(sql.Identifier(BUILDING), sql.Identifier(DATABASE)))


def _read_mark(cluster: Cluster) -> dict[str, str] | None:
    """What the finished demo was made of, written on it when it was finished."""
    with cluster.connect() as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            (DATABASE,),
        ).fetchone()
    if row is None:
        return None
    mark: dict[str, str] = json.loads(row[0] or "{}")
    return mark


def _source_digest() -> str:
    """A fingerprint of everything the demo's data is made from."""
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parent.parent
    for room in SOURCES:
        for path in sorted((package / room).rglob("*")):
            if path.suffix in {".py", ".yaml", ".csv"}:
                digest.update(str(path.relative_to(package)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _fill(cluster: Cluster, database: str, scale: str, home: Path, *, build: bool) -> None:
    """Migrate and fill in a process of its own: its memory goes when it is done."""
    command = [sys.executable, "-m", "jiekun.config.demo_build", scale, str(home / "demo")]
    environment = _environment(cluster.url(database, OWNER), home)
    child = subprocess.Popen(
        [*command, *(["--build"] if build else [])],
        env=environment,
        preexec_fn=die_with_parent(),
    )
    try:
        code = child.wait()
    except BaseException:
        child.terminate()
        child.wait()
        raise
    if code != 0:
        raise DemoError("演示数据没有生成完；上面是原因。改好后再运行一次即可，不必清理。")


def _environment(url: str, home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "jiekun.config.settings",
        "JIEKUN_DEMO": "1",
        "JIEKUN_STATE": str(home),
    }


def _serve(cluster: Cluster, listener: socket.socket, started: float) -> None:
    """Serve as the role that owns nothing, until told to stop."""
    os.environ.update(_environment(cluster.url(DATABASE), cluster.home))
    # Only now: Django reads its settings from the environment just made.
    from .web_server import serve

    address = f"http://{HOST}:{listener.getsockname()[1]}/"

    def ready() -> None:
        _tell("可以打开了", started)
        _print_sign_ins(address)

    worker = start_worker()
    try:
        serve(listener, ready=ready)
    finally:
        stop_worker(worker)


def _print_sign_ins(address: str) -> None:
    from jiekun.offices.actions import DEMO_OFFICERS, DEMO_PASSWORD

    console.print(f"\n  [bold]{address}[/bold]\n\n  登录名（密码都是 {DEMO_PASSWORD}）：")
    for username, (name, _, role, area) in DEMO_OFFICERS.items():
        console.print(f"    {username:<9} {role.label}  {name}  [dim]{area}[/dim]")
    console.print("\n  人物和数据全部虚构。按 Ctrl-C 停止。\n")
