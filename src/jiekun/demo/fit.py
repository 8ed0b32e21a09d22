"""What the district was fitted to, which numbers are estimates, and how far off it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from . import hardship, health
from .district import District
from .living import disposable_month
from .scale import (
    AGED_0_14,
    AGED_60,
    AGED_65,
    AGED_80,
    DISPOSABLE_INCOME,
    HOUSEHOLD_SIZE,
    HOUSEHOLDS,
    PEOPLE,
)

Kind = Literal["published", "estimate"]


@dataclass(frozen=True)
class Row:
    """One number the district was fitted to."""

    quantity: str
    target: float  # of the whole district
    scaled: float  # what that is at this scale
    reached: float
    kind: Kind
    source: str

    @property
    def off(self) -> float:
        """How far off, in per cent."""
        return round(100 * (self.reached - self.scaled) / self.scaled, 2)


CENSUS = "第七次全国人口普查，武昌区常住人口"
CENSUS_CITY = "第七次全国人口普查，武汉市年龄构成和户均人数"
GUESS = "未见公布，按全市数量和同类城区推算"


WANTED: tuple[tuple[str, float, Kind, str], ...] = (
    ("常住人口", PEOPLE, "published", CENSUS),
    ("户均人数", HOUSEHOLD_SIZE, "published", CENSUS_CITY),
    ("0–14 岁占比", AGED_0_14, "published", CENSUS_CITY),
    ("15–59 岁占比", 1 - AGED_0_14 - AGED_60, "published", CENSUS_CITY),
    ("60 岁及以上占比", AGED_60, "published", CENSUS_CITY),
    ("65 岁及以上占比", AGED_65, "published", CENSUS_CITY),
    ("80 岁及以上", AGED_80 * PEOPLE, "published", "武昌区 2018 年末老人统计，早于普查"),
    ("人均可支配收入（元/年）", DISPOSABLE_INCOME, "published", "武汉市 2023 年城镇居民"),
    ("家庭户", HOUSEHOLDS, "estimate", "常住人口除以户均人数"),
    ("低保人数", hardship.DIBAO_PEOPLE, "estimate", GUESS),
    ("低保户数", hardship.DIBAO_HOMES, "estimate", GUESS),
    ("低保边缘人数", hardship.EDGE_PEOPLE, "estimate", GUESS),
    ("特困人员", hardship.TEKUN_PEOPLE, "estimate", GUESS),
    ("孤儿和事实无人抚养儿童", hardship.CHILDREN, "estimate", GUESS),
    ("持残疾人证", health.CERTIFICATES, "estimate", "未见公布，按户籍人口的百分之二推算"),
    ("患重大疾病", health.SERIOUSLY_ILL, "estimate", GUESS),
    ("应享低保已享的比例", 0.8, "estimate", "没有统计，按八成设定，用来看“未到位”"),
)
# Rates and averages are the same at every scale; everything else is a number of people or homes.
RATES = ("户均人数", "占比", "人均", "比例")


def fit_report(district: District) -> list[Row]:
    """Every number aimed at beside the number reached."""
    reached = {**_ages(district), **_hardship(district)}
    divisor = float(district.scale.divisor)
    return [
        Row(
            name,
            target,
            target if any(word in name for word in RATES) else target / divisor,
            float(reached[name]),
            kind,
            source,
        )
        for name, target, kind, source in WANTED
    ]


def _ages(district: District) -> dict[str, float]:
    age, people = district.age, district.people
    return {
        "常住人口": people,
        "家庭户": district.households,
        "户均人数": people / district.households,
        "0–14 岁占比": (age < 15).mean(),
        "15–59 岁占比": ((age >= 15) & (age < 60)).mean(),
        "60 岁及以上占比": (age >= 60).mean(),
        "65 岁及以上占比": (age >= 65).mean(),
        "80 岁及以上": (age >= 80).sum(),
        "人均可支配收入（元/年）": disposable_month(district) * 12 / people,
    }


def _hardship(district: District) -> dict[str, float]:
    dibao, edge = district.home["dibao_recognised"], district.home["edge_recognised"]
    person = district.person
    entitled = hardship.is_kind(district, "dibao", "dibao_unreached").sum()
    return {
        "低保人数": district.size[dibao].sum(),
        "低保户数": dibao.sum(),
        "低保边缘人数": district.size[edge].sum(),
        "特困人员": person["tekun_recognised"].sum(),
        "孤儿和事实无人抚养儿童": (
            person["orphan_recognised"] | person["unsupported_recognised"]
        ).sum(),
        "持残疾人证": (person["disability_level"] > 0).sum(),
        "患重大疾病": person["serious_illness"].sum(),
        "应享低保已享的比例": hardship.is_kind(district, "dibao").sum() / max(entitled, 1),
    }


def as_markdown(rows: list[Row], scale: str) -> str:
    """The report as the page docs/demo-district.md."""
    lines = [
        "# 演示区：人从哪里来",
        "",
        "演示里的人都是随机生成的，没有一个真人。总数按公布的统计或我们的推算对齐；",
        f"下面是 {scale} 的结果，由 `python -m jiekun.demo.report` 写出。",
        "",
        "| 数量 | 全区目标 | 本比例应为 | 生成 | 相差 | 性质 | 依据 |",
        "|---|---:|---:|---:|---:|---|---|",
    ]
    for row in rows:
        kind = "公布" if row.kind == "published" else "**估计**"
        numbers = " | ".join(_number(n) for n in (row.target, row.scaled, row.reached))
        lines.append(f"| {row.quantity} | {numbers} | {row.off:+.2f}% | {kind} | {row.source} |")
    return "\n".join([*lines, "", *_CAVEATS, ""])


_CAVEATS = (
    "另外这些也是估计：收入和工资的分布、养老金、租金、户籍构成、就学比例、残疾类别和等级、",
    "患病与自费、自理能力、各街道困难的多少（老城区多，水果湖、中南路、南湖少），",
    "以及没有查到人口的街道的人口。",
    "身份证号校验码是对的，顺序码男 999、女 000，现实中不会有；",
    "手机号以 100 开头，同样不会有；门牌号都在 2001 以上。",
    "比例很小时，几个人的数量（如孤儿）至少保留一个，所以看起来相差很大。",
)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.4g}"


def write_report(rows: list[Row], scale: str, path: Path) -> None:
    """Write the page."""
    path.write_text(as_markdown(rows, scale), encoding="utf-8")


def as_json(rows: list[Row]) -> list[dict[str, object]]:
    """The report for the registry's note of where its people come from."""
    return [
        {
            "quantity": r.quantity,
            "target": r.target,
            "scaled": r.scaled,
            "reached": float(np.round(r.reached, 6)),
            "off": r.off,
            "kind": r.kind,
            "source": r.source,
        }
        for r in rows
    ]
