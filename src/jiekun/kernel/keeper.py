"""The last good law of a running system: files that went wrong do not stop it."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from threading import Lock

from jiekun.kernel.errors import LawError
from jiekun.kernel.law import Law

# What a law folder may hold that says something; cases only test it.
_SUFFIXES = (".py", ".yaml", ".csv")

# The law that each keeper gave first since `steady` began here.
_given: ContextVar[dict[int, tuple[Law, str]] | None] = ContextVar("given", default=None)


@contextmanager
def steady() -> Iterator[None]:
    """One law for as long as this lasts, and the files looked at once: a page asks many times."""
    token = _given.set({})
    try:
        yield
    finally:
        _given.reset(token)


class Keeper:
    """Reads a law folder again when its files change, and keeps the last that was sound.

    A law is sound when it builds for every place on every day it changes, which takes a second
    or two: only after a change, and never for the first, which whoever starts the system checks.
    """

    def __init__(self, folder: Path, read: Callable[[], Law]) -> None:
        self.folder, self.read = folder, read
        # Why the files as they are now are not used; empty when they are.
        self.problem = ""
        # A law and the fingerprint of its files: always exchanged together.
        self._kept: tuple[Law, str] | None = None
        self._stamp: tuple[tuple[str, int, int], ...] = ()
        self._turn = Lock()

    def law(self) -> Law:
        """The law as the files have it, or the last good one. Raises LawError if there is none."""
        return self.kept()[0]

    def kept(self) -> tuple[Law, str]:
        """The law, and the fingerprint of the files it was read from."""
        given = _given.get()
        if given is None:
            return self._newest()
        if id(self) not in given:
            given[id(self)] = self._newest()
        return given[id(self)]

    def _newest(self) -> tuple[Law, str]:
        stamp = self._look()
        if self._kept is None or stamp != self._stamp:
            with self._turn:
                if self._kept is None or stamp != self._stamp:
                    self._read_again(stamp)
        assert self._kept is not None
        return self._kept

    def _look(self) -> tuple[tuple[str, int, int], ...]:
        """Names, times and sizes: a few milliseconds, where reading takes hundreds."""
        told = ((path, path.stat()) for path in _files(self.folder))
        return tuple((path.path, stat.st_mtime_ns, stat.st_size) for path, stat in told)

    def _read_again(self, stamp: tuple[tuple[str, int, int], ...]) -> None:
        try:
            digest = digest_of(self.folder)
            law = self.read()
            if self._kept is not None:
                law.check()
        except (LawError, OSError) as error:
            if self._kept is None:
                raise
            self.problem = str(error)
        else:
            self._kept, self.problem = (law, digest), ""
        self._stamp = stamp


def digest_of(folder: Path) -> str:
    """A fingerprint of a law folder's files and of what they are called."""
    found = hashlib.sha256()
    for path in sorted(Path(entry) for entry in _files(folder)):
        found.update(path.relative_to(folder).as_posix().encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda e: e.name):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _files(Path(entry.path))
            elif entry.name.endswith(_SUFFIXES) and entry.name != "cases.yaml":
                yield entry
