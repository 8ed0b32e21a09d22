"""decide, native code and a slow third reading give one answer for laws nobody wrote."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from jiekun.kernel.errors import LawError

from .agreement import differences
from .laws import DISTRICT, RULE, examples, write_law
from .random_laws import DAYS, HOUSEHOLDS, laws


@examples(300)
@given(made=laws(), on=DAYS, households=HOUSEHOLDS, forms=st.randoms(use_true_random=False))
def test_any_small_law_has_one_answer_in_every_engine(made, on, households, forms):
    files, names = made
    with tempfile.TemporaryDirectory() as folder:
        law = write_law(Path(folder), files)
    try:
        law.program(on=on, place=DISTRICT, also=tuple(names))
    except LawError as error:
        event(error.message.partition(": ")[2])
        assume("64 bits" not in error.message)
        raise
    found = differences(law, households, on=on, place=DISTRICT, also=tuple(names), forms=forms)
    assert list(found) == []


AGES = "def eligible(born: date) -> bool:\n    return years_since(born) {sign} {years}\n"


@pytest.mark.parametrize(
    "on",
    [date(2024, 2, 28), date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1), date(2024, 11, 1)],
    ids=str,
)
@pytest.mark.parametrize("sign", [">=", ">", "<", "<="])
def test_everybody_is_one_age_in_every_engine(rule_law, on, sign):
    law = rule_law(RULE + AGES.format(sign=sign, years=18), to="person")
    around = [
        date(on.year - years, 2, 25) + timedelta(days=n) for years in (17, 18, 19) for n in range(8)
    ]
    births = [
        *around,
        on,
        on.replace(year=on.year - 20, day=28),
        date(2006, 11, 1),
        date(2006, 11, 2),
        date(2005, 11, 1),
    ]
    people = {f"p{n}": {"born": born} for n, born in enumerate(births)}
    found = differences(law, [{"household": {}, "people": people}], on=on, place=DISTRICT)
    assert list(found) == []
