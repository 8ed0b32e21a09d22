"""How like two people are: what agrees, what does not, and how probable it is that they are one.

The levels are those of the nightly run (`screening/linkage.py`); the numbers come from one file,
learned there. A level is worth log2(m/u): how much commoner it is of one person entered twice
than of two people.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from .keys import sm3

# Field -> level -> what it says, the most alike first; a field nothing is known of is left out.
LEVELS: dict[str, dict[str, str]] = {
    "name": {
        "same": "姓名（或曾用名）相同",
        "sound": "姓名读音相同、字不同",
        "letter": "姓名差一个字",
        "other": "姓名不同",
    },
    "birth": {
        "same": "出生日期相同",
        "swapped": "出生的月和日对调",
        "digit": "出生日期差一位数字",
        "year": "出生年份相同、月日不同",
        "other": "出生日期不同",
    },
    "sex": {"same": "性别相同", "other": "性别不同"},
    "number": {"same": "登记过同一个证件号码", "other": "证件号码不同"},
    "home": {
        "household": "登记在同一户",
        "door": "住址或电话相同",
        "community": "在同一社区",
        "street": "在同一街道",
        "other": "不在同一街道",
    },
}
NAMES = {
    "name": "姓名", "birth": "出生日期", "sex": "性别", "number": "证件号码", "home": "住处",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identity:
    """What somebody is known by; empty text, or None, where it is not known."""

    name: str
    pinyin: str
    sex: str
    birth_date: date
    former: tuple[str, ...] = ()
    # The keyed digest of the number that proves, or last proved, who they are.
    number: str = ""
    household: int | None = None
    community: str = ""
    address: str = ""
    phone: str = ""


Levels = dict[str, str]


def compare(one: Identity, other: Identity) -> Levels:
    """The level of every field both are known by."""
    levels = {"name": _name(one, other), "birth": _birth(one.birth_date, other.birth_date)}
    levels["sex"] = "same" if one.sex == other.sex else "other"
    if one.number and other.number:
        levels["number"] = "same" if one.number == other.number else "other"
    if place := _home(one, other):
        levels["home"] = place
    return levels


def _name(one: Identity, other: Identity) -> str:
    if one.name == other.name or one.name in other.former or other.name in one.former:
        return "same"
    if one.pinyin and one.pinyin == other.pinyin and len(one.name) == len(other.name):
        return "sound"
    return "letter" if one_off(one.name, other.name) else "other"


def one_off(one: str, other: str) -> bool:
    """Whether one letter is another, or is missing."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    rest = shorter[start + 1 :] if len(one) == len(other) else shorter[start:]
    return longer[start + 1 :] == rest


def _birth(one: date, other: date) -> str:
    if one == other:
        return "same"
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return "swapped"
    pairs = zip(f"{one:%Y%m%d}", f"{other:%Y%m%d}", strict=True)
    if sum(a != b for a, b in pairs) == 1:
        return "digit"
    return "year" if one.year == other.year else "other"


def _home(one: Identity, other: Identity) -> str:
    """Where both live; empty where that is not known of one."""
    if one.household is not None and one.household == other.household:
        return "household"
    if one.phone and one.phone == other.phone:
        return "door"
    if not (one.community and other.community):
        return ""
    if one.community == other.community:
        same_door = one.address and one.address == other.address
        return "door" if same_door else "community"
    return "street" if one.community[:9] == other.community[:9] else "other"


class Model(NamedTuple):
    """What was learned: numbers of one seed and scale, and the day of the people they are of."""

    learned_on: date
    seed: int
    scale: str
    # Pairs that are one person, for each person there is.
    rate: float
    # Thousandths from which a pair is shown to a person.
    threshold: int
    # field -> level -> (how often of one person, how often of two).
    levels: Mapping[str, Mapping[str, tuple[float, float]]]


@cache
def model() -> Model:
    """The numbers as they are shipped."""
    kept = json.loads(files(__package__).joinpath("likeness.json").read_text(encoding="utf-8"))
    levels = {
        field: {level: (m, u) for level, (m, u) in of.items()}
        for field, of in kept["levels"].items()
    }
    return Model(
        date.fromisoformat(kept["learned_on"]), kept["seed"], kept["scale"], kept["rate"],
        kept["threshold"], levels,
    )  # fmt: skip


def weight(field: str, level: str) -> float:
    """What a level is worth, in bits: for being one person above nought, against it below."""
    of_one, of_two = model().levels[field][level]
    return math.log2(of_one / of_two)


def told(bits: float) -> str:
    """How strong a weight is, in words."""
    strength = "很强" if abs(bits) >= 6 else "较强" if abs(bits) >= 3 else "较弱"
    if abs(bits) < 1:
        return "说明不了什么"
    return f"{strength}的{'支持' if bits > 0 else '反对'}理由"


def thousandths(levels: Levels, people: int) -> int:
    """How probable it is, among so many people, that two with these levels are one."""
    prior = model().rate * 2 / max(people, 2)
    bits = math.log2(prior / (1 - prior)) + sum(weight(*one) for one in levels.items())
    # Beyond this nothing is left to tell apart in thousandths.
    return round(1000 / (1 + 2 ** -min(max(bits, -40.0), 40.0)))


def fingerprint(one: Identity, other: Identity) -> str:
    """Of what both are known by, wherever they live: once it differs, it is another question."""
    known = sorted(
        (who.name, who.sex, who.birth_date.isoformat(), who.number) for who in (one, other)
    )
    return sm3(json.dumps(known, ensure_ascii=False).encode()).hex()[:32]
