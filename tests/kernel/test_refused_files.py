"""Numbers, documents and folders written wrongly are refused when they are read."""

import pytest

from jiekun.kernel.errors import LawError

from . import laws
from .laws import COUNTRY, DISTRICT, ON, RULE

FILE = "country/aid/measure.py"
GOOD = {
    FILE: RULE + "def eligible(rent: Decimal, line: Decimal) -> bool:\n    return rent < line\n"
}
GOOD[FILE] += laws.MEASURE.format(to="household", eligible="eligible", amount=None)

SPAN = "label: 线, unit: yuan, values: [{from: 2020-01-01, until: 2020-12-31, value: 5, source: x}"


@pytest.fixture
def refused_files(law_of):
    """Reads a law of several files and builds it; the error."""

    def read(files):
        with pytest.raises(LawError) as caught:
            law_of(files).program(on=ON, place=DISTRICT)
        return caught.value

    return read


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        ("unit: yuan/month, values: [{from: 2020-01-01, value: 5, source: x}]", "label is missing"),
        ("label: 线, unit: yuan/mnth, values: []", "'mnth' is not a unit"),
        ("label: 线, unit: yuan, values: [{from: 2020-01-01, value: 5}]", "without source"),
        (
            "label: 线, unit: yuan, values: [{from: 2020-01-01, value: x, source: x}]",
            "not a number",
        ),
        ("label: 线, unit: yuan, values: [{from: soon, value: 5, source: x}]", "not a date"),
        ("label: 线, unit: yuan, vlues: []", "unknown word vlues"),
        (
            "label: 线, unit: yuan, values: [{from: 2020-01-01, value: 5, cites: N2-1}]",
            "no document N2",
        ),
        (f"{SPAN}, {{from: 2020-12-31, value: 6, source: x}}]", "two values on 2020-12-31"),
        (
            f"{SPAN}, {{from: 2021-01-02, value: 6, source: x}}]",
            "no value between 2020-12-31 and 2021-01-02",
        ),
    ],
)
def test_a_badly_written_parameter_is_refused(refused_files, parameter, message):
    error = refused_files({**GOOD, "country/aid/parameters.yaml": f"line: {{{parameter}}}\n"})
    assert message in str(error)
    assert (error.file, error.line) == ("country/aid/parameters.yaml", 1)


def test_a_name_that_is_parameter_and_fact_is_refused(refused_files):
    text = "rent: {label: 租, unit: yuan, values: [{from: 2020-01-01, value: 5, source: x}]}\n"
    error = refused_files({**GOOD, "country/aid/parameters.yaml": text})
    assert "rent is a parameter and also a fact" in error.message


def test_yaml_that_is_none_is_refused_at_its_line(refused_files):
    error = refused_files({**GOOD, "country/aid/parameters.yaml": "line:\n\tlabel: x\n"})
    assert (error.line, error.hint) == (2, "indent with spaces, not tabs")


def test_a_name_written_twice_in_yaml_is_refused(refused_files):
    error = refused_files({**GOOD, "country/aid/parameters.yaml": "line: {}\nline: {}\n"})
    assert (error.message, error.line) == ("line is written twice", 2)


def test_a_folder_of_no_place_is_refused(refused_files):
    error = refused_files({"moon/aid/measure.py": ""})
    assert "belongs to no place" in error.message


def test_a_document_in_force_without_a_date_is_refused(refused_files):
    text = '- {id: N1, title: 办法, place: "000000", status: in_force}\n'
    error = refused_files({"documents.yaml": text})
    assert "N1 has no effective_from" in error.message


def test_a_document_in_force_before_it_was_issued_is_refused(refused_files):
    text = (
        '- {id: N1, title: 办法, place: "000000", status: in_force,'
        " issued: 2001-01-01, effective_from: 2000-01-01}\n"
    )
    assert "before it was issued" in refused_files({"documents.yaml": text}).message


def test_a_status_nobody_knows_is_refused(refused_files):
    text = '- {id: N1, title: 办法, place: "000000", status: sleeping}\n'
    assert "status 'sleeping'" in refused_files({"documents.yaml": text}).message


def test_a_place_nobody_knows_is_refused(law_of):
    with pytest.raises(LawError, match="no place 420107") as caught:
        law_of({}).program(on=ON, place="420107")
    assert caught.value.hint == "did you mean 420106?"


def test_a_simulation_of_nothing_is_refused(law_of):
    with pytest.raises(LawError, match="no document D2"):
        law_of({}).program(on=ON, place=COUNTRY, simulate=("D2",))
