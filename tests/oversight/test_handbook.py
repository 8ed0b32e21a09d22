"""The handbook says what the law says: no number in it was typed in."""

import re
from datetime import date
from fractions import Fraction

import pytest

from jiekun.kernel.decide import decider
from jiekun.kernel.law import check_citation
from jiekun.kernel.values import plain
from jiekun.law import load
from jiekun.oversight.handbook.entries import book_of
from jiekun.oversight.handbook.finding import search, situations
from jiekun.oversight.handbook.procedures import cited, table
from jiekun.oversight.handbook.readers import (
    NO_LIMIT,
    READERS,
    example_lines,
    rows,
    shared_of,
    shared_rows,
)

DAY = date(2024, 11, 1)
LABELS = {"resident": "谁能得", "caseworker": "条件", "leader": "规模"}


def program_of(*simulate, on=DAY, place="420106"):
    return load().program(on=on, place=place, simulate=simulate)


def book(*simulate, on=DAY, place="420106"):
    return book_of(load(), program_of(*simulate, on=on, place=place))


def entries():
    """Every entry of both laws; the simulated one holds what the other has too."""
    return [pytest.param("W24", entry, id=entry.name) for entry in book("W24").entries]


def worked():
    return [p for p in entries() if p.values[1].example]


def row(entry, label, reader="resident", of=None):
    found = {r.label: r for r in rows(of or book("W24"), entry, reader)}
    return " ".join(
        " ".join([b.text, *b.items, *(cell for line in b.rows for cell in line)])
        for b in found[label].blocks
    )


def value_of(line):
    """A line of arithmetic worked out by itself, without the kernel."""
    text = re.sub(r",(?! )", "", line).replace("较小", "min").replace("较大", "max")
    for sign, python in (("−", "-"), ("×", "*"), ("÷", "/")):
        text = text.replace(sign, python)
    text = re.sub(r"\d+(?:\.\d+)?", lambda n: f"Fraction('{n[0]}')", text)
    return eval(text, {"Fraction": Fraction, "min": min, "max": max})


def outcome_of(entry, draft):
    decision = decider(program_of(draft)).decide(entry.example.case.facts())
    found = (entry.name, entry.example.subject)
    (outcome,) = (o for o in decision.outcomes if (o.measure.name, o.subject) == found)
    return decision, outcome


@pytest.mark.parametrize("simulate", [(), ("W24",)])
def test_every_measure_in_force_has_an_entry(simulate):
    measures = [use.measure.name for use in program_of(*simulate).measures]
    assert sorted(entry.name for entry in book(*simulate).entries) == sorted(measures)


@pytest.mark.parametrize(("draft", "entry"), worked())
def test_an_example_gives_what_the_kernel_gives(draft, entry):
    _, outcome = outcome_of(entry, draft)
    assert outcome.status == "yes"
    amount = "" if outcome.amount is None else plain(outcome.amount)
    assert entry.example.amount == amount
    said = [x for x in example_lines(entry.example) if amount and ("＝" in x or "可以得 " in x)]
    assert len(said) == bool(amount)
    assert all(re.search(rf"(?<![\d,.]){re.escape(amount)} ", line) for line in said)


@pytest.mark.parametrize(("draft", "entry"), [p for p in worked() if p.values[1].example.line])
def test_the_arithmetic_of_an_example_adds_up(draft, entry):
    _, outcome = outcome_of(entry, draft)
    assert abs(value_of(entry.example.line) - Fraction(outcome.amount)) < Fraction(1, 100)


@pytest.mark.parametrize(("draft", "entry"), worked())
def test_every_part_of_a_sum_is_a_value_the_kernel_has(draft, entry):
    decision, _ = outcome_of(entry, draft)
    program = decision.program
    names = [*program.steps, *program.parameters, *program.leaves]
    subjects = {entry.example.subject, "household"}
    known = {
        plain(value)
        for name in names
        for subject in subjects
        if subject != "household" or program.graph[program.node_of(name)].entity != "person"
        if isinstance(value := decision.value(name, subject), Fraction)
    }
    assert {value.split(" ")[0] for _, value in entry.example.parts} <= known


@pytest.mark.parametrize(("draft", "entry"), worked())
def test_a_years_sum_is_the_kernels(draft, entry):
    _, outcome = outcome_of(entry, draft)
    monthly = outcome.unit == "yuan/month" and outcome.amount is not None
    assert entry.example.yearly == (plain(outcome.yearly) if monthly else "")


@pytest.mark.parametrize(("draft", "entry"), entries())
def test_every_clause_an_entry_names_exists(draft, entry):
    assert entry.clauses
    for line in entry.clauses:
        check_citation(load(), line.cite, "handbook", 0)


def test_every_clause_of_the_limits_exists():
    for cite in cited():
        check_citation(load(), cite, "procedures.yaml", 0)


def test_limits_are_given_to_measures_there_are():
    known = {written.measure.name for written in load().written}
    groups = [*table()["limits"], table()["papers"]["later"]]
    assert {name for group in groups for name in group["measures"]} <= known


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("draft", "entry"), entries())
def test_each_reader_is_told_what_they_need(draft, entry, reader):
    labels = [r.label for r in rows(book(draft), entry, reader)]
    assert LABELS[reader] in labels
    assert "依据" in labels


def test_a_condition_is_told_a_caseworker_with_its_clause():
    assert "财产在低保限额内 W22-2.1b、MF57-8" in row(book().entry("dibao"), "条件", "caseworker")


def test_a_number_nobody_found_is_said_plainly():
    assert "没有查到" in row(book().entry("tekun_care"), "尚缺的数")


def test_a_measure_without_a_known_limit_says_so():
    assert row(book().entry("emergency_relief"), "多久办好") == f"{NO_LIMIT} ".rstrip()


def test_a_limit_holds_only_while_its_document_does():
    assert any(limit.cites == "MF57-22" for limit in book().entry("dibao").limits)
    before = book(on=date(2021, 6, 30)).entry("dibao")
    assert before is None or not any(x.cites.startswith("MF57") for x in before.limits)


def test_the_city_s_promise_is_not_another_city_s():
    elsewhere = book(place="500116").entry("dibao")
    assert not any("武汉" in limit.what for limit in elsewhere.limits)


def test_one_proof_and_two_forms_where_the_district_s_rules_hold():
    assert [p.cites for p in book().entry("dibao").papers] == ["W22-8d"] * 3
    before = book(on=date(2022, 9, 7)).entry("dibao")
    assert {p.cites for p in before.papers} == {"MF57-4", "MF57-9"}


def test_what_reaches_people_by_itself_asks_for_no_papers():
    canteen = book("W24").entry("canteen_meals")
    assert canteen.by_itself
    assert row(canteen, "带什么").strip() == "不用交材料。"


def test_what_cannot_be_had_together_is_said_on_both_sides():
    found = {e.name: {m.name for m in e.excludes} for e in book("W24").entries}
    assert all(name in found[other] for name, others in found.items() for other in others)


def test_a_book_of_the_law_in_force_holds_nothing_of_a_draft():
    assert book().marker == ""
    assert not any(entry.draft for entry in book().entries)


def test_a_simulated_book_says_that_nothing_may_be_paid_from_it():
    assert "W24" in book("W24").marker
    assert "不得据以发放" in book("W24").marker
    tags = {entry.name: entry.tag for entry in book("W24").entries}
    assert tags["transit_card"] == "只在草案里"
    assert tags["canteen_meals"] == "草案有改动"
    assert tags["disability_care"] == ""


def test_a_leader_sees_numbers_over_time():
    told = row(book().entry("dibao"), "标准历年", "leader")
    assert "2023-06-14 至 2024-12-31 940 元/月" in told


def test_a_leader_sees_what_a_screening_counted():
    counted = {
        r.label: r for r in rows(book(), book().entry("dibao"), "leader", [("符合", "7 户")])
    }
    assert counted["规模"].blocks[0].rows == (("符合", "7 户"),)


def test_what_many_entries_stand_on_is_told_once():
    shared = shared_of(book("W24"))
    (rules, *_) = shared_rows(shared, "caseworker")
    told = [line[0] for line in rules.blocks[0].rows]
    assert "低保标准" in told
    own = rows(book("W24"), book("W24").entry("dibao"), "caseworker", shared=shared)
    tables = [b for r in own if r.label == "规则" for b in r.blocks if b.kind == "table"]
    assert "低保标准" not in [line[0] for table in tables for line in table.rows]


@pytest.mark.parametrize("place", load().places)
@pytest.mark.parametrize("year", [2019, 2020, 2022, 2027])
def test_every_place_has_a_book_on_any_day(place, year):
    made = book(on=date(year, 6, 1), place=place)
    assert made.title.startswith(load().places[place].name)
    assert made.entries
    assert all(rows(made, entry, reader) for entry in made.entries for reader in READERS)


# -- finding


@pytest.mark.parametrize(
    ("asked", "measure"),
    [
        ("老人吃饭便宜", "canteen_meals"),
        ("孩子上学没钱", "education_aid"),
        ("看病花了很多钱怎么办", "medical_aid"),
        ("没工作", "job_fairs"),
        ("坐公交", "transit_card"),
        ("残疾人 创业", "startup_grant"),
        ("低保", "dibao"),
        ("W24-16", "canteen_meals"),
    ],
)
def test_plain_words_find_the_measure(asked, measure):
    assert measure in [entry.name for entry in search(book("W24"), asked)][:4]


@pytest.mark.parametrize("asked", ["", "的", "  ？", "火星移民"])
def test_words_that_mean_nothing_here_find_nothing(asked):
    assert search(book("W24"), asked) == []


def test_every_measure_stands_under_a_situation():
    found = {entry.name for _, told in situations(book("W24")) for entry in told}
    assert found == {entry.name for entry in book("W24").entries}
