"""Ages by the calendar: who has lived so many whole years on a day."""

from datetime import date

_EPOCH = date(1970, 1, 1)


def reached(on: date, years: int) -> int:
    """The latest day to have been born on and be `years` old `on`, in days since 1970."""
    year, month = on.year - years, on.month
    last = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return (date(year, month, min(on.day, last)) - _EPOCH).days
