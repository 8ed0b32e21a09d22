"""Spark and one machine give the same answers, to the fen, and losing a worker changes nothing."""

import json
import os
import shutil
from datetime import date
from itertools import chain, pairwise

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiekun.demo.make import make, write_files
from jiekun.demo.scale import Scale
from jiekun.screening.file_checks import FileProblems
from jiekun.screening.files import screen_files

pytest.importorskip("pyspark", reason="Spark is an extra: uv sync --extra spark")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Spark needs Java 17 or newer, and there is none", allow_module_level=True)

from jiekun.screening import spark as on_spark

ASKED = {"on": date(2024, 11, 1), "place": "420106"}


@pytest.fixture(scope="module")
def spark():
    # A task that fails is tried again, as it would be on another machine.
    # Java's best compiler takes longer than these few rows do.
    quick = {
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "700",
        "spark.sql.shuffle.partitions": "2",
    }
    session = on_spark.session("local[2,3]", **quick)
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    folder = tmp_path_factory.mktemp("district")
    write_files(make(Scale.parse("1:100"), lambda *_: None), folder, lambda *_: None)
    return folder / "persons.parquet", folder / "households.parquet"


@pytest.fixture
def screened(spark, district, tmp_path):
    def screen(paths=None, **changed):
        places = [str(path) for path in paths or district]
        out = str(tmp_path / "out")
        return on_spark.screen_on_spark(spark, *places, **{**ASKED, "out": out, **changed})

    return screen


def rows(path):
    return sorted(map(str, pq.read_table(path, partitioning=None).to_pylist()))


def counted(totals):
    return {name: totals[name] for name in ("people", "households", "measures", "missing")}


@pytest.mark.parametrize("simulate", [(), ("W24",)], ids=["in force", "with the draft"])
def test_every_answer_is_the_one_of_one_machine(screened, district, tmp_path, simulate):
    alone = screen_files(*district, **ASKED, simulate=simulate, out=tmp_path / "alone")
    together = screened(simulate=simulate)
    assert counted(together) == counted(alone)
    assert json.loads((tmp_path / "out" / "totals.json").read_text()) == together
    found = rows(tmp_path / "out" / "findings")
    assert len(found) > 100
    assert found == rows(tmp_path / "alone" / "findings.parquet")


def test_families_stay_whole_where_spark_plans_as_it_goes(spark, screened, district, tmp_path):
    """As it is shipped: partitions may be joined together while it runs, but not split."""
    spark.conf.set("spark.sql.adaptive.enabled", "true")
    try:
        together = screened(partitions=8)
    finally:
        spark.conf.set("spark.sql.adaptive.enabled", "false")
    alone = screen_files(*district, **ASKED, out=tmp_path / "alone")
    assert counted(together) == counted(alone)
    assert rows(tmp_path / "out" / "findings") == rows(tmp_path / "alone" / "findings.parquet")


def test_a_lost_worker_is_made_up_for(screened, district, tmp_path, monkeypatch):
    marker, real = tmp_path / "killed", on_spark._executor

    def deadly(asked):
        def work(batches):
            import os
            import signal

            for number, batch in enumerate(real(asked)(batches)):
                yield batch
                if number == 0 and not marker.exists():
                    marker.touch()
                    os.kill(os.getpid(), signal.SIGKILL)

        return work

    monkeypatch.setattr(on_spark, "_executor", deadly)
    together = screened()
    assert marker.exists()
    alone = screen_files(*district, **ASKED, out=tmp_path / "alone")
    assert counted(together) == counted(alone)
    assert rows(tmp_path / "out" / "findings") == rows(tmp_path / "alone" / "findings.parquet")


def test_a_run_that_cannot_be_finished_leaves_nothing(screened, tmp_path, monkeypatch):
    def broken(asked):
        def work(batches):
            yield from ()
            raise RuntimeError("the machine room is on fire")

        return work

    monkeypatch.setattr(on_spark, "_executor", broken)
    with pytest.raises(on_spark.SparkFailed, match="没有留下半份结果"):
        screened()
    assert not any((tmp_path / "out").glob("**/*.parquet"))
    assert not (tmp_path / "out" / "totals.json").exists()


@given(st.lists(st.integers(0, 5), max_size=25).map(sorted), st.lists(st.integers(0, 25)))
def test_families_cut_by_batches_are_put_together(homes, cuts):
    places = sorted({0, len(homes), *(cut for cut in cuts if cut < len(homes))})
    batches = (
        pa.record_batch({"household_id": pa.array(homes[a:b], pa.int64())})
        for a, b in pairwise(places)
    )
    found = [t["household_id"].to_pylist() for t in on_spark.whole_families(batches)]
    assert list(chain(*found)) == homes
    assert sum(len(set(table)) for table in found) == len(set(homes))


def test_problems_in_any_partition_are_told(screened, district, tmp_path):
    people = pq.read_table(district[0])
    place = people.schema.get_field_index("wage_income")
    wrong = pc.if_else(pc.equal(people["person_id"], 77), -1, people["wage_income"])
    pq.write_table(
        people.set_column(place, "wage_income", wrong.cast(pa.int64())), tmp_path / "p.parquet"
    )
    homes = pq.read_table(district[1]).slice(1)
    pq.write_table(homes, tmp_path / "h.parquet")
    with pytest.raises(FileProblems) as told:
        screened((tmp_path / "p.parquet", tmp_path / "h.parquet"))
    assert any("1 个住户在 households 里没有" in problem for problem in told.value.problems)
    assert not (tmp_path / "out" / "totals.json").exists()
