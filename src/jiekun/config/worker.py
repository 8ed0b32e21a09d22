"""The worker: a process that does long work, and one beside it that replaces it when it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date, datetime
from types import FrameType

from .postgres import die_with_parent

# Seconds a worker may take to end what it is at; chunks not finished are done again.
PATIENCE = 3
# A worker that dies at once again and again is not started more often than this.
PAUSE = 2.0
# The night's run, one simulation, and room for giving a dead worker's jobs to another.
AT_ONCE = 3


def supervise() -> None:
    """Keep one worker at work until told to stop."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _end)
    while True:
        child = start("--once")
        try:
            code = child.wait()
        finally:
            stop(child)
        print(f"worker ended with {code}; another one starts", file=sys.stderr)  # noqa: T201
        time.sleep(PAUSE)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def start(*words: str) -> subprocess.Popen[bytes]:
    """A worker, or with no words the process that keeps one; it ends with this process."""
    command = [sys.executable, "-m", "jiekun.config.worker", *words]
    return subprocess.Popen(command, preexec_fn=die_with_parent())


def stop(child: subprocess.Popen[bytes]) -> None:
    """End a worker: politely, then by force. What it was at is taken up by the next."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def work() -> None:
    """Do jobs until a signal comes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiekun.config.settings")
    import django

    django.setup()
    from procrastinate.contrib.django import app

    from jiekun.screening import jobs, trying

    trying.tidy()
    worker_app = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(worker_app) as ours:
        ours.run_worker(
            name=f"worker-{os.getpid()}",
            concurrency=AT_ONCE,
            delete_jobs="successful",
            update_heartbeat_interval=jobs.STALLED / 3,
            stalled_worker_timeout=jobs.STALLED,
            additional_context={"clock": jobs.Clock(_day, _moment, time.monotonic)},
        )


def _day(tick: int) -> date:
    """The day a tick falls on; the demo's people live on one day only."""
    from django.conf import settings
    from django.utils import timezone

    fixed: date | None = settings.TODAY
    return fixed or timezone.localdate(
        datetime.fromtimestamp(tick, timezone.get_current_timezone())
    )


def _moment() -> datetime:
    from django.utils import timezone

    now = timezone.localtime()
    return datetime.combine(_day(int(now.timestamp())), now.timetz())


if __name__ == "__main__":
    if "--once" in sys.argv[1:]:
        work()
    else:
        supervise()
