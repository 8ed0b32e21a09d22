"""Two documents, the same days, different words: found without being told."""

import pytest

from jiekun.kernel.conflicts import find_conflicts, says

from .laws import DISTRICT, write_law

SUM = "aid_sum: {label: 额, unit: yuan, values: [{from: %s, value: %s, cites: %s-1}]}\n"
RULE = """
@rule(cites="{0}-1", label="够")
def eligible(visits: int) -> bool:
    return visits < {1}
"""


def found(folder, country, district, name="parameters.yaml"):
    files = {f"{where}/aid/measure.py": "" for where in ("country", "city/district")}
    files |= {f"country/aid/{name}": country, f"city/district/aid/{name}": district}
    return find_conflicts(write_law(folder, files), DISTRICT)


def test_two_numbers_for_the_same_days_are_found_the_applied_one_second(tmp_path):
    (conflict,) = found(tmp_path, SUM % ("2020-01-01", 1, "N1"), SUM % ("2021-01-01", 2, "N1"))
    assert [side.value for side in conflict.sides] == [1, 2]
    assert conflict.since.year == 2021


@pytest.mark.parametrize("district", [("2021-01-01", 1), ("2021-01-01", "null")])
def test_the_same_number_or_none_is_no_conflict(tmp_path, district):
    assert found(tmp_path, SUM % ("2020-01-01", 1, "N1"), SUM % (*district, "N1")) == []


def test_numbers_of_different_days_are_no_conflict(tmp_path):
    ended = SUM.replace(", value:", ", until: 2020-12-31, value:") % ("2020-01-01", 1, "N1")
    assert found(tmp_path, ended, SUM % ("2021-01-01", 2, "N1")) == []


def test_a_drafts_number_is_found_and_said_to_be_a_drafts(tmp_path):
    (conflict,) = found(tmp_path, SUM % ("2020-01-01", 1, "N1"), SUM % ("draft", 2, "D1"))
    assert [side.draft for side in conflict.sides] == [False, True]
    assert conflict.since is None


def test_a_rule_that_overrides_another_documents_is_found(tmp_path):
    rules = RULE.format("N1", 5), RULE.format("D1", 6)
    (conflict,) = found(tmp_path, *rules, name="measure.py")
    assert [side.cites for side in conflict.sides] == [("N1-1",), ("D1-1",)]


@pytest.mark.parametrize("local", [("N1", 6), ("D1", 5)])
def test_one_document_or_the_same_words_are_no_conflict(tmp_path, local):
    rules = RULE.format("N1", 5), RULE.format(*local)
    assert found(tmp_path, *rules, name="measure.py") == []


def test_an_expired_document_conflicts_with_nothing_later(tmp_path):
    files = {
        "city/aid/measure.py": RULE.format("C1", 5),
        "city/district/aid/measure.py": RULE.format("D1", 6),
    }
    assert find_conflicts(write_law(tmp_path, files), DISTRICT) == []


@pytest.mark.parametrize(("side", "words"), [(0, "visits 低于 5"), (1, "visits 低于 6")])
def test_each_side_of_two_rules_is_told_in_words(tmp_path, side, words):
    files = {
        "country/aid/measure.py": RULE.format("N1", 5),
        "city/district/aid/measure.py": RULE.format("D1", 6),
    }
    law = write_law(tmp_path, files)
    (conflict,) = find_conflicts(law, DISTRICT)
    assert says(law, "eligible", conflict.sides[side]) == words
