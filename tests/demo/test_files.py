"""The Parquet files, the departments' deliveries and October's events."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from stdnum.cn import ric

from jiekun.demo import events, feeds, make, story
from jiekun.demo.district import District
from jiekun.law.facts import FACTS


@pytest.fixture(scope="module")
def folder(district: District, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("district")
    make.write_files(district, place, lambda _stage, _done: None)
    return place


def test_persons_have_every_fact_and_two_keys(folder: Path) -> None:
    names = pq.read_schema(folder / "persons.parquet").names
    assert names == ["household_id", "person_id", *(fact.name for fact in FACTS.of("person"))]


def test_households_have_every_fact_and_a_key(folder: Path) -> None:
    names = pq.read_schema(folder / "households.parquet").names
    assert names == ["household_id", *(fact.name for fact in FACTS.of("household"))]


def test_money_says_it_is_in_fen(folder: Path) -> None:
    wage = pq.read_schema(folder / "persons.parquet").field("wage_income")
    assert wage.type == pa.int64()
    assert wage.metadata[b"unit"] == b"fen"


def test_choices_are_words(folder: Path) -> None:
    away = pq.read_table(folder / "persons.parquet", columns=["hukou"])["hukou"]
    assert set(away.unique().to_pylist()) - {None} == {"district", "city", "province", "elsewhere"}


def test_people_of_one_household_stand_together(folder: Path) -> None:
    keys = pq.read_table(folder / "persons.parquet", columns=["household_id"])[
        "household_id"
    ].to_pylist()
    assert keys == sorted(keys)


def test_no_family_is_parted_by_a_row_group(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make, "ROWS_A_GROUP", 500)
    groups = list(make.batches(district))
    assert len(groups) > 20
    for homes, people in groups:
        assert set(district.household[people]) == set(range(homes.start, homes.stop))


def test_deliveries_have_the_mistakes_they_admit(district: District, tmp_path: Path) -> None:
    delivery = next(d for d in feeds.deliver(district, tmp_path) if d.department == "残联")
    table = pacsv.read_csv(
        tmp_path / delivery.file,
        convert_options=pacsv.ConvertOptions(column_types={"id_no": pa.string()}),
    )
    wrong = [n for n in table["id_no"].to_pylist() if ric.calc_check_digit(n) != n[-1]]
    assert len(wrong) == delivery.problems["身份证号校验码不对"]
    assert table.num_rows == delivery.rows


def test_the_breadwinners_death_is_the_storys_event(district: District) -> None:
    death = next(e for e in events.plan(district) if e.household == district.story + 1)
    assert (death.kind, death.day) == ("death", story.DIED_ON.isoformat())
    assert [change[1:] for change in death.changes] == [("father_situation", "dead")] * 2


def test_october_brings_every_kind_of_event(district: District) -> None:
    planned = events.plan(district)
    assert {event.kind for event in planned} == set(events.SOURCES)
    assert all(date(2024, 10, 1) < date.fromisoformat(e.day) < date(2024, 11, 1) for e in planned)


def test_whoever_loses_a_job_had_one(district: District) -> None:
    earned = district.person["wage_income"] + district.person["odd_job_income"]
    losers = [e.person - 1 for e in events.plan(district) if e.kind == "job_loss"]
    assert (earned[losers] > 0).all()
