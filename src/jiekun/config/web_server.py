"""Gunicorn with threads, started from Python on a socket that is already bound."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        from .wsgi import application

        return application


def serve(listener: socket.socket, *, ready: Callable[[], None]) -> None:
    """Serve until a signal; `ready` is called when pages can be opened."""

    def when_ready(server: object) -> None:
        # Gunicorn reloads on a closed terminal; a demo should end.
        signal.signal(signal.SIGHUP, _end)
        ready()

    settings = {
        "bind": f"fd://{os.dup(listener.fileno())}",
        "worker_class": "gthread",
        "workers": max(2, min(4, os.cpu_count() or 2)),
        "threads": 4,
        "timeout": 120,
        "graceful_timeout": 3,
        # The law is read once and shared by all workers.
        "preload_app": True,
        "when_ready": when_ready,
        "loglevel": "warning",
        "control_socket_disable": True,
    }
    parent = os.getpid()
    try:
        _Server(settings).run()
    except SystemExit as end:
        if os.getpid() != parent:
            # A worker is a fork of us: it must not go on into our own tidying up.
            os._exit(end.code if isinstance(end.code, int) else 1)
        raise


def _end(number: int, frame: FrameType | None) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
