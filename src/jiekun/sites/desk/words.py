"""How the desk writes things down: money, names behind a mask, dates, counts."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jiekun.kernel.facts import Fact
from jiekun.kernel.values import plain
from jiekun.kernel.words import unit_words

DISABILITY_LEVELS = ("", "一级", "二级", "三级", "四级")


def yuan(fen: int | None) -> str:
    """Fen as whole yuan with thousands, for sums people compare at a glance."""
    return "还不知道" if fen is None else plain(round_yuan(Decimal(fen) / 100))


def round_yuan(amount: Decimal) -> int:
    """Whole yuan, halves up."""
    return int((amount + Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR"))


def amount(value: Decimal | Fraction | int | None, unit: str) -> str:
    """An amount with its unit; nothing where a measure gives no number."""
    if value is None:
        return ""
    if unit == "ratio" and 0 < value < 1:
        # Two decimals would make 3.5 % of 0.035 a round 4 %.
        percent = plain(Fraction(value) * 100)
        return (percent.rstrip("0").rstrip(".") if "." in percent else percent) + "%"
    words = unit_words(unit)
    return plain(value) + (f" {words}" if words else "")


def arithmetic(text: str) -> str:
    """A line of figures without what says nothing: a floor of zero, the larger of two numbers."""

    def larger(found: re.Match[str]) -> str:
        return max(found[1], found[2], key=lambda n: Decimal(n.replace(",", "")))

    text = re.sub(r"较大\(([\d,.]*\d), ([\d,.]*\d)\)", larger, text)
    # Only one pair around everything: what is inside opens and closes nothing else.
    whole = re.fullmatch(r"(?:较大\(0, |\()([^()]*(?:\([^()]*\)[^()]*)*)\)", text)
    return whole[1] if whole else text


def mask_name(name: str) -> str:
    """李小明 as 李**; how long the name is stays hidden too."""
    return f"{name[:1]}**" if name else ""


def mask_phone(phone: str) -> str:
    """13800002210 as 138****2210; of a number written otherwise, only its end."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) == 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if digits else ""


def mask_address(address: str) -> str:
    """A house number is hidden, the road is not."""
    return re.sub(r"\d+", "**", address)


def age_on(born: date, day: date) -> int:
    """Completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def short_day(day: date, today: date) -> str:
    """A day as people say it: without the year when it is this year's."""
    text = f"{day.month} 月 {day.day} 日"
    return text if day.year == today.year else f"{day.year} 年 {text}"


def ago(day: date, today: date) -> str:
    """How long ago, roughly: enough to see whether something is stale."""
    days = (today - day).days
    if days <= 0:
        return "今天"
    if days < 31:
        return f"{days} 天前"
    return f"{days // 30} 个月前" if days < 365 else f"{days // 365} 年前"


def joined(words: list[str], most: int = 3) -> str:
    """A few of many, and how many there are."""
    text = "、".join(words[:most])
    return text if len(words) <= most else f"{text}等 {len(words)} 项"


def fact_words(fact: Fact, value: Any) -> str:
    """A fact's value as a reader sees it; unknown is said, never shown as nothing."""
    if value is None:
        return "还不知道"
    match fact.kind:
        case "bool":
            return "是" if value else "否"
        case "choice":
            return fact.choices.get(str(value), str(value))
        case "money" | "int":
            return amount(Decimal(str(value)), fact.unit)
    return str(value)
