"""Pictures of a comparison as SVG: changes by group as bars, families' curves as lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from jiekun.kernel.values import plain

Told = Mapping[str, Any]
_MORE, _LESS, _BEFORE, _INK = "#17566b", "#b3261e", "#8a8f94", "#33383d"
_FONT = 'font-family="Noto Sans SC, sans-serif" font-size="11"'


def bars(lines: Sequence[Told], width: int = 520) -> str:
    """A bar a line for what it costs more or less a year; undetermined households beside it."""
    row, left, right, top = 22, 150, 120, 18
    changes = [line["after"] - line["before"] for line in lines]
    most = max((abs(change) for change in changes), default=0) or 1
    negative = any(change < 0 for change in changes)
    room = width - left - right
    zero = left + (room / 2 if negative else 0)
    scale = (room / 2 if negative else room) / most
    parts = [
        _text(left - 6, 11, "", "end"),
        _text(width - 4, 11, "增减（元/年）　定不下来", "end"),
    ]
    for place, (line, change) in enumerate(zip(lines, changes, strict=True)):
        y = top + place * row
        size = abs(change) * scale
        x = zero if change >= 0 else zero - size
        colour = _MORE if change >= 0 else _LESS
        parts.append(_text(left - 6, y + 13, line["label"], "end"))
        parts.append(
            f'<rect x="{x:.1f}" y="{y + 3}" width="{size:.1f}" height="14" fill="{colour}"/>'
        )
        told = f"{_signed(change)}　{line['undetermined']:,} 户"
        parts.append(_text(width - 4, y + 13, told, "end"))
    bottom = top + len(lines) * row
    parts.append(_line((zero, top), (zero, bottom), _INK))
    return _svg(width, bottom + 4, parts)


def curve(family: Told, width: int = 250, height: int = 200) -> str:
    """What a family has in all a month against what it earns, before and after; in lines."""
    end = max(point[0] for side in _SIDES for point in family[side]["points"]) or 1
    highest = max(
        income + yearly / 12 for side in _SIDES for income, yearly in family[side]["points"]
    )
    left, bottom, top, right = 46, height - 34, 20, width - 22

    def at(income: float, has: float) -> tuple[float, float]:
        return left + income / end * (right - left), bottom - has / highest * (bottom - top)

    parts = [
        _text(left, 12, family["label"], "start"),
        _line((left, bottom), (right, bottom), _INK),
        _line((left, bottom), (left, top), _INK),
        _line(at(0, 0), at(end, end), "#c9ced3", dash="3 3"),
    ]
    line = family["line"] * family["people"]
    for times in range(1, end // line + 1):
        x, y = at(times * line, times * line)
        parts.append(_text(x, bottom + 14, plain(times * line // 100), "middle"))
        parts.append(_text(left - 4, y + 4, plain(times * line // 100), "end"))
        parts.append(_line((left, y), (right, y), "#e6e9ec"))
    parts.append(_text((left + right) / 2, height - 5, "一月挣（元）", "middle"))
    for side, colour, dash in (("before", _BEFORE, "5 3"), ("after", _MORE, "")):
        points = [at(income, income + yearly / 12) for income, yearly in family[side]["points"]]
        where = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(
            f'<polyline points="{where}" fill="none" stroke="{colour}" stroke-width="1.8"{dashed}/>'
        )
    for found in family["after"]["breaks"]:
        x, y = at(found["income"], _has(family["after"], found["income"]))
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_LESS}"/>')
    return _svg(width, height, parts)


_SIDES = ("before", "after")


def _has(told: Told, income: int) -> float:
    """What is had in all at an income that is a point of the curve."""
    return next(
        (income + yearly / 12 for point, yearly in told["points"] if point == income), float(income)
    )


def _signed(fen: int) -> str:
    return ("+" if fen > 0 else "") + plain(round(fen / 100))


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {_FONT} fill="{_INK}">'
        f"{escape(words)}</text>"
    )


def _line(
    start: tuple[float, float], stop: tuple[float, float], colour: str, dash: str = ""
) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{stop[0]:.1f}" y2="{stop[1]:.1f}" '
        f'stroke="{colour}"{dashed}/>'
    )


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">{"".join(parts)}</svg>'
    )
