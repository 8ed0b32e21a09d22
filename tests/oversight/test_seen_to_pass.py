"""A full run fails where a test that coverage names did not run and pass."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
SETTINGS = """
[pytest]
testpaths = tests
addopts = --import-mode=importlib
DJANGO_SETTINGS_MODULE = jiekun.config.settings
"""


@pytest.fixture
def run(tmp_path):
    """Runs a suite of one test that coverage does not name."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "pytest.ini").write_text(SETTINGS)
    (tmp_path / "tests" / "test_one.py").write_text("def test_one():\n    pass\n")
    shutil.copy(CONFTEST, tmp_path / "tests")

    def ran(*words):
        asked = [sys.executable, "-m", "pytest", "-q", *words]
        return subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)

    return ran


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_full_run_without_the_tests_coverage_names_fails(run, workers):
    told = run("-n", workers)
    assert told.returncode == 1
    assert "coverage.yaml names tests/kernel/test_favour.py::" in told.stdout


def test_a_part_of_the_tests_is_not_held_to_all_of_them(run):
    assert run("tests/test_one.py").returncode == 0
    assert run("-k", "one").returncode == 0
