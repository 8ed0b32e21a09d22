"""An ambiguous clause is read as the district chose, or by its default."""

from datetime import date
from pathlib import Path

import pytest

from jiekun.kernel.decide import decider
from jiekun.kernel.errors import LawError
from jiekun.kernel.facts import Fact, FactBook
from jiekun.kernel.law import Law, read_law
from jiekun.kernel.report import decision_json
from jiekun.kernel.standing_on import readings_used

FACTS = FactBook([Fact("heads", "household", "int", "人数", "几口人？", "公安", unit="persons")])
MEASURE = """
from jiekun.kernel import Measure, rule
MEASURE = Measure(name="aid", label="补助", to="household", gives="status", office="民政",
    eligible="aid_eligible", about="补助。")
@rule(cites="D-1", label="可领", reading="size:three")
def aid_eligible(heads: int) -> bool:
    return heads >= 3
@rule(cites="D-1", label="可领", reading="{second}", name="aid_eligible")
def aid_eligible_wide(heads: int) -> bool:
    return heads >= 2
"""


def law_with(folder: Path, second: str = "size:two") -> Law:
    (folder / "places.yaml").write_text('- {code: "1", name: 地, folder: here}\n')
    (folder / "documents.yaml").write_text(
        '- {id: D, title: 文, place: "1", status: in_force, '
        "effective_from: 2020-01-01, articles: 3}\n"
    )
    (folder / "readings.yaml").write_text(
        "- {topic: size, label: 人数, cites: D-1, "
        "options: {three: 三人, two: 两人}, default: three}\n"
    )
    here = folder / "here" / "aid"
    here.mkdir(parents=True)
    (here / "measure.py").write_text(MEASURE.format(second=second))
    return read_law(folder, FACTS)


def status(law: Law, readings: dict[str, str]) -> str:
    program = law.program(on=date(2024, 1, 1), place="1", readings=readings)
    return decider(program).decide({"household": {"heads": 2}, "people": {}}).outcomes[0].status


def test_without_a_choice_the_default_reading_applies(tmp_path: Path) -> None:
    assert status(law_with(tmp_path), {}) == "no"


def test_the_chosen_reading_applies(tmp_path: Path) -> None:
    assert status(law_with(tmp_path), {"size": "two"}) == "yes"


@pytest.mark.parametrize("readings", [{"sise": "two"}, {"size": "tow"}])
def test_an_unknown_reading_is_refused_with_the_nearest(
    tmp_path: Path, readings: dict[str, str]
) -> None:
    with pytest.raises(LawError, match=r"did you mean (size|two)"):
        status(law_with(tmp_path), readings)


def test_a_rule_under_a_reading_nobody_declared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawError, match=r"here/aid/measure.py:9: .*did you mean size:two"):
        law_with(tmp_path, "size:tvo")


@pytest.mark.parametrize(("chosen", "told"), [({}, "three"), ({"size": "two"}, "two")])
def test_a_decision_says_which_reading_it_used(
    tmp_path: Path, chosen: dict[str, str], told: str
) -> None:
    law = law_with(tmp_path)
    program = law.program(on=date(2024, 1, 1), place="1", readings=chosen)
    decision = decider(program).decide({"household": {"heads": 2}, "people": {}})
    assert decision_json(decision)["readings"] == {"size": told}
    (used,) = readings_used(law, program)
    assert (used.words, used.default) == (law.readings["size"].options[told], not chosen)


def test_a_measure_that_rests_on_no_ambiguous_clause_names_no_reading(tmp_path: Path) -> None:
    law = law_with(tmp_path)
    program = law.program(on=date(2024, 1, 1), place="1")
    program.measures.clear()
    assert readings_used(law, program) == []
