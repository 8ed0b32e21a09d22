"""Reforms: a small file becomes two laws, and every mistake is told with its line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiekun.kernel.law_change import differences, unlike
from jiekun.kernel.reform import BadReform, read_reform, sides
from jiekun.kernel.reform.file import LONGEST
from jiekun.law import load
from jiekun.law.reforms import ready

HEAD = 'label: 试\non: 2024-11-01\nplace: "420106"\n'


def changed(*changes: str, assume: tuple[str, ...] = ()):
    """Both programs of a reform; its changes begin on line 5."""
    text = HEAD
    if assume:
        text += "assume:\n" + "".join(f"  - {{{change}}}\n" for change in assume)
    text += "changes:\n" + "".join(f"  - {{{change}}}\n" for change in changes)
    before, after = sides(load(), read_reform(text, "试.yaml"))
    return before.program(), after.program()


def refusal(*changes: str, **more) -> str:
    with pytest.raises(BadReform) as caught:
        changed(*changes, **more)
    return str(caught.value)


def value_of(program, name: str) -> Decimal | None:
    dated = program.parameters[name].dated
    return None if dated is None else dated.value


def test_a_share_of_itself_is_added_exactly():
    before, after = changed("parameter: dibao_standard_urban, by: +5%")
    assert value_of(before, "dibao_standard_urban") == 940
    assert value_of(after, "dibao_standard_urban") == 987


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("to: 1000 yuan/month", 1000),
        ("to: 1000 元/月", 1000),
        ("by: +50 yuan/month", 990),
        ("by: -40.5 yuan/month", Decimal("899.5")),
        ("by: −5%", 893),
        ("to: 1000 yuan/month, from: 2024-07-01", 1000),
    ],
)
def test_a_number_is_set_or_moved(word, value):
    _, after = changed(f"parameter: dibao_standard_urban, {word}")
    assert value_of(after, "dibao_standard_urban") == value


@settings(max_examples=12, deadline=None)
@given(st.integers(-100, 900).filter(bool))
def test_money_raised_by_a_share_is_rounded_to_the_fen(share):
    _, after = changed(f"parameter: dibao_standard_rural, by: {share:+}%")
    exact = Fraction(820) * (100 + share) / 100
    assert abs(Fraction(value_of(after, "dibao_standard_rural")) - exact) <= Fraction(1, 200)


def test_a_share_is_written_as_a_percentage():
    _, after = changed(
        "parameter: fixed_relief_share, to: 60%", assume=("document: W24, in_force: yes",)
    )
    assert value_of(after, "fixed_relief_share") == Decimal("0.6")


def test_what_is_assumed_holds_on_both_sides():
    before, after = changed(
        "reading: full_dibao, take: per_member", assume=("document: W24, in_force: yes",)
    )
    assert before.simulate == after.simulate == ("W24",)
    assert unlike(before, after) == {"fixed_relief", "fixed_relief_family_planning"}


def test_a_measure_taken_out_is_gone_and_the_rest_answers_alike():
    before, after = changed("measure: canteen_meals, in_force: no")
    assert unlike(before, after) == {"canteen_meals"}


def test_one_measure_of_a_draft_comes_alone():
    before, after = changed("measure: fixed_relief, in_force: yes")
    assert unlike(before, after) == {"fixed_relief"}
    assert value_of(after, "fixed_relief_share") == Decimal("0.5")


def test_a_document_taken_out_takes_its_rules_with_it():
    before, after = changed("document: W22, in_force: no")
    assert "tapering_limit" in before.steps
    assert "tapering_limit" not in after.steps


def test_a_null_number_stays_unknown():
    _, after = changed("parameter: dibao_standard_urban, by: +5%")
    assert value_of(after, "dibao_tapering_share") is None


def test_a_changed_number_is_told_in_words():
    (told,) = differences(*changed("parameter: dibao_standard_urban, by: +5%"))
    assert (told.label, told.before, told.after) == ("城市低保标准", "940 元/月", "987 元/月")


def test_the_shipped_law_is_left_as_it_was():
    changed("parameter: dibao_standard_urban, by: +5%", "document: W24, in_force: yes")
    program = load().program(on=date(2024, 11, 1), place="420106")
    assert value_of(program, "dibao_standard_urban") == 940
    assert program.simulate == ()


@pytest.mark.parametrize("reform", ready(), ids=lambda reform: reform.name)
def test_every_ready_reform_changes_something(reform):
    before, after = (side.program() for side in sides(load(), reform))
    assert differences(before, after)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("parameter: dibao_standard_urbn, to: 9 yuan/month", "最接近的是 dibao_standard_urban"),
        ("measure: diba, in_force: no", "是不是 dibao？"),
        ("document: W25, in_force: yes", "是不是 W24？"),
        ("reading: full_dibo, take: per_member", "是不是 full_dibao？"),
        ("reading: full_dibao, take: per_membr", "是不是 per_member？"),
        ("parameter: dibao_standard_urban, to: 987", "没有写单位"),
        ("parameter: dibao_standard_urban, to: 987 yuan/year", "不是 yuan/year"),
        ("parameter: dibao_standard_urban, to: 5%", "不是百分数"),
        ("parameter: dibao_standard_urban, to: 987 persons", "不是 persons"),
        ("parameter: dibao_standard_urban, to: .inf", "没有写单位"),
        ("parameter: dibao_standard_urban, to: 98.701 元/月", "最小到分"),
        ("parameter: dibao_standard_urban, to: 98700000 元/月", "单位写对了吗"),
        ("parameter: dibao_standard_urban, by: -2000 元/月", "不能是负数"),
        ("parameter: dibao_standard_urban, by: 5%", "要写加号或减号"),
        ("parameter: dibao_standard_urban, to: 9 元/月, by: +5%", "只写一个"),
        ("parameter: dibao_standard_urban, to: 9 元/月, from: 2025-01-01", "才改"),
        ("parameter: dibao_tapering_months, to: 6.5 months", "应是整数"),
        ("parameter: cpi_rise, by: +5%", "没有数"),
        ("parameter: fixed_relief_share, to: 60%", "用不到"),
        ("reading: full_dibao, take: per_member", "没有分这种读法"),
        ("measure: dibao, in_force: yes", "本来就在施行"),
        ("measure: dibao, in_force: maybe", "yes 或 no"),
        ("measure: dibao, months: 13", "1 到 12"),
        ("measure: medical_aid, months: 6", "不是按月发的钱"),
        ("document: HC20, in_force: yes", "管不到"),
        ("document: MF57, in_force: no", "合不起来"),
        ("parameter: dibao_standard_urban, too: 9 元/月", "是不是 to？"),
    ],
)
def test_a_wrong_change_is_refused_with_its_line(change, told):
    said = refusal(change)
    assert "试.yaml:5：" in said or "合不起来" in said
    assert told in said


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ("  - parameter: dibao_standard_urbn\n    by: +5%\n", 5),
        ("  - parameter: dibao_standard_urban\n    by: -2000 元/月\n", 6),
        ("  - parameter: fixed_relief_share\n    to: 60%\n", 5),
        ("  - measure: diba\n    months: 6\n", 5),
    ],
)
def test_a_wrong_name_is_told_where_the_name_stands_and_a_value_where_it_does(change, line):
    with pytest.raises(BadReform) as caught:
        sides(load(), read_reform(f"{HEAD}changes:\n{change}", "试.yaml"))
    assert [flaw.line for flaw in caught.value.flaws] == [line]


@pytest.mark.parametrize(
    "change",
    [
        f"by: +1{'0' * 32}%",
        f"to: 1{'0' * 32} 元/月",
        f"by: +0.{'0' * 32}1%",
        f"to: 0x{'f' * 9000}",
        f"to: {':'.join(['59'] * 3000)}",
    ],
)
def test_a_number_too_long_to_reckon_with_is_refused(change):
    assert "数太长" in refusal(f"parameter: dibao_standard_urban, {change}")


def test_two_changes_of_one_thing_are_refused():
    change = "parameter: dibao_standard_urban, by: +5%"
    assert "试.yaml:6：dibao_standard_urban 在第 5 行已经改过" in refusal(change, change)


def test_every_mistake_is_told_at_once():
    said = refusal("measure: diba, in_force: no", "document: W25, in_force: yes")
    assert said.count("试.yaml:") == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "最外层"),
        ("- 1", "最外层"),
        ("label: 试\nchanges: [", "不是 YAML"),
        ("label: 试\nlabel: 再", "写了两次"),
        ("label: 试\nchanges: []", "没有写要改什么"),
        ("changes:\n  - {measure: dibao, in_force: no}", "没有写 label"),
        ("label: 试\nchanges:\n  - &a {measure: dibao, in_force: no}\n  - *a", "不能用 & 和 *"),
        ("[" * 5000, "层次太深"),
        ("label: " + "长" * LONGEST, "太长"),
        ("label: 试\nplace: 420106\nchanges:\n  - {measure: dibao, in_force: no}", "加上引号"),
        ("label: 试\nchanges:\n  - dibao", "每一条应写成"),
        ("label: 试\nchanges:\n  - {measure: a, document: b}", "只说一样"),
        ("label: \x00", "不是 YAML"),
    ],
)
def test_a_file_that_is_no_reform_is_refused(text, told):
    with pytest.raises(BadReform, match=r"试\.yaml") as caught:
        read_reform(text, "试.yaml")
    assert told in str(caught.value)


@given(st.text(max_size=200))
def test_any_text_is_refused_and_never_breaks(text):
    with pytest.raises(BadReform):
        read_reform(text, "试.yaml")


def test_a_day_and_a_place_are_needed():
    reform = read_reform("label: 试\nchanges:\n  - {measure: dibao, in_force: no}", "试.yaml")
    with pytest.raises(BadReform, match="哪一天"):
        sides(load(), reform, place="420106")
    with pytest.raises(BadReform, match="420106"):
        sides(load(), reform, on=date(2024, 11, 1), place="42010")
