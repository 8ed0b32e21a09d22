"""A running system keeps the last good law."""

import os

import pytest

from jiekun.kernel.errors import LawError
from jiekun.kernel.keeper import Keeper, steady
from jiekun.kernel.law import read_law

from .laws import FACTS, MEASURE, RULE, write_law

AID = RULE + "def eligible(poor: bool) -> bool:\n    return poor\n"
AID += MEASURE.format(to="household", eligible="eligible", amount=None)


@pytest.fixture
def keeper(tmp_path):
    write_law(tmp_path, {"country/aid/measure.py": AID})
    kept = Keeper(tmp_path, lambda: read_law(tmp_path, FACTS))
    kept.law()
    return kept


def change(keeper, text, old="return poor"):
    path = keeper.folder / "country/aid/measure.py"
    path.write_text(path.read_text().replace(old, text))
    # However coarse the clock of the disk is, the file is newer.
    newer = path.stat().st_mtime_ns + 10**9
    os.utime(path, ns=(newer, newer))


def test_unchanged_files_are_read_once(keeper):
    assert keeper.law() is keeper.law()


def test_changed_files_are_read_again(keeper):
    before, digest = keeper.kept()
    change(keeper, "return not poor")
    law, later = keeper.kept()
    assert law is not before
    assert later != digest


@pytest.mark.parametrize("broken", ["return poor +", "return pour"])
def test_broken_files_leave_the_last_good_law_and_are_told(keeper, broken):
    before = keeper.law()
    change(keeper, broken)
    assert keeper.law() is before
    assert "country/aid/measure.py" in keeper.problem


def test_mended_files_are_taken_up_and_nothing_is_told(keeper):
    change(keeper, "return poor +")
    keeper.law()
    change(keeper, "return poor", "return poor +")
    keeper.law()
    assert keeper.problem == ""


def test_without_any_good_law_the_mistake_is_raised(tmp_path):
    (tmp_path / "places.yaml").write_text("- {\t}")
    with pytest.raises(LawError, match=r"places\.yaml:1"):
        Keeper(tmp_path, lambda: read_law(tmp_path, FACTS)).law()


def test_while_a_page_is_made_the_law_stays_one(keeper):
    with steady():
        before = keeper.law()
        change(keeper, "return not poor")
        assert keeper.law() is before
    assert keeper.law() is not before


def test_within_a_page_the_files_are_looked_at_once(keeper, monkeypatch):
    looks = []
    look = keeper._look
    monkeypatch.setattr(keeper, "_look", lambda: looks.append(1) or look())
    with steady():
        assert keeper.law() is keeper.law()
    assert len(looks) == 1
