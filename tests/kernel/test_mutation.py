"""Mutation testing notices what no case holds, and only that."""

from datetime import date
from pathlib import Path

from jiekun.kernel.cases import read_cases
from jiekun.kernel.facts import Fact, FactBook
from jiekun.kernel.law import Law, read_law
from jiekun.kernel.mutation import CaseIndex, caught_by, mutants

FACTS = FactBook([Fact("age", "household", "int", "年龄", "几岁？", "公安", unit="years")])
MEASURE = """
from jiekun.kernel import Measure, rule
MEASURE = Measure(name="aid", label="补助", to="household", gives="status", office="民政",
    eligible="aid_eligible", about="补助。")
@rule(cites="D-1", label="可领")
def aid_eligible(age: int) -> bool:
    return age >= 60
"""
CASE = (
    '- {{name: {age} 岁在 {day}, date: {day}, place: "1", '
    "household: {{age: {age}}}, expect: {{aid_eligible: {expected}}}}}"
)
BOUNDARY = [
    CASE.format(age=60, day="2024-01-01", expected="true"),
    CASE.format(age=59, day="2024-01-01", expected="false"),
    CASE.format(age=61, day="2024-01-01", expected="true"),
    CASE.format(age=61, day="2019-12-31", expected="absent"),
    CASE.format(age=61, day="2020-01-01", expected="true"),
]


def law_with(folder: Path, cases: list[str]) -> Law:
    (folder / "places.yaml").write_text('- {code: "1", name: 地, folder: here}\n')
    (folder / "documents.yaml").write_text(
        "- {id: D, title: 文, place: '1', status: in_force, "
        "effective_from: 2020-01-01, articles: 3}"
    )
    here = folder / "here" / "aid"
    here.mkdir(parents=True)
    (here / "measure.py").write_text(MEASURE)
    (here / "cases.yaml").write_text("\n".join(cases))
    return read_law(folder, FACTS)


def survivors(folder: Path, cases: list[str]) -> list[str]:
    law = law_with(folder, cases)
    read = read_cases(folder / "here" / "aid" / "cases.yaml")
    index = CaseIndex(law, read)
    found = [m for m in mutants(law) if caught_by(m, index.for_mutant(law, m)) is None]
    return [mutant.what for mutant in found]


def test_boundary_cases_catch_every_change(tmp_path: Path) -> None:
    assert survivors(tmp_path, BOUNDARY) == []


def test_a_case_far_from_the_boundary_lets_changes_survive(tmp_path: Path) -> None:
    far = CASE.format(age=10, day="2024-01-01", expected="false")
    assert "GtE → Gt" in survivors(tmp_path, [far])


def test_the_true_law_stays_as_it_was(tmp_path: Path) -> None:
    law = law_with(tmp_path, BOUNDARY)
    made = list(mutants(law))
    assert len({mutant.what for mutant in made}) == len(made)
    assert law.documents["D"].effective_from == date(2020, 1, 1)


def test_the_first_day_of_a_null_is_left_alone(tmp_path: Path) -> None:
    law_with(tmp_path, BOUNDARY)
    (tmp_path / "here" / "aid" / "parameters.yaml").write_text(
        "line:\n  label: 标准\n  unit: yuan\n  values:\n"
        "    - {from: 2020-01-01, until: 2020-12-31, value: null, source: 未查得}\n"
        "    - {from: 2021-01-01, value: 5, source: 报}\n"
    )
    law = read_law(tmp_path, FACTS)
    borders = [m.what for m in mutants(law) if m.name == "line" and m.what.startswith("from")]
    assert borders == ["from 2021-01-01 → 2020-12-31", "from 2021-01-01 → 2021-01-02"]
