"""The dozen in Polars expressions: lazy, run by its in-memory engine or its streaming one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import polars as pl

from bench.peers.amounts import (
    CARE,
    CARE_HOURS,
    CODES,
    EDUCATION,
    HOME_CARE_MOST,
    HOME_CARE_RATE,
    HOUSEHOLD,
    LIVING,
    MEALS_60,
    MEALS_70,
    MEALS_80,
    MEDICAL_CAP,
    MEDICAL_THRESHOLD,
    ON,
    ORPHAN_HOME,
    ORPHAN_INSTITUTION,
    OUTPUTS,
    PERSON,
    RELIEF_MONTHS,
    SAVINGS_MONTHS,
    STANDARD,
    STARTUP,
    TRAINING,
    WORK_COST,
)

ENGINE: Any = "streaming" if os.environ.get("BENCH_ENGINE") == "streaming" else "in-memory"
Frames = tuple[pl.LazyFrame, pl.LazyFrame]
Expr = pl.Expr
c = pl.col


def _aged(years: int) -> Expr:
    return c("birth_date") <= pl.lit(ON.replace(year=ON.year - years))


def _table(name: str, amounts: tuple[int, ...]) -> Expr:
    """An amount for each choice of a column."""
    *firsts, last = zip(CODES[name], amounts, strict=True)
    found: Any = pl
    for choice, amount in firsts:
        found = found.when(c(name).cast(pl.String) == choice).then(pl.lit(amount, pl.Int64))
    return found.otherwise(pl.lit(last[1], pl.Int64))


def _given(holds: Expr, amount: Expr | int) -> Expr:
    value = pl.lit(amount, pl.Int64) if isinstance(amount, int) else amount
    return pl.when(holds).then(value).otherwise(pl.lit(0, pl.Int64))


def dozen(persons: pl.LazyFrame, households: pl.LazyFrame) -> Frames:
    """(persons, households) with every output, in fen."""
    sizes = persons.group_by("household_id").agg(pl.len().cast(pl.Int64).alias("size"))
    homes = households.join(sizes, on="household_id").with_columns(
        _table("region", STANDARD).alias("standard"),
        _table("region", LIVING).alias("living"),
    )
    modest = c("savings") <= c("standard") * SAVINGS_MONTHS * c("size")
    homes = homes.with_columns(modest.alias("modest"))
    asked = persons.join(
        homes.select("household_id", "standard", "living", "modest"), on="household_id"
    )
    asked = _standing(asked)
    family = asked.group_by("household_id").agg(
        c("unit").sum().cast(pl.Int64).alias("members"),
        _given(c("unit"), c("counted")).sum().alias("income"),
    )
    homes = homes.join(family, on="household_id").with_columns(
        pl.max_horizontal(c("income") - c("rigid_expense"), 0).alias("income"),
        pl.max_horizontal(c("members"), 1).alias("each"),
    )
    homes = _homes(homes)
    asked = asked.join(homes.select("household_id", "gate", "edge"), on="household_id")
    asked = _people(asked)
    total = asked.group_by("household_id").agg(c("year").sum())
    homes = homes.join(total, on="household_id").with_columns(
        (c("year") + c("dibao") * 12 + c("relief")).alias("total")
    )
    return asked, homes


def _standing(people: pl.LazyFrame) -> pl.LazyFrame:
    severe = c("disability_level").is_in([1, 2])
    tekun = (
        c("hukou_here")
        & c("no_supporter")
        & (_aged(60) | ~_aged(16) | severe)
        & (c("wage_income") + c("other_income") < c("standard"))
        & c("modest")
    )
    lost = c("parents").cast(pl.String).is_in(["dead", "gone"])
    earned = pl.max_horizontal(c("wage_income") - _given(c("employed"), WORK_COST), 0)
    people = people.with_columns(
        severe.alias("severe"),
        tekun.alias("is_tekun"),
        (earned + c("other_income")).alias("counted"),
    )
    orphan = lost & ~_aged(18) & c("hukou_here") & ~c("is_tekun")
    people = people.with_columns(orphan.alias("is_orphan"))
    unit = c("hukou_here") & ~c("in_institution") & ~c("is_tekun") & ~c("is_orphan")
    return people.with_columns(unit.alias("unit"))


def _homes(homes: pl.LazyFrame) -> pl.LazyFrame:
    line = c("standard") * c("each")
    gate = (c("members") > 0) & (c("income") < line) & c("modest")
    gate = gate & (c("cars") == 0) & (c("houses") <= 1)
    relief = (c("emergency_cost") > 0) & (c("income") < 2 * line)
    most = c("standard") * RELIEF_MONTHS * c("size")
    return homes.with_columns(
        gate.alias("gate"),
        (2 * c("income") < 3 * line).alias("edge"),
        _given(gate, c("standard") * c("members") - c("income")).alias("dibao"),
        _given(relief, pl.min_horizontal(c("emergency_cost"), most)).alias("relief"),
    )


def _people(people: pl.LazyFrame) -> pl.LazyFrame:
    hard = (c("gate") & c("unit")) | c("is_tekun") | c("is_orphan")
    people = people.with_columns(hard.alias("hard"))
    hard, at_home = c("hard"), ~c("in_institution")
    weak = _aged(16) & ~_aged(60) & ((c("disability_level") > 0) | hard)
    stage = c("school_stage").cast(pl.String)
    ill = c("insured") & (hard | (c("seriously_ill") & c("edge")))
    share = ((c("medical_cost") - MEDICAL_THRESHOLD) * 3 + 5) // 10
    meal = (
        pl.when(_aged(80)).then(pl.lit(MEALS_80, pl.Int64))
        .when(_aged(70)).then(pl.lit(MEALS_70, pl.Int64))
        .otherwise(pl.lit(MEALS_60, pl.Int64))
    )  # fmt: skip
    home = pl.when(c("in_institution")).then(ORPHAN_INSTITUTION).otherwise(ORPHAN_HOME)
    hours = pl.min_horizontal(c("home_care_hours").cast(pl.Int64), HOME_CARE_MOST)
    train = ~c("employed") & (stage == "none") & (c("trainings_this_year") < 3)
    frail = (c("self_care").cast(pl.String) == "none") & _aged(60) & at_home & hard
    people = people.with_columns(
        _given(c("is_tekun"), c("living") + _table("self_care", CARE)).alias("tekun"),
        _given(c("is_orphan"), home.cast(pl.Int64)).alias("orphan"),
        _given(c("hukou_here") & (_aged(70) | (_aged(60) & hard)), meal).alias("meals"),
        _given(c("severe") & at_home & ~c("is_tekun"), hours * HOME_CARE_RATE).alias("home_care"),
        _given(hard, _table("school_stage", EDUCATION)).alias("education"),
        _given(
            (c("medical_cost") > MEDICAL_THRESHOLD) & ill,
            pl.min_horizontal(share, MEDICAL_CAP),
        ).alias("medical"),
        _given(weak & train, TRAINING).alias("training"),
        _given(c("started_business") & weak, STARTUP).alias("startup"),
        _given(frail, CARE_HOURS).alias("care_hours"),
        (c("insured") & (hard | c("severe"))).alias("insurance"),
    )
    monthly = c("tekun") + c("orphan") + c("meals") + c("home_care")
    yearly = c("education") + c("medical") + c("training") + c("startup")
    return people.with_columns((monthly * 12 + yearly).alias("year"))


def _scan(folder: Path) -> Frames:
    return pl.scan_parquet(folder / "persons.parquet"), pl.scan_parquet(
        folder / "households.parquet"
    )


def _picked(frames: Frames) -> Frames:
    persons, homes = frames
    return persons.select("person_id", *PERSON), homes.select("household_id", *HOUSEHOLD)


def load(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    persons, households = pl.collect_all(_scan(folder))
    return persons, households


def ready(data: tuple[pl.DataFrame, pl.DataFrame]) -> Any:
    return data


def evaluate(data: tuple[pl.DataFrame, pl.DataFrame]) -> Any:
    """Every output of everybody, in memory."""
    return pl.collect_all(_picked(dozen(data[0].lazy(), data[1].lazy())), engine=ENGINE)


def totals(folder: Path) -> dict[str, float]:
    persons, homes = dozen(*_scan(folder))
    parts = pl.collect_all(
        [
            persons.select(c(n).cast(pl.Int64).sum() for n in PERSON),
            homes.select(c(n).sum() for n in HOUSEHOLD),
        ],
        engine=ENGINE,
    )
    row = {**parts[0].row(0, named=True), **parts[1].row(0, named=True)}
    return {name: row[name] for name in OUTPUTS}


def write(folder: Path, out: Path) -> None:
    """Every output of everybody, by Polars' own writer."""
    persons, homes = _picked(dozen(*_scan(folder)))
    if ENGINE == "streaming":
        sinks = [
            persons.sink_parquet(out / "persons.parquet", lazy=True),
            homes.sink_parquet(out / "households.parquet", lazy=True),
        ]
        pl.collect_all(sinks, engine=ENGINE)
        return
    found = pl.collect_all([persons, homes], engine=ENGINE)
    for frame, name in zip(found, ("persons", "households"), strict=True):
        frame.write_parquet(out / f"{name}.parquet")


def rows(folder: Path) -> dict[str, Any]:
    """Every output in the files' order (joins may have changed it)."""
    persons, homes = pl.collect_all(_picked(dozen(*_scan(folder))), engine=ENGINE)
    persons, homes = persons.sort("person_id"), homes.sort("household_id")
    return {n: (persons if n in PERSON else homes)[n].to_numpy() for n in OUTPUTS}
