"""The law inside Spark executors: the same compiled program, where one machine is not enough.

People and households are partitioned by household and sorted within partitions, so a partition
holds whole families; Arrow batches cut them, and they are put together again.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it
from pyspark.sql.pandas.types import to_arrow_schema

from jiekun.kernel.facts import Fact
from jiekun.kernel.program import Program
from jiekun.law import load

from .answers import SCHEMA, answer
from .file_checks import HOME, PERSON, FileProblems, Problems, check_columns
from .groups import facts_of, grouped, households_of
from .outputs import mark_of_law
from .totals import Totals

# Marks of where a joined row comes from, and of what a written row is.
_HAS_PERSON, _HAS_HOME, _WHAT = "_has_person", "_has_home", "what"
_ROWS = (
    f"{HOME} long, {PERSON} long, measure string, status string, amount long, yearly_fen long, "
    f"missing array<string>, {_WHAT} string"
)
_KINDS = {f.name: pa.string() if pa.types.is_dictionary(f.type) else f.type for f in SCHEMA}
SETTINGS = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
    # A skewed partition split in two would part families.
    "spark.sql.adaptive.skewJoin.enabled": "false",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.ui.showConsoleProgress": "false",
}
# One machine needs no network, and no page that shows how far it is.
LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
}


class SparkFailed(Exception):
    """Spark gave up; says why, and that nothing half-written is left."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an executor must know: which law, by its fingerprint, and whether rows are wanted."""

    on: date
    place: str
    simulate: tuple[str, ...]
    law: str
    findings: bool


def session(master: str | None = None, **settings: str) -> SparkSession:
    """A Spark session; `master` as Spark writes it, such as local[2,4] or spark://host:7077.

    Further settings by Spark's own names. Without a master, spark-submit's is taken.
    """
    asked = {**SETTINGS, **settings}
    if master is not None and master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        asked |= LOCAL
    builder = SparkSession.builder.appName("jiekun")
    if master is not None:
        builder = builder.master(master)
    for name, value in asked.items():
        builder = builder.config(name, value)
    found: SparkSession = builder.getOrCreate()
    return found


def screen_on_spark(
    spark: SparkSession,
    persons: str,
    households: str,
    *,
    on: date,
    place: str,
    simulate: Sequence[str] = (),
    out: str,
    findings: bool = True,
    partitions: int | None = None,
) -> dict[str, Any]:
    """Screen Parquet anywhere Spark reads into `out`/findings and `out`/totals.json.

    Returns the totals. The households may stand in any order, and in as many files as they like.
    Raises FileProblems, LawError or SparkFailed; then `out` is as it was.
    """
    program = load().program(on=on, place=place, simulate=tuple(simulate))
    asked = Asked(on, place, tuple(simulate), mark_of_law(program), findings)
    making = f"{out}/.making"
    try:
        joined = _families(spark, program, persons, households, partitions)
        found = joined.mapInArrow(_executor(asked), _ROWS)
        found.write.mode("overwrite").partitionBy(_WHAT).parquet(making)
        totals = _gathered(spark, making)
        made = {**totals.as_json(program), "made_from": {"law": asked.law}}
        _publish(spark, making, out, made)
    except (PySparkException, Py4JError) as error:
        told = (str(error).strip().splitlines() or [repr(error)])[0]
        raise SparkFailed(f"Spark 没有做完，没有留下半份结果，可以再提交一次（{told}）") from error
    finally:
        # Where Spark itself is gone there is nobody left to ask.
        with suppress(Py4JError, OSError):
            _delete(spark, making)
    return made


def _families(
    spark: SparkSession, program: Program, persons: str, households: str, partitions: int | None
) -> DataFrame:
    """Everybody with their household's columns, each household within one partition, in order."""
    count = partitions or int(spark.conf.get("spark.sql.shuffle.partitions") or 200)
    problems, sides = Problems(), []
    for path, entity, keys in (
        (persons, "person", [HOME, PERSON]),
        (households, "household", [HOME]),
    ):
        frame = spark.read.parquet(path)
        facts = [fact for fact in facts_of([program]) if fact.entity == entity]
        schema = to_arrow_schema(frame.schema)
        check_columns(problems, path, schema, facts, person=entity == "person")
        sides.append((frame, [*keys, *(fact.name for fact in facts)]))
    problems.refuse()
    people, homes = (frame.select(*names) for frame, names in sides)
    problems.people(twice=_twice(people, PERSON))
    problems.keys("households", empty=0, back=0, again=_twice(homes, HOME))
    problems.refuse()
    # Partitioned by number, both sides alike: the join moves nothing again, and nothing splits.
    people = people.withColumn(_HAS_PERSON, F.lit(True)).repartition(count, HOME)
    homes = homes.withColumn(_HAS_HOME, F.lit(True)).repartition(count, HOME)
    joined = people.join(homes, on=HOME, how="full_outer")
    return joined.sortWithinPartitions(HOME, PERSON)


def _twice(frame: DataFrame, column: str) -> int:
    """How many values stand more than once."""
    known = frame.where(F.col(column).isNotNull())
    return int(known.groupBy(column).count().where("count > 1").count())


# -- in the executors


def _executor(asked: Asked) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What runs over one partition: rows as they come, then one row that holds its totals."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        program, facts = _law(asked)
        problems, totals = Problems(), Totals()
        for table in whole_families(batches):
            group = None
            if _complete(table, problems):
                sizes = households_of(table)[1]
                homes = table.take(pa.array(np.cumsum(sizes) - sizes))
                group = grouped(table, homes, facts, problems, settled=True)
            if group is not None:
                answered = answer(program, group, rows=asked.findings)
                totals.add(answered.totals)
                yield from _rows(answered.rows)
        yield _told(program, totals, problems)

    return work


@cache
def _law(asked: Asked) -> tuple[Program, dict[str, list[Fact]]]:
    """The law on this machine: which must be the one the driver has."""
    program = load().program(on=asked.on, place=asked.place, simulate=asked.simulate)
    if mark_of_law(program) != asked.law:
        raise RuntimeError("执行机上的 jiekun 和提交的机器不是同一版，或者法规不同；先装成一样的")
    facts = facts_of([program])
    return program, {e: [f for f in facts if f.entity == e] for e in ("person", "household")}


def whole_families(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Rows in household order, cut anew so that no household is parted."""
    rest: list[pa.Table] = []
    for batch in batches:
        if not batch.num_rows:
            continue
        table, keys = pa.Table.from_batches([batch]), batch.column(HOME)
        # What has no number belongs to nobody, and is told of later.
        other = pc.fill_null(pc.not_equal(keys, keys[-1]), True)
        others = np.flatnonzero(other.to_numpy(zero_copy_only=False))
        cut = int(others[-1]) + 1 if len(others) else 0
        if cut or (rest and rest[-1][HOME][-1] != keys[0]):
            yield pa.concat_tables([*rest, table.slice(0, cut)])
            rest = []
        if table.num_rows > cut:
            rest.append(table.slice(cut))
    if rest:
        yield pa.concat_tables(rest)


def _complete(table: pa.Table, problems: Problems) -> bool:
    """Whether everybody has a household that is there, and no household stands empty."""
    problems.keys("persons", empty=table[HOME].null_count, back=0)
    alone = table.filter(pc.is_null(table[_HAS_HOME]))[HOME]
    problems.alone(len(pc.unique(alone)))
    problems.empty_homes(table[_HAS_PERSON].null_count)
    return not problems


def _rows(rows: pa.Table) -> Iterator[pa.RecordBatch]:
    if rows.num_rows:
        what = pa.repeat(pa.scalar("findings"), rows.num_rows)
        columns = [rows[name] for name in SCHEMA.names]
        yield from _plain([*columns, what])


def _told(program: Program, totals: Totals, problems: Problems) -> pa.RecordBatch:
    """A partition's totals travel as a row like any other: Spark commits both, or neither."""
    text = json.dumps({"totals": totals.as_json(program), "problems": problems.found})
    blank = [pa.nulls(1)] * 6
    (batch,) = _plain([*blank, pa.array([[text]]), pa.array(["totals"])])
    return batch


def _plain(columns: list[Any]) -> Iterator[pa.RecordBatch]:
    kinds = {**_KINDS, _WHAT: pa.string()}
    made = {name: c.cast(kind) for (name, kind), c in zip(kinds.items(), columns, strict=True)}
    yield from pa.table(made).combine_chunks().to_batches()


# -- in the driver again


def _gathered(spark: SparkSession, making: str) -> Totals:
    """The partitions' totals as one. Raises FileProblems if any of them had problems."""
    totals, problems = Totals(), Problems()
    for row in spark.read.parquet(f"{making}/{_WHAT}=totals").select("missing").collect():
        told = json.loads(row["missing"][0])
        totals.add(Totals.from_json(told["totals"]))
        for text, count in told["problems"].items():
            problems.add(text, count)
    problems.refuse()
    return totals


def _publish(spark: SparkSession, making: str, out: str, made: dict[str, Any]) -> None:
    """Results under their names, totals last: they tell that everything is there."""
    files, path = _files(spark, out)
    findings, totals = path(f"{out}/findings"), path(f"{out}/totals.json")
    files.delete(totals, False)
    files.delete(findings, True)
    source = path(f"{making}/{_WHAT}=findings")
    if files.exists(source):
        files.rename(source, findings)
    else:
        files.mkdirs(findings)
    new = path(f"{making}/totals.json")
    stream = files.create(new, True)
    stream.write(bytearray((json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode()))
    stream.close()
    files.rename(new, totals)


def _delete(spark: SparkSession, place: str) -> None:
    files, path = _files(spark, place)
    files.delete(path(place), True)


def _files(spark: SparkSession, place: str) -> tuple[Any, Callable[[str], Any]]:
    """Hadoop's view of wherever a path points to: a disk, HDFS, an object store."""
    java: Any = spark.sparkContext._jvm
    path = java.org.apache.hadoop.fs.Path
    settings = spark.sparkContext._jsc.hadoopConfiguration()
    return path(place).getFileSystem(settings), path


__all__ = ["FileProblems", "SparkFailed", "screen_on_spark", "session"]
