"""Make the whole synthetic district, step by step; and the Parquet files of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jiekun.kernel.facts import Entity, Fact
from jiekun.law.facts import FACTS

from . import awards, gaps, hardship, health, identity, living, story
from .district import RELATIONS, District, settle
from .gaps import known
from .scale import Scale

ROWS_A_GROUP = 64_000
Progress = Callable[[str, float], None]

STEPS: tuple[Callable[[District], None], ...] = (
    identity.name_people,
    story.plant,
    hardship.choose_families,
    living.settle_registration,
    living.send_to_school,
    living.give_work,
    living.give_pensions,
    living.support_students,
    hardship.live_in_hardship,
    hardship.children_without_parents,
    health.certify_disability,
    health.fall_ill,
    health.assess_care,
    health.lose_only_child,
    awards.add_relief,
    living.fit_income,
    hardship.judge_assets,
    gaps.recognise_pupils,
    gaps.ask_about_work,
    gaps.taper,
    gaps.fall_silent,
    gaps.complete,
    story.tell,
)


def make(scale: Scale, progress: Progress) -> District:
    """Everybody, as they are before the events of the last month."""
    district = settle(scale)
    for done, step in enumerate(STEPS, start=1):
        step(district)
        progress("生成人口", done / len(STEPS))
    return district


def digest(district: District) -> str:
    """A fingerprint of everything drawn: equal for equal seeds and scales."""
    found = hashlib.sha256()
    for columns in (district.person, district.home, district.unknown, district.extra):
        for name in sorted(columns):
            found.update(name.encode())
            found.update(np.ascontiguousarray(columns[name]).tobytes())
    return found.hexdigest()


def batches(district: District) -> Iterator[tuple[slice, slice]]:
    """Households and their people, group by group, never parting a family."""
    first = 0
    while first < district.households:
        reach = district.start[first] + ROWS_A_GROUP
        last = int(np.searchsorted(district.start, reach, side="right")) - 1
        last = min(max(last, first + 1), district.households)
        yield slice(first, last), slice(int(district.start[first]), int(district.start[last]))
        first = last


def ids(rows: slice) -> pa.Array:
    """The numbers of households or people: their place, counted from one."""
    return pa.array(np.arange(rows.start + 1, rows.stop + 1, dtype=np.int64))


def household_ids(district: District, people: slice) -> pa.Array:
    """Each person's household number."""
    return pa.array(district.household[people].astype(np.int64) + 1)


def column(district: District, fact: Fact, rows: slice, *, codes: bool) -> pa.Array:
    """One fact of some rows: choices as words, or as codes for the database."""
    gap = ~known(district, fact.name)[rows]
    values = pa.array(district.fact(fact.name)[rows], mask=gap if gap.any() else None)
    if fact.kind == "date":
        return values.cast(pa.date32())
    if fact.kind == "choice" and not codes:
        words = pa.array(list(fact.choices))
        return pa.DictionaryArray.from_arrays(values.cast(pa.int8()), words)
    return values


def field(fact: Fact) -> pa.Field:
    """A fact's column in the files, with its unit."""
    kinds = {
        "bool": pa.bool_(),
        "int": pa.int16(),
        "money": pa.int64(),
        "date": pa.date32(),
        "choice": pa.dictionary(pa.int8(), pa.string()),
    }
    unit = {"unit": "fen", "per": fact.unit} if fact.kind == "money" else {"unit": fact.unit}
    return pa.field(fact.name, kinds[fact.kind], metadata=unit)


def schema(entity: Entity) -> pa.Schema:
    """The columns of persons.parquet or households.parquet."""
    keys = ["household_id", "person_id"] if entity == "person" else ["household_id"]
    return pa.schema(
        [pa.field(key, pa.int64(), nullable=False) for key in keys]
        + [field(fact) for fact in FACTS.of(entity)]
    )


def person_table(district: District, people: slice) -> pa.Table:
    """Some people's facts."""
    facts = [column(district, fact, people, codes=False) for fact in FACTS.of("person")]
    return pa.table([household_ids(district, people), ids(people), *facts], schema("person"))


def household_table(district: District, homes: slice) -> pa.Table:
    """Some households' facts."""
    facts = [column(district, fact, homes, codes=False) for fact in FACTS.of("household")]
    return pa.table([ids(homes), *facts], schema("household"))


def registry_table(district: District, digits: np.ndarray, people: slice) -> pa.Table:
    """Who people are: names and whole numbers, which the database does not keep."""
    relation = pa.array(RELATIONS).take(pa.array(district.relation[people]))
    return pa.table(
        {
            "household_id": household_ids(district, people),
            "person_id": ids(people),
            **identity.names(district, people),
            "relation": relation,
            "id_no": identity.digits_text(digits[people]),
        }
    )


def write_files(district: District, folder: Path, progress: Progress) -> None:
    """The district as Parquet: persons, households, and who they are."""
    folder.mkdir(parents=True, exist_ok=True)
    digits = identity.identity_digits(district)
    whole = slice(0, 1)
    shapes = {
        "persons": person_table(district, whole),
        "households": household_table(district, whole),
        "registry": registry_table(district, digits, whole),
    }
    writers = {
        name: pq.ParquetWriter(folder / f"{name}.parquet", table.schema, compression="zstd")
        for name, table in shapes.items()
    }
    for homes, people in batches(district):
        writers["persons"].write_table(person_table(district, people))
        writers["households"].write_table(household_table(district, homes))
        writers["registry"].write_table(registry_table(district, digits, people))
        progress("写出文件", homes.stop / district.households)
    for writer in writers.values():
        writer.close()


def write_json(path: Path, value: object) -> None:
    """A small file people can read."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
