"""Units of numbers, so that yuan a month never meets yuan a year."""

Unit = tuple[tuple[str, int], ...]

PLAIN: Unit = ()
_SINGULAR = {"hours": "hour", "months": "month", "years": "year", "times": "time", "days": "day"}
# Counting heads, levels and shares gives plain numbers: a standard times members is still yuan.
_PLAIN_WORDS = {"", "ratio", "persons", "person", "level"}
_KNOWN = {"yuan", "hour", "month", "year", "day", "time"}


def parse(text: str) -> Unit:
    """`yuan/month` as exponents. Raises ValueError for a word that is no unit."""
    powers: dict[str, int] = {}
    for position, part in enumerate(text.split("/")):
        word = _SINGULAR.get(part, part)
        if word in _PLAIN_WORDS:
            continue
        if word not in _KNOWN:
            raise ValueError(f"{part!r} is not a unit")
        powers[word] = powers.get(word, 0) + (-1 if position else 1)
    return _pack(powers)


def times(left: Unit, right: Unit) -> Unit:
    """The unit of a product."""
    powers = dict(left)
    for word, power in right:
        powers[word] = powers.get(word, 0) + power
    return _pack(powers)


def over(left: Unit, right: Unit) -> Unit:
    """The unit of a quotient."""
    return times(left, tuple((word, -power) for word, power in right))


def swap(unit: Unit, old: str, new: str) -> Unit:
    """The same unit per another span of time. Raises ValueError when it is not per `old`."""
    powers = dict(unit)
    if powers.get(old) != -1:
        raise ValueError(f"{text(unit)} is not per {old}")
    del powers[old]
    powers[new] = powers.get(new, 0) - 1
    return _pack(powers)


def is_money(unit: Unit) -> bool:
    """Whether amounts of this unit are kept in fen."""
    return dict(unit).get("yuan", 0) == 1


def text(unit: Unit) -> str:
    """The unit as it is written in parameters.yaml."""
    top = "·".join(word for word, power in unit if power > 0) or "1"
    bottom = "".join(f"/{word}" for word, power in unit if power < 0)
    return (top + bottom) if bottom or top != "1" else "number"


def _pack(powers: dict[str, int]) -> Unit:
    return tuple(sorted((word, power) for word, power in powers.items() if power))
