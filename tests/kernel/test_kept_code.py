"""Machine code kept on disk: used again when it fits, never trusted when it might not be ours."""

from pathlib import Path

import pytest

from jiekun.kernel.native import code, kept

DOUBLE = """
define i64 @run(i8* %table) {
  ret i64 TWICE
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JIEKUN_CACHE", str(tmp_path / "code"))
    return tmp_path / "code" / "native"


def answer(number: int) -> int:
    return code.Compiled(DOUBLE.replace("TWICE", str(number))).run(0)


def test_code_is_compiled_once_and_found_again(folder, monkeypatch):
    assert answer(7) == 7
    monkeypatch.setattr(code, "_object", None)
    assert answer(7) == 7
    assert len(list(folder.iterdir())) == 1


def test_other_code_is_not_taken_for_it(folder):
    assert [answer(7), answer(8), answer(7)] == [7, 8, 7]


@pytest.mark.parametrize("wrong", [b"", b"short", bytes(500)])
def test_what_was_damaged_is_compiled_anew(folder, wrong):
    answer(7)
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:40] + wrong)
    assert answer(7) == 7


def test_a_folder_others_can_write_to_is_not_trusted(folder):
    folder.mkdir(mode=0o777, parents=True)
    folder.chmod(0o777)
    assert answer(7) == 7
    assert list(folder.iterdir()) == []


def test_nothing_is_kept_when_so_asked(monkeypatch, tmp_path):
    monkeypatch.setenv("JIEKUN_CACHE", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert answer(7) == 7
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_only_costs_time(monkeypatch):
    monkeypatch.setenv("JIEKUN_CACHE", "/proc/nowhere/code")
    assert answer(7) == 7


def test_other_files_of_the_folder_named_are_left_alone(folder, monkeypatch):
    monkeypatch.setattr(kept, "AT_MOST", 1)
    folder.parent.mkdir()
    (folder.parent / "letter.txt").write_text("dear")
    answer(1)
    answer(2)
    assert (folder.parent / "letter.txt").read_text() == "dear"


def test_the_oldest_go_when_there_are_many(folder, monkeypatch):
    monkeypatch.setattr(kept, "AT_MOST", 3)
    for number in range(5):
        answer(number)
    assert len(list(folder.iterdir())) == 3
