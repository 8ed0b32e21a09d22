"""decide, arrays and a slow third reading give one answer for laws nobody wrote."""

import tempfile
from pathlib import Path

from hypothesis import assume, event, given

from jiekun.kernel.errors import LawError

from .agreement import differences
from .laws import DISTRICT, write_law
from .random_laws import DAYS, HOUSEHOLDS, laws


@given(made=laws(), on=DAYS, households=HOUSEHOLDS)
def test_any_small_law_has_one_answer_in_every_engine(made, on, households):
    files, names = made
    with tempfile.TemporaryDirectory() as folder:
        law = write_law(Path(folder), files)
    try:
        law.program(on=on, place=DISTRICT, also=tuple(names))
    except LawError as error:
        event(error.message.partition(": ")[2])
        assume("64 bits" not in error.message)
        raise
    found = differences(law, households, on=on, place=DISTRICT, also=tuple(names))
    assert list(found) == []
