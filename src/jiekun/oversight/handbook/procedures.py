"""What a family brings and how long an office may take, for one measure on one day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jiekun.kernel.documents import Asked
from jiekun.kernel.language import Measure
from jiekun.kernel.law import Law
from jiekun.kernel.yamls import read

FOLDER = Path(__file__).parent
_NOT_ASKED = re.compile("不用[^，。；]{0,4}申请|不用申请")


@dataclass(frozen=True, slots=True)
class Paper:
    """One thing to bring."""

    name: str
    cites: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """How long one step may take; `cites` is empty where only a copy of a rule was seen."""

    what: str
    limit: str
    cites: str
    source: str


@cache
def table() -> dict[str, Any]:
    """procedures.yaml as written."""
    found: dict[str, Any] = read(FOLDER / "procedures.yaml", "procedures.yaml")
    return found


def by_itself(measure: Measure) -> bool:
    """Whether a measure reaches people without their asking for it."""
    return measure.universal or bool(_NOT_ASKED.search(measure.apply))


def papers_for(law: Law, asked: Asked, measure: Measure) -> list[Paper]:
    """What to bring: proof of who one is, the forms of the street, what the measure names."""
    if by_itself(measure):
        return []
    written = table()["papers"]
    if measure.name in written["later"]["measures"]:
        return [Paper(written["later"]["name"], written["later"]["cites"])]
    found = []
    if "街道" in measure.apply or measure.office == "民政":
        at_street = _stands(law, asked, written["street"][0]["cites"])
        standing = written["street" if at_street else "elsewhere"]
        found = [Paper(p["name"], p["cites"]) for p in standing if _stands(law, asked, p["cites"])]
    named = [paper for word, paper in written["named"].items() if word in measure.apply]
    return [
        *(found or [Paper("户口簿或者身份证")]),
        *(Paper(name) for name in dict.fromkeys(named)),
    ]


def limits_for(law: Law, asked: Asked, measure: Measure) -> list[Limit]:
    """The limits known for a measure; none where nobody found any."""
    return [
        Limit(step["what"], _words(step), step.get("cites", ""), step.get("source", ""))
        for group in table()["limits"]
        if measure.name in group["measures"]
        for step in group["steps"]
        if step.get("place", asked.chain[0]) in asked.chain
        if "cites" not in step or _stands(law, asked, step["cites"])
    ]


def cited() -> Iterator[str]:
    """Every clause the table stands on."""
    written = table()
    rows = [row for group in written["limits"] for row in group["steps"]]
    papers = written["papers"]
    rows += [*papers["street"], *papers["elsewhere"], papers["later"]]
    yield from (row["cites"] for row in rows if "cites" in row)


def _stands(law: Law, asked: Asked, cite: str) -> bool:
    document = law.documents[cite.partition("-")[0]]
    return document.place in asked.chain and document.applies(asked.on, asked.simulate)


def _words(step: dict[str, Any]) -> str:
    if "days" in step:
        return f"{step['days']} 天"
    if "working" not in step:
        return ""
    longer = f"，情况特殊可以到 {step['extended']} 个工作日" if "extended" in step else ""
    return f"{step['working']} 个工作日{longer}"
