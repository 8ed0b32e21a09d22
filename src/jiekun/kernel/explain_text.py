"""Values as JSON text, exact: numbers as decimals, or as fractions where these never end."""

from collections.abc import Callable
from datetime import date
from functools import cache
from json import JSONEncoder
from math import gcd

TRUTH = {True: "true", False: "false", None: "null"}
# Up to this scale the digits behind the point are made once for every remainder.
_TAILS_AT_MOST = 1_000

# Text from outside as a JSON string of plain ASCII.
quoted: Callable[[str], str] = JSONEncoder().encode


def day(value: date | None) -> str:
    """A date as a JSON string."""
    return "null" if value is None else f'"{value.isoformat()}"'


def ratio(top: int | None, scale: int) -> str:
    """`top / scale` as a JSON string."""
    return "null" if top is None else f'"{exact(top, scale)}"'


@cache
def number(scale: int) -> Callable[[int | None], str]:
    """The function telling integers over a fixed scale as JSON strings."""
    if scale > _TAILS_AT_MOST:
        return lambda top: ratio(top, scale)
    texts = [exact(rest, scale) for rest in range(scale)]
    tails = [None if "/" in text else text[1:] for text in texts]

    def tell(top: int | None) -> str:
        if not top:
            return "null" if top is None else '"0"'
        whole, rest = divmod(top, scale)
        tail = tails[rest]
        return ratio(top, scale) if tail is None or top < 0 else f'"{whole}{tail}"'

    return tell


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
