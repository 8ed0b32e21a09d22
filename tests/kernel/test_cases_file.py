"""Cases say what must come out, and are told where the law differs."""

import pytest

from jiekun.kernel.cases import check, read_cases
from jiekun.kernel.errors import LawError

from .laws import RULE, one_rule

HEAD = '- name: 一句话\n  date: 2024-11-01\n  place: "420106"\n'
BODY = (
    RULE + "def eligible(sick: People, part: Decimal, rent: Decimal) -> bool:\n"
    "    return len(sick) > 1 and part * rent > rent\n"
    '@rule(cites="N1-1", label="病")\ndef sick(ill: bool) -> bool:\n    return ill\n'
    '@rule(cites="N1-1", label="份")\ndef part(rooms: int) -> Decimal:\n    return rooms / 4\n'
    '@rule(cites="N1-1", label="闲")\ndef idle(rent: Decimal) -> Decimal:\n    return rent / 3\n'
)


@pytest.fixture
def wrong(tmp_path):
    """What a case gets wrong of a small law."""
    (tmp_path / "law").mkdir()
    (tmp_path / "law/baseline.yaml").write_text("person: {ill: false}\nhousehold: {rooms: 4}\n")
    law = one_rule(tmp_path / "law", BODY)
    path = tmp_path / "law/country/aid/cases.yaml"

    def ask(text):
        path.write_text(HEAD + text)
        return [line for case in read_cases(path) for line in check(law, case)]

    return ask


@pytest.mark.parametrize(
    "text",
    [
        "  expect: {sick: false, part: 1}",
        "  people: [{ill: true}, {}]\n  expect: {sick: [true, false]}",
        "  people: [{ill: null}]\n  expect: {sick: unknown, eligible: unknown}",
        "  household: {rooms: null}\n  expect: {part: unknown}\n  missing: {part: [rooms]}",
        "  household: {rent: 100}\n  expect: {idle: 33.33}",
        (
            "  people: [{ill: true}, {ill: true}]\n  household: {rent: 5}\n  given: {part: 1.25}\n"
            "  expect: {eligible: true}"
        ),
    ],
)
def test_a_case_that_holds_says_nothing(wrong, text):
    assert wrong(text) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("  expect: {part: 2}", "part is 1, not 2"),
        ("  expect: {sick: true}", "sick of p1 is False, not True"),
        ("  expect: {sick: [true, false]}", "sick has 1 values, 2 are expected"),
        ("  expect: {part: unknown}", "part is 1, not unknown"),
        ("  expect: {prt: 1}", "did you mean part?"),
        ("  expect: {part: 1}\n  people: [{il: true}]", "no person fact il did you mean ill?"),
        ("  expect: {part: 1}\n  missing: {part: [rooms]}", "part waits for [], not ['rooms']"),
        ("  expect: {part: 1}\n  given: {part: 0.3}", "0.3 is not exact here"),
        ("  expect: {part: 1}\n  household: {rooms: -1}", "不能小于 0"),
    ],
)
def test_a_case_that_differs_says_where(wrong, text, says):
    (line,) = wrong(text)
    assert line.startswith("country/aid/cases.yaml:1 一句话: ")
    assert says in line


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("  expect: {}", "cannot fail"),
        ("  expct: {part: 1}", "did you mean expect"),
        (f"  expect: {{part: 1}}\n{HEAD}  expect: {{part: 1}}", "two cases"),
    ],
)
def test_a_badly_written_case_is_refused(wrong, text, says):
    with pytest.raises(LawError, match=says):
        wrong(text)


def test_a_rule_not_in_force_may_be_expected_to_be_absent(wrong):
    assert wrong("  expect: {nowhere: absent}") == []
    assert "part is in force" in wrong("  expect: {part: absent}")[0]
