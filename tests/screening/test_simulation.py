"""A change of law over a few families: who gains, who loses, who cannot be told, at what cost."""

from __future__ import annotations

import json
import shutil
import threading
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from jiekun.demo.make import schema
from jiekun.kernel.decide import decider
from jiekun.kernel.reform import BadReform, read_reform, sides
from jiekun.kernel.values import PER_YEAR
from jiekun.law import load
from jiekun.law.facts import FACTS
from jiekun.law.reforms import ready
from jiekun.screening import simulation
from jiekun.screening.claims import Claim, clash, excluding
from jiekun.screening.file_checks import FileProblems
from jiekun.screening.simulation import Stopped, simulate

from .conftest import BASE

HEAD = 'label: 试\non: 2024-11-01\nplace: "420106"\n'
UP_5 = HEAD + "changes:\n  - {parameter: dibao_standard_urban, by: +5%}\n"
W24 = HEAD + "changes:\n  - {document: W24, in_force: yes}\n"
FEW = (
    "dibao", "dibao_edge", "dibao_single", "dibao_tapering", "tekun", "fixed_relief",
    "fixed_relief_family_planning", "price_supplement", "canteen_meals", "home_doctor",
)  # fmt: skip
OPEN = {"assets_within_limit": True, "edge_assets_within_limit": True}
DISABLED = {"disability_class": "limb", "disability_level": 3, "disability_cert_valid": True}


@pytest.fixture(scope="module")
def law():
    """The shipped law of a few measures: it compiles sooner."""
    whole = load()
    return replace(whole, written=[w for w in whole.written if w.measure.name in FEW])


def table(entity, rows, keys):
    columns = {key: [row[key] for row in rows] for key in keys}
    for fact in FACTS.of(entity):
        told = [{**BASE[entity], **row}[fact.name] for row in rows]
        money = fact.kind == "money"
        columns[fact.name] = [round(v * 100) if money and v is not None else v for v in told]
    return pa.table(columns, schema=schema(entity))


def write(folder, families, *, streets=None):
    """Families as (household facts, [people's facts]) to two files; ids count from one."""
    folder.mkdir(parents=True, exist_ok=True)
    homes = [{"household_id": n, **own} for n, (own, _) in enumerate(families, 1)]
    people = [
        {"household_id": n, "person_id": 10 * n + m, **facts}
        for n, (_, members) in enumerate(families, 1)
        for m, facts in enumerate(members)
    ]
    persons = table("person", people, ["household_id", "person_id"])
    households = table("household", homes, ["household_id"])
    if streets is not None:
        households = households.append_column("community_code", pa.array(streets, pa.string()))
    pq.write_table(persons, folder / "p.parquet")
    pq.write_table(households, folder / "h.parquet")
    return folder / "p.parquet", folder / "h.parquet"


def tried(law, text, files, **more):
    (found,) = simulate(law, [read_reform(text, "试.yaml")], *files, **more)
    return found


FAMILIES = [
    ({**OPEN}, [{"wage_income": 0}, {"birth_date": date(2015, 5, 5)}]),
    ({**OPEN}, [{"wage_income": 950}]),
    ({**OPEN}, [{"wage_income": 5000}]),
    ({**OPEN}, [{"wage_income": None}]),
]


@pytest.fixture(scope="module")
def up_5(law, tmp_path_factory):
    folder = tmp_path_factory.mktemp("few")
    streets = ["420106008001", "420106008001", "420106011001", None]
    files = write(folder, FAMILIES, streets=streets)
    return tried(law, UP_5, files, out=folder / "out"), folder / "out" / "试"


def test_five_percent_more_dibao_by_hand(up_5):
    total = up_5[0].total
    assert (total.gaining, total.losing, total.same, total.undetermined) == (2, 0, 1, 1)
    # Two people at 940, then 987; one with 950 whom only the new line lets in.
    assert (total.before, total.after) == (2 * 940 * 1200, (2 * 987 + 37) * 1200)


def test_a_measure_is_told_with_its_people_and_its_month(up_5):
    (dibao,) = (m for m in up_5[0].measures if m.name == "dibao")
    assert (dibao.entitled, dibao.open) == ((1, 2), (1, 1))
    assert dibao.once == (188_000, 201_100)


def test_streets_are_told_apart_and_unknown_ones_named(up_5):
    lines = {line.key: line for line in up_5[0].tables["street"]}
    assert lines["420106008"].gaining == 2
    assert lines["unknown"].undetermined == 1


def test_unknown_income_is_a_row_of_its_own(up_5):
    assert up_5[0].tables["decile"][-1].households == 1


def test_what_the_undetermined_wait_for_is_named(up_5):
    assert ("wage_income", "工资收入", 1) in up_5[0].waits


def test_the_poor_are_counted_against_the_line_before(up_5):
    before, after = up_5[0].poverty
    assert (before.households, before.gap, before.unknown) == (0, 0, 1)
    assert (after.households, after.gap) == (0, 0)


def test_touched_households_are_written_with_what_became_of_them(up_5):
    rows = {row["household_id"]: row for row in pq.read_table(
        up_5[1] / "households.parquet").to_pylist()}  # fmt: skip
    assert set(rows) == {1, 2, 4}
    assert (rows[2]["outcome"], rows[2]["before"], rows[2]["after"]) == ("gain", 0, 44_400)
    assert (rows[2]["gained"], rows[2]["category"]) == (["dibao"], "edge")
    assert (rows[4]["outcome"], rows[4]["after"]) == ("undetermined", None)
    assert rows[4]["waits"] == ["wage_income"]
    assert rows[4]["street_code"] is None


def test_the_comparison_is_written_as_json(up_5):
    told = json.loads((up_5[1] / "comparison.json").read_text(encoding="utf-8"))
    assert told["total"]["gaining"] == 2
    assert told["law"][0]["after"] == "987 元/月"


def test_a_number_set_to_what_it_is_changes_nothing(law, tmp_path):
    text = HEAD + "changes:\n  - {parameter: dibao_standard_urban, to: 940 yuan/month}\n"
    found = tried(law, text, write(tmp_path, FAMILIES))
    assert found.total.same == len(FAMILIES)
    assert found.total.before == found.total.after
    assert found.law == ()


def test_no_number_set_pays_nobody_and_is_told(law, tmp_path):
    (reform,) = (r for r in ready() if r.name == "price_linkage_month")
    (found,) = simulate(law, [reform], *write(tmp_path, FAMILIES[:1]))
    (price,) = (m for m in found.measures if m.name == "price_supplement")
    assert (price.unset, price.entitled) == ((2, 0), (0, 2))
    assert price.yearly == (0, 2 * 3760)


def test_three_readings_stand_side_by_side(law, tmp_path):
    people = [{"wage_income": 2500, **DISABLED}, {"wage_income": 0}]
    files = write(tmp_path, [({**OPEN}, people)])
    readings = [r for r in ready() if r.name.startswith("half_dibao")]
    per_disabled, per_member = simulate(law, readings, *files)
    assert per_disabled.total.before == per_disabled.total.after == 470 * 1200
    assert per_member.total.after == 2 * 470 * 1200


@pytest.mark.parametrize(("wage", "cliffs"), [(1408.99, 0), (1409, 1), (1409.99, 1)])
def test_a_cliff_begins_at_the_very_fen(law, tmp_path, wage, cliffs):
    """The line of an edge family is 1410 a month; half a dibao is lost there under the draft."""
    files = write(tmp_path, [({**OPEN}, [{"wage_income": wage, **DISABLED}])])
    one_more = tried(law, W24, files).cliffs[1][0]
    assert (one_more.looked_at, one_more.households) == (1, cliffs)
    if cliffs:
        assert one_more.lost == (470 - 1) * 1200
        assert one_more.measures[0][0] == "fixed_relief"


def test_folders_of_parts_give_what_one_file_gives(law, tmp_path):
    whole = tried(law, UP_5, write(tmp_path / "whole", FAMILIES))
    for kind in ("p", "h"):
        (tmp_path / kind).mkdir()
        read = pq.read_table(tmp_path / "whole" / f"{kind}.parquet")
        early = read["household_id"].to_numpy() < 3
        for name, rows in (("a", early), ("b", ~early)):
            pq.write_table(read.filter(pa.array(rows)), tmp_path / kind / f"{name}.parquet")
    assert tried(law, UP_5, (tmp_path / "p", tmp_path / "h")) == whole


def test_a_cancelled_simulation_writes_nothing(law, tmp_path):
    files = write(tmp_path, FAMILIES)
    with pytest.raises(Stopped):
        tried(law, UP_5, files, out=tmp_path / "out", cancelled=lambda: True)
    assert not (tmp_path / "out").exists()


def test_a_wrong_reform_is_refused_before_anybody_is_read(law, tmp_path):
    with pytest.raises(BadReform):
        tried(law, UP_5.replace("urban", "urbn"), (tmp_path / "no", tmp_path / "such"))


def test_a_community_that_is_no_code_is_refused(law, tmp_path):
    persons, households = write(tmp_path, FAMILIES[:1])
    table = pq.read_table(households).append_column("community_code", pa.array([1.5]))
    pq.write_table(table, households)
    with pytest.raises(FileProblems, match="community_code"):
        tried(law, UP_5, (persons, households))


# -- many families, against one household at a time


def some_families(seed, count):
    random = np.random.default_rng(seed)

    def one_of(*values):
        return values[random.integers(len(values))]

    def person():
        return {
            "birth_date": one_of(date(1950, 1, 1), date(1985, 1, 1), date(2012, 1, 1)),
            "wage_income": one_of(0, 0, 900, 939.99, 940, 1400, 3000, None),
            "hukou": one_of("district", "district", "city", "elsewhere", None),
            "disability_class": one_of("none", "limb", "intellectual"),
            "disability_level": one_of(1, 2, 3, 4),
            "disability_cert_valid": one_of(True, False),
            "disability_cert_local": one_of(True, False),
            "tekun_recognised": one_of(False, False, True),
            "no_spouse_or_children": one_of(True, False, None),
            "tekun_assets_ok": True,
            "employed": one_of(True, False),
        }

    def home():
        return {
            "assets_within_limit": one_of(True, True, False, None),
            "edge_assets_within_limit": one_of(True, True, None),
            "dibao_recognised": one_of(True, False),
            "months_over_standard": one_of(0, 5, 9),
            "rural": one_of(True, False),
            "family_planning_special": one_of(True, False),
        }

    return [(home(), [person() for _ in range(random.integers(1, 5))]) for _ in range(count)]


@pytest.fixture(scope="module")
def many():
    return some_families(7, 250)


@pytest.mark.parametrize("text", [UP_5, W24], ids=["up 5", "W24"])
def test_totals_agree_with_deciding_each_household(law, tmp_path, many, text):
    found = tried(law, text, write(tmp_path, many), out=tmp_path / "out")
    path = tmp_path / "out" / "试" / "households.parquet"
    told = {row["household_id"]: row for row in pq.read_table(path).to_pylist()}
    before, after = (side.program() for side in sides(law, read_reform(text, "试.yaml")))
    spent = [0, 0]
    for number, family in enumerate(many, 1):
        row = told.get(number, {"outcome": "same"})
        if row["outcome"] == "undetermined":
            continue
        sums = [worth(program, family) for program in (before, after)]
        spent = [a + b for a, b in zip(spent, sums, strict=True)]
        expected = "gain" if sums[1] > sums[0] else "lose" if sums[1] < sums[0] else "same"
        assert row["outcome"] == expected
        if row["outcome"] != "same":
            assert [row["before"], row["after"]] == sums
    assert [found.total.before, found.total.after] == spent
    outcomes = Counter(row["outcome"] for row in told.values())
    assert outcomes["gain"] > 5
    assert outcomes["undetermined"] > 5


def worth(program, family):
    """Fen a year of all that is surely due and can be had together: every choice is tried."""
    own, people = family
    household = {
        "household": {**BASE["household"], **own},
        "people": {str(n): {**BASE["person"], **facts} for n, facts in enumerate(people)},
    }
    pairs = excluding(program)
    due = [
        Claim(
            outcome.measure.name,
            None if outcome.measure.to == "household" else int(outcome.subject),
            int(outcome.yearly * 100),
        )
        for outcome in decider(program).decide(household).outcomes
        if outcome.status == "yes" and outcome.unit in PER_YEAR and outcome.yearly is not None
    ]
    barred = [c for c in due if any(clash(c, d, pairs) for d in due)]
    free = sum(c.yearly for c in due if c not in barred)
    return free + max(
        sum(c.yearly for c in some)
        for size in range(len(barred) + 1)
        for some in combinations(barred, size)
        if not any(clash(a, b, pairs) for a, b in combinations(some, 2))
    )


def test_every_table_adds_up_to_the_whole(law, tmp_path, many):
    found = tried(law, W24, write(tmp_path, many))
    total = found.total
    assert total.gaining + total.losing + total.same + total.undetermined == len(many)
    numbers = ("households", "people", "before", "after", "gaining", "losing", "same",
               "undetermined", "held")  # fmt: skip
    for lines in found.tables.values():
        for name in numbers:
            assert sum(getattr(line, name) for line in lines) == getattr(total, name)
    for side, spent in enumerate((total.before, total.after)):
        assert sum(m.yearly[side] for m in found.measures) == spent


def test_every_ready_reform_runs(law, tmp_path, many):
    found = simulate(law, ready(), *write(tmp_path, many))
    assert [each.name for each in found] == [reform.name for reform in ready()]
    for each in found:
        total = each.total
        assert total.gaining + total.losing + total.same + total.undetermined == len(many)
        assert total.gaining > 0


def parted(folder, families, count):
    """The families in so many parts of one row group each, as folders."""
    persons, households = (pq.read_table(path) for path in write(folder, families))
    for number in range(count):
        for name, table in (("persons", persons), ("households", households)):
            mine = pc.equal(pc.bit_wise_and(table["household_id"], count - 1), number)
            (folder / name).mkdir(exist_ok=True)
            pq.write_table(table.filter(mine), folder / name / f"{number}.parquet")
    return folder / "persons", folder / "households"


def test_nobody_is_counted_in_two_parts(law, tmp_path):
    folders = parted(tmp_path, FAMILIES, 2)
    for folder in folders:
        shutil.copy(folder / "1.parquet", folder / "2.parquet")
    with pytest.raises(FileProblems, match="2 个住户分在几份文件里；先把同一户"):
        tried(law, UP_5, folders)


def test_parts_of_one_row_group_are_worked_on_side_by_side(law, tmp_path, monkeypatch):
    met, real = threading.Barrier(2), simulation.see

    def see(*given):
        met.wait(timeout=60)
        return real(*given)

    alone = tried(law, UP_5, write(tmp_path, FAMILIES))
    folders = parted(tmp_path, FAMILIES, 2)
    monkeypatch.setattr(simulation, "see", see)
    assert tried(law, UP_5, folders, workers=2).total == alone.total


def test_files_of_nobody_are_refused(law, tmp_path):
    files = write(tmp_path, FAMILIES)
    for path in files:
        pq.write_table(pq.read_table(path).slice(0, 0), path)
    with pytest.raises(FileProblems, match="一个人也没有"):
        tried(law, UP_5, files)


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view()])
def test_streets_may_be_any_kind_of_text(law, tmp_path, kind):
    persons, households = write(tmp_path, FAMILIES)
    codes = pa.array(["420106008001", "420106011001", None, "420106008001"], kind)
    table = pq.read_table(households).append_column("community_code", codes)
    pq.write_table(table, households)
    found = tried(law, UP_5, (persons, households)).tables["street"]
    assert [(line.key, line.households) for line in found] == [
        ("420106008", 2), ("420106011", 1), ("unknown", 1)
    ]  # fmt: skip


def test_people_out_of_order_are_told_what_to_do(law, tmp_path):
    persons, households = write(tmp_path, FAMILIES)
    pq.write_table(pq.read_table(persons).take(pa.array([4, 3, 2, 1, 0])), persons)
    with pytest.raises(FileProblems, match="请先排好再算"):
        tried(law, UP_5, (persons, households))
