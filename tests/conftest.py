"""What every test stands on: a PostgreSQL of its own, and the role Jiekun really runs as."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test.utils import CaptureQueriesContext

from jiekun.config.postgres import APP, OWNER, Cluster

# Tests compile what they run, and leave nothing in anybody's home.
os.environ.setdefault("JIEKUN_CACHE", "")

AT = datetime(2024, 11, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A server in a short temporary folder: one a test process, gone with it."""
    home = Path(tempfile.mkdtemp(prefix="jk-"))
    server = Cluster(home, fsync="off", full_page_writes="off", shared_buffers="64MB")
    try:
        server.start()
        with server.connect() as admin:
            admin.execute(f"ALTER ROLE {OWNER} CREATEDB")
            # Only so that the test database can be emptied, locked tables too.
            admin.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, cluster: Cluster) -> None:
    """Tables are made by their owner, in this process's server."""
    connection.settings_dict.update(HOST=str(cluster.sockets), USER=OWNER, PASSWORD="", PORT="")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Tests then act as the role that owns nothing, so a missing grant shows at once."""
    options = connection.settings_dict["OPTIONS"]
    options["options"] = f"-c role={APP}"
    connection.close()
    yield
    # Only its owner may drop the database.
    del options["options"]
    connection.close()


@pytest.fixture(scope="session", autouse=True)
def _emptying_lifts_locks() -> Iterator[None]:
    """Between transactional tests the database is emptied by its owner, past every lock."""
    plain = DatabaseOperations.execute_sql_flush

    def flush(self: DatabaseOperations, statements: list[str]) -> None:
        lift = [f"SET ROLE {OWNER};", "SET session_replication_role = replica;"]
        lock = ["SET session_replication_role = origin;", f"SET ROLE {APP};"]
        plain(self, [*lift, *statements, *lock])

    DatabaseOperations.execute_sql_flush = flush
    yield
    DatabaseOperations.execute_sql_flush = plain


# How a transaction begins and ends, and where in it the database's wall does (registry/scope.py).
_STEPS = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT", "SET LOCAL role", "SELECT before.*")
_STEPS += ("SELECT current_setting('role')", "SELECT set_config('role'")


@pytest.fixture(scope="session", autouse=True)
def _steps_are_no_questions() -> Iterator[None]:
    """What is counted of the database's work is what it was asked."""
    plain = CaptureQueriesContext.captured_queries

    def asked(self: CaptureQueriesContext) -> list[dict[str, Any]]:
        return [one for one in plain.__get__(self) if not one["sql"].startswith(_STEPS)]

    CaptureQueriesContext.captured_queries = property(asked)
    yield
    CaptureQueriesContext.captured_queries = plain


@pytest.fixture(scope="session", autouse=True)
def _fast_passwords() -> None:
    """Real password hashes are slow on purpose; tests need not wait."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def at() -> datetime:
    """The moment tests happen at: the demo's day, on every day."""
    return AT


@pytest.fixture
def as_owner(db: None) -> Iterator[None]:
    """Act as the owner of the tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {OWNER}")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP}")


@pytest.fixture
def ring(settings: Any, tmp_path: Path) -> Path:
    """A key ring of the test's own: its file."""
    from jiekun.registry import keys

    settings.KEY_FILE = tmp_path / "keys.json"
    keys.make()
    return tmp_path / "keys.json"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program, for tests that open pages."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if os.environ.get("CI"):
        pytest.fail("CI must have a browser: script/test installs Debian's chromium")
    pytest.skip("no browser here: install chromium, or run script/test as root on Debian")


# -- coverage.yaml names tests: a full run must have seen each of them pass

_passed: set[str] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remembers what passed, in this process or, with xdist, in any of its workers."""
    if report.when == "call" and report.passed:
        _passed.add(report.nodeid.partition("[")[0])


def _is_whole(config: pytest.Config) -> bool:
    """Whether every test there is was asked for, and this process hears of all of them."""
    narrowed = ("keyword", "markexpr", "lf", "collectonly", "deselect", "ignore")
    chosen = any(config.getoption(word, None) for word in narrowed)
    from_settings = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return from_settings and not chosen and not hasattr(config, "workerinput")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fails a full run that did not see every test coverage.yaml names pass."""
    if exitstatus != pytest.ExitCode.OK or not _is_whole(session.config):
        return
    from jiekun.law import load
    from jiekun.oversight.coverage import read_entries

    named = {test for entry in read_entries(load()).values() for test in entry.tests}
    if unseen := sorted(named - _passed):
        reporter = session.config.pluginmanager.getplugin("terminalreporter")
        for test in unseen:
            reporter.write_line(f"coverage.yaml names {test}, but it was not seen to pass")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
