"""The benchmark's people, and the hand-written engines that need nothing but NumPy."""

from fractions import Fraction

import numpy as np
import pyarrow.parquet as pq
import pytest
from bench.dozen import facts, people
from bench.peers import agreement, amounts, arrays, jiekun


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("people")
    people.write(folder, 3_000)
    return folder


@pytest.fixture(scope="module")
def holey(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unknowns")
    people.write(folder, 3_000, unknowns=True)
    return folder


def read(folder, name):
    return pq.read_table(folder / f"{name}.parquet")


def test_the_same_seed_gives_the_same_people(whole, tmp_path):
    people.write(tmp_path, 3_000)
    for name in ("persons", "households"):
        assert read(tmp_path, name) == read(whole, name)


def test_people_stand_by_household_and_every_household_has_people(whole):
    home = read(whole, "persons")["household_id"].to_numpy()
    assert (np.diff(home) >= 0).all()
    assert np.unique(home).tolist() == read(whole, "households")["household_id"].to_pylist()
    assert len(home) >= 3_000


def test_row_groups_end_where_households_end(tmp_path):
    people.write(tmp_path, 70_000)
    files = [pq.ParquetFile(tmp_path / f"{name}.parquet") for name in ("persons", "households")]
    assert files[0].num_row_groups == files[1].num_row_groups == 2
    for number in range(2):
        persons, homes = (f.read_row_group(number)["household_id"].to_numpy() for f in files)
        assert np.unique(persons).tolist() == homes.tolist()


def test_a_larger_file_begins_with_the_smaller_one(whole, tmp_path):
    people.write(tmp_path, 5_000)
    smaller = read(whole, "persons")
    assert read(tmp_path, "persons").slice(0, len(smaller)) == smaller


def test_about_two_values_in_a_hundred_are_unknown_and_only_where_said(holey):
    table = read(holey, "persons")
    for name in table.column_names:
        share = table[name].null_count / len(table)
        assert (0.01 < share < 0.03) if name in people.OFTEN_UNKNOWN else share == 0, name


def test_numpy_by_hand_gives_everybody_what_plain_python_gives(whole):
    found = arrays.rows(whole)
    for name, answers in agreement.exact(whole).items():
        assert found[name].tolist() == agreement.given(answers, name).tolist(), name


@pytest.mark.parametrize("folder", ["whole", "holey"])
def test_jiekuns_engine_gives_everybody_what_plain_python_gives(folder, request):
    folder = request.getfixturevalue(folder)
    found, statuses = jiekun.rows(folder), jiekun.statuses(folder)
    for name, answers in agreement.exact(folder).items():
        assert found[name].tolist() == agreement.given(answers, name).tolist(), name
        wanted = [{True: 1, False: 0, None: 2}[holds] for holds, _ in answers]
        assert np.minimum(statuses[name], 2).tolist() == wanted, name


def test_hand_written_numbers_are_those_of_the_law():
    law = {n: Fraction(use.dated.value) for n, use in facts.program().parameters.items()}
    standards = [law[f"standard_{name}"] * 100 for name in amounts.CODES["region"]]
    assert list(amounts.STANDARD) == standards
    assert [half_up(s * law["tekun_ratio"]) for s in standards] == list(amounts.LIVING)
    for name, fen in {
        "work_cost": amounts.WORK_COST,
        "meals_80": amounts.MEALS_80,
        "meals_70": amounts.MEALS_70,
        "meals_60": amounts.MEALS_60,
        "orphan_home": amounts.ORPHAN_HOME,
        "orphan_institution": amounts.ORPHAN_INSTITUTION,
        "medical_cap": amounts.MEDICAL_CAP,
        "home_care_rate": amounts.HOME_CARE_RATE,
        "training_sum": amounts.TRAINING,
        "startup_sum": amounts.STARTUP,
    }.items():
        assert law[name] * 100 == fen, name


def half_up(value):
    return (2 * value + 1) // 2
