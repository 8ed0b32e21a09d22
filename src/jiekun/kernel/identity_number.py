"""What an 18-digit identity number says of itself: whether it can be one, when born, which sex."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from stdnum.cn import ric


class BadNumber(ValueError):
    """An identity number that cannot be one, said in plain Chinese."""


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A number whose length, digits, date and check digit are right."""

    number: str
    birth_date: date
    sex: Literal["male", "female"]


def read_identity_number(text: str) -> IdentityNumber:
    """The parts of a number. Raises BadNumber.

    Whether the first six digits name a county is not asked: counties come and go.
    """
    # A plain number needs none of the cleaning, which costs more than all the rest.
    number = text.upper() if text.isascii() and text.isalnum() else ric.compact(text)
    if len(number) != 18:
        raise BadNumber(f"身份证号应是 18 位，现在是 {len(number)} 位")
    if not (number[:-1].isascii() and number[:-1].isdigit()):
        raise BadNumber("身份证号前 17 位应全是数字")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise BadNumber(f"身份证号里的出生日期 {number[6:14]} 不存在") from error
    if number[-1] != ric.calc_check_digit(number):
        raise BadNumber("身份证号校验位不对，请核对是否抄错")
    return IdentityNumber(number, born, "male" if int(number[16]) % 2 else "female")
