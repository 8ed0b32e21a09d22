"""What numbers people are known by: which kinds there are, and whether one can be what it says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import models
from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from jiekun.kernel.identity_number import BadNumber, read_identity_number

from .checks import RefusedError


class IdentifierKind(models.TextChoices):
    """The papers and numbers a person may be known by."""

    RESIDENT_ID = "resident_id", "身份证号"
    HMT_PERMIT = "hmt_permit", "港澳台居民居住证号"
    FOREIGN_PERMIT = "foreign_permit", "外国人永久居留身份证号"
    RESIDENCE_PERMIT = "residence_permit", "居住证号"
    DISABILITY_CARD = "disability_card", "残疾人证号"
    PHONE = "phone", "电话"
    BANK_CARD = "bank_card", "银行卡号"


# A family may share one telephone; all else belongs to one person only.
SHARED = (IdentifierKind.PHONE,)
# Who somebody is: of these a person has one at a time, and its end is shown beside the name.
PROVING = (IdentifierKind.RESIDENT_ID, IdentifierKind.HMT_PERMIT, IdentifierKind.FOREIGN_PERMIT)
ONE_AT_A_TIME = (*PROVING, IdentifierKind.DISABILITY_CARD)

OLDEST = 130


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is kept, and what it says of its holder."""

    kind: IdentifierKind
    text: str
    birth_date: date | None = None
    sex: str | None = None
    # The identity number a disability card was issued to.
    within: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def tail(self) -> str:
        """The last four places, for the screen."""
        return self.text[-4:]


def read(kind: str, text: str, on: date) -> Number:
    """A number of a kind as written by anybody. Raises RefusedError, in words for the screen."""
    known = IdentifierKind(kind)
    plain = _plain(text)
    if not plain:
        raise RefusedError(f"{known.label}没有填")
    if re.fullmatch(r"[\d.]+E\+?\d+", plain):
        raise RefusedError(f"{known.label}被表格软件改成了科学计数法，请把这一列设成文本后重填")
    if not (plain.isascii() and plain.isalnum()):
        raise RefusedError(f"{known.label}里只能有数字和字母")
    number = _READ[known](plain)
    _born_in_time(number, on)
    return number


def telephone(text: str, on: date) -> str:
    """A telephone as it is kept; none where none is given. Raises RefusedError."""
    return read(IdentifierKind.PHONE, text, on).text if text.strip() else ""


def _plain(text: str) -> str:
    """Full-width as half-width, small letters as capitals, no spaces or dashes between."""
    return re.sub(r"[\s\-–—‐]", "", unicodedata.normalize("NFKC", text)).upper()


def _born_in_time(number: Number, on: date) -> None:
    born = number.birth_date
    if born is None:
        return
    if born > on:
        raise RefusedError(f"{number.kind.label}里的出生日期 {born} 还没有到")
    if on.year - born.year > OLDEST:
        raise RefusedError(f"{number.kind.label}里的出生日期 {born} 太早了，请核对")


def upgraded(number: str) -> str:
    """A number of fifteen digits as one of eighteen: the century put in, the check digit added."""
    longer = f"{number[:6]}19{number[6:]}"
    return longer + str(ric.calc_check_digit(longer + "0"))


def _identity(kind: IdentifierKind, text: str) -> Number:
    number = upgraded(text) if len(text) == 15 and text.isdigit() else text
    try:
        known = read_identity_number(number)
    except BadNumber as problem:
        said = str(problem).replace("身份证号", kind.label, 1)
        raise RefusedError(said) from problem
    return Number(kind, known.number, known.birth_date, known.sex)


_HMT = ("810000", "820000", "830000")


def _resident(text: str) -> Number:
    if text.startswith(_HMT):
        raise RefusedError("这是港澳台居民居住证的号码，请选“港澳台居民居住证号”")
    return _identity(IdentifierKind.RESIDENT_ID, text)


def _hmt(text: str) -> Number:
    number = _identity(IdentifierKind.HMT_PERMIT, text)
    if not number.text.startswith(_HMT):
        raise RefusedError("港澳台居民居住证号应以 810000、820000 或 830000 开头")
    return number


def _foreign(text: str) -> Number:
    """Eighteen places beginning with 9, or the older card of three letters and twelve digits."""
    kind = IdentifierKind.FOREIGN_PERMIT
    if re.fullmatch(r"9\d{16}[\dX]", text):
        born = _day(text[6:14], kind)
        # No public text at hand says how this card's last place is made: it only warns.
        right = str(ric.calc_check_digit(text)) == text[-1]
        return Number(
            kind, text, born, warnings=() if right else (f"{kind.label}最后一位可能抄错，请核对",)
        )
    if re.fullmatch(r"[A-Z]{3}\d{12}", text):
        _day("20" + text[7:13], kind)
        return Number(kind, text)
    raise RefusedError(f"{kind.label}应是 9 开头的 18 位，或 3 个字母加 12 位数字的旧号")


def _day(text: str, kind: IdentifierKind) -> date:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        raise RefusedError(f"{kind.label}里的出生日期 {text} 不存在") from None


def _residence(text: str) -> Number:
    # Cities number their permits in ways of their own; many print the identity number.
    if len(text) == 18 and text[:17].isdigit():
        return _identity(IdentifierKind.RESIDENCE_PERMIT, text)
    if not 8 <= len(text) <= 20:
        raise RefusedError(f"居住证号应是 8 到 20 位，现在是 {len(text)} 位")
    return Number(IdentifierKind.RESIDENCE_PERMIT, text)


def _disability(text: str) -> Number:
    kind = IdentifierKind.DISABILITY_CARD
    if not re.fullmatch(r"\d{17}[\dX]\d{2}(B\d)?", text):
        raise RefusedError(
            f"{kind.label}应是 20 位（身份证号加两位，补换的证后面还有 B1 这样两位），"
            f"现在是 {len(text)} 位"
        )
    holder = _identity(kind, text[:18])
    if text[18] not in "1234567":
        raise RefusedError(f"{kind.label}第 19 位是残疾类别，应在 1 到 7 之间，写的是 {text[18]}")
    if text[19] not in "1234":
        raise RefusedError(f"{kind.label}第 20 位是残疾等级，应在 1 到 4 之间，写的是 {text[19]}")
    return Number(kind, text, holder.birth_date, holder.sex, within=text[:18])


def _phone(text: str) -> Number:
    number = re.sub(r"^(0086|86)(?=1\d{10}$)", "", text)
    if not re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}|[2-8]\d{6,7}", number):
        raise RefusedError(
            f"电话“{text[:20]}”不对：手机是 11 位，固定电话带区号写成 02788936301 这样"
        )
    return Number(IdentifierKind.PHONE, number)


def _bank_card(text: str) -> Number:
    if not (text.isdigit() and 15 <= len(text) <= 19):
        raise RefusedError("银行卡号应是 15 到 19 位数字")
    if not luhn.is_valid(text):
        raise RefusedError("银行卡号校验位不对，请核对是否抄错")
    return Number(IdentifierKind.BANK_CARD, text)


_READ: dict[IdentifierKind, Callable[[str], Number]] = {
    IdentifierKind.RESIDENT_ID: _resident,
    IdentifierKind.HMT_PERMIT: _hmt,
    IdentifierKind.FOREIGN_PERMIT: _foreign,
    IdentifierKind.RESIDENCE_PERMIT: _residence,
    IdentifierKind.DISABILITY_CARD: _disability,
    IdentifierKind.PHONE: _phone,
    IdentifierKind.BANK_CARD: _bank_card,
}


def read_register(text: str) -> str:
    """A household register's number as it is kept. Raises RefusedError."""
    plain = _plain(text)
    if not re.fullmatch(r"[0-9A-Z]{6,20}", plain):
        raise RefusedError(f"户口簿号应是 6 到 20 位数字或字母，现在是“{text[:24]}”")
    return plain


def organisation_warnings(text: str) -> tuple[str, ...]:
    """What is odd about an organisation's unified code; some old ones are odd and yet valid."""
    code = _plain(text)
    if len(code) != 18:
        return (f"统一社会信用代码一般是 18 位，现在是 {len(code)} 位",)
    try:
        uscc.validate(code)
    except ValidationError:
        return ("统一社会信用代码校验不符：早年发的可能如此，请对照证照核对",)
    return ()
