"""The facts of the dozen measures, and their law as Jiekun reads it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from jiekun.kernel.facts import Entity, Fact, FactBook, Kind
from jiekun.kernel.law import read_law
from jiekun.kernel.program import Program

ON = date(2024, 11, 1)
LAW = Path(__file__).with_name("law")
CHOICES = {
    "self_care": ("full", "partial", "none"),
    "parents": ("alive", "one", "dead", "gone"),
    "school_stage": ("none", "kindergarten", "compulsory", "senior", "college"),
    "region": ("urban", "suburban", "rural"),
}
# name, kind, Chinese label, unit, most
PERSON: list[tuple[str, Kind, str, str, int]] = [
    ("birth_date", "date", "出生日期", "", 0),
    ("wage_income", "money", "每月工资", "yuan/month", 1_000_000),
    ("other_income", "money", "每月其他收入", "yuan/month", 1_000_000),
    ("employed", "bool", "正在就业", "", 0),
    ("disability_level", "int", "残疾等级（没有为零）", "level", 4),
    ("self_care", "choice", "自理能力", "", 0),
    ("no_supporter", "bool", "没有人供养", "", 0),
    ("parents", "choice", "父母情况", "", 0),
    ("school_stage", "choice", "学段", "", 0),
    ("medical_cost", "money", "一年自付医疗费", "yuan/year", 10_000_000),
    ("seriously_ill", "bool", "得了重病", "", 0),
    ("insured", "bool", "参加医保", "", 0),
    ("hukou_here", "bool", "户籍在本地", "", 0),
    ("in_institution", "bool", "住在机构", "", 0),
    ("trainings_this_year", "int", "今年培训次数", "times", 50),
    ("started_business", "bool", "自己创业", "", 0),
    ("home_care_hours", "int", "每月需要照料小时数", "hours/month", 100),
]
HOUSEHOLD: list[tuple[str, Kind, str, str, int]] = [
    ("region", "choice", "地区", "", 0),
    ("savings", "money", "存款", "yuan", 100_000_000),
    ("cars", "int", "汽车数", "", 50),
    ("houses", "int", "住房数", "", 50),
    ("emergency_cost", "money", "急难支出", "yuan/year", 10_000_000),
    ("rigid_expense", "money", "每月刚性支出", "yuan/month", 1_000_000),
]


def _facts(entity: Entity, rows: list[tuple[str, Kind, str, str, int]]) -> list[Fact]:
    return [
        Fact(
            name=name,
            entity=entity,
            kind=kind,
            label=label,
            question=f"{label}？",
            answered_by="民政",
            unit=unit,
            choices={choice: choice for choice in CHOICES.get(name, ())},
            maximum=most,
        )
        for name, kind, label, unit, most in rows
    ]


FACTS = FactBook([*_facts("person", PERSON), *_facts("household", HOUSEHOLD)])


def program(on: date = ON) -> Program:
    """The dozen measures in force on a day."""
    return read_law(LAW, FACTS).program(on=on, place="000000")
