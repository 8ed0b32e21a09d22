"""A household file is right, or every mistake in it is named with its path."""

import json
from datetime import date
from decimal import Decimal

import pytest

import jiekun.law
from jiekun.kernel.household_file import BadFile, read_household_file

LAW = jiekun.law.load()
ON = date(2024, 11, 1)
ID = "420106198001010023"  # a woman born on 1980-01-01; no such number was given out


def read(content, **asked):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return read_household_file(data, LAW, **{"on": ON, "place": "420106", **asked})


def problems(content, **asked):
    with pytest.raises(BadFile) as caught:
        read(content, **asked)
    return {problem.path: problem.message for problem in caught.value.problems}


def person(**facts):
    return {"people": [facts]}


def test_a_right_file_is_ready_to_decide():
    filed = read({"household": {"rural": False}, "people": [{"name": "陈", "wage_income": 1500.5}]})
    (household,) = filed.households
    assert household.facts == {
        "household": {"rural": False},
        "people": {"p1": {"wage_income": Decimal("1500.5")}},
    }
    assert household.names == {"p1": "陈"}


def test_the_file_may_say_when_and_where_itself():
    content = {"on": "2024-11-01", "place": "420106", "simulate": ["W24"], **person()}
    program = read(content, on=None, place=None).program
    assert (program.on, program.place, program.simulate) == (ON, "420106", ("W24",))


def test_the_command_goes_before_the_file():
    filed = read({"on": "2020-01-01", **person()})
    assert filed.program.on == ON


def test_birth_date_and_sex_are_taken_from_the_identity_number():
    (household,) = read(person(id_no=ID)).households
    assert household.facts["people"]["p1"] == {"birth_date": date(1980, 1, 1), "sex": "female"}


@pytest.mark.parametrize(
    ("facts", "path", "says"),
    [
        ({"wage_incme": 5}, "wage_incme", "是不是 wage_income"),
        ({"rural": True}, "rural", "应写在 household 那里"),
        ({"wage_income": -5}, "wage_income", "不能小于 0"),
        ({"wage_income": "many"}, "wage_income", "应填数字"),
        ({"wage_income": [5]}, "wage_income", "应填数字"),
        ({"employed": 1}, "employed", "应填是或否"),
        ({"hukou": "distric"}, "hukou", "是不是 district"),
        ({"birth_date": "2024-02-30"}, "birth_date", "不是日期"),
        ({"birth_date": "2024-11-02"}, "birth_date", "晚于所问的日子"),
        ({"birth_date": "1800-01-01"}, "birth_date", "太早"),
        ({"disability_level": 5}, "disability_level", "不能大于 4"),
        ({"id_no": "420106198001010020"}, "id_no", "校验位不对"),
        ({"id_no": "42010619800101002"}, "id_no", "应是 18 位"),
        ({"id_no": "42010619801301002X"}, "id_no", "19801301 不存在"),
        ({"id_no": "42010A198001010023"}, "id_no", "应全是数字"),
        ({"id_no": 42}, "id_no", "带引号"),
        ({"id_no": ID, "birth_date": "1980-01-02"}, "birth_date", "与身份证号不一致"),
        ({"id_no": ID, "sex": "male"}, "sex", "与身份证号不一致"),
        ({"id": "a@b"}, "id", "不能含 @"),
        ({"name": 5}, "name", "姓名应是文字"),
    ],
)
def test_a_persons_mistake_is_named_where_it_stands(facts, path, says):
    assert says in problems(person(**facts))[f"people[0].{path}"]


@pytest.mark.parametrize(
    ("content", "path", "says"),
    [
        ({"people": []}, "people", "至少要有一个人"),
        ({"household": {}}, "people", "至少要有一个人"),
        ({"people": {}}, "people", "至少要有一个人"),
        ({"people": [5]}, "people[0]", "应是一个人"),
        ({"household": [], "people": [{}]}, "household", "应是一个对象"),
        ({"household": {"rurl": True}, "people": [{}]}, "household.rurl", "是不是 rural"),
        ({"peple": [], "people": [{}]}, "peple", "是不是 people"),
        ({"households": []}, "households", "至少一户"),
        ({"people": [{"id": "a"}, {"id": "a"}]}, "people[1].id", "已经出现过"),
        ({"people": [{"id_no": ID}, {"id_no": ID}]}, "people[1].id_no", "同一个人不能算两次"),
        ({"simulate": "W24", **person()}, "simulate", "应是一列"),
    ],
)
def test_a_files_mistake_is_named_where_it_stands(content, path, says):
    assert says in problems(content)[path]


def test_one_person_in_two_households_is_named_in_the_second():
    content = {"households": [{"people": [{"id_no": ID}]}, {"people": [{"id_no": ID.lower()}]}]}
    assert "households[0].people[0]" in problems(content)["households[1].people[0].id_no"]


def test_two_households_of_one_id_are_refused():
    content = {"households": [{"id": "x", "people": [{}]}, {"id": "x", "people": [{}]}]}
    assert "已经用过" in problems(content)["households[1].id"]


def test_a_name_written_twice_is_refused():
    content = b'{"people": [{"wage_income": 1, "wage_income": 2}]}'
    assert problems(content) == {"people[0].wage_income": "写了两次"}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{", "不是 JSON：第 1 行"),
        (b"\xff\xfe", "不是 UTF-8"),
        (b"[]", "最外层应是一个对象"),
        (b"[" * 100_000, "层次太深"),
        (b'{"people": [{"wage_income": ' + b"9" * 5000 + b"}]}", "数字太长"),
    ],
)
def test_what_is_no_json_object_is_refused_in_a_sentence(data, says):
    assert says in problems(data)[""]


def test_not_a_number_is_no_income():
    assert "应填数字" in problems(b'{"people": [{"wage_income": NaN}]}')["people[0].wage_income"]


def test_a_day_before_any_law_is_refused_with_the_first_day_there_is():
    assert "最早可问" in problems(person(), on=date(1949, 10, 1))["on"]


def test_a_place_that_does_not_exist_is_refused_with_those_that_do():
    assert "420106 武昌区" in problems(person(), place="420107")["place"]


def test_only_a_draft_can_be_simulated():
    assert "可以试算的：W24" in problems(person(), simulate=("W22",))["simulate"]


def test_a_day_in_the_file_must_be_one():
    assert "不是日期" in problems({"on": "2024-13-01", **person()}, on=None)["on"]


def test_without_day_and_place_both_are_asked_for():
    assert list(problems(person(), on=None, place=None)) == ["on", "place"]


def test_everything_wrong_is_told_at_once():
    content = {"household": {"rurl": 1}, "people": [{"wage_income": -1}, {"id_no": "1"}]}
    assert list(problems(content, place="1")) == [
        "place",
        "household.rurl",
        "people[0].wage_income",
        "people[1].id_no",
    ]
