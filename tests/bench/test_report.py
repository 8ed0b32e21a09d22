"""docs/benchmarks.md from recorded lines, and the plan of what is run."""

import pytest
from bench.peers import plan, report


def case(engine, task, size, *walls, threads=2, others=0.0, unknowns=False):
    key = f"{engine}/{threads}/{task}/{size}/{unknowns}"
    taken = [{"wall": wall, "cpu": 2 * wall, "others": others} for wall in walls]
    return {"case": key, "round": 0, "samples": taken, "mib": 100, "written": 2**20}


def lines():
    return [
        {"about": {"machine": {"处理器": "X，2 核"}, "versions": {"duckdb": "2.0.0"}}},
        case("openfisca", "totals", 1_000_000, 2.0, 1.0, 9.0, threads=1),
        case("jiekun", "totals", 1_000_000, 0.25),
        case("jiekun", "totals", 1_000_000, 0.3, unknowns=True),
        case("numba", "totals", 1_000_000, 0.2, others=0.9),
        {"case": "polars/2/totals/20000000/False", "round": 0, "skipped": "needs about 13 GiB"},
    ]


def test_rates_are_medians_against_openfisca_in_the_same_run():
    page = report.page(lines())
    assert "| OpenFisca-core | 1 | 0.50 (1.0×) |" in page
    assert "| **Jiekun** | 2 | 4.00 (8.0×) |" in page
    assert "2.000 (1.000–9.000; 3)" in page


def test_goals_stand_beside_what_was_seen():
    page = report.page(
        [
            *lines(),
            case("openfisca", "write", 5_000_000, 9.0, threads=1),
            case("jiekun", "write", 5_000_000, 1.0),
        ]
    )
    assert "| file to totals, 1,000,000 people: time of the floor | ≤ 1.2 | 1.25 † | not" in page
    assert "| file to file, 5,000,000 people: × OpenFisca | ≥ 8 | 9.00 | reached |" in page
    assert "| file to totals, 1,000,000 people: MiB | ≤ 400 | 100 | reached |" in page


def test_noisy_figures_are_marked_and_quiet_samples_go_before_noisy_ones():
    page = report.page([*lines(), case("jiekun", "totals", 1_000_000, 99.0, others=0.9)])
    assert "| hand-fused Numba loop (the floor) | 2 | 5.00 (10.0×) † |" in page
    assert "| **Jiekun** | 2 | 4.00 (8.0×) |" in page


def test_what_unknowns_cost_and_what_was_not_run_is_said():
    page = report.page(lines())
    assert "| 1M | totals | 0.250 | 0.300 | 1.20× | 1.20× |" in page
    assert "| `polars/2/totals/20000000/False` | needs about 13 GiB |" in page


def test_a_case_that_failed_and_then_succeeded_is_not_called_unrun():
    failed = {"case": "duckdb/2/write/100000/False", "round": 0, "failed": "boom"}
    assert "boom" in report.page([failed])
    assert "boom" not in report.page([failed, case("duckdb", "write", 100_000, 1.0)])


def test_engines_take_turns_within_a_round():
    turns = list(plan.order([1_000_000], 2, 2, {"totals"}))
    engines = [case.engine for _, case in turns]
    half = len(engines) // 2
    assert engines[:half] == engines[half:]
    assert len(set(engines[:half])) > 4


@pytest.mark.parametrize(("engine", "runs"), [("jiekun", True), ("openfisca", False)])
def test_what_would_not_fit_in_memory_is_left_out(engine, runs):
    fits = plan.too_big(plan.Case(engine, 2, "totals", 20_000_000), available=4 * 2**30)
    assert bool(fits) is not runs
