"""`jiekun simulate`: refusals first; results are held in tests/screening."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jiekun.config.cli import app

REFORM = """label: 试
on: 2024-11-01
place: "420106"
changes:
  - {measure: canteen_meals, in_force: no}
"""


@pytest.fixture
def asked(tmp_path):
    """Runs the command on files that are there; what is passed comes after."""
    for name in ("p", "h"):
        (tmp_path / name).write_bytes(b"")
    people = ["--persons", str(tmp_path / "p"), "--households", str(tmp_path / "h")]
    return lambda *words: CliRunner().invoke(app, ["simulate", *people, *words])


def test_ready_reforms_are_listed():
    found = CliRunner().invoke(app, ["simulate", "--list"])
    assert found.exit_code == 0
    assert "w24_in_force" in found.output


def test_a_misspelt_name_is_told_with_the_nearest(asked):
    found = asked("w24_in_forc")
    assert found.exit_code == 2
    assert "是不是 w24_in_force？" in found.output


def test_mistakes_of_all_reforms_are_told_at_once(asked, tmp_path):
    for name in ("a", "b"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(REFORM.replace("canteen_meals", "canteen_meal"), encoding="utf-8")
    found = asked(str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml"), "-o", str(tmp_path / "out"))
    assert found.exit_code == 2
    told = found.output.replace("\n", "")
    assert "a.yaml:5" in told
    assert "b.yaml:5" in told
    assert not (tmp_path / "out").exists()


def test_two_reforms_of_one_name_are_refused(asked, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.yaml").write_text(REFORM, encoding="utf-8")
    found = asked(str(tmp_path / "a" / "x.yaml"), str(tmp_path / "b" / "x.yaml"))
    assert found.exit_code == 2
    assert "两个方案都叫 x" in found.output


def test_excel_needs_a_folder(asked):
    found = asked("w24_in_force", "--excel")
    assert found.exit_code == 2
    assert "-o" in found.output


def test_files_that_are_no_parquet_are_refused_and_nothing_is_written(asked, tmp_path):
    found = asked("w24_in_force", "-o", str(tmp_path / "out"))
    assert found.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_the_command_prints_json(tmp_path):
    from tests.screening.test_simulation import FAMILIES, write

    persons, households = write(tmp_path, FAMILIES[:2])
    path = tmp_path / "x.yaml"
    path.write_text(REFORM, encoding="utf-8")
    words = ["--persons", str(persons), "--households", str(households), "--json"]
    found = CliRunner().invoke(app, ["simulate", str(path), *words])
    assert found.exit_code == 0, found.output
    (told,) = json.loads(found.stdout)
    assert told["total"]["households"] == 2
    assert told["total"]["before"] == told["total"]["after"]


def test_a_workbook_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    from tests.screening.test_simulation import FAMILIES, write

    persons, households = write(tmp_path, FAMILIES[:2])
    path, out = tmp_path / "x.yaml", tmp_path / "out"
    path.write_text(REFORM, encoding="utf-8")
    words = ["--persons", str(persons), "--households", str(households), "--excel"]
    real = Path.write_bytes

    def full(path, content):
        real(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        found = CliRunner().invoke(app, ["simulate", str(path), *words, "-o", str(out)])
    assert found.exit_code == 2
    assert "磁盘满了" in found.output.replace("\n", "")
    assert {made.name for made in out.iterdir()} == {"x"}
    again = CliRunner().invoke(app, ["simulate", str(path), *words, "-o", str(out)])
    assert again.exit_code == 0
    assert (out / "比较.xlsx").read_bytes()[:2] == b"PK"


def test_a_name_that_leads_out_of_the_folder_is_refused(asked, tmp_path):
    path = tmp_path / "...yaml"
    path.write_text(REFORM, encoding="utf-8")
    found = asked(str(path), "-o", str(tmp_path / "out"))
    assert found.exit_code == 2
    assert "不能作方案的名字" in found.output.replace("\n", "")
