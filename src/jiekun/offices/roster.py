"""A roster of officers as offices keep it: a spreadsheet, one person and post a row.

Read whole, checked whole: either every row is good, or nothing is taken in.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import python_calamine

from .divisions import Division
from .models import Department, Officer
from .roles import ADMINISTRATORS, Role

COLUMNS = ("用户名", "姓名", "部门", "岗位", "辖区", "起始日", "结束日")
_NEEDED = COLUMNS[:6]
LARGEST_BYTES, LARGEST_OPENED, MOST_ROWS = 2_000_000, 50_000_000, 2_000
_USERNAME = re.compile(r"[a-z][a-z0-9_.-]{2,31}")
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
_ROLES = {str(role.label): role for role in Role}


class BadRoster(ValueError):
    """The file is no roster at all; the message says what it should be."""


@dataclass(frozen=True)
class Newcomer:
    """One good row: an account, and its first post."""

    row: int
    username: str
    name: str
    department: str
    role: Role
    area: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell, and how to mend it."""

    row: int
    column: str
    told: str

    def __str__(self) -> str:
        return f"第 {self.row} 行“{self.column}”：{self.told}"


def read(content: bytes, name: str) -> list[dict[str, str]]:
    """The rows of an .xlsx or .csv file by their headings; `row` is its place in the file.

    Raises BadRoster.
    """
    if len(content) > LARGEST_BYTES:
        raise BadRoster(f"文件超过 {LARGEST_BYTES // 1_000_000} MB，名册不会这么大，请检查")
    if name.lower().endswith(".csv"):
        table = _csv(content)
    elif name.lower().endswith(".xlsx"):
        table = _xlsx(content)
    else:
        raise BadRoster("只收 .xlsx 和 .csv；别的格式请在表格软件里另存为 .xlsx")
    return _by_heading(table)


def _csv(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]
    raise BadRoster("看不懂文件的编码，请另存为 UTF-8 的 .csv 或 .xlsx")


def _xlsx(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST_OPENED:
                raise BadRoster("这个文件解开后大得不正常，没有打开它")
        sheet = python_calamine.CalamineWorkbook.from_filelike(
            io.BytesIO(content)
        ).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + 2)
    except (zipfile.BadZipFile, python_calamine.CalamineError) as problem:
        raise BadRoster("这个文件打不开：不是真的 .xlsx，或者加了密码") from problem
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _by_heading(table: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    if not table or not any(table[0]):
        raise BadRoster(f"第一行要是表头：{'、'.join(COLUMNS)}")
    headings = ["".join(cell.split()) for cell in table[0]]
    if missing := [column for column in _NEEDED if column not in headings]:
        raise BadRoster(f"表头里少了：{'、'.join(missing)}")
    if twice := [h for h, many in Counter(filter(None, headings)).items() if many > 1]:
        raise BadRoster(f"表头里“{twice[0]}”写了不止一次")
    if unknown := [h for h in headings if h and h not in COLUMNS]:
        raise BadRoster(f"表头里的“{unknown[0][:20]}”不认识，可以有：{'、'.join(COLUMNS)}")
    rows = [
        {**dict(zip(headings, cells, strict=False)), "row": str(number)}
        for number, cells in enumerate(table[1:], start=2)
        if any(cells)
    ]
    if not rows:
        raise BadRoster("表头下面一行也没有")
    if len(rows) > MOST_ROWS:
        raise BadRoster(f"一次最多 {MOST_ROWS} 人，请分几份导入")
    return rows


def check(rows: Iterable[Mapping[str, str]]) -> tuple[list[Newcomer], list[Problem]]:
    """The newcomers of the rows, and everything that is wrong with any of them."""
    known = _Known()
    newcomers, problems = [], []
    for row in rows:
        found = known.problems(row)
        problems += found
        if not found:
            newcomers.append(known.newcomer(row))
    return newcomers, problems


class _Known:
    """What the rows are checked against: asked of the database once."""

    def __init__(self) -> None:
        self.usernames = set(Officer.objects.values_list("username", flat=True))
        self.departments = {d.name: d.slug for d in Department.objects.all()}
        there = list(Division.objects.filter(until__isnull=True))
        names = Counter(division.name for division in there)
        self.areas = {division.code: division.code for division in there}
        self.areas |= {d.name: d.code for d in there if names[d.name] == 1}

    def problems(self, row: Mapping[str, str]) -> list[Problem]:
        """Everything wrong with a row."""
        told = {
            "用户名": self._username(row.get("用户名", "")),
            "姓名": "" if 0 < len(row.get("姓名", "")) <= 64 else "要写，最多 64 个字",
            "部门": _one_of(row.get("部门", ""), self.departments),
            "岗位": _role(row.get("岗位", "")),
            "辖区": ""
            if row.get("辖区", "") in self.areas
            else "没有这个区、街道或社区；写全名或代码，重名的只能写代码",
            "起始日": "" if _day(row.get("起始日", "")) else "要写成 2024-11-01 这样的日期",
            "结束日": _until(row),
        }
        place = int(row["row"])
        return [Problem(place, column, words) for column, words in told.items() if words]

    def _username(self, text: str) -> str:
        if not _USERNAME.fullmatch(text):
            return "要用小写字母开头，3 到 32 个小写字母、数字或 _ . -"
        if text in self.usernames:
            return f"“{text}”已经有人用，或在表里写了不止一次"
        self.usernames.add(text)
        return ""

    def newcomer(self, row: Mapping[str, str]) -> Newcomer:
        since = _day(row["起始日"])
        assert since is not None
        return Newcomer(
            row=int(row["row"]),
            username=row["用户名"],
            name=row["姓名"],
            department=self.departments[row["部门"]],
            role=_ROLES[row["岗位"]],
            area=self.areas[row["辖区"]],
            since=since,
            until=_day(row.get("结束日", "")),
        )


def _one_of(text: str, known: Iterable[str]) -> str:
    return "" if text in known else f"没有“{text[:20]}”，可以填：{'、'.join(known)}"


def _role(text: str) -> str:
    if _ROLES.get(text) in ADMINISTRATORS:
        return "三类管理员不能随名册导入，要由安全管理员单独任命"
    return _one_of(text, [label for label, role in _ROLES.items() if role not in ADMINISTRATORS])


def _until(row: Mapping[str, str]) -> str:
    text = row.get("结束日", "")
    since, until = _day(row.get("起始日", "")), _day(text)
    if text and until is None:
        return "要写成 2024-11-01 这样的日期，或者空着"
    return "结束日要在起始日之后" if since and until and until <= since else ""


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
