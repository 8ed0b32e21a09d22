"""Whole households out of files: nobody lost, no family cut, whatever the row groups."""

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiekun.law.facts import FACTS
from jiekun.screening import borders
from jiekun.screening.file_checks import FileProblems
from jiekun.screening.groups import groups

LAW = SimpleNamespace(
    facts=FACTS, facts_used=lambda: [FACTS["wage_income"], FACTS["assets_within_limit"]]
)


def write(folder, sizes, person_group, home_group, *, extra=()):
    """Households of these sizes, numbered 3, 6, 9 …; whoever is n-th earns n fen."""
    homes = (np.arange(len(sizes)) + 1) * 3
    people = sum(sizes)
    persons = {
        "household_id": np.repeat(homes, sizes),
        "person_id": np.arange(people) + 100,
        "wage_income": np.arange(people),
    }
    households = {"household_id": homes, "assets_within_limit": homes % 2 == 0, **dict(extra)}
    for name, columns, group in (("p", persons, person_group), ("h", households, home_group)):
        pq.write_table(pa.table(columns), folder / f"{name}.parquet", row_group_size=group)
    return folder / "p.parquet", folder / "h.parquet"


@settings(deadline=None, max_examples=50)
@given(
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=30),
    person_group=st.integers(1, 40),
    home_group=st.integers(1, 12),
    piece=st.integers(1, 10),
)
def test_families_come_whole_and_in_order(tmp_path_factory, sizes, person_group, home_group, piece):
    paths = write(tmp_path_factory.mktemp("f"), sizes, person_group, home_group)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(borders, "ROWS", piece)
        found = list(groups(*paths, [LAW]))
    homes = np.concatenate([group.households for group in found])
    assert homes.tolist() == [(n + 1) * 3 for n in range(len(sizes))]
    assert np.concatenate([group.batch.sizes for group in found]).tolist() == sizes
    people = np.concatenate([group.people for group in found])
    assert people.tolist() == list(range(100, 100 + sum(sizes)))
    wages = np.concatenate([group.batch.people["wage_income"].values for group in found])
    assert wages.tolist() == list(range(sum(sizes)))


def test_further_columns_come_with_their_households(tmp_path):
    codes = [f"42010600{n}" for n in range(5)]
    paths = write(tmp_path, [2, 1, 3, 1, 2], 2, 2, extra=[("community_code", codes)])
    found = list(groups(*paths, [LAW], also=["community_code"]))
    assert [code for group in found for code in group.extra["community_code"].to_pylist()] == codes


def test_a_further_column_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileProblems, match="community_code"):
        list(groups(*write(tmp_path, [1], 1, 1), [LAW], also=["community_code"]))


def test_whoever_stops_listening_stops_the_work(tmp_path):
    found = groups(*write(tmp_path, [1] * 50, 1, 1), [LAW])
    assert next(found).people.tolist() == [100]
    found.close()
