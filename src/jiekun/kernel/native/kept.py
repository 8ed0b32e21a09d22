"""Machine code kept on disk, so that a law unchanged since yesterday is not compiled again.

`JIEKUN_CACHE` names the folder; empty, nothing is kept. Code is run, so only a folder that
nobody else can write to is trusted. Nothing here may fail: without it law is only slower.
"""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

# About a quarter of a megabyte each; the oldest go.
AT_MOST = 100
_HEAD = 32


def load(key: str) -> bytes | None:
    """What was kept under a key; None if nothing was, or not all of it."""
    folder = _folder()
    if folder is None:
        return None
    try:
        found = (folder / key).read_bytes()
    except OSError:
        return None
    head, code = found[:_HEAD], found[_HEAD:]
    return code if sha256(code).digest() == head else None


def save(key: str, code: bytes) -> None:
    """Keep code under a key: whole, or not at all."""
    folder = _folder()
    if folder is None:
        return
    with suppress(OSError):
        with NamedTemporaryFile(dir=folder, prefix=".new", delete=False) as new:
            new.write(sha256(code).digest() + code)
        Path(new.name).replace(folder / key)
        _thin(folder)


def _folder() -> Path | None:
    """The folder, made when it is not there; None when it cannot be trusted."""
    named = os.environ.get("JIEKUN_CACHE")
    if named == "":
        return None
    try:
        # A folder of its own: whatever is too much there may be thrown away.
        folder = (Path(named) if named else Path.home() / ".cache" / "jiekun") / "native"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        told = folder.stat()
    except (OSError, RuntimeError, ValueError):
        return None
    return folder if told.st_uid == os.geteuid() and not told.st_mode & 0o022 else None


def _thin(folder: Path) -> None:
    there = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in there[AT_MOST:]:
        path.unlink(missing_ok=True)
