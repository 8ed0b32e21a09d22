"""A roster is taken in whole or not at all, and every fault is told by row and column."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from jiekun.journal.models import Entry
from jiekun.offices import actions, roster
from jiekun.offices.actions import RefusedError
from jiekun.offices.models import Officer
from jiekun.offices.roster import BadRoster

GOOD = {"用户名": "liuyang", "姓名": "刘洋", "部门": "街道办事处", "岗位": "街道经办",
        "辖区": "420106008", "起始日": "2024-11-01", "结束日": ""}  # fmt: skip


def csv_of(*rows, encoding="utf-8-sig"):
    lines = [",".join(roster.COLUMNS), *(",".join(row.values()) for row in rows)]
    return "\r\n".join(lines).encode(encoding)


def xlsx_of(*rows):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, roster.COLUMNS)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row.values()):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                else:
                    sheet.write(number, column, cell)
    return made.getvalue()


def checked(*rows):
    return roster.check(roster.read(csv_of(*rows), "名册.csv"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_good_roster_gives_closed_accounts_with_posts(officers, at, encoding):
    rows = roster.read(csv_of(GOOD, {**GOOD, "用户名": "wu.2"}, encoding=encoding), "名册.csv")
    newcomers, problems = roster.check(rows)
    assert problems == []
    made = actions.take_in(newcomers=newcomers, by=officers["xitong"], at=at)
    officer, password = made[0]
    assert not Officer.objects.get(username="wu.2").is_active
    assert officer.posts.get().area_id == "420106008"
    assert actions.sign_in(username="liuyang", password=password, at=at) is None
    actions.activate(officer=officer, by=officers["anquan"], at=at)
    assert actions.sign_in(username="liuyang", password=password, at=at) == officer
    assert password not in str(list(Entry.objects.values()))


def test_a_workbook_with_real_dates_and_numbers_is_read(officers):
    row = {**GOOD, "辖区": 420106008, "起始日": date(2024, 11, 1)}
    newcomers, problems = roster.check(roster.read(xlsx_of(row), "名册.xlsx"))
    assert problems == []
    assert (newcomers[0].area, newcomers[0].since) == ("420106008", date(2024, 11, 1))


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("用户名", "Liu Yang", "小写字母"), ("用户名", "jiedao", "已经有人用"),
        ("姓名", "", "要写"), ("部门", "街办", "没有“街办”"), ("岗位", "科长", "没有“科长”"),
        ("岗位", "系统管理员", "不能随名册导入"), ("辖区", "420106999", "没有这个"),
        ("起始日", "2024-02-30", "日期"), ("起始日", "", "日期"),
        ("结束日", "明年", "或者空着"), ("结束日", "2024-11-01", "之后"),
    ],
)  # fmt: skip
def test_a_fault_is_told_by_row_and_column(officers, column, cell, told):
    _, problems = checked(GOOD, {**GOOD, "用户名": "second", column: cell})
    assert len(problems) == 1
    assert str(problems[0]).startswith(f"第 3 行“{column}”")
    assert told in str(problems[0])


def test_the_same_name_twice_in_a_file_is_told(officers):
    _, problems = checked(GOOD, GOOD)
    assert [(p.row, p.column) for p in problems] == [(3, "用户名")]


def test_a_date_is_read_as_offices_write_it(officers):
    for text in ("2024.11.1", "2024/11/01", "2024年11月1日"):
        assert checked({**GOOD, "起始日": text})[0][0].since == date(2024, 11, 1)


def bomb():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "a.csv", "表头"), (b"x", "a.xls", "只收"), (b"not a zip", "a.xlsx", "打不开"),
        (csv_of(), "a.csv", "一行也没有"), ("姓名,部门".encode(), "a.csv", "少了：用户名"),
        ((",".join(roster.COLUMNS) + ",职级").encode(), "a.csv", "“职级”不认识"),
        ((",".join(roster.COLUMNS) + ",姓名").encode(), "a.csv", "不止一次"),
        (b"\xff\xff\xff", "a.csv", "编码"), (bomb(), "a.xlsx", "大得不正常"),
        (b"0" * 2_000_001, "a.csv", "超过"),
        (csv_of(*[GOOD] * 2001), "a.csv", "一次最多"),
    ],
)  # fmt: skip
def test_what_is_no_roster_is_refused_with_what_it_should_be(content, name, told):
    with pytest.raises(BadRoster, match=told):
        roster.read(content, name)


def test_one_bad_name_and_nobody_is_taken_in(officers, at):
    newcomers, _ = checked(GOOD, {**GOOD, "用户名": "second"})
    Officer.objects.filter(username="shequ").update(username="second")
    with pytest.raises(RefusedError, match="second"):
        actions.take_in(newcomers=newcomers, by=officers["xitong"], at=at)
    assert not Officer.objects.filter(username="liuyang").exists()


def test_only_the_system_administrator_takes_a_roster_in(officers, at):
    for who in ("anquan", "qu", "anshen"):
        with pytest.raises(RefusedError, match="系统管理员"):
            actions.take_in(newcomers=checked(GOOD)[0], by=officers[who], at=at)
