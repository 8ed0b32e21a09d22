"""A number's history as one case: each day is a case of its own."""

from datetime import date
from pathlib import Path

import pytest

from jiekun.kernel.cases import check, read_cases
from jiekun.kernel.errors import LawError
from jiekun.kernel.facts import FactBook
from jiekun.kernel.law import read_law

HISTORY = (
    '- {{name: 标准逐年, place: "1", '
    "over_time: {{line: {{2020-12-31: 10, 2021-01-01: {second}}}}}}}\n"
)


def told(folder: Path, second: str) -> list[str]:
    (folder / "places.yaml").write_text('- {code: "1", name: 地, folder: here}\n')
    (folder / "documents.yaml").write_text("[]\n")
    here = folder / "here" / "aid"
    here.mkdir(parents=True)
    (here / "measure.py").write_text('"""Numbers only."""\n')
    (here / "parameters.yaml").write_text(
        "line:\n  label: 标准\n  unit: yuan/month\n  values:\n"
        "    - {from: 2020-01-01, until: 2020-12-31, value: 10, source: 报}\n"
        "    - {from: 2021-01-01, value: null, source: 未查得}\n"
    )
    (here / "cases.yaml").write_text(HISTORY.format(second=second))
    law = read_law(folder, FactBook([]))
    cases = read_cases(here / "cases.yaml")
    assert [case.on for case in cases] == [date(2020, 12, 31), date(2021, 1, 1)]
    return [line for case in cases for line in check(law, case)]


def test_each_day_holds_by_itself(tmp_path: Path) -> None:
    assert told(tmp_path, "unknown") == []


def test_a_wrong_day_is_named(tmp_path: Path) -> None:
    assert told(tmp_path, "11") == ["cases.yaml:1 标准逐年（2021-01-01）: line is unknown, not 11"]


def test_a_day_that_is_no_date_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawError) as refused:
        told(tmp_path, "11, 2021-13-01: 2")
    assert str(refused.value) == (
        "cases.yaml:1: over_time: '2021-13-01' is not a date (write YYYY-MM-DD)"
    )


def test_two_assumed_numbers_of_different_fineness_do_not_mix(tmp_path: Path) -> None:
    told(tmp_path, "unknown")
    (tmp_path / "here" / "aid" / "measure.py").write_text(
        "from jiekun.kernel import rule\n"
        '@rule(cites="D-1", label="达到")\n'
        "def reached(share: Decimal) -> bool:\n"
        '    return share >= Decimal("0.035")\n'
    )
    (tmp_path / "here" / "aid" / "parameters.yaml").write_text(
        "share:\n  label: 涨幅\n  unit: ratio\n  values:\n"
        "    - {from: 2020-01-01, value: null, source: 未查得}\n"
    )
    (tmp_path / "documents.yaml").write_text(
        "- {id: D, title: 文, place: '1', status: in_force, "
        "effective_from: 2020-01-01, articles: 3}\n"
    )
    case = (
        '- {{name: {n}, date: 2021-01-01, place: "1", '
        "given: {{share: {n}}}, expect: {{reached: {r}}}}}\n"
    )
    (tmp_path / "here" / "aid" / "cases.yaml").write_text(
        case.format(n="0.04", r="true") + case.format(n="0.0349", r="false")
    )
    law = read_law(tmp_path, FactBook([]))
    cases = read_cases(tmp_path / "here" / "aid" / "cases.yaml")
    assert [line for one in cases for line in check(law, one)] == []
