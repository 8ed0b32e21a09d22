"""Every mistake in written law is refused when it is read: where, what, and the nearest name."""

import textwrap

import pytest

from jiekun.kernel.errors import LawError

from . import laws
from .laws import DISTRICT, ON, RULE

FILE = "country/aid/measure.py"
# HEAD is four lines, the tests' rules begin with an empty one.
FIRST = laws.HEAD.count("\n") + 1


@pytest.fixture
def refused(rule_law):
    """Reads a rule and builds the law; the error it is refused with."""

    def read(body, **more):
        with pytest.raises(LawError) as caught:
            rule_law("\n" + textwrap.dedent(body), **more).program(on=ON, place=DISTRICT)
        return caught.value

    return read


def line_of(error):
    return error.line - FIRST


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("for p in people:\n        pass\n    return True", "For"),
        ("while poor:\n        pass\n    return True", "While"),
        ("return (lambda: poor)()", "poor"),
        ("return [p for p in people]", "ListComp"),
        ("x: bool = poor\n    return x", "AnnAssign"),
        ("import os\n    return poor", "Import"),
        ("return poor is True", "Is"),
        ("return f'{poor}'", "JoinedStr"),
        ("return rooms ** 2 > 1", "Pow"),
        ("return rooms // 2 > 1", "FloorDiv"),
        ("return ~rooms > 1", "Invert"),
        ("return (x := poor)", "NamedExpr"),
        ("return rooms[0]", "Subscript"),
        ("return print(poor)", "print"),
        ("return poor.real", "dot"),
    ],
)
def test_a_construct_outside_the_small_language_is_refused(refused, statement, what):
    error = refused(
        RULE + f"def eligible(poor: bool, rooms: int, people: People) -> bool:\n    {statement}"
    )
    assert what in error.message
    assert (error.file, line_of(error) >= 3) == (FILE, True)


def test_a_name_nobody_provides_is_refused_with_the_nearest(refused):
    error = refused(RULE + "def eligible(por: bool) -> bool:\n    return por")
    assert "nobody provides por" in error.message
    assert error.hint == "did you mean poor?"
    assert (error.file, line_of(error)) == (FILE, 2)


def test_a_name_missing_inside_a_rule_is_refused_at_its_line(refused):
    error = refused(RULE + "def eligible(poor: bool) -> bool:\n    return poo")
    assert (error.hint, line_of(error)) == ("did you mean poor?", 3)


def test_a_persons_name_nobody_provides_is_refused(refused):
    error = refused(
        RULE + "def eligible(people: People) -> bool:\n    return any(p.il for p in people)"
    )
    assert error.hint == "did you mean ill?"


def test_a_rule_without_citation_is_refused(refused):
    error = refused(
        '@rule(cites=(), label="够")\ndef eligible(poor: bool) -> bool:\n    return poor'
    )
    assert "cites no clause" in error.message
    assert line_of(error) == 2


def test_a_rule_without_label_is_refused(refused):
    error = refused('@rule(cites="N1-1")\ndef eligible(poor: bool) -> bool:\n    return poor')
    assert "no Chinese label" in error.message


def test_a_function_that_is_no_rule_is_refused(refused):
    error = refused("def eligible(poor: bool) -> bool:\n    return poor")
    assert "not marked @rule" in error.message


def test_an_unknown_word_of_a_rule_is_refused(refused):
    error = refused('@rule(cite="N1-1")\ndef eligible(poor: bool) -> bool:\n    return poor')
    assert error.hint == "did you mean cites?"


def test_a_clause_past_the_last_article_is_refused(refused):
    error = refused(
        '@rule(cites="N1-21", label="够")\ndef eligible(poor: bool) -> bool:\n    return poor'
    )
    assert "N1 has 20 articles" in error.message


def test_a_document_nobody_knows_is_refused(refused):
    error = refused(
        '@rule(cites="N11-2", label="够")\ndef eligible(poor: bool) -> bool:\n    return poor'
    )
    assert (error.message, error.hint) == ("N11-2: no document N11", "did you mean N1?")


def test_a_date_that_is_none_is_refused(refused):
    error = refused(
        '@rule(cites="N1-1", label="够", since="2024-02-30")\n'
        "def eligible(poor: bool) -> bool:\n    return poor"
    )
    assert "'2024-02-30' is not a date" in error.message


def test_two_rules_in_force_for_one_name_are_refused(refused):
    body = "def eligible(poor: bool) -> bool:\n    return poor\n"
    error = refused(RULE + body + RULE + body)
    assert "two rules eligible are in force on 2024-11-01" in error.message
    assert f"{FILE}:{FIRST + 2}" in error.hint


def test_rules_that_go_round_are_refused(refused):
    error = refused(
        RULE
        + "def eligible(rich: bool) -> bool:\n    return not rich\n"
        + RULE
        + "def rich(eligible: bool) -> bool:\n    return not eligible"
    )
    assert error.message == "rules go round in a circle: eligible > rich > eligible"


def test_a_month_meeting_a_year_is_refused(refused):
    error = refused(
        RULE + "def eligible(wage: Decimal, grant: Decimal) -> bool:\n    return wage < grant",
        to="person",
    )
    assert "yuan/month meets yuan/year" in error.message
    assert "per_year" in error.hint
    assert line_of(error) == 3


def test_adding_rooms_to_money_is_refused(refused):
    error = refused(
        RULE + "def eligible(rent: Decimal, rooms: int) -> bool:\n    return rent + rooms > 0"
    )
    assert "meets" in error.message


def test_per_year_of_what_is_yearly_is_refused(refused):
    error = refused(
        RULE + "def eligible(grant: Decimal) -> bool:\n    return per_year(grant) > 0", to="person"
    )
    assert "yuan/year is not per month" in error.message


def test_a_number_of_yuan_in_a_rule_is_refused(refused):
    error = refused(RULE + "def eligible(rent: Decimal) -> bool:\n    return rent < 940")
    assert "a number of yuan is written in the rule" in error.message
    assert "parameters.yaml" in error.hint


def test_a_float_is_refused(refused):
    error = refused(RULE + "def eligible(rooms: int) -> bool:\n    return rooms < 0.5")
    assert "a float is not exact" in error.message


def test_a_rule_annotated_wrongly_is_refused(refused):
    error = refused(RULE + "def eligible(rent: bool) -> bool:\n    return rent")
    assert "rent is a number in yuan/month, not bool" in error.message
    assert error.hint == "annotate it as Decimal"


def test_money_annotated_as_int_is_refused(refused):
    error = refused(RULE + "def eligible(rent: int) -> bool:\n    return rent > 0")
    assert "not int" in error.message


def test_a_result_annotated_wrongly_is_refused(refused):
    error = refused(RULE + "def eligible(poor: bool) -> Decimal:\n    return poor")
    assert "the result is a bool, not Decimal" in error.message


def test_an_annotation_outside_the_language_is_refused(refused):
    error = refused(RULE + "def eligible(rent: decimal) -> bool:\n    return rent > 0")
    assert error.hint == "did you mean Decimal?"


def test_a_default_is_refused(refused):
    error = refused(RULE + "def eligible(poor: bool = False) -> bool:\n    return poor")
    assert "without defaults" in error.message


def test_a_choice_that_does_not_exist_is_refused(refused):
    error = refused(
        RULE + 'def eligible(kind: str) -> bool:\n    return kind in {"limbs"}', to="person"
    )
    assert error.hint == "did you mean limb?"


def test_one_persons_fact_beside_a_set_of_people_is_refused(refused):
    error = refused(
        RULE
        + "def eligible(ill: bool, people: People) -> bool:\n    return ill and len(people) > 1",
        to="person",
    )
    assert "ill is one person's, people a set of people" in error.message


def test_a_households_fact_through_a_person_is_refused(refused):
    error = refused(
        RULE + "def eligible(people: People) -> bool:\n    return any(p.poor for p in people)"
    )
    assert error.hint == "make poor an argument"


def test_a_set_named_by_a_number_is_refused(refused):
    error = refused(RULE + "def eligible(wage: People) -> bool:\n    return len(wage) > 0")
    assert "wage does not pick people" in error.message


def test_a_set_inside_a_set_is_refused(refused):
    error = refused(
        RULE + "def eligible(people: People) -> bool:\n"
        "    return any(any(q.ill for q in people) for p in people)"
    )
    assert "one set of people inside another" in error.message


def test_a_rule_that_may_not_return_is_refused(refused):
    error = refused(RULE + "def eligible(poor: bool) -> bool:\n    if poor:\n        return True")
    assert "not every way through ends in return" in error.message


def test_a_second_value_for_a_name_is_refused(refused):
    error = refused(
        RULE + "def eligible(poor: bool) -> bool:\n    x = poor\n    x = not x\n    return x"
    )
    assert "x is given a second value" in error.message
    assert line_of(error) == 4


def test_what_follows_return_is_refused(refused):
    error = refused(RULE + "def eligible(poor: bool) -> bool:\n    return poor\n    return False")
    assert "nothing may follow return" in error.message


def test_a_measure_for_a_person_decided_by_the_household_is_refused(refused):
    error = refused(
        RULE + "def eligible(people: People) -> bool:\n    return len(people) > 1", to="person"
    )
    assert "goes to a person, but eligible is a household's" in error.message


def test_a_measure_whose_rule_is_no_yes_or_no_is_refused(refused):
    error = refused(RULE + "def eligible(rent: Decimal) -> Decimal:\n    return rent")
    assert "eligible is not a yes or no" in error.message


def test_a_measure_without_its_rule_is_refused(refused):
    error = refused(RULE + "def eligble(poor: bool) -> bool:\n    return poor")
    assert (error.message, error.hint) == ("measure aid: no rule eligible", "did you mean eligble?")


def test_a_divisor_that_may_be_a_fraction_is_refused(refused):
    error = refused(
        RULE + "def eligible(rent: Decimal, rooms: int) -> bool:\n"
        "    return rent / (rooms / 3) > rent"
    )
    assert "a divisor must be a whole number" in error.message


def test_rounding_what_is_no_money_is_refused(refused):
    error = refused(
        RULE + "def eligible(rooms: int) -> bool:\n    return round_half_up(rooms / 3) > 1"
    )
    assert "only money is rounded to the fen" in error.message


def test_numbers_that_could_outgrow_64_bits_are_refused(refused):
    error = refused(
        RULE
        + "def eligible(rent: Decimal) -> bool:\n    return rent * rent * rent > rent * rent * rent"
    )
    assert "past 64 bits" in error.message


def test_text_that_is_no_python_is_refused(refused):
    error = refused("def eligible(:\n    return poor")
    assert "not Python" in error.message
    assert line_of(error) == 1
