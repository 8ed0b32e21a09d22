"""Reforms ready to be tried: a file each, also to be copied from."""

from functools import cache
from pathlib import Path

from jiekun.kernel.reform.file import Reform, read_reform

_FOLDER = Path(__file__).parent


@cache
def ready() -> tuple[Reform, ...]:
    """All of them, by name."""
    return tuple(
        read_reform(path.read_text(encoding="utf-8"), path.name)
        for path in sorted(_FOLDER.glob("*.yaml"))
    )
