"""Which rule and which number apply: by day, by place, and drafts only where simulated."""

from datetime import date

import pytest

from jiekun.kernel.errors import LawError

from .laws import CITY, COUNTRY, DISTRICT, MEASURE, ON, decide

AID = MEASURE.format(to="household", eligible="eligible", amount="aid_sum")
ELIGIBLE = '@rule(cites="N1-1", label="够")\ndef eligible(poor: bool) -> bool:\n    return poor\n'
SUM = (
    '@rule(cites="{cites}", label="钱"{more})\n'
    "def {name}({of}: Decimal) -> Decimal:\n    return {of}\n"
)


def sum_of(parameter, *, cites="N1-2", name="aid_sum", more=""):
    return SUM.format(cites=cites, of=parameter, name=name, more=more)


def numbers(**values):
    return "".join(
        f"{name}: {{label: {name}, unit: yuan/month, values: [{value}]}}\n"
        for name, value in values.items()
    )


def since(value, start="2000-01-01"):
    return f"{{from: {start}, value: {value}, source: x}}"


COUNTRY_FILES = {
    "country/aid/measure.py": AID + ELIGIBLE + sum_of("national"),
    "country/aid/parameters.yaml": numbers(national=since(100)),
}


@pytest.fixture
def amount(law_of):
    """The amount paid under some files, on a day and in a place."""

    def ask(files, *, on=ON, place=DISTRICT, simulate=()):
        law = law_of({**COUNTRY_FILES, **files})
        return decide(law, {}, on=on, place=place, simulate=simulate, poor=True).outcomes[0].amount

    return ask


CITY_FILES = {
    "city/aid/measure.py": sum_of("municipal", cites="C1-1"),
    "city/aid/parameters.yaml": numbers(municipal=since(200)),
}


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2009, 12, 31), 100),
        (date(2010, 1, 1), 200),
        (date(2019, 12, 31), 200),
        (date(2020, 1, 1), 100),
    ],
)
def test_a_rule_stands_and_falls_with_its_document(amount, on, expected):
    assert amount(CITY_FILES, on=on) == expected


def test_a_local_rule_leaves_the_places_above_alone(amount):
    assert amount(CITY_FILES, on=date(2015, 1, 1), place=COUNTRY) == 100


def test_the_most_local_rule_wins(amount):
    files = {
        **CITY_FILES,
        "city/district/aid/measure.py": sum_of("own"),
        "city/district/aid/parameters.yaml": numbers(own=since(300)),
    }
    assert amount(files, on=date(2015, 1, 1)) == 300
    assert amount(files, on=date(2015, 1, 1), place=CITY) == 200


def test_a_local_number_takes_the_place_of_a_wider_one(amount):
    files = {
        "city/district/aid/measure.py": "",
        "city/district/aid/parameters.yaml": numbers(national=since(150, "2024-01-01")),
    }
    assert amount(files) == 150
    assert amount(files, on=date(2023, 12, 31)) == 100


def test_a_dated_rule_serves_its_days_under_one_name(amount):
    old = sum_of("national", more=', until="2020-06-30"')
    new = sum_of("later", name="from_july", more=', since="2020-07-01", name="aid_sum"')
    files = {
        "country/aid/measure.py": AID + ELIGIBLE + old + new,
        "country/aid/parameters.yaml": numbers(national=since(100), later=since(111)),
    }
    assert amount(files, on=date(2020, 6, 30)) == 100
    assert amount(files, on=date(2020, 7, 1)) == 111


DRAFT = {
    "city/district/aid/measure.py": sum_of("drafted", cites="D1-1"),
    "city/district/aid/parameters.yaml": numbers(drafted="{from: draft, value: 500, cites: D1-1}"),
}


def test_a_draft_applies_only_where_it_is_simulated(amount):
    assert amount(DRAFT) == 100
    assert amount(DRAFT, simulate=("D1",)) == 500
    assert amount(DRAFT, simulate=("D1",), place=CITY) == 100


def test_a_draft_is_not_simulated_before_it_was_thought_of(amount):
    assert amount(DRAFT, simulate=("D1",), on=date(2023, 12, 31)) == 100


def test_a_simulated_draft_goes_before_a_rule_of_its_place(amount):
    files = dict(DRAFT)
    files["city/district/aid/measure.py"] += sum_of("national")
    assert amount(files) == 100
    assert amount(files, simulate=("D1",)) == 500


def test_a_number_nobody_found_is_the_reason_nothing_is_known(law_of):
    files = {"country/aid/parameters.yaml": numbers(national=since("null"))}
    outcome = decide(law_of({**COUNTRY_FILES, **files}), {}, poor=True).outcomes[0]
    assert (outcome.status, outcome.amount, outcome.missing) == ("yes", None, ("national",))


def test_before_the_first_number_nothing_is_known(amount):
    files = {"country/aid/parameters.yaml": numbers(national=since(100, "2024-11-02"))}
    assert amount(files) is None


def test_a_measure_whose_law_has_lapsed_is_gone(law_of):
    text = AID + ELIGIBLE.replace("N1-1", "C1-1") + sum_of("national")
    law = law_of({**COUNTRY_FILES, "country/aid/measure.py": text})
    assert law.program(on=date(2020, 1, 1), place=DISTRICT).measures == []


def test_change_dates_hold_the_day_after_an_end(law_of):
    assert date(2020, 1, 1) in law_of(CITY_FILES | COUNTRY_FILES).change_dates()


def test_the_check_finds_what_only_goes_wrong_on_some_days(law_of):
    files = {**COUNTRY_FILES, "city/aid/measure.py": CITY_FILES["city/aid/measure.py"]}
    law = law_of(files)
    with pytest.raises(LawError, match="nobody provides municipal"):
        law.check()
