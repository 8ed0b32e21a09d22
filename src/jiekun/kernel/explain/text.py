"""Values as JSON text, exact: numbers as decimals, or as fractions where these never end."""

from collections.abc import Callable
from datetime import date
from functools import cache
from json import JSONEncoder
from math import gcd

TRUTH = {True: "true", False: "false", None: "null"}
# Texts kept for each scale: amounts come back, above all 0 and what the law sets.
_KEPT = 4_096

# Text from outside as a JSON string of plain ASCII.
quoted: Callable[[str], str] = JSONEncoder().encode


def day(value: date | None) -> str:
    """A date as a JSON string."""
    return "null" if value is None else f'"{value.isoformat()}"'


def ratio(top: int | None, scale: int) -> str:
    """`top / scale` as a JSON string."""
    return "null" if top is None else f'"{exact(top, scale)}"'


class Numbers(dict[int | None, str]):
    """Integers over a fixed scale as JSON strings, each made once."""

    def __init__(self, scale: int) -> None:
        super().__init__({None: "null"})
        self.scale = scale

    def __missing__(self, top: int | None) -> str:
        if top is None:  # Another thread is just emptying these.
            return "null"
        if len(self) >= _KEPT:
            self.clear()
        whole, rest = divmod(top, self.scale)
        if top < 0 or (rest and self.scale != 100):
            text = exact(top, self.scale)
        else:
            text = f"{whole}{_HUNDREDTHS[rest]}"
        found = self[top] = f'"{text}"'
        return found


@cache
def number(scale: int) -> Numbers:
    """The texts of numbers over a scale, shared by all who tell such."""
    return Numbers(scale)


def exact(top: int, scale: int) -> str:
    """`top / scale` as text: `440`, `-0.5`, `1883.88`; `1000/3` where no decimal is exact."""
    common = gcd(top, scale)
    top, scale = top // common, scale // common
    twos = (scale & -scale).bit_length() - 1
    rest, fives = scale >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{top}/{scale}"
    places = max(twos, fives)
    if not places:
        return str(top)
    digits = f"{abs(top) * 10**places // scale:0{places + 1}d}"
    return f"{'-' if top < 0 else ''}{digits[:-places]}.{digits[-places:]}"


_HUNDREDTHS = [exact(rest, 100)[1:] for rest in range(100)]
