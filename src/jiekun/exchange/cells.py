"""One cell as it is meant: text, a day, yuan, an identity number, or what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from jiekun.kernel.facts import Fact
from jiekun.registry.checks import RefusedError, checked
from jiekun.registry.identifiers import IdentifierKind, Number, read
from jiekun.registry.wide import Value

from .files import TRICKS
from .tables import FIRST_DAY, Broken, Cell

LONGEST = 500
# Below these a number is rather a year that stands alone.
_SERIALS = range(3_654, 80_000)
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})(?:日|号)?(?:\s+0{1,2}:00(?::00)?)?")
_MONTH = re.compile(r"(\d{4})(?:[-./年](\d{1,2})月?|(\d{2}))")
_YES, _NO = (
    {"是", "有", "对", "√", "y", "yes", "1", "true"},
    {"否", "无", "没有", "×", "n", "no", "0", "false"},
)
_DIGITS = frozenset("零一二三四五六七八九")
# Digits a number cell keeps; a spreadsheet makes noughts of the rest.
_KEPT_DIGITS = 10**15


class CellProblem(ValueError):
    """What is wrong in one cell, and how to mend it."""


def text(cell: Cell | Broken) -> str:
    """A cell as text: half-width, no spaces around it. Raises CellProblem."""
    if isinstance(cell, Broken):
        if cell.sign == "公式":
            raise CellProblem("公式没有算出结果：请在表格软件里打开算好，或改成数值再导入")
        raise CellProblem(f"公式出错（{cell.sign}）：请改成数值再导入")
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _KEPT_DIGITS:
        return str(int(cell))
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == time() else cell
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    plain = unicodedata.normalize("NFKC", str(cell)).strip().lstrip("'’‘`")
    # Nearly every cell: nothing in it is hidden, and it need not be looked at letter by letter.
    if plain.isprintable() and len(plain) <= LONGEST:
        return " ".join(plain.split())
    bad = next((c for c in plain if c in TRICKS or (unicodedata.category(c) in {"Cc", "Cs", "Co"}
                and c not in "\t\r\n")), None)  # fmt: skip
    if bad is not None:
        raise CellProblem(f"有看不见的或会颠倒文字的字符（U+{ord(bad):04X}）：请删掉重填")
    if len(plain) > LONGEST:
        raise CellProblem(f"太长：最多 {LONGEST} 个字，现在是 {len(plain)} 个")
    return " ".join(plain.split())


def identity(cell: Cell | Broken, on: date) -> Number:
    """An identity number whose every digit is still there. Raises CellProblem."""
    if isinstance(cell, float | int) and not isinstance(cell, bool) and abs(cell) >= _KEPT_DIGITS:
        raise CellProblem(
            "号码存成了数字，最后几位已经丢了，无法还原：请把这一列设成“文本”，从原件重新填写"
        )
    written = text(cell)
    if re.fullmatch(r"[\d.]+[eE]\+?\d+", written):
        raise CellProblem(
            "号码被改成了科学计数法，后几位已经丢了，无法还原：请把这一列设成“文本”，从原件重新填写"
        )
    if not written:
        raise CellProblem("没有填")
    kind = IdentifierKind.RESIDENT_ID
    if written.startswith(("81", "82", "83")):
        kind = IdentifierKind.HMT_PERMIT
    elif re.fullmatch(r"9\d{16}[\dXx]|[A-Za-z]{3}\d{12}", written):
        kind = IdentifierKind.FOREIGN_PERMIT
    try:
        return read(kind, written, on)
    except RefusedError as problem:
        raise CellProblem(str(problem)) from problem


def day(cell: Cell | Broken, *, month_will_do: bool = False, first_day: date = FIRST_DAY) -> date:
    """A day however an office writes it; of a month alone its first. Raises CellProblem."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    written = text(cell)
    if not written:
        raise CellProblem("没有填")
    if re.fullmatch(r"\d{8}", written):
        return _made(written[:4], written[4:6], written[6:], written)
    if found := _DAY.fullmatch(written):
        return _made(found[1], found[2], found[3], written)
    if month_will_do and (found := _MONTH.fullmatch(written)):
        return _made(found[1], found[2] or found[3], "1", written)
    if re.fullmatch(r"\d{1,5}", written) and int(written) in _SERIALS:
        return first_day + timedelta(days=int(written))
    raise CellProblem(f"“{written[:20]}”看不出是哪一天：请写成 2024-03-05 这样")


def _made(year: str, month: str, of_month: str, written: str) -> date:
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError:
        raise CellProblem(f"没有“{written[:20]}”这一天，请核对") from None


def yuan(cell: Cell | Broken) -> Decimal:
    """An amount in yuan. Raises CellProblem."""
    written = text(cell) if not isinstance(cell, float) else repr(cell)
    plain = re.sub(r"[,\s¥￥]|元(?:/月|每月)?$", "", written)
    if not plain:
        raise CellProblem("没有填")
    if plain.endswith("万"):
        raise CellProblem("请写成元，不要写“万”")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise CellProblem(f"“{written[:20]}”不是金额：请只写数字，如 1234.50") from None
    if not amount.is_finite() or amount < 0 or amount >= 10**9:
        raise CellProblem(f"金额“{written[:20]}”不对，应在 0 到 999,999,999 之间")
    cents = round(amount, 2)
    # What a spreadsheet works out is off by less than anybody can be paid.
    if abs(amount - cents) > Decimal("0.000001"):
        raise CellProblem(f"金额“{written[:20]}”写到了分以下，请四舍五入到分")
    return cents


def fact_value(fact: Fact, cell: Cell | Broken, first_day: date = FIRST_DAY) -> Value:
    """A cell as the law takes the fact. Raises CellProblem."""
    try:
        return checked(fact, _meant(fact, cell, first_day))
    except RefusedError as problem:
        raise CellProblem(str(problem)) from problem


def _meant(fact: Fact, cell: Cell | Broken, first_day: date) -> Value:
    if fact.kind == "date":
        return day(cell, first_day=first_day)
    if fact.kind == "money":
        return yuan(cell)
    written = text(cell)
    if fact.kind == "bool":
        said = written.lower()
        return True if said in _YES else False if said in _NO else written
    if fact.kind == "int":
        said = re.sub(r"(?<=.)(?:级|个月|月|次|天|分|人)$", "", written)
        return str("零一二三四五六七八九".find(said)) if said in _DIGITS else said
    return next((name for name, label in fact.choices.items() if label == written), written)
