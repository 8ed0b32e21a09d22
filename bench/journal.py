"""A journal of a million lines: written, sealed, verified. `python -m bench.journal [lines]`.

In a database of its own that is gone afterwards. Lines are written as actions write them but many
at once; what one line costs is measured apart, one transaction a line.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

AT = datetime(2024, 11, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
AT_ONCE = 5_000
ALONE = 2_000


def main() -> None:
    from jiekun.config.postgres import APP, OWNER, Cluster

    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="jk-") as name:
        os.environ["JIEKUN_STATE"] = name
        cluster = Cluster(Path(name))
        cluster.start()
        try:
            with cluster.connect() as admin:
                admin.execute(f"CREATE DATABASE bench OWNER {OWNER}")
            os.environ["DATABASE_URL"] = cluster.url("bench", OWNER)
            _migrate()
            from django.db import connection

            connection.close()
            connection.settings_dict["USER"] = APP
            print(json.dumps(measure(lines), ensure_ascii=False))  # noqa: T201
            connection.close()
        finally:
            cluster.stop()


def _migrate() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiekun.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", "journal", verbosity=0)


def measure(lines: int) -> dict[str, Any]:
    """Seconds by the wall clock, and of this process's own time, for each step."""
    from jiekun.journal import actions
    from jiekun.journal.verify import verify

    found: dict[str, Any] = {"lines": lines}
    found["write alone, ms a line"] = _timed(_write_alone)["wall"] / ALONE * 1000
    fill(lines)
    found["seal"] = _timed(lambda: actions.seal(at=AT))
    verdicts = []
    found["verify"] = _timed(lambda: verdicts.append(verify()))
    found["whole"], found["read"] = verdicts[0].whole, verdicts[0].lines
    return found


def _timed(work: Callable[[], object]) -> dict[str, float]:
    wall, own = time.perf_counter(), time.process_time()
    work()
    return {
        "wall": round(time.perf_counter() - wall, 2),
        "own": round(time.process_time() - own, 2),
    }


def _write_alone() -> None:
    from django.db import transaction

    from jiekun.journal import actions

    for n in range(ALONE):
        with transaction.atomic():
            actions.write(act="look", by=None, at=AT, subject=("registry.person", n), area="420106")


def fill(lines: int) -> None:
    """Lines such as a day at the desk leaves, poured in."""
    from django.db import connection, transaction

    names = (
        "at, act, officer_id, officer_name, subject_kind, subject_id, area, purpose, data, digest"
    )
    statement = f"COPY journal_entry ({names}) FROM STDIN"
    for start in range(0, lines, AT_ONCE):
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            cursor.copy(statement) as pipe,
        ):
            for n in range(start, min(start + AT_ONCE, lines)):
                pipe.write_row(_line(n))


def _line(n: int) -> tuple[Any, ...]:
    from jiekun.journal.canonical import line_digest, microseconds

    at, data = AT + timedelta(seconds=n), {"facts": {"wage_income": "本人陈述"}, "n": n}
    told = ("record-facts", n % 300, "王敏", "registry.person", str(n % 1_000_000),
            f"4201060{n % 14 + 1:02}001", "核对收入")  # fmt: skip
    digest = line_digest((microseconds(at), *told, data))
    return (at, *told, json.dumps(data), digest)


if __name__ == "__main__":
    main()
