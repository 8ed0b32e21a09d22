"""The demo district: synthetic people of a real district, the same whenever they are made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .scale import DEMO_TODAY, LAST_RUN, ScaleError

__all__ = ["DEMO_TODAY", "LAST_RUN", "ScaleError", "apply_events", "build"]

Progress = Callable[[str, float], None]


def build(*, scale: str, folder: Path | None = None, progress: Progress | None = None) -> None:
    """Make the district at a scale like "1:50", write its Parquet files, load the database.

    This is the state before the events of October: screen it for LAST_RUN, then `apply_events`.
    """
    # Models may only be imported once Django knows all rooms.
    from .assembly import build as build_now
    from .assembly import quiet

    build_now(scale=scale, folder=folder, progress=progress or quiet)


def apply_events() -> int:
    """Let October happen to the people loaded by `build`; returns how many events."""
    from .assembly import apply_events as apply_now

    return apply_now()
