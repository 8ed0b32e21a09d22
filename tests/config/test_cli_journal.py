"""The journal's commands: what they say, and the exit code others rely on."""

import pytest
from django.db import connection, transaction
from typer.testing import CliRunner

from jiekun.config.cli import app
from jiekun.config.postgres import APP, OWNER
from jiekun.journal import actions


def run(*words):
    told = CliRunner().invoke(app, ["journal", *words])
    return told.exit_code, told.output


@pytest.mark.parametrize("known", ["x", "1:abc", "one:" + "0" * 64])
def test_a_seal_that_was_noted_down_wrong_is_refused(known):
    assert run("verify", "--known", known)[0] == 2


@pytest.mark.django_db(transaction=True)
def test_a_journal_is_verified_exported_and_found_out_when_changed(at, tmp_path):
    with transaction.atomic():
        actions.write(act="look", by=None, at=at, subject=("registry.person", 7))
    assert run("seal")[0] == 0
    code, told = run("verify")
    assert (code, "日志完好" in told) == (0, True)
    out = tmp_path / "journal.jsonl"
    assert run("export", "-o", str(out))[0] == 0
    assert run("export", "-o", str(out))[0] == 2
    assert out.stat().st_mode & 0o077 == 0
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {OWNER}; SET session_replication_role = replica;")
        cursor.execute("UPDATE journal_entry SET act = 'read' WHERE act = 'look'")
        cursor.execute(f"SET session_replication_role = origin; SET ROLE {APP};")
    code, told = run("verify")
    assert (code, "被改过" in told) == (1, True)
