"""Folders of parts: done part by part, gone on with after any end, whole or not at all."""

import errno
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jiekun.screening import answers, files, order
from jiekun.screening.files import CannotWrite, FileProblems, screen_files

from .conftest import DISTRICT, POOR, TODAY
from .test_files import homes, people

pytestmark = pytest.mark.usefixtures("few_measures")
ASKED = {"on": TODAY, "place": DISTRICT}


def write_parts(folder, count=3, size=4):
    """Parts of poor households of two, numbered on from part to part."""
    for part in range(count):
        numbers = range(part * size + 1, (part + 1) * size + 1)
        rows = [{"household_id": h, "person_id": h * 10 + n} for h in numbers for n in (1, 2)]
        own = [{"household_id": h, **POOR} for h in numbers]
        for name, table in (("persons", people(*rows)), ("households", homes(*own))):
            (folder / name).mkdir(exist_ok=True)
            pq.write_table(table, folder / name / f"part-{part}.parquet", row_group_size=3)
    return folder / "persons", folder / "households"


@pytest.fixture
def parts(tmp_path):
    return write_parts(tmp_path)


def every_byte(out):
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def test_parts_come_to_what_one_file_comes_to(parts, tmp_path):
    together = screen_files(*parts, **ASKED, out=tmp_path / "parts")
    for name, folder in zip(("p", "h"), parts, strict=True):
        pq.write_table(pq.read_table(folder), tmp_path / f"{name}.parquet")
    alone = screen_files(
        tmp_path / "p.parquet", tmp_path / "h.parquet", **ASKED, out=tmp_path / "one"
    )
    assert together["measures"] == alone["measures"]
    assert together["measures"]["dibao"]["yes"] == 12
    rows = pq.read_table(tmp_path / "parts" / "findings").to_pylist()
    assert rows == pq.read_table(tmp_path / "one" / "findings.parquet").to_pylist()


def test_what_is_done_is_not_done_again(parts, tmp_path, monkeypatch):
    screen_files(*parts, **ASKED, out=tmp_path / "out")
    before, told = every_byte(tmp_path / "out"), []
    monkeypatch.setattr(files, "answer", lambda *_a, **_k: pytest.fail("done again"))
    screen_files(*parts, **ASKED, out=tmp_path / "out", notice=told.append)
    assert len(told) == 3
    assert every_byte(tmp_path / "out") == before


def test_only_a_part_that_changed_is_done_again(parts, tmp_path):
    screen_files(*parts, **ASKED, out=tmp_path / "out")
    os.utime(parts[0] / "part-1.parquet", ns=(1, 1))
    told = []
    screen_files(*parts, **ASKED, out=tmp_path / "out", notice=told.append)
    assert [text.split()[1] for text in told] == ["1/3", "3/3"]


def test_under_another_law_everything_is_done_again(parts, tmp_path):
    screen_files(*parts, **ASKED, out=tmp_path / "out")
    told = []
    screen_files(*parts, **ASKED, simulate=["W24"], out=tmp_path / "out", notice=told.append)
    assert told == []


def test_totals_alone_write_no_findings(parts, tmp_path):
    found = screen_files(*parts, **ASKED, findings=False, out=tmp_path / "out")
    assert found["measures"]["dibao"]["yes"] == 12
    assert not list((tmp_path / "out").rglob("*.parquet"))


KILLED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from datetime import date
from pathlib import Path
from jiekun.screening import files
real, seen = files.answer, []
def answer(*asked, **how):
    seen.append(1)
    if len(seen) == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*asked, **how)
files.answer = answer
persons, households, out = map(Path, sys.argv[1:])
files.screen_files(persons, households, on=date(2024, 11, 1), place="420106", out=out)
"""


def test_a_killed_run_goes_on_to_the_same_bytes(tmp_path):
    parts = write_parts(tmp_path)
    command = [sys.executable, "-c", KILLED, *parts, tmp_path / "out"]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not (tmp_path / "out" / "totals.json").exists()
    finished = {path.name for path in (tmp_path / "out").rglob("*.json")}
    assert finished < {f"part-{n}.json" for n in range(3)}
    whole = subprocess.run(
        [sys.executable, "-c", KILLED.replace("len(seen) == 4", "False"), *parts, tmp_path / "out"],
        check=True,
    )
    assert whole.returncode == 0
    again = [*command[:2], KILLED.replace("len(seen) == 4", "False"), *parts, tmp_path / "fresh"]
    subprocess.run(again, check=True)
    assert every_byte(tmp_path / "out") == every_byte(tmp_path / "fresh")


def test_a_full_disk_leaves_whole_parts_only_and_says_so(parts, tmp_path, monkeypatch):
    real, seen = pq.ParquetWriter.write_table, []

    def full(writer, table, *more):
        seen.append(table)
        if len(seen) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(writer, table, *more)

    with monkeypatch.context() as patch:
        patch.setattr(pq.ParquetWriter, "write_table", full)
        with pytest.raises(CannotWrite, match="磁盘满了"):
            screen_files(*parts, **ASKED, out=tmp_path / "out")
    assert set(every_byte(tmp_path / "out")) == {
        "findings/part-0.parquet", "totals/part-0.json"
    }  # fmt: skip
    screen_files(*parts, **ASKED, out=tmp_path / "out")
    screen_files(*parts, **ASKED, out=tmp_path / "fresh")
    assert every_byte(tmp_path / "out") == every_byte(tmp_path / "fresh")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_disk_that_is_really_full_is_told_of(tmp_path):
    parts = write_parts(tmp_path, count=1, size=3000)
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12k", "tmpfs", disk], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"no small disk here: {mounted.stderr.decode()}")
    try:
        with pytest.raises(CannotWrite, match="磁盘满了"):
            screen_files(*parts, **ASKED, out=disk / "out")
        assert not list(disk.rglob("*.new"))
        assert not list(disk.rglob("*.json"))
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_household_in_two_parts_is_refused_and_sorting_mends_it(parts, tmp_path):
    for folder in parts:
        shutil.copy(folder / "part-2.parquet", folder / "part-3.parquet")
    moved = pq.read_table(parts[0] / "part-3.parquet")
    place = moved.schema.get_field_index("person_id")
    other = pa.array(np.arange(900, 900 + moved.num_rows))
    pq.write_table(moved.set_column(place, moved.schema.field(place), other),
                   parts[0] / "part-3.parquet")  # fmt: skip
    with pytest.raises(FileProblems, match="4 个住户分在几份文件里；加 --sort"):
        screen_files(*parts, **ASKED, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    (parts[1] / "part-3.parquet").unlink()
    nobody = homes({"household_id": 99}).slice(1)
    pq.write_table(nobody, parts[1] / "part-3.parquet")
    found = screen_files(*parts, **ASKED, sort=True, out=tmp_path / "out")
    assert (found["people"], found["households"]) == (32, 12)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "findings.parquet",
        "totals.json",
    }


def test_a_part_without_its_other_half_is_named(parts, tmp_path):
    (parts[1] / "part-1.parquet").unlink()
    with pytest.raises(FileProblems, match="part-1"):
        screen_files(*parts, **ASKED, out=tmp_path / "out")


@pytest.mark.parametrize("damage", ["cut short", "overwritten"])
def test_a_damaged_file_is_named_with_its_row_group(parts, tmp_path, damage):
    path = parts[0] / "part-1.parquet"
    content = bytearray(path.read_bytes())
    if damage == "cut short":
        path.write_bytes(content[: len(content) // 2])
    else:
        start = pq.ParquetFile(path).metadata.row_group(1).column(2).data_page_offset
        content[start : start + 40] = b"\xff" * 40
        path.write_bytes(content)
    with pytest.raises(FileProblems, match="part-1") as told:
        screen_files(*parts, **ASKED, out=tmp_path / "out")
    assert "重新导出" in str(told.value)
    assert ("第 2 个行组" in str(told.value)) == (damage == "overwritten")
    assert not (tmp_path / "out" / "totals.json").exists()
    assert not list((tmp_path / "out").rglob("*.new"))


def test_two_runs_do_not_write_into_one_folder(parts, tmp_path, monkeypatch):
    def second(*_asked, **_how):
        with pytest.raises(CannotWrite, match="另一次筛查"):
            screen_files(*parts, **ASKED, out=tmp_path / "out")
        return answers.answer(*_asked, **_how)

    monkeypatch.setattr(files, "answer", second)
    screen_files(*parts, **ASKED, out=tmp_path / "out", workers=1)


def test_stopping_by_hand_leaves_whole_parts_only(tmp_path):
    parts = write_parts(tmp_path, count=40)
    command = [sys.executable, "-c", KILLED.replace("len(seen) == 4", "False")]
    started = subprocess.Popen([*command, *parts, tmp_path / "out"], stderr=subprocess.DEVNULL)
    while not list((tmp_path / "out").glob("totals/*.json")):
        time.sleep(0.01)
        assert started.poll() is None
    started.send_signal(signal.SIGINT)
    assert started.wait() != 0
    assert not list((tmp_path / "out").rglob("*.new"))
    for path in (tmp_path / "out" / "totals").iterdir():
        size = json.loads(path.read_text())["findings_bytes"]
        assert (tmp_path / "out" / "findings" / f"{path.stem}.parquet").stat().st_size == size


def test_parts_without_a_number_to_compare_by_are_told(parts, tmp_path):
    path = parts[0] / "part-1.parquet"
    pq.write_table(pq.read_table(path).drop_columns("person_id"), path)
    with pytest.raises(FileProblems, match=r"part-1.*缺少列 person_id"):
        screen_files(*parts, **ASKED, out=tmp_path / "out")


def test_a_part_taken_away_takes_its_results_with_it(parts, tmp_path):
    screen_files(*parts, **ASKED, out=tmp_path / "out")
    for folder in parts:
        (folder / "part-2.parquet").unlink()
    found = screen_files(*parts, **ASKED, out=tmp_path / "out")
    assert set(every_byte(tmp_path / "out")) == {
        "findings/part-0.parquet", "findings/part-1.parquet",
        "totals/part-0.json", "totals/part-1.json", "totals.json",
    }  # fmt: skip
    assert found["households"] == 8


def test_results_of_parts_and_of_one_file_never_lie_side_by_side(parts, tmp_path):
    for sort, names in ((False, {"findings", "totals", "totals.json"}),
                        (True, {"findings.parquet", "totals.json"}),
                        (False, {"findings", "totals", "totals.json"})):  # fmt: skip
        screen_files(*parts, **ASKED, sort=sort, out=tmp_path / "out")
        assert {path.name for path in (tmp_path / "out").iterdir()} == names


def test_totals_alone_under_another_law_leave_no_findings_of_the_first(parts, tmp_path):
    screen_files(*parts, **ASKED, out=tmp_path / "out")
    screen_files(*parts, **ASKED, simulate=["W24"], findings=False, out=tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.parquet"))


def test_old_totals_do_not_stand_beside_new_findings(parts, tmp_path, monkeypatch):
    """A run under another law ends in its second part: of the first law's totals none is left."""
    screen_files(*parts, **ASKED, out=tmp_path / "out")
    real = files._part

    def ends(job, part, name):
        if part.name == "part-1":
            raise KeyboardInterrupt
        return real(job, part, name)

    monkeypatch.setattr(files, "_part", ends)
    with pytest.raises(KeyboardInterrupt):
        screen_files(*parts, **ASKED, simulate=["W24"], out=tmp_path / "out")
    assert not (tmp_path / "out" / "totals.json").exists()
    assert len(list((tmp_path / "out").glob("totals/*.json"))) == 3


def test_what_does_not_fit_into_memory_waits_where_nobody_else_can_read(
    parts, tmp_path, monkeypatch
):
    seen, real = [], order._duckdb

    def looking(folder):
        seen.append(stat.S_IMODE(folder.stat().st_mode))
        return real(folder)

    monkeypatch.setattr(order, "_duckdb", looking)
    screen_files(*parts, **ASKED, sort=True, out=tmp_path / "out")
    assert order.repeated([parts[0] / "part-0.parquet"], "household_id") == 4
    assert seen == [0o700] * 3


def test_numbers_that_cannot_be_compared_are_told_in_words(tmp_path):
    (tmp_path / "x.parquet").write_bytes(b"PAR1 and no more PAR1")
    with pytest.raises(CannotWrite, match="磁盘满没满、原文件是否完整"):
        order.repeated([tmp_path / "x.parquet"], "person_id")
