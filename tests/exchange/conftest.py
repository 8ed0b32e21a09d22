"""Two families with numbers, officers, and ledgers about them made by the tests."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from stdnum.cn import ric

from jiekun.exchange import actions
from jiekun.offices import actions as offices
from jiekun.offices.models import Division
from jiekun.registry import actions as registry
from jiekun.registry import keys

AT = datetime(2024, 11, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2024, 11, 1)
HERE, ELSEWHERE = "420106008002", "420106011003"


def number(born: date, sequence: int = 1) -> str:
    """A valid number of nobody."""
    text = f"420106{born:%Y%m%d}{sequence:03d}"
    return text + str(ric.calc_check_digit(text + "0"))


def xlsx(*sheets: Sequence[Sequence[object]], name: str = "台账") -> bytes:
    """A workbook of plain sheets."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, rows in enumerate(sheets):
            page = book.add_worksheet(f"{name}{at or ''}")
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(r, c, cell, day)
                    else:
                        page.write(r, c, cell)
    return buffer.getvalue()


def settle(name: str, born: date, sequence: int, *, community: str = HERE):
    """Somebody with a number, living alone."""
    sex = "male" if sequence % 2 else "female"
    person = registry.register_person(name=name, sex=sex, birth_date=born, by=None, at=AT)
    registry.claim_identifier(person=person, kind="resident_id", number=number(born, sequence),
                              source="本人", by=None, at=AT)  # fmt: skip
    home = registry.open_household(
        members={person.pk: "02"}, community=Division.objects.get(code=community),
        address="复兴路12号", on=date(2010, 1, 1), by=None, at=AT,
    )  # fmt: skip
    return SimpleNamespace(person=person, home=home, number=number(born, sequence))


@pytest.fixture
def ring(settings, tmp_path):
    settings.KEY_FILE = tmp_path / "keys.json"
    keys.make()


@pytest.fixture
def village(db, ring):
    """He Ping and Wu Fang of this street, and somebody of another."""
    offices.seed_wuchang(at=AT)
    offices.seed_departments(at=AT)
    officers = {officer.username: officer for officer in offices.seed_demo_officers(at=AT)}
    return SimpleNamespace(
        officers=officers,
        street=officers["jiedao"],
        he=settle("何平", date(1980, 5, 1), 1),
        wu=settle("吴芳", date(1982, 6, 2), 2),
        far=settle("远方", date(1975, 3, 4), 3, community=ELSEWHERE),
    )


DIBAO = {"姓名": "name", "身份证号": "id_number", "起发月": "since", "月金额": "amount",
         "文号": "document", "工资收入": "fact:wage_income"}  # fmt: skip
PEOPLE = {"姓名": "name", "身份证号": "id_number", "工资收入": "fact:wage_income",
          "残疾等级": "fact:disability_level"}  # fmt: skip


def bring(village, headings, rows, *, layout="dibao", by=None, content=None, **chosen):
    """Upload a ledger and check it, as an officer and then the worker do."""
    by = by or village.street
    content = content or xlsx([list(headings), *rows])
    of = actions.upload(content=content, filename="台账.xlsx", by=by, at=AT)
    said = {
        "sheet": "台账", "header": 1, "layout": layout, "source": "街道台账", "as_of": TODAY,
        "columns": dict(enumerate(headings.values())), **chosen,
    }  # fmt: skip
    of = actions.ask_to_check(of=of, **said, by=by, at=AT)
    return finish(of)


def finish(of):
    """What the worker does."""
    actions.work_off(of=of, at=AT)
    of.refresh_from_db()
    return of


def problems(of):
    """{row: everything wrong with it}"""
    return {row.number: "；".join(told for _, told in row.problems) for row in of.rows.all()
            if row.problems}  # fmt: skip
