"""Numbers people are known by: what can be one, and what is said of what cannot."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from jiekun.registry.checks import RefusedError
from jiekun.registry.identifiers import organisation_warnings, read, read_register, upgraded

ON = date(2024, 11, 1)
VALID = "11010519491231002X"
BIRTHDAYS = st.dates(date(1900, 1, 1), date(2024, 10, 31))


@given(BIRTHDAYS, st.integers(0, 999), st.sampled_from(["110105", "420106", "650102"]))
def test_every_well_made_number_is_read_back(born, sequence, place):
    stem = f"{place}{born:%Y%m%d}{sequence:03d}"
    said = read("resident_id", stem + ric.calc_check_digit(stem + "0"), ON)
    assert said.birth_date == born
    assert said.sex == ("male" if sequence % 2 else "female")


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_place_is_always_noticed(place, off):
    wrong = list(VALID)
    wrong[place] = str((int(wrong[place]) + off) % 10)
    with pytest.raises(RefusedError):
        read("resident_id", "".join(wrong), ON)


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_a_number_of_fifteen_places_is_the_same_as_its_upgrade(born, sequence):
    old = f"420106{born:%y%m%d}{sequence:03d}"
    assert read("resident_id", old, ON) == read("resident_id", upgraded(old), ON)
    assert read("resident_id", old, ON).birth_date == born


@pytest.mark.parametrize(
    "written",
    ["１１０１０５１９４９１２３１００２Ｘ", " 110105 19491231 002x ", "110105-19491231-002X"],
)
def test_full_width_small_letters_and_gaps_do_not_matter(written):
    assert read("resident_id", written, ON).text == VALID


@pytest.mark.parametrize(
    ("kind", "number", "why"),
    [
        ("resident_id", "", "没有填"),
        ("resident_id", "4.20106E+17", "科学计数法"),
        ("resident_id", "11010519491231002", "应是 18 位，现在是 17 位"),
        ("resident_id", "110105194902300023", "19490230 不存在"),
        ("resident_id", "110105194912310021", "校验位不对"),
        ("resident_id", "11010519491231\u202e002X", "只能有数字和字母"),
        ("resident_id", "11010519491231002X\0", "只能有数字和字母"),
        ("resident_id", "810000199408230021", "请选“港澳台居民居住证号”"),
        ("hmt_permit", VALID, "810000"),
        ("foreign_permit", "12345", "9 开头的 18 位"),
        ("foreign_permit", "911124199002300010", "19900230 不存在"),
        ("residence_permit", "42", "8 到 20 位"),
        ("disability_card", VALID, "应是 20 位"),
        ("disability_card", VALID + "81", "类别"),
        ("disability_card", VALID + "45", "等级"),
        ("phone", "12345678901", "手机是 11 位"),
        ("phone", "10012345678", "手机是 11 位"),
        ("bank_card", "6222021234", "15 到 19 位"),
        ("bank_card", "6222021234567890123", "校验位不对"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_number_is_told_plainly(kind, number, why):
    with pytest.raises(RefusedError, match=why):
        read(kind, number, ON)


@pytest.mark.parametrize(
    ("kind", "number", "kept"),
    [
        ("hmt_permit", "810000199408230021", "810000199408230021"),
        ("foreign_permit", "USA320184032101", "USA320184032101"),
        ("residence_permit", "WH4201-2024-0001", "WH420120240001"),
        ("disability_card", VALID + "43B1", VALID + "43B1"),
        ("phone", "+86 138-0000-2210".replace("+", ""), "13800002210"),
        ("phone", "027-88936301", "02788936301"),
        ("bank_card", "6228 4804 0256 4890 018", "6228480402564890018"),
    ],
)
def test_other_papers_are_kept_as_digits_and_letters(kind, number, kept):
    assert read(kind, number, ON).text == kept


def test_a_foreign_card_of_unproven_check_only_warns():
    wrong = "911124199001010010"
    right = next(
        w for d in "0123456789X" if not read("foreign_permit", (w := wrong[:-1] + d), ON).warnings
    )
    assert read("foreign_permit", right[:-1] + ("0" if right[-1] != "0" else "1"), ON).warnings


def test_nobody_is_born_tomorrow_or_a_hundred_and_thirty_years_ago():
    for born, why in ((date(2024, 11, 2), "还没有到"), (date(1890, 1, 1), "太早")):
        stem = f"420106{born:%Y%m%d}001"
        with pytest.raises(RefusedError, match=why):
            read("resident_id", stem + ric.calc_check_digit(stem + "0"), ON)


def test_an_odd_code_of_an_organisation_only_warns():
    assert organisation_warnings("91350100M000100Y43") == ()
    assert "核对" in organisation_warnings("91350100M000100Y44")[0]
    assert "18 位" in organisation_warnings("9135")[0]


def test_a_register_has_a_number_of_its_own():
    assert read_register(" 01234５678") == "012345678"
    with pytest.raises(RefusedError, match="6 到 20 位"):
        read_register("十二")
