"""Where the synthetic households live: real streets and communities, invented house numbers."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from .scale import Array, Scale, apportion

FUNCTIONAL = "420106490"


class Community(NamedTuple):
    """A community and the street it belongs to."""

    code: str
    name: str
    street: str


class Street(NamedTuple):
    """What the demo assumes about a street."""

    name: str
    people: int | None  # a published figure, of whatever year; None: nobody found one
    hardship: float  # how much likelier hardship is than on average; an estimate
    roads: tuple[str, ...]


STREETS = {
    "420106001": Street("积玉桥街道", 60_929, 0.9, ("和平大道", "中山路", "友谊大道", "四马路")),
    "420106002": Street("杨园街道", 80_700, 1.6, ("和平大道", "杨园南路", "才茂街", "临江大道")),
    "420106003": Street("徐家棚街道", None, 1.1, ("和平大道", "团结大道", "徐东大街", "秦园路")),
    "420106005": Street("粮道街道", None, 1.3, ("粮道街", "中华路", "民主路", "得胜桥")),
    "420106006": Street("中华路街道", 44_262, 2.2, ("中华路", "民主路", "解放路", "司门口路")),
    "420106007": Street("黄鹤楼街道", None, 1.3, ("彭刘杨路", "解放路", "大成路", "读书院路")),
    "420106008": Street("紫阳街道", None, 2.0, ("复兴路", "紫阳路", "张之洞路", "津水路")),
    "420106009": Street("白沙洲街道", None, 1.8, ("白沙洲大道", "武金堤路", "八铺街", "堤东街")),
    "420106010": Street("首义路街道", 67_000, 1.9, ("首义路", "中山路", "武珞路", "千家街")),
    "420106011": Street("中南路街道", 160_000, 0.55, ("中南路", "武珞路", "民主路", "石牌岭路")),
    "420106012": Street("水果湖街道", 205_600, 0.45, ("水果湖路", "东湖路", "洪山路", "中北路")),
    "420106013": Street("珞珈山街道", None, 0.6, ("珞珈山路", "八一路", "珞喻路", "广八路")),
    "420106014": Street("石洞街道", None, 1.0, ("石洞街", "友谊大道", "沙湖路", "中北路")),
    "420106015": Street("南湖街道", None, 0.5, ("南湖大道", "文安街", "宝安路", "丁字桥南路")),
}
# Nobody found these streets' people; their communities are taken to be of common size.
PEOPLE_A_COMMUNITY = 7_700
HOMES_A_BUILDING, HOMES_A_FLOOR, FLOORS, UNITS = 60, 2, 6, 5
HOMES_A_GRID = 300
# Beyond every number these roads have.
FIRST_NUMBER = 2001


def communities() -> list[Community]:
    """The communities of the fourteen streets, in the order of their codes."""
    text = files("jiekun.offices").joinpath("wuchang.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["kind"] == "community"]
    return sorted(
        Community(row["code"], row["name"], row["parent"])
        for row in rows
        if not row["code"].startswith(FUNCTIONAL)
    )


def _people_shares(places: list[Community]) -> Array:
    """How large each community is."""
    number = {street: sum(place.street == street for place in places) for street in STREETS}
    rng = np.random.Generator(np.random.PCG64(2))
    jitter = rng.lognormal(0, 0.25, len(places))
    expected = []
    for place in places:
        known = STREETS[place.street].people
        expected.append(known / number[place.street] if known else PEOPLE_A_COMMUNITY)
    return np.array(expected) * jitter


def household_communities(scale: Scale, pattern: Array) -> tuple[list[Community], Array]:
    """For every household the community it lives in; patterns are spread alike over all."""
    places = communities()
    counts = apportion(len(pattern), _people_shares(places))
    where = np.repeat(np.arange(len(places)), counts)
    return places, scale.stream("places").permutation(where)


def hardship_weight(places: list[Community]) -> Array:
    """How much likelier hardship is in each community."""
    return np.array([STREETS[place.street].hardship for place in places])


def home_numbers(community: Array) -> dict[str, Array]:
    """House by house: the road, number, block, unit and room of every household in order."""
    first = np.searchsorted(community, np.arange(community.max() + 2))
    nth = np.arange(len(community)) - first[community]
    building, home = np.divmod(nth, HOMES_A_BUILDING)
    floor_home, unit = np.divmod(home, UNITS)
    floor, room = np.divmod(floor_home, HOMES_A_FLOOR)
    return {
        "road": building % 4,
        "number": FIRST_NUMBER + (building // 12) * 6 + community % 3 * 2,
        "block": building // 4 % 3 + 1,
        "unit": unit + 1,
        "room": (floor % FLOORS + 1) * 100 + room + 1,
        "grid": nth // HOMES_A_GRID + 1,
    }
