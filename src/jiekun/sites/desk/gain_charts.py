"""Charts of what is gained and lost: bars to both sides of nothing, and curves over income."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import words
from .charts import BAR_ROW

WIDTH, NARROW, LABEL, END = 520, 400, 118, 112


@dataclass(frozen=True)
class Swing:
    """One bar, to the right where more is given."""

    label: str
    told: str
    link: str
    x: float
    width: float
    y: int
    end: float
    anchor: str
    less: bool

    @property
    def text_y(self) -> int:
        return self.y + 16


@dataclass(frozen=True)
class Swings:
    """Bars with the line they start from."""

    rows: tuple[Swing, ...]
    zero: float
    width: int

    @property
    def height(self) -> int:
        return len(self.rows) * BAR_ROW + 4


def swings(rows: Sequence[tuple[str, int, str, str]], width: int = WIDTH) -> Swings:
    """Bars for (label, value, what the end says, link); nothing for no difference anywhere."""
    most, least = max((0, *(r[1] for r in rows))), min((0, *(r[1] for r in rows)))
    reach = (most - least) or 1
    # Words stand beyond the end of their bar, so that side needs room for them.
    left = LABEL + (END if least else 0)
    room = width - left - (END if most or not least else 0)
    zero = left + room * -least / reach
    return Swings(
        tuple(
            _swing(label, value, told, link, zero, room / reach, 2 + at * BAR_ROW)
            for at, (label, value, told, link) in enumerate(rows)
        ),
        round(zero, 1),
        width,
    )


def _swing(
    label: str, value: int, told: str, link: str, zero: float, scale: float, y: int
) -> Swing:
    width = max(1.5, abs(value) * scale) if value else 0.0
    less = value < 0
    x = zero - width if less else zero
    end = x - 6 if less else zero + width + 6
    return Swing(
        label, told, link, round(x, 1), round(width, 1), y, round(end, 1),
        "end" if less else "start", less,
    )  # fmt: skip


CURVE_WIDTH, CURVE_HEIGHT, FOOT, HEAD = 300, 150, 20, 10


@dataclass(frozen=True)
class Fall:
    """Where one fen more a month costs money, on the curve and in words."""

    x: float
    y: float
    told: str
    after: bool


@dataclass(frozen=True)
class Curve:
    """What one typical family has in all a year, by its income, under both laws."""

    label: str
    before: str
    after: str
    falls: tuple[Fall, ...]
    left_out: tuple[str, ...]
    most_income: str
    most_all: str
    width: int = CURVE_WIDTH
    height: int = CURVE_HEIGHT

    @property
    def base(self) -> int:
        return self.height - FOOT


def curves(found: Sequence[dict[str, Any]]) -> list[Curve]:
    """A chart for each typical family: income and what the law gives, together."""
    return [_curve(family) for family in found]


def _curve(family: dict[str, Any]) -> Curve:
    sides = {name: _in_all(family[name]["points"]) for name in ("before", "after")}
    income = max(x for points in sides.values() for x, _ in points) or 1
    everything = max(y for points in sides.values() for _, y in points) or 1

    def at(x: float, y: float) -> tuple[float, float]:
        room = CURVE_HEIGHT - FOOT - HEAD
        return round(CURVE_WIDTH * x / income, 1), round(HEAD + room * (1 - y / everything), 1)

    falls = [
        Fall(*at(each["income"], _value(points, each["income"])), _fall(each), name == "after")
        for name, points in sides.items()
        for each in family[name]["breaks"]
    ]
    lines = {
        name: "M" + "L".join(f"{x:g} {y:g}" for x, y in (at(*point) for point in points))
        for name, points in sides.items()
    }
    left_out = dict.fromkeys((*family["before"]["left_out"], *family["after"]["left_out"]))
    return Curve(
        family["label"], lines["before"], lines["after"], tuple(falls), tuple(left_out),
        words.yuan(income), words.yuan(everything),
    )  # fmt: skip


def _in_all(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Twelve months of income, and what the law gives a year."""
    return [(income, 12 * income + given) for income, given in points]


def _value(points: Sequence[tuple[int, int]], income: int) -> int:
    """What there is at an income where the curve has a point; the lower, after a fall."""
    return min((y for x, y in points if x == income), default=0)


def _fall(each: dict[str, Any]) -> str:
    names = "、".join(each["measures"])
    return (
        f"月收入到 {words.yuan(each['income'])} 元，一年少 {words.yuan(each['lost'])} 元（{names}）"
    )
