"""People the demo enters twice, and people only much alike: planted mistakes, and their truth.

The truth goes into the demo's files only; the registry is left to find it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import numpy as np

from . import identity
from .district import OTHER, RELATIONS, District
from .families import FEMALE, MALE
from .scale import EPOCH, Array, Scale

# One person in so many is entered twice; one in so many has shown no number; an estimate, both.
ONE_DOUBLE_IN, ONE_UNPROVEN_IN, ONE_TRAP_IN = 500, 300, 1_500
SHIPPED_SEED = 1

# Letters easily taken for one another by eye.
_LOOK_ALIKE = (
    "明朋 玉王 芳芬 清靖 伟炜 娟捐 秀季 淑椒 丽两 晨震 天夫 宇字 涵函 怡恰 佳住 慧彗 琳淋 "
    "倩情 雪雷 文交 勇男 刚纲 波坡 华毕 金全 贵责 国围 军车 桂挂 珍诊 凤风 敏繁 颖颗 莹萤 "
    "欣炊 诗持 曦羲 妍研 沐沭 晴睛 彤形 念令 初切 轩轧 浩洁 博搏 俊峻 睿容 皓浩 奕弈 辰展 "
    "铭名 诺若 瑞端 佑右 书节 逸免 景影 辉挥 亮高 坤绅 帆帜 松枫 江汪 德得 生主 春看 林材 "
    "光先 荣柴 祥详 忠思 义文 元无 启后 和利 素累 翠翌 菊鞠 爱受 惠患 贞负 琴瑟 婷停 薇微 "
    "瑶摇 萱宣 桐铜 可何 思恩 语浯 若苦"
)


@dataclass
class Extra:
    """One row more than there are people, or one person more whom somebody may be taken for."""

    kind: str
    # The place of whom it is a double, or merely like; a double where `same`.
    of: int
    same: bool
    name: str
    sex: int
    birth: int
    # Lives in this household; or alone in one of its own in this community.
    household: int | None
    community: int
    address: str = ""
    phone: str = ""
    # Another's number, shown once and ended since.
    old_number: bool = False


@dataclass
class Planted:
    """Everything planted: rows to add, and whose number was never shown."""

    extras: list[Extra] = field(default_factory=list)
    unproven: set[int] = field(default_factory=set)


@cache
def _look_alike() -> dict[str, str]:
    pairs = [pair for pair in _LOOK_ALIKE.split() if pair[0] != pair[1]]
    return {pair[i]: pair[1 - i] for pair in pairs for i in (0, 1)}


@cache
def _sound_alike() -> dict[str, str]:
    """For each letter of a given name all others of one sound."""
    more = "维薇威微建剑健鉴文雯闻纹明铭鸣名佳嘉家伟玮炜纬丽莉力立静晶敬婧红宏洪鸿志智治至英瑛莹盈"
    more += "军君钧均峰锋丰枫平萍苹屏华桦骅春椿纯玉育毓煜雪学兰岚澜蓝玲灵凌霖琳林生声胜升国果"
    letters = sorted({*"".join(e for eras in identity.GIVEN.values() for e in eras), *more})
    alike: dict[str, str] = {}
    for letter in letters:
        sound = identity.sound(letter)
        alike[letter] = "".join(o for o in letters if o != letter and identity.sound(o) == sound)
    return {letter: others for letter, others in alike.items() if others}


def names_of(district: District, where: Array) -> list[str]:
    """The names of some people."""
    first = identity.SURNAMES
    given = identity.given_letters()
    parts = [district.extra[key][where] for key in ("surname", "given1", "given2")]
    return [first[s] + given[a] + given[b] for s, a, b in zip(*parts, strict=True)]


class Planter:
    """Plants mistakes of one seed into a district."""

    def __init__(self, district: District, seed: int) -> None:
        self.district = district
        self.rng: np.random.Generator = district.scale.stream(f"doubles {seed}")
        self.planted = Planted()
        self.free = iter(self._order())

    def _order(self) -> Array:
        """Everybody but the family everybody is shown, in the order they are drawn."""
        told = set(self.district.members(self.district.story).tolist())
        order = self.rng.permutation(self.district.people)
        return np.array([who for who in order.tolist() if who not in told])

    def row(self, kind: str, of: int, *, same: bool = True, moved: bool = False) -> Extra:
        """A row like somebody's: the same but for where it stands."""
        district = self.district
        home = int(district.household[of])
        draw = self.rng.random()
        made = Extra(
            kind, of, same, names_of(district, np.array([of]))[0], int(district.sex[of]),
            int(district.birth[of]), home, int(district.community[home]),
        )  # fmt: skip
        if moved or draw < 0.65:
            made.household = None
            made.phone = f"100{self.rng.integers(10_000_000, 99_999_999)}"
        if moved or draw < 0.3:
            made.community = int(self.rng.integers(0, len(district.communities)))
        elif 0.5 <= draw < 0.65:
            # Entered from another family's list at the same door: the telephone is the home's.
            made.address, made.phone = "same", "same"
        return made

    def add(self, made: Extra) -> None:
        self.planted.extras.append(made)

    def letter(self, made: Extra, alike: dict[str, str]) -> bool:
        """Write one letter of the given name wrong; False where no letter can be."""
        places = [i for i in range(1, len(made.name)) if made.name[i] in alike]
        if not places:
            return False
        place = places[int(self.rng.integers(len(places)))]
        others = alike[made.name[place]]
        letter = others[int(self.rng.integers(len(others)))]
        made.name = made.name[:place] + letter + made.name[place + 1 :]
        return True

    def birthday(self, made: Extra, *, swap: bool) -> bool:
        """Write the birthday wrong: month and day changed about, or one digit."""
        born = EPOCH + timedelta(days=made.birth)
        if swap:
            if born.day > 12 or born.day == born.month:
                return False
            wrong = date(born.year, born.day, born.month)
        else:
            wrong = _another_digit(born, self.rng)
        made.birth = (wrong - EPOCH).days
        return True


def _another_digit(born: date, rng: np.random.Generator) -> date:
    """A day that differs in one digit and is a day."""
    while True:
        text = list(f"{born:%Y%m%d}")
        text[int(rng.choice([3, 5, 6, 7]))] = str(rng.integers(10))
        try:
            wrong = date(int("".join(text[:4])), int("".join(text[4:6])), int("".join(text[6:])))
        except ValueError:
            continue
        if wrong != born and wrong.year < 2024:
            return wrong


def _same_sound(planter: Planter, made: Extra) -> bool:
    return planter.letter(made, _sound_alike())


def _similar_letter(planter: Planter, made: Extra) -> bool:
    return planter.letter(made, _look_alike())


def _swapped(planter: Planter, made: Extra) -> bool:
    return planter.birthday(made, swap=True)


def _digit(planter: Planter, made: Extra) -> bool:
    return planter.birthday(made, swap=False)


def _no_number(planter: Planter, made: Extra) -> bool:
    return True


def _old_number(planter: Planter, made: Extra) -> bool:
    made.old_number = True
    return _digit(planter, made) if planter.rng.random() < 0.3 else True


def _two_slips(planter: Planter, made: Extra) -> bool:
    slip = _same_sound if planter.rng.random() < 0.5 else _similar_letter
    return slip(planter, made) and (_swapped(planter, made) or _digit(planter, made))


# What went wrong, in words, and how it is made.
KINDS: dict[str, tuple[str, Callable[[Planter, Extra], bool]]] = {
    "same_sound": ("同音字", _same_sound),
    "look_alike": ("形近字", _similar_letter),
    "swapped": ("月日对调", _swapped),
    "digit": ("生日差一位", _digit),
    "no_number": ("没有证件号", _no_number),
    "old_number": ("只有停用的旧号", _old_number),
    "moved": ("换了街道", _no_number),
    "two_slips": ("姓名和生日都错", _two_slips),
}
TRAPS = {"twin": "双胞胎", "namesake": "同名同年生", "namesake_day": "同名同日生"}


def plant(district: District, seed: int = SHIPPED_SEED) -> Planted:
    """Doubles, traps and people without a number, the same for one seed and scale."""
    planter = Planter(district, seed)
    scale: Scale = district.scale
    each = max(1, scale.of(1_092_750 / ONE_DOUBLE_IN / len(KINDS)))
    for kind, (_, slip) in KINDS.items():
        for _ in range(each):
            _double(planter, kind, slip)
    for kind in TRAPS:
        for _ in range(max(1, scale.of(1_092_750 / ONE_TRAP_IN / len(TRAPS)))):
            planter.add(_trap(planter, kind))
    for _ in range(scale.of(1_092_750 / ONE_UNPROVEN_IN)):
        planter.planted.unproven.add(int(next(planter.free)))
    return planter.planted


def _double(planter: Planter, kind: str, slip: Callable[[Planter, Extra], bool]) -> None:
    while True:
        made = planter.row(kind, int(next(planter.free)), moved=kind == "moved")
        if slip(planter, made):
            planter.add(made)
            return


def _trap(planter: Planter, kind: str) -> Extra:
    """Somebody else, much like one of the district."""
    while True:
        of = int(next(planter.free))
        made = planter.row(kind, of, same=False, moved=kind != "twin")
        if kind == "namesake_day":
            return made
        if kind == "namesake":
            born = EPOCH + timedelta(days=made.birth)
            made.birth = (date(born.year, 1, 1) - EPOCH).days + int(planter.rng.integers(365))
            return made
        young = planter.district.age[of] < 16 and planter.district.size[made.household or 0] > 1
        if young and _twin(planter, made):
            return made


def _twin(planter: Planter, made: Extra) -> bool:
    """A twin at home: the first letter of the given name shared, the other another."""
    if len(made.name) != 3:
        return False
    made.household = int(planter.district.household[made.of])
    made.phone = made.address = ""
    made.sex = FEMALE if planter.rng.random() < 0.5 else MALE
    letters = identity.GIVEN[made.sex][2]
    made.name = made.name[:2] + letters[int(planter.rng.integers(len(letters)))]
    return True


def relation(made: Extra) -> str:
    """How the row stands to the head of its household."""
    return "02" if made.household is None else RELATIONS[OTHER]
