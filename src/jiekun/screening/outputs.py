"""Results on disk: whole or not at all, and known again by what they were made from."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from jiekun.kernel.program import Program

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# A Parquet file ends in its table of contents, which changes with nearly anything before it.
_TAIL = 65_536


class CannotWrite(Exception):
    """Results could not be written; says where, and what to do."""


@contextmanager
def fresh(path: Path) -> Iterator[Path]:
    """A name to write under; only what is complete, and safe on disk, gets the real one."""
    made = path.with_name(f"{path.name}.new")
    try:
        yield made
        _to_disk(made)
        made.replace(path)
        _to_disk(path.parent)
    finally:
        made.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def results_in(out: Path) -> Iterator[None]:
    """A folder for results: one writer at a time, and no trace of it where nothing came of it.

    Raises CannotWrite when it is in use, full or not to be written to.
    """
    with _told(out):
        out.mkdir(parents=True, exist_ok=True)
        handle = os.open(out, os.O_RDONLY)
        try:
            _alone(handle, out)
            try:
                yield
            finally:
                for folder in (out / "findings", out / "totals", out):
                    # Only goes when it is empty.
                    with suppress(OSError):
                        folder.rmdir()
        finally:
            os.close(handle)


def _alone(folder: int, out: Path) -> None:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotWrite(f"{out}：另一次筛查正在往这里写；等它完，或换一个文件夹") from None


@contextmanager
def _told(out: Path) -> Iterator[None]:
    """Failures of the disk in words."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL or "No space left" in str(error):
            told = (
                "磁盘满了，写不下。写完的部分留着，没写完的不留；腾出空间，再跑同一条命令就接着做"
            )
        else:
            told = f"写不了（{error}）；看看有没有写的权限、磁盘是否正常，再跑同一条命令"
        raise CannotWrite(f"{out}：{told}") from error


def mark_of_files(paths: Sequence[Path]) -> str:
    """A fingerprint of files: names, sizes, times of change, last 64 KB; empty if unreadable."""
    found = hashlib.sha256()
    try:
        for path in paths:
            with path.open("rb") as file:
                stat = os.fstat(file.fileno())
                found.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns} ".encode())
                file.seek(max(stat.st_size - _TAIL, 0))
                found.update(file.read())
    except OSError:
        return ""
    return found.hexdigest()


def mark_of_law(program: Program) -> str:
    """A fingerprint of everything that decides: the graph, its measures, and this version."""
    found = hashlib.sha256(f"{version('jiekun')} {program.asked}".encode())
    for node in program.graph.nodes:
        # Sets have no order of their own.
        value = sorted(node.value) if isinstance(node.value, frozenset) else node.value
        found.update(f"{node.op} {node.args} {node.kind} {value} {node.unit} {node.den}\n".encode())
    for use in program.measures:
        found.update(f"{use.measure} {use.eligible} {use.amount}\n".encode())
    return found.hexdigest()
