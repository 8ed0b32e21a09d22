"""An explanation in JSON says just what the decision says, whatever the law and the household."""

import json
import re
import tempfile
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from jiekun.kernel.decide import decider
from jiekun.kernel.errors import LawError
from jiekun.kernel.explain import explain
from jiekun.kernel.explain.text import exact, number
from jiekun.kernel.values import BadValue, encode, encoder

from .explained import expected, told
from .laws import DISTRICT, FACTS, MEASURE, ON, RULE, examples, write_law
from .random_laws import DAYS, HOUSEHOLDS, laws
from .test_real_law_agrees import BASE, CASES, DRAFTS, HOUSEHOLD, LAW

SCHEMA = Draft202012Validator(
    json.loads(Path("docs/explanation.schema.json").read_text(encoding="utf-8"))
)


def agrees(program, household):
    """Parses an explanation, checks its shape and that it says what the decision says."""
    data = json.loads(explain(program).explain_json(household))
    SCHEMA.validate(data)
    assert told(program, data) == expected(decider(program).decide(household))
    return data


def law_of(files):
    with tempfile.TemporaryDirectory() as folder:
        return write_law(Path(folder), files)


@st.composite
def measured(draw):
    """A small law in which its yes-or-no rules are measures, of amounts its numbers give."""
    (files, names), on = draw(laws()), draw(DAYS)
    try:
        steps = law_of(files).program(on=on, place=DISTRICT, also=tuple(names)).steps
    except LawError as error:
        assume("64 bits" not in error.message)
        raise
    text = files["country/aid/measure.py"]
    for name in names:
        if steps[name].kind == "bool":
            to = "person" if steps[name].entity in ("person", "any") else "household"
            fits = [n for n in names if steps[n].entity in (to, "any")]
            amounts = [n for n in fits if steps[n].kind == "number"]
            amount = draw(st.sampled_from([None, *amounts]))
            use = MEASURE.format(to=to, eligible=name, amount=amount)
            text += use.replace("MEASURE", name.upper()).replace('"aid"', f'"{name}"')
    law = law_of({**files, "country/aid/measure.py": text})
    return law.program(on=on, place=DISTRICT, also=tuple(names))


@examples(120)
@given(program=measured(), households=HOUSEHOLDS)
def test_any_small_law_is_explained_as_it_is_decided(program, households):
    for household in households:
        agrees(program, household)


@examples(40)
@given(simulate=st.sampled_from(DRAFTS), household=HOUSEHOLD)
def test_the_real_law_is_explained_as_it_is_decided(simulate, household):
    agrees(LAW.program(on=ON, place="420106", simulate=simulate), household)


@pytest.mark.parametrize("simulate", DRAFTS, ids=["now", "W24"])
def test_the_real_laws_written_cases_are_explained_as_decided(simulate):
    for case in CASES[::5]:
        agrees(LAW.program(on=ON, place="420106", simulate=simulate), case.facts())


def test_every_rule_parameter_fact_and_condition_an_answer_stands_on_is_told():
    program = LAW.program(on=ON, place="420106", simulate=("W24",))
    law = json.loads(explain(program).explain_json({"people": {"p": BASE["person"]}}))["law"]
    assert list(law["rules"]) == list(program.steps)
    named = set(law["rules"]) | set(law["parameters"]) | set(law["facts"])
    assert all(set(rule["inputs"]) <= named for rule in law["rules"].values())
    assert all(rule["cites"] for rule in law["rules"].values())
    for use in program.measures:
        conditions = law["measures"][use.measure.name]["conditions"]
        assert [c["rule"] for c in conditions] == [atom.step for atom in use.atoms]
    values = {name: program.parameters[name].dated for name in law["parameters"]}
    for name, told_of in law["parameters"].items():
        value = values[name].value if values[name] else None
        assert (told_of["value"] is None) == (value is None)
        assert value is None or Fraction(told_of["value"]) == Fraction(value)


AID = (
    RULE
    + """def eligible(rent: Decimal, rooms: int, line: Decimal) -> bool:
    return rent < line and rooms > 1
@rule(cites="N1-2", label="额")
def sum_due(rent: Decimal, rooms: int, line: Decimal) -> Decimal:
    return (line - rent) / rooms
"""
)
LINE = "line: {label: 线, unit: yuan/month, values: [{from: 2018-01-01, value: 940, source: x}]}"


@pytest.fixture
def aid(rule_law):
    """The explanation of a household under a rule with an amount that is shared."""
    law = rule_law(AID, amount="sum_due", parameters=LINE)
    program = law.program(on=ON, place=DISTRICT)

    def ask(**household):
        return agrees(program, {"household": household, "people": {}})

    return ask


def test_an_amount_is_rounded_and_what_it_rests_on_is_exact(aid):
    home = aid(rent="0.01", rooms=7)["household"]
    assert home["outcomes"]["aid"]["amount"] == "134.28"
    assert home["steps"]["sum_due"] == "93999/700"
    assert home["facts"] == {"rent": "0.01", "rooms": "7"}


def test_a_refusal_says_which_condition_fails(aid):
    refused = aid(rent=940, rooms=2)["household"]["outcomes"]["aid"]
    assert (refused["status"], refused["holds"]) == ("no", [False, True])


def test_an_open_answer_says_what_is_missing_and_what_holds(aid):
    data = aid(rooms=2)
    opened = data["household"]["outcomes"]["aid"]
    assert (opened["status"], opened["holds"]) == ("ask", [None, True])
    assert [missing["key"] for missing in data["missing"]] == ["rent"]


@pytest.mark.parametrize(
    "key", ["", '"', "\\", "{x}", "'", "a@b", "王\n", "\ud800", "</script>", "\u2028", "p\0"]
)
def test_any_name_of_a_person_stays_text(rule_law, key):
    law = rule_law(RULE + "def eligible(ill: bool) -> bool:\n    return ill\n", to="person")
    program = law.program(on=ON, place=DISTRICT)
    data = agrees(program, {"people": {key: {}, "other": {"ill": True}}})
    assert list(data["people"]) == [key, "other"]
    assert data["missing"][0]["person"] == key


def test_a_bad_value_is_refused_before_anything_is_told(aid):
    with pytest.raises(BadValue, match="不能小于 0"):
        aid(rent=-1)


@given(top=st.integers(-(10**14), 10**14), scale=st.integers(1, 3000))
def test_a_number_is_told_exactly(top, scale):
    text = exact(top, scale)
    assert Fraction(text) == Fraction(top, scale)
    assert number(scale)[top] == f'"{text}"'
    assert re.fullmatch(r"-?(0|[1-9]\d*)(\.\d*[1-9]|/[1-9]\d*)?", text)
    assert text.endswith(str(scale)) or "/" not in text or Fraction(text).denominator < scale


def attempt(work):
    try:
        found = work()
    except BadValue as error:
        return str(error)
    return type(found), found


ANYTHING = (
    st.booleans()
    | st.integers()
    | st.integers(-2, 200_000)
    | st.decimals(allow_nan=True)
    | st.decimals(-1, 200_000, places=3)
    | st.floats()
    | st.decimals(0, 2000, places=2).map(str)
    | st.sampled_from(["none", "limb", "x", "2024-02-29", "2023-02-29", "nan", "1e9999", ""])
    | st.dates()
    | st.sampled_from([date(1879, 12, 31), Decimal("-0"), Decimal("1E+5"), Decimal("sNaN")])
)


@examples(300)
@given(fact=st.sampled_from(list(FACTS.values())), value=ANYTHING)
def test_the_short_way_to_read_a_value_ends_where_the_long_one_does(fact, value):
    assert attempt(lambda: encoder(fact)(value)) == attempt(lambda: encode(fact, value))
