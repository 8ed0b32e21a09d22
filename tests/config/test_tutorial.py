"""The tutorial is followed to the letter: its files written, its commands run, in a copy."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorial-new-measure.md"
BLOCK = re.compile(r"```(sh|python|yaml|json|text)(?: (\S+))?\n(.*?)```", re.DOTALL)
SHIM = """#!/bin/sh
exec {python} -c 'from jiekun.config.cli import main; main()' "$@"
"""


@pytest.fixture
def checkout(tmp_path):
    """A copy of the code with a `jiekun` command of its own."""
    ignored = shutil.ignore_patterns("__pycache__", "static")
    shutil.copytree(ROOT / "src" / "jiekun", tmp_path / "src" / "jiekun", ignore=ignored)
    shim = tmp_path / "bin" / "jiekun"
    shim.parent.mkdir()
    shim.write_text(SHIM.format(python=sys.executable))
    shim.chmod(0o755)
    return tmp_path


@pytest.fixture
def sh(checkout):
    """Runs a block of commands in the copy; what they say."""
    path = f"{checkout / 'bin'}:{os.environ['PATH']}"
    wide = {"PYTHONPATH": str(checkout / "src"), "PATH": path, "COLUMNS": "200"}

    def run(commands):
        told = subprocess.run(
            ["sh", "-e", "-c", commands], cwd=checkout, env=os.environ | wide,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout

    return run


def test_following_the_tutorial_adds_a_measure_with_no_other_edit(checkout, sh):
    told = ""
    for kind, path, text in BLOCK.findall(TUTORIAL.read_text(encoding="utf-8")):
        if kind == "sh":
            told = sh(text)
        elif kind == "text":
            assert [line for line in text.splitlines() if line not in told] == []
        else:
            (checkout / path).write_text(text, encoding="utf-8")
    assert not (checkout / "src/jiekun/law/wuhan/wuchang/school_kit").exists()


def test_a_new_folder_loads_and_its_case_passes_as_it_is(sh):
    told = sh("jiekun law new chongqing/jiangjin/first_aid && jiekun law check")
    assert "0 处不符" in told
    assert "first_aid" in sh("jiekun law show first_aid --on 2024-11-01 --place 500116")


def test_a_measure_of_a_draft_is_made_for_simulation(sh):
    told = sh("jiekun law new wuhan/wuchang/first_aid --cites W24-5 && jiekun law check")
    assert "0 处不符" in told
