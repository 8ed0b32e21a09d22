"""Names, telephone numbers and identity numbers of people who do not exist."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pypinyin import Style, lazy_pinyin

from .district import HEAD, PARENT, SPOUSE, District
from .families import FEMALE, MALE
from .places import STREETS, home_numbers
from .scale import Array, spread

# The commonest surnames, commonest first; their weights fall off as real ones do.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
    "苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝"
    "龚邵万钱严覃武戴莫孔向汤"
)
# Given names by sex and by the time people were born: before 1965, before 1990, since.
GIVEN = {
    MALE: (
        "建国华明德志永福贵生春林光荣全金祥清文海山东军平安忠义汉国庆元启发胜和",
        "伟强军勇涛斌刚超辉鹏波杰磊峰亮飞俊毅凯健浩洋龙旭宁坤帆松明文志海江",
        "宇轩浩然子涵博文俊熙梓睿泽晨皓嘉懿奕辰铭一诺言天乐瑞知行佑书逸安景",
    ),
    FEMALE: (
        "秀英桂兰玉珍凤霞淑华素芳翠莲腊梅菊香月娥金春桃爱银喜荣惠贞琴清先",
        "丽娟敏静艳燕红霞芳玲娜婷莉萍梅慧颖洁雪莹琳倩晶佳薇丹蕾文芬瑶岚",
        "欣怡梓萱雨桐诗涵佳琪可馨一诺思语若曦子妍沐晴语彤安然芷瑶妙依念初",
    ),
}
_ERAS = ((1965 - 1970) * 365, (1990 - 1970) * 365)
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK = "10X98765432"
# Sequences nobody of the demo could bear: the count begins at 001, and the last four of a day were
# kept for people born in the 1800s. Odd is a man's, even a woman's (GB 11643).
SEQUENCE = np.array([999, 0])


def name_people(district: District) -> None:
    """Give everybody a surname that fits the family and a given name that fits the time."""
    with district.chance("names") as rng:
        weights = 1 / (np.arange(len(SURNAMES)) + 6.0)
        draws = spread(rng, district.people)
        own = np.searchsorted(np.cumsum(weights) / weights.sum(), draws).astype(np.int16)
        district.extra["surname"] = _inherited(district, own, rng)
        era = np.digitize(district.birth, _ERAS)
        for place in ("given1", "given2"):
            pick = rng.random(district.people)
            district.extra[place] = _given(era, district.sex, pick)
        # One character only for some; never twice the same.
        second = district.extra["given2"]
        short = (rng.random(district.people) < 0.2) | (second == district.extra["given1"])
        second[short] = 0


def _inherited(district: District, own: Array, rng: np.random.Generator) -> Array:
    """Children, and the head's father, carry the head's name; a lone mother's child seldom."""
    head = own[district.start[:-1]]
    inherits = ~np.isin(district.relation, (HEAD, SPOUSE)) & district.of_household(
        ~district.has_pattern("flatmates")
    )
    mothers = district.of_household(
        district.has_pattern("lone_parent", "lone_parent_two", "grandparent_child", "elder_child")
        & (district.sex[district.start[:-1]] == FEMALE)
    )
    # One father for all the children of a lone mother: the spare name is the household's.
    spare = rng.permutation(head)
    child_name = np.where(mothers, district.of_household(spare), district.of_household(head))
    keeps = inherits & ~((district.relation == PARENT) & (district.sex == FEMALE))
    return np.where(keeps, child_name, own).astype(np.int16)


@cache
def given_letters() -> list[str]:
    """Every character of a given name; the first stands for none."""
    return ["", *sorted({c for eras in GIVEN.values() for era in eras for c in era})]


def given_index(character: str) -> int:
    """Where a character stands among those of given names."""
    return given_letters().index(character)


def _given(era: Array, sex: Array, pick: Array) -> Array:
    position = {character: i for i, character in enumerate(given_letters())}
    chosen = np.zeros(len(era), np.int16)
    for group, eras in GIVEN.items():
        for when, characters in enumerate(eras):
            codes = np.array([position[c] for c in characters], np.int16)
            here = (sex == group) & (era == when)
            chosen[here] = codes[(pick[here] * len(codes)).astype(int)]
    return chosen


def _taken(words: list[str], index: Array) -> pa.Array:
    return pa.array(words).take(pa.array(index))


def _joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def names(district: District, rows: slice) -> dict[str, pa.Array]:
    """Names as characters, as pinyin and as initials, of some people."""
    given = given_letters()
    tables = {
        "name": (list(SURNAMES), given),
        "pinyin": (_pinyin(list(SURNAMES)), _pinyin(given)),
    }
    tables["initials"] = (
        [sound[:1] for sound in tables["pinyin"][0]],
        [sound[:1] for sound in tables["pinyin"][1]],
    )
    return {
        column: _joined(
            _taken(first, district.extra["surname"][rows]),
            _taken(then, district.extra["given1"][rows]),
            _taken(then, district.extra["given2"][rows]),
        )
        for column, (first, then) in tables.items()
    }


@cache
def sound(character: str) -> str:
    """How a letter of a name is read."""
    # As surnames these are read in a way of their own.
    surname = {"曾": "zeng", "任": "ren", "石": "shi", "覃": "qin", "万": "wan", "秘": "bi"}
    if character in surname:
        return surname[character]
    return "".join(lazy_pinyin(character, style=Style.NORMAL)).replace("ü", "v")


def _pinyin(characters: list[str]) -> list[str]:
    return [sound(character) if character else "" for character in characters]


@cache
def birthplaces() -> Array:
    """Six-digit codes people may have been registered under; Wuchang's own first."""
    text = files(__package__).joinpath("birthplaces.txt").read_text(encoding="ascii")
    return np.array(text.split(), np.int64)


def identity_digits(district: District) -> Array:
    """The eighteen places of everybody's number (10 stands for X): valid, impossible, unique."""
    order = np.lexsort((np.arange(district.people), district.birth))
    days = district.birth[order]
    first = np.searchsorted(days, days)
    # The sequence is one of two impossible ones, so people of one day differ by birthplace.
    nth = np.empty(district.people, np.int64)
    nth[order] = np.arange(district.people) - first
    calendar = district.birth.astype("datetime64[D]")
    year = calendar.astype("datetime64[Y]").astype(int) + 1970
    month = calendar.astype("datetime64[M]").astype(int) % 12 + 1
    day = (calendar - calendar.astype("datetime64[M]")).astype(int) + 1
    number = birthplaces()[nth] * 10**11 + (year * 10000 + month * 100 + day) * 1000
    number += SEQUENCE[district.sex]
    digits = number[:, None] // 10 ** np.arange(16, -1, -1) % 10
    return np.column_stack([digits, check_digits(digits)]).astype(np.uint8)


def check_digits(digits: Array) -> Array:
    """The last place that makes the first seventeen a valid number."""
    values = np.array([10 if c == "X" else int(c) for c in CHECK])
    return np.asarray(values[(digits * WEIGHTS).sum(axis=1) % 11])


def digits_text(digits: Array) -> pa.Array:
    """Digits as text, X for ten."""
    characters = np.frombuffer(b"0123456789X", np.uint8)[digits]
    return pa.array(np.ascontiguousarray(characters).view(f"S{digits.shape[1]}").ravel()).cast(
        pa.string()
    )


def home_texts(district: District) -> dict[str, pa.Array]:
    """Each household's name, address, grid and telephone."""
    numbers = {
        part: pa.array(n).cast(pa.string()) for part, n in home_numbers(district.community).items()
    }
    roads = [road for place in district.communities for road in STREETS[place.street].roads]
    road_index = district.community.astype(np.int64) * 4 + home_numbers(district.community)["road"]
    with district.chance("telephones") as rng:
        ends = pa.array(rng.integers(10_000_000, 99_999_999, district.households)).cast(pa.string())
    head = district.extra["surname"][district.start[:-1]]
    return {
        "name": _joined(_taken(list(SURNAMES), head), "家"),
        "address": _joined(
            _taken(roads, road_index),
            numbers["number"],
            "号",
            numbers["block"],
            "栋",
            numbers["unit"],
            "单元",
            numbers["room"],
            "室",
        ),
        "grid": _joined("第", numbers["grid"], "网格"),
        # No mobile number begins with 100.
        "phone": _joined("100", ends),
    }
