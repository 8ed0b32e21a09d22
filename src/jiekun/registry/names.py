"""Names: what may stand in one, how it is searched for, how it sounds."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from pypinyin import Style, pinyin

from .checks import RefusedError

LONGEST = 60
DOT = "·"
# Everything people type where the dot between the parts of a name belongs.
_DOTS = re.compile(r"[·•‧∙⋅・᛫]|(?<=[^\x00-\x7f])\.(?=[^\x00-\x7f])")
_SPACES = re.compile(r"\s+")

# As surnames these are read otherwise than in other words.
_SURNAME_SOUNDS = {
    "万俟": "moqi", "尉迟": "yuchi", "长孙": "zhangsun", "单于": "chanyu", "澹台": "tantai",
    "令狐": "linghu", "宰父": "zaifu", "宓": "mi", "缪": "miao", "曾": "zeng", "任": "ren",
    "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "盖": "ge", "区": "ou", "朴": "piao",
    "覃": "qin", "石": "shi", "万": "wan", "秘": "bi", "冼": "xian", "尹": "yin", "乐": "yue",
    "员": "yun", "种": "chong", "繁": "po", "折": "she", "哈": "ha", "召": "shao", "翟": "zhai",
    "阚": "kan", "臧": "zang", "卜": "bu", "华": "hua", "纪": "ji",
    "葛": "ge", "那": "na", "佴": "nai", "逄": "pang", "邸": "di", "郇": "xun", "郗": "xi",
    "郄": "qie", "钭": "tou", "乜": "nie", "撒": "sa", "祭": "zhai", "隗": "wei", "俞": "yu",
    "应": "ying", "燕": "yan", "宁": "ning", "黑": "he", "盛": "sheng", "牟": "mu", "车": "che",
    "句": "gou", "都": "du", "訾": "zi", "亓": "qi", "尧": "yao", "曲": "qu", "过": "guo",
    "幺": "yao", "洪": "hong", "谌": "chen", "柏": "bai", "贾": "jia", "沈": "shen",
}  # fmt: skip
_LONG_SURNAMES_WRITTEN = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 司空 夏侯 轩辕 端木 百里 "
    "东郭 南宫 西门 公羊 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 亓官 司寇 子车 "
    "颛孙 巫马 公西 漆雕 壤驷 公良 拓跋 夹谷 宰父 谷梁 段干 东门 南门 呼延 左丘 梁丘 澹台 赫连 "
    "万俟 第五 闻人 独孤 纳兰 完颜 叶赫"
)
_LONG_SURNAMES = frozenset(_LONG_SURNAMES_WRITTEN.split())


def clean_name(text: str) -> str:
    """A name as it is kept. Raises RefusedError, in words for the screen.

    Characters beyond the usual plane (GB 18030's rare ones) are as good as any other.
    """
    bad = next((c for c in text if not _may_stand(c)), None)
    if bad is not None:
        raise RefusedError(f"姓名里有看不见的或不能用的字符（U+{ord(bad):04X}），请重新输入")
    name = searched(text)
    if not name.replace(DOT, ""):
        raise RefusedError("姓名没有填")
    if len(name) > LONGEST:
        raise RefusedError(f"姓名太长：最多 {LONGEST} 个字，现在是 {len(name)} 个")
    if name.startswith(DOT) or name.endswith(DOT) or DOT * 2 in name:
        raise RefusedError("姓名里的间隔号“·”要写在两个字之间")
    odd = next((c for c in name if not (c == DOT or c in " '-" or _letter(c))), None)
    if odd is not None:
        raise RefusedError(f"姓名里不能有“{odd}”")
    return name


def _may_stand(character: str) -> bool:
    """Neither control, nor direction mark, nor half a character, nor one nobody can print."""
    kind = unicodedata.category(character)
    # Private characters look right only where a local font has them: they cannot be sent on.
    return kind not in {"Cc", "Cf", "Cs", "Co"} or character in "\t\n"


def _letter(character: str) -> bool:
    # Rare characters of the latest standard, which this Python's tables may not know yet.
    if 0x20000 <= ord(character) < 0x40000:
        return True
    # What is written from right to left would turn the line it stands in around.
    kind = unicodedata.category(character)
    return kind[0] in "LM" and unicodedata.bidirectional(character) not in {"R", "AL"}


def searched(text: str) -> str:
    """Any way of writing a name as the one way it is kept: half-width, one dot, one space."""
    plain = _DOTS.sub(DOT, unicodedata.normalize("NFKC", text)).strip()
    # Between Chinese characters a space means nothing; between Latin words it does.
    return re.sub(r"(?<![A-Za-z]) | (?![A-Za-z])", "", _SPACES.sub(" ", plain))


def surname(name: str) -> str:
    """What a family is called by: one character, a compound surname, or a name's first part."""
    if DOT in name:
        return name.partition(DOT)[0]
    if name.isascii():
        return name.partition(" ")[0]
    return name[:2] if name[:2] in _LONG_SURNAMES and len(name) > 2 else name[:1]


def sounds(name: str) -> tuple[str, str]:
    """A name's pinyin and its initials, small letters, as people type them to find somebody.

    Characters nobody has written down a sound for are left out of both.
    """
    plain = name.replace(DOT, "").replace(" ", "")
    if plain.isascii():
        first = "".join(word[0] for word in name.lower().replace(DOT, " ").split())
        return plain.lower(), first
    family = surname(plain)
    syllables = [*_of_surname(family), *(_sound(c) for c in plain[len(family) :])]
    return "".join(syllables), "".join(s[:1] for s in syllables)


@cache
def _of_surname(family: str) -> tuple[str, ...]:
    whole = _SURNAME_SOUNDS.get(family)
    if whole and len(family) == 2:
        # Two syllables whose border is found by the second character's own sounds.
        second = next((s for s in _sounds(family[1]) if whole.endswith(s)), "")
        return whole[: len(whole) - len(second)], second
    return tuple(_SURNAME_SOUNDS.get(c) or _sound(c) for c in family)


@cache
def _sounds(character: str) -> tuple[str, ...]:
    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
    return tuple(found[0]) if found else ()


@cache
def _sound(character: str) -> str:
    if character.isascii():
        return character.lower()
    found = pinyin(character, style=Style.NORMAL, errors="ignore")
    return found[0][0].replace("ü", "v") if found else ""
