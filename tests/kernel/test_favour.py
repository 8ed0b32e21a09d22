"""W24-F3: where law from above changed later, the better whole benefit."""

from datetime import date
from pathlib import Path

import pytest

from jiekun.kernel.facts import Fact, FactBook
from jiekun.kernel.favour import compare_with_above
from jiekun.kernel.law import Law, read_law

FACTS = FactBook([Fact("poor", "household", "bool", "困难", "困难吗？", "民政")])
MEASURE = """
from decimal import Decimal
from jiekun.kernel import Measure, rule
MEASURE = Measure(name="aid", label="补助", to="household", gives="money", office="民政",
    eligible="aid_eligible", amount="aid_amount", about="补助。")
@rule(cites="{document}-1", label="可领")
def aid_eligible(poor: bool) -> bool:
    return poor
@rule(cites="{document}-2", label="金额")
def aid_amount(aid_sum: Decimal) -> Decimal:
    return aid_sum
"""
DOCUMENTS = """
- {{id: UP, title: 上级, place: "1", status: in_force, effective_from: {upper}, articles: 9}}
- {{id: LO, title: 本地, place: "2", status: in_force, effective_from: 2024-01-01, articles: 9}}
"""


def two_places(folder: Path, *, upper_from: str, upper_sum: int, local_sum: int) -> Law:
    (folder / "places.yaml").write_text(
        '- {code: "1", name: 上, folder: up}\n'
        '- {code: "2", name: 下, parent: "1", folder: up/low}\n'
    )
    (folder / "documents.yaml").write_text(DOCUMENTS.format(upper=upper_from))
    for document, place, amount in (("UP", "up/aid", upper_sum), ("LO", "up/low/aid", local_sum)):
        here = folder / place
        here.mkdir(parents=True)
        (here / "measure.py").write_text(MEASURE.format(document=document))
        (here / "parameters.yaml").write_text(
            f"aid_sum:\n  label: 数额\n  unit: yuan/month\n  values:\n"
            f"    - {{from: 2020-01-01, value: {amount}, cites: {document}-2}}\n"
        )
    return read_law(folder, FACTS)


def compared(law: Law) -> list[str]:
    found = compare_with_above(
        law,
        {"household": {"poor": True}, "people": {"a": {}}},
        on=date(2025, 6, 1),
        place="2",
        document="LO",
    )
    return [str(comparison.better.amount) for comparison in found]


def test_a_later_and_higher_rule_from_above_is_taken_whole(tmp_path: Path) -> None:
    assert compared(
        two_places(tmp_path, upper_from="2025-01-01", upper_sum=300, local_sum=200)
    ) == ["300"]


def test_a_later_but_lower_rule_from_above_changes_nothing(tmp_path: Path) -> None:
    assert compared(
        two_places(tmp_path, upper_from="2025-01-01", upper_sum=100, local_sum=200)
    ) == ["200"]


@pytest.mark.parametrize("upper_from", ["2023-12-31", "2024-01-01"])
def test_an_older_rule_from_above_does_not_wake_the_comparison(
    tmp_path: Path, upper_from: str
) -> None:
    assert compared(two_places(tmp_path, upper_from=upper_from, upper_sum=300, local_sum=200)) == []
