"""Charts as plain numbers for the SVG templates: bars, steps, and the streets as tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jiekun.kernel.documents import DatedValue, Parameter

from . import words

STEPS_WIDTH, STEPS_HEIGHT, MARGIN = 330, 150, 34
# A wide chart and one for a narrow column: in all, for the label, for the bar itself.
WIDE, NARROW = (480, 124, 180), (330, 96, 140)
BAR_ROW = 26


@dataclass(frozen=True)
class Bar:
    """One bar: its label, length and what its end says."""

    label: str
    value: int
    told: str
    link: str
    width: float
    y: int
    left: int

    @property
    def text_y(self) -> int:
        return self.y + 16

    @property
    def end(self) -> float:
        return self.left + self.width + 6


@dataclass(frozen=True)
class Bars:
    """A bar chart with its height."""

    rows: tuple[Bar, ...]
    width: int
    left: int

    @property
    def height(self) -> int:
        return len(self.rows) * BAR_ROW + 4


def bars(rows: Sequence[tuple[str, int, str, str]], size: tuple[int, int, int] = WIDE) -> Bars:
    """Bars for (label, value, what the end says, link), longest as wide as there is room."""
    most = max((value for _, value, _, _ in rows), default=0) or 1
    width, left, room = size
    return Bars(
        tuple(
            Bar(label, value, told, link, max(2.0, room * value / most), 2 + i * BAR_ROW, left)
            for i, (label, value, told, link) in enumerate(rows)
        ),
        width,
        left,
    )


@dataclass(frozen=True)
class Mark:
    """A number written on a step chart."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Steps:
    """A number over time: solid where known, dashed where nobody found it."""

    path: str
    unset: str
    marks: tuple[Mark, ...]
    years: tuple[Mark, ...]
    base: float
    now: float
    spoken: str


def steps(parameter: Parameter, on: date) -> Steps | None:
    """A parameter's dated values as steps; nothing to draw for a single value or none."""
    dated = [v for v in parameter.values if not v.draft and v.since]
    known = [v for v in dated if v.value is not None]
    if len(known) < 2:
        return None
    first = next(v for v in dated if v.value is not None).since or on
    shown = [v for v in dated if (v.since or on) >= first]
    last = max(on, *(v.since or on for v in shown))
    scale = _Scale(first, date(last.year + 1, 1, 1), max(v.value or Decimal(0) for v in known))
    solid, dashed, marks = _paths(shown, scale, parameter.unit)
    years = range(first.year, scale.end.year, max(1, (scale.end.year - first.year) // 5))
    told = "；".join(
        f"{v.since:%Y-%m-%d} 起 {words.amount(v.value, parameter.unit) or '未查得'}" for v in shown
    )
    return Steps(
        path="".join(solid),
        unset="".join(dashed),
        marks=tuple(marks),
        years=tuple(
            Mark(scale.x(date(year, 1, 1)), STEPS_HEIGHT - 6, str(year))
            for year in years
            if date(year, 1, 1) >= first
        ),
        base=STEPS_HEIGHT - 24,
        now=scale.x(on),
        spoken=told,
    )


class _Scale:
    """Days and values as places on the page."""

    def __init__(self, start: date, end: date, most: Decimal) -> None:
        self.start, self.end, self.most = start, end, most or Decimal(1)

    def x(self, day: date) -> float:
        share = (day - self.start).days / max(1, (self.end - self.start).days)
        return round(10 + min(1.0, share) * (STEPS_WIDTH - MARGIN - 10), 1)

    def y(self, value: Decimal) -> float:
        return round(float(STEPS_HEIGHT - 24 - (STEPS_HEIGHT - 54) * value / self.most), 1)


def _paths(
    values: Sequence[DatedValue], scale: _Scale, unit: str
) -> tuple[list[str], list[str], list[Mark]]:
    solid: list[str] = []
    dashed: list[str] = []
    marks: list[Mark] = []
    level: float | None = None
    for value, after in zip(values, [*values[1:], None], strict=True):
        x = scale.x(value.since or scale.start)
        end = scale.x(after.since or scale.end) if after else scale.x(scale.end)
        if value.value is None:
            dashed.append(f"M{x:g} {STEPS_HEIGHT - 30}H{end:g}")
            level = None
            continue
        y = scale.y(value.value)
        solid.append(f"M{x:g} {y:g}" if level is None else f"V{y:g}")
        solid.append(f"H{end:g}")
        # Numbers closer than they are wide would lie on each other.
        if not marks or x - marks[-1].x > 30:
            told = words.amount(value.value, unit if unit == "ratio" else "")
            marks.append(Mark(x, y - 6, told))
        level = y
    return solid, dashed, marks


# Where the streets lie, roughly: (column, row) along the river from north-east to south-west.
TILE_PLACES = {
    "420106002": (3, 0),
    "420106003": (2, 1),
    "420106001": (1, 2),
    "420106006": (0, 3),
    "420106005": (1, 3),
    "420106012": (3, 3),
    "420106007": (0, 4),
    "420106010": (1, 4),
    "420106011": (2, 4),
    "420106013": (3, 4),
    "420106008": (0, 5),
    "420106014": (2, 5),
    "420106015": (3, 5),
    "420106009": (0, 6),
}
TILE_WIDTH, TILE_HEIGHT, SHADES = 118, 62, 5


@dataclass(frozen=True)
class Tile:
    """One street: where it lies, how dark, what it says."""

    code: str
    name: str
    x: int
    y: int
    shade: int
    told: str
    link: str

    @property
    def middle(self) -> float:
        return self.x + TILE_WIDTH / 2

    @property
    def name_y(self) -> int:
        return self.y + 26

    @property
    def told_y(self) -> int:
        return self.y + 45


# Communities have no map of their own: they stand in rows.
A_ROW_OF_TILES = 4


def tiles(streets: Sequence[tuple[str, str, float | None, str]]) -> list[Tile]:
    """Tiles for (code, name, rate per 1,000 or None where not ours to see, link)."""
    most = max((rate for _, _, rate, _ in streets if rate), default=0.0)
    found = []
    for at, (code, name, rate, link) in enumerate(streets):
        row, column = divmod(at, A_ROW_OF_TILES)
        column, row = TILE_PLACES.get(code, (column, row))
        found.append(
            Tile(
                code=code,
                name=name.removesuffix("街道").removesuffix("社区"),
                x=column * TILE_WIDTH + 30,
                y=row * TILE_HEIGHT + 4,
                shade=0 if not rate else max(1, round(SHADES * rate / most)),
                told="不归本岗位看" if rate is None else f"{rate:.1f}‰",
                link=link,
            )
        )
    return found
