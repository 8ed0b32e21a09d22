"""Coverage cannot lie: every clause has its state, and every pointer points at something."""

import subprocess
import sys
from pathlib import Path

import pytest

from jiekun.config.cli_law import shipped_cases
from jiekun.kernel.errors import LawError
from jiekun.law import load
from jiekun.oversight import coverage as oversight
from jiekun.oversight.coverage import coverage, dangling, exercising, read_entries
from jiekun.oversight.pointers import Dangling, read_pointer

ROOT = Path(__file__).parents[2]
LAW = load()
FOUND = coverage(LAW)
BY_ID = {covered.clause.id: covered for covered in FOUND}


def named_tests() -> list[str]:
    return sorted({test for covered in FOUND for test in covered.tests})


@pytest.fixture
def entries(tmp_path):
    """Reads entries as coverage.yaml would hold them."""

    def read(text):
        path = tmp_path / "coverage.yaml"
        path.write_text(text, encoding="utf-8")
        return read_entries(LAW, path)

    return read


# -- the shipped coverage


def test_every_clause_has_exactly_one_state():
    assert [covered.clause.id for covered in FOUND] == list(LAW.clauses)
    assert {covered.state for covered in FOUND} <= set(oversight.STATES)


@pytest.mark.django_db
def test_every_pointer_points_at_something():
    assert dangling(LAW, FOUND) == []


def test_what_runs_points_at_what_runs_it_and_nothing_else_does():
    runs = {c.clause.id for c in FOUND if c.state in ("runs", "partly")}
    assert {c.clause.id for c in FOUND if c.objects} == runs


def test_every_clause_that_gives_or_counts_runs_at_least_in_part():
    waiting = [c.clause.id for c in FOUND if c.gives and c.state not in ("runs", "partly")]
    assert waiting == []


def test_nothing_is_said_of_a_clause_the_law_carries_alone():
    alone = [name for name in read_entries(LAW) if oversight.kinds(LAW.clauses[name]) <= {"CE"}]
    assert alone == []


def test_every_clause_the_law_carries_is_exercised_by_a_case_or_a_test_of_its_own():
    exercised = exercising(LAW, shipped_cases())
    by_law = [c for c in FOUND if any(p.kind in ("rule", "parameter") for p in c.objects)]
    assert [c.clause.id for c in by_law if c.clause.id not in exercised and not c.tests] == []


def test_rooms_to_come_have_their_place_in_the_house():
    house = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    rooms = {room.split(".")[0] for room in oversight.ROOMS}
    assert [room for room in rooms if f"({room})" not in house] == []


def test_every_test_named_is_collected():
    files = sorted({test.split("::")[0] for test in named_tests()})
    asked = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:xdist", *files]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    collected = {line.partition("[")[0] for line in told.stdout.splitlines()}
    assert [test for test in named_tests() if test not in collected] == []


# -- what would be a lie is refused


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("jiekun.screening.actions:begin_run", "has no begin_run"),
        ("jiekun.screening.nowhere:start_run", "no module jiekun.screening.nowhere"),
        ("jiekun.screening.models:Kind.NEARLY", "has no Kind.NEARLY"),
        ("document:W25", "no document W25"),
        ("jiekun.screening.actions", "write package.module:name"),
    ],
)
def test_a_pointer_at_nothing_dangles(path, missing):
    with pytest.raises(Dangling, match=missing):
        read_pointer(path).resolve(LAW)


def test_a_rule_that_moved_dangles():
    pointer = next(p for c in FOUND for p in c.objects if p.kind == "rule")
    moved = type(pointer)("rule", pointer.path, written="file:99999", name=pointer.name)
    with pytest.raises(Dangling, match="no function at line 99999"):
        moved.resolve(LAW)


def test_a_rule_is_the_function_it_is_written_as():
    pointer = next(p for p in BY_ID["W24-16"].objects if p.name == "canteen_meals_eligible")
    assert pointer.resolve(LAW).__name__ == "canteen_meals_eligible"


def test_a_clause_of_procedures_without_entry_is_refused():
    with pytest.raises(LawError, match=r"W24-0 .* has no entry"):
        coverage(LAW, entries={})


WORKS = "objects: ['document:W24'], tests: [tests/a.py::test_b]"


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("{state: running, note: a}", "running is none of"),
        ("{state: runs}", "points at nothing"),
        ("{state: runs, objects: ['document:W24']}", "names no test"),
        ("{state: partly, room: watch, " + WORKS + "}", "nobody says why"),
        ("{state: partly, note: a, " + WORKS + "}", "room says who builds"),
        ("{state: to_come, note: a}", "room says who builds"),
        ("{state: to_come, room: cellar, note: a}", "cellar is none of"),
        ("{state: to_come, room: watch, note: a, " + WORKS + "}", "yet points at something"),
        ("{state: not_for_a_computer}", "nobody says why"),
        ("{state: not_for_a_computer, why: a}", "unknown word why"),
    ],
)
def test_an_entry_that_claims_or_hides_too_much_is_refused(entries, entry, why):
    with pytest.raises(LawError, match=why):
        entries(f"W24-0: {entry}")


def test_a_clause_no_document_has_is_refused_with_the_nearest(entries):
    with pytest.raises(LawError, match=r"no clause W24-O3d \(did you mean W24-O3"):
        entries("W24-O3d: {state: not_for_a_computer, note: a}")


# -- the state of a clause comes from its parts


def state_of(clause, entry, **entries_of_others):
    others = {c: e for c, e in read_entries(LAW).items() if c != clause}
    found = coverage(LAW, entries={**others, **({clause: entry} if entry else {})})
    return next(covered.state for covered in found if covered.clause.id == clause)


def test_law_that_runs_beside_a_service_that_does_not_is_partly_carried_out(entries):
    entry = entries("W24-23: {state: to_come, room: care, note: a}")["W24-23"]
    assert state_of("W24-23", None) == "runs"
    assert state_of("W24-23", entry) == "partly"


def test_a_service_that_runs_does_not_make_up_for_law_nobody_wrote(entries):
    (unwritten,) = entries("W24-F3: {state: runs, " + WORKS + "}").values()
    assert state_of("W24-F3", unwritten) == "partly"
    assert "规则还没有写" in next(
        c.note for c in coverage(LAW, entries=read_entries(LAW) | {"W24-F3": unwritten})
        if c.clause.id == "W24-F3"
    )  # fmt: skip


def test_dates_alone_carry_nothing_where_there_is_no_rule(entries):
    (entry,) = entries("W24-O2: {state: by_law}").values()
    assert state_of("W24-O2", entry) == "to_come"
