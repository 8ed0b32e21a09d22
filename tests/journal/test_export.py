"""An export is verified by a script that shares nothing with this program."""

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from jiekun.journal import actions, canonical
from jiekun.journal.export import export
from jiekun.journal.models import Seal

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "verify_journal.py"
spec = spec_from_file_location("verify_journal", SCRIPT)
script = module_from_spec(spec)
spec.loader.exec_module(script)


@given(st.binary(max_size=300))
def test_the_scripts_own_sm3_is_that_of_the_library(content):
    assert script.plain_sm3(content) == canonical.sm3(content)


def test_the_script_hashes_without_openssl_too(monkeypatch):
    monkeypatch.setattr(script.hashlib, "algorithms_available", set())
    assert script.sm3(b"abc") == canonical.sm3(b"abc")


@pytest.fixture
def exported(transactional_db, at, monkeypatch):
    """Seven lines under three seals, as text."""
    monkeypatch.setattr("jiekun.journal.chain.MOST", 3)
    for n in range(7):
        with transaction.atomic():
            data = {"n": n, "谁": "“张\n三”", "里": [None, True]}
            actions.write(act="look", by=None, at=at, subject=("registry.person", n), data=data)
    actions.seal(at=at)
    return list(export())


def told(lines, noted=""):
    return script.verify(lines, noted)[0]


def test_an_export_is_found_whole(exported):
    wrong, last, total = script.verify(exported, bytes(Seal.objects.last().digest).hex())
    assert (wrong, total, len(exported)) == ([], 7, 10)
    assert last == bytes(Seal.objects.last().digest).hex()


def test_a_part_of_the_chain_is_verified_alone(exported):
    part = list(export(since=2, until=2))
    assert (told(part), len(part)) == ([], 4)


def test_whatever_is_done_to_an_export_is_found(exported):
    at_line = 6
    assert told([*exported[:at_line], *exported[at_line + 1 :]])
    assert told([*exported[:at_line], exported[at_line], *exported[at_line:]])
    assert told([*exported[:5], exported[6], exported[5], *exported[7:]])
    assert told([line.replace("张", "李") if n == at_line else line
                 for n, line in enumerate(exported)])  # fmt: skip
    assert told(exported[:4] + exported[8:])
    assert told(exported[:8], noted=bytes(Seal.objects.last().digest).hex())
    assert told([])


def test_the_script_runs_by_itself(exported, tmp_path):
    file = tmp_path / "journal.jsonl"
    file.write_text("".join(exported), encoding="utf-8")
    command = [sys.executable, str(SCRIPT), str(file)]
    good = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout[:8]) == (0, "7 lines,")
    file.write_text("".join(exported).replace("look", "read", 1), encoding="utf-8")
    bad = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (bad.returncode, "seal 1" in bad.stdout) == (1, True)
