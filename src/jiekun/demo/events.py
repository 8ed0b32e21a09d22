"""What happened in October: drawn with the district, told to the registry only afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from . import story
from .district import FEN, HEAD, District
from .scale import Array, choose

# One family in a thousand.
SHARE = 1 / 1000
FIRST_DAY, DAYS = date(2024, 10, 2), 28
SOURCES = {
    "death": "公安",
    "job_loss": "人社",
    "disability": "残联",
    "illness": "医保",
    "accident": "应急",
}
NOTES = {
    "death": "户籍注销：死亡",
    "job_loss": "失业登记",
    "disability": "新发残疾人证",
    "illness": "新认定重大疾病",
    "accident": "交通事故受伤，暂时不能上班",
}
ZONE = ZoneInfo("Asia/Shanghai")
Change = tuple[int, str, bool | int | str]


@dataclass(frozen=True)
class Event:
    """One thing that happened to one person, and what it changes; money in yuan."""

    kind: str
    day: str
    household: int
    person: int
    changes: list[Change] = field(default_factory=list)  # person number, fact, value


def plan(district: District) -> list[Event]:
    """The story's death first, then one family in a thousand, every kind alike."""
    events = [_death(district, story.DIED_ON, int(district.members(district.story)[story.FATHER]))]
    kinds = list(SOURCES)
    count = max(2 * len(kinds), round(district.households * SHARE))
    earner = _earner(district)
    with district.chance("events") as rng:
        homes = choose(rng, _likely(district, earner), count)
        days = rng.integers(0, DAYS, count)
        for nth, home in enumerate(rng.permutation(homes)):
            day = FIRST_DAY + timedelta(days=int(days[nth]))
            events.append(_DRAW[kinds[nth % len(kinds)]](district, day, int(earner[home])))
    return sorted(events, key=lambda event: (event.day, event.household))


def _earner(district: District) -> Array:
    """Who earns most in each household; -1 where nobody works."""
    wage = district.fact("wage_income") + district.fact("odd_job_income")
    wage = wage * (district.age < 60) * (district.age >= 18)
    order = np.lexsort((-wage, district.household))
    first = order[district.start[:-1]]
    return np.where(wage[first] > 0, first, -1)


def _likely(district: District, earner: Array) -> Array:
    """Families with an earner; those with little are shown more often, to be worth looking at."""
    little = district.home["assets_within_limit"] & ~district.unknown["assets_within_limit"]
    weight = (earner >= 0) * np.where(little, 6.0, 1.0)
    weight[district.story] = 0
    return np.asarray(weight)


def _event(district: District, kind: str, day: date, person: int, changes: list[Change]) -> Event:
    home = int(district.household[person]) + 1
    return Event(kind, day.isoformat(), home, person + 1, changes)


def _death(district: District, day: date, person: int) -> Event:
    """The children of a family's head or spouse lose a parent."""
    members = district.members(int(district.household[person]))
    parent = "father" if district.sex[person] == 0 else "mother"
    changes: list[Change] = []
    if district.relation[person] <= HEAD + 1:
        own = members[np.isin(district.relation[members], (2, 3)) & (district.age[members] < 18)]
        changes = [(int(child) + 1, f"{parent}_situation", "dead") for child in own]
    return _event(district, "death", day, person, changes)


def _job_loss(district: District, day: date, person: int) -> Event:
    changes: list[Change] = [(person + 1, fact, 0) for fact in ("wage_income", "work_cost")]
    changes += [(person + 1, "odd_job_income", 0), (person + 1, "transfer_paid", 0)]
    return _event(district, "job_loss", day, person, [(person + 1, "employed", False), *changes])


def _disability(district: District, day: date, person: int) -> Event:
    certificate: list[tuple[str, bool | int | str]] = [
        ("disability_class", "limb"),
        ("disability_level", 1),
        ("disability_cert_valid", True),
        ("disability_cert_local", bool(district.fact("hukou")[person] == 0)),
        ("low_mobility", True),
        ("disability_has_mental", False),
    ]
    loss = _job_loss(district, day, person).changes
    changes: list[Change] = [*loss, *((person + 1, fact, value) for fact, value in certificate)]
    return _event(district, "disability", day, person, changes)


def _illness(district: District, day: date, person: int) -> Event:
    already = int(district.fact("medical_self_paid")[person]) // FEN
    changes: list[Change] = [
        (person + 1, "serious_illness", True),
        (person + 1, "medical_self_paid", already + 18_600 + person % 7 * 1_250),
        (person + 1, "rigid_expense", 900 + person % 5 * 200),
    ]
    return _event(district, "illness", day, person, changes)


def _accident(district: District, day: date, person: int) -> Event:
    already = int(district.fact("medical_self_paid")[person]) // FEN
    changes: list[Change] = [
        (person + 1, "wage_income", 0),
        (person + 1, "odd_job_income", 0),
        (person + 1, "medical_self_paid", already + 9_400),
    ]
    return _event(district, "accident", day, person, changes)


_DRAW: dict[str, Callable[[District, date, int], Event]] = {
    "death": _death,
    "job_loss": _job_loss,
    "disability": _disability,
    "illness": _illness,
    "accident": _accident,
}


def write_plan(events: list[Event], path: Path) -> None:
    """Keep the plan as one line an event, until the first screening is done."""
    lines = (json.dumps(asdict(event), ensure_ascii=False) for event in events)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def recorded_at(event: Event) -> datetime:
    """Departments deliver what happened the next morning."""
    day = date.fromisoformat(event.day) + timedelta(days=1)
    return datetime(day.year, day.month, day.day, 7, 30, tzinfo=ZONE)
