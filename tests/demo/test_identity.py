"""Nobody of the demo could be taken for a real person."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc
import pytest
from stdnum.cn import ric

from jiekun.demo import identity
from jiekun.demo.district import District


@pytest.fixture(scope="module")
def numbers(district: District) -> list[str]:
    return identity.digits_text(identity.identity_digits(district)).to_pylist()


def test_every_number_has_a_valid_check_digit(numbers: list[str]) -> None:
    assert all(ric.calc_check_digit(number) == number[-1] for number in numbers)


def test_every_number_has_a_sequence_nobody_was_ever_given(numbers: list[str]) -> None:
    assert {number[14:17] for number in numbers} == {"000", "999"}


def test_a_number_tells_the_sex(district: District, numbers: list[str]) -> None:
    odd = [int(number[16]) % 2 for number in numbers]
    assert [1 - one for one in odd] == district.sex.tolist()


def test_no_two_people_share_a_number(numbers: list[str]) -> None:
    assert len(set(numbers)) == len(numbers)


def test_a_number_carries_the_birthday(district: District, numbers: list[str]) -> None:
    days = np.datetime_as_string(district.birth.astype("datetime64[D]"))
    assert [n[6:14] for n in numbers[:500]] == [d.replace("-", "") for d in days[:500]]


def test_no_telephone_could_ring_anywhere(district: District) -> None:
    phones = identity.home_texts(district)["phone"]
    assert pc.all(pc.match_substring_regex(phones, r"^100\d{8}$")).as_py()


def test_house_numbers_lie_beyond_the_roads_end(district: District) -> None:
    addresses = identity.home_texts(district)["address"].to_pylist()
    numbers = [
        int(address.split("号")[0].lstrip("".join(set(address) - set("0123456789"))))
        for address in addresses
    ]
    assert min(numbers) >= 2001


def test_no_two_households_share_a_door(district: District) -> None:
    addresses = identity.home_texts(district)["address"].to_pylist()
    doors = {(int(c), a) for c, a in zip(district.community, addresses, strict=True)}
    assert len(doors) == district.households


def test_pinyin_and_initials_follow_the_name(district: District) -> None:
    first = int(district.start[district.story])
    found = identity.names(district, slice(first, first + 1))
    assert [column[0].as_py() for column in found.values()] == ["陈志强", "chenzhiqiang", "czq"]
