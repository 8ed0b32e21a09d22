"""Names: rare characters, dots, sounds, and what may not stand in one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiekun.registry.checks import RefusedError
from jiekun.registry.names import clean_name, searched, sounds, surname


@pytest.mark.parametrize(
    "name", ["𫖯", "王㐂", "李\U0002a700", "张\U00030edd", "赵\U00031350", "陈龘"]
)
def test_rare_characters_are_kept_as_they_are(name):
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "written",
    ["阿依•买买提", "阿依・买买提", "阿依．买买提", "阿依.买买提", "阿依 · 买买提", "阿依･买买提"],
)
def test_every_dot_between_the_parts_of_a_name_is_one_dot(written):
    assert clean_name(written) == "阿依·买买提"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("张 三", "张三"),
        ("　张三　", "张三"),
        ("Ｊｏｈｎ  Smith", "John Smith"),
        ("張\uf9f4", "張林"),
    ],
)
def test_a_name_is_kept_in_one_way_of_writing(written, kept):
    assert clean_name(written) == kept


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "没有填"),
        (" ", "没有填"),
        ("·", "没有填"),
        ("张\0三", "U\\+0000"),
        ("张\u202e三", "U\\+202E"),
        ("张\u200b三", "U\\+200B"),
        ("张\ue000", "U\\+E000"),
        ("张\ud800", "U\\+D800"),
        ("<script>", "不能有“<”"),
        ("=1+1", "不能有“=”"),
        ("张3", "不能有“3”"),
        ("שרה", "不能有"),
        ("·张", "间隔号"),
        ("张··三", "间隔号"),
        ("张" * 61, "最多 60"),
    ],
)
def test_what_is_no_name_is_refused_in_plain_words(written, why):
    with pytest.raises(RefusedError, match=why):
        clean_name(written)


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("曾志伟", "zengzhiwei", "zzw"),
        ("单田芳", "shantianfang", "stf"),
        ("仇英", "qiuying", "qy"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("万俟雪", "moqixue", "mqx"),
        ("欧阳修", "ouyangxiu", "oyx"),
        ("吕布", "lvbu", "lb"),
        ("阿依·买买提", "ayimaimaiti", "aymmt"),
        ("John Smith", "johnsmith", "js"),
    ],
)
def test_a_name_sounds_as_people_say_it(name, pinyin, initials):
    assert sounds(name) == (pinyin, initials)


@pytest.mark.parametrize(
    ("name", "family"),
    [("欧阳修", "欧阳"), ("欧阳", "欧"), ("何平", "何"), ("阿依·买买提", "阿依")],
)
def test_a_family_is_called_by_its_surname(name, family):
    assert surname(name) == family


@given(st.text(max_size=30))
def test_any_text_is_a_name_or_refused_and_a_name_stays_itself(text):
    try:
        name = clean_name(text)
    except RefusedError:
        return
    assert clean_name(name) == name == searched(name)
    pinyin, initials = sounds(name)
    assert len(initials) <= len(pinyin)
