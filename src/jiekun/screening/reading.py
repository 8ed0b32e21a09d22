"""Facts out of PostgreSQL as Arrow, in household order, a stretch of households at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from adbc_driver_postgresql import dbapi
from django.db import connection
from psycopg.conninfo import make_conninfo

from jiekun.kernel.arrays import Batch
from jiekun.kernel.facts import Fact
from jiekun.kernel.program import Program
from jiekun.kernel.values import PER_YEAR
from jiekun.registry.models import Household, HouseholdFacts, PersonFacts, Receipt, Recognition

from .columns import kernel_columns, numbers
from .findings import Births, Homes, Receipts
from .sweep import Array

_LIBPQ = ("dbname", "host", "port", "user", "password", "options", "sslmode", "sslrootcert")


def conninfo() -> str:
    """The database's address for readers and writers that are not Django's."""
    given = connection.get_connection_params()
    return make_conninfo(**{key: str(given[key]) for key in _LIBPQ if given.get(key)})


@dataclass(frozen=True, slots=True)
class Stretch:
    """One chunk's people as the kernel takes them, and who they are."""

    homes: Homes
    batch: Batch
    births: Births | None
    # The rows as they were read, line for line with the batch.
    people_read: pa.Table
    homes_read: pa.Table


class Reader:
    """Reads one run's people; a worker of its own has a reader of its own.

    Facts in `also` are read though the law asks nothing of them.
    """

    def __init__(self, program: Program, place: str, also: Iterable[Fact] = ()) -> None:
        self.place = place
        used = program.facts_used()
        self.person = [fact for fact in used if fact.entity == "person"]
        self.household = [fact for fact in used if fact.entity == "household"]
        # Ages are counted whether or not a rule asks for them.
        read = {fact.name: fact for fact in (program.facts["birth_date"], *used, *also)}
        self.asked = [fact for fact in read.values() if fact.entity == "person"]
        self.asked_of_homes = [fact for fact in read.values() if fact.entity == "household"]
        # The index has the order already; a bitmap would have to be sorted again.
        self.connection = dbapi.connect(conninfo(), autocommit=True)
        with self.connection.cursor() as cursor:
            cursor.execute("SET enable_bitmapscan = off")

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()

    def stretch(self, first: int, last: int) -> Stretch | None:
        """Everybody in households numbered `first` to `last`; None where nobody lives."""
        people = self._table(_people_sql(self.asked), first, last)
        if not people.num_rows:
            return None
        homes = self._table(_homes_sql(self.asked_of_homes, self.place), first, last)
        return _stretch(self.person, self.household, homes, people)

    def _table(self, sql: str, first: int, last: int) -> pa.Table:
        with self.connection.cursor() as cursor:
            cursor.execute(sql.format(first=int(first), last=int(last)))
            table: pa.Table = cursor.fetch_arrow_table()
        return table


def _names(facts: list[Fact], alias: str) -> str:
    return "".join(f', {alias}."{fact.name}"' for fact in facts)


def _people_sql(facts: list[Fact]) -> str:
    # Numbers are put into the text: COPY, which makes this fast, takes no parameters.
    return (
        f"SELECT p.household_id, p.person_id{_names(facts, 'p')} "  # noqa: S608
        f"FROM {PersonFacts._meta.db_table} p "
        "WHERE p.household_id BETWEEN {first} AND {last} ORDER BY p.household_id, p.person_id"
    )


def _homes_sql(facts: list[Fact], place: str) -> str:
    if not place.isdecimal():
        raise ValueError(f"{place!r} is no place's code")
    return (
        f"SELECT h.id, h.community_id{_names(facts, 'f')} "  # noqa: S608
        f"FROM {Household._meta.db_table} h "
        f"LEFT JOIN {HouseholdFacts._meta.db_table} f ON f.household_id = h.id "
        "WHERE h.id BETWEEN {first} AND {last} "
        f"AND h.community_id LIKE '{place}%' ORDER BY h.id"
    )


def _stretch(
    person: list[Fact], household: list[Fact], homes: pa.Table, people: pa.Table
) -> Stretch | None:
    """Line people up with their households; either without the other is left out."""
    numbers_of_homes = numbers(homes["id"])
    of_person = numbers(people["household_id"])
    inside = np.isin(of_person, numbers_of_homes)
    if not inside.all():
        people, of_person = people.filter(pa.array(inside)), of_person[inside]
    if not len(of_person):
        return None
    lived_in, sizes = np.unique(of_person, return_counts=True)
    if len(lived_in) != len(numbers_of_homes):
        homes = homes.filter(pa.array(np.isin(numbers_of_homes, lived_in)))
    codes = homes["community_id"].combine_chunks().dictionary_encode()
    found = Homes(
        lived_in,
        codes.indices.to_numpy().astype(np.int64),
        codes.dictionary.to_pylist(),
        sizes.astype(np.int64),
        numbers(people["person_id"]),
    )
    mine = kernel_columns(person, people, settled=True)
    batch = Batch(found.sizes, mine, kernel_columns(household, homes, settled=True))
    return Stretch(found, batch, _births(people["birth_date"]), people, homes)


def _births(column: pa.ChunkedArray) -> Births | None:
    """Days of birth, gaps filled, with where they are known; None when they all are unknown."""
    if column.null_count == len(column):
        return None
    days = numbers(column.cast(pa.int32()).fill_null(0))
    return Births(days, numbers(column.is_valid()) if column.null_count else None)


def read_receipts(program: Program, place: str, on: date) -> Receipts:
    """What everybody in a place receives on a day, by household number.

    A receipt follows its person: whoever moved within the place is compared where they live now.
    """
    places = {use.measure.name: i for i, use in enumerate(program.measures)}
    # Where being recognised is all a measure gives, the recognition shows who has it.
    statuses = [use.measure.name for use in program.measures if use.measure.gives == "status"]
    sql = f"""
        WITH held AS (
            SELECT household_id, person_id, measure, amount_fen, unit, since, until
            FROM {Receipt._meta.db_table}
            UNION ALL
            SELECT household_id, person_id, category, NULL, '', since, until
            FROM {Recognition._meta.db_table} WHERE category = ANY(%s)
        )
        SELECT COALESCE(p.household_id, r.household_id), COALESCE(r.person_id, 0), r.measure,
               COALESCE(r.amount_fen, -1), r.unit
        FROM held r
        JOIN {Household._meta.db_table} h ON h.id = r.household_id
        LEFT JOIN {PersonFacts._meta.db_table} p ON p.person_id = r.person_id
        WHERE r.since <= %s AND (r.until IS NULL OR r.until > %s) AND h.community_id LIKE %s
        ORDER BY 1, 2
    """  # noqa: S608 - made of table names
    with connection.cursor() as cursor:
        cursor.execute(sql, [statuses, on, on, f"{place}%"])
        rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), (), ()]
    fen = _whole(columns[3])
    times = _whole([PER_YEAR.get(unit, 0) for unit in columns[4]])
    return Receipts(
        _whole(columns[0]),
        _whole(columns[1]),
        _whole([places.get(name, -1) for name in columns[2]]),
        fen,
        np.maximum(fen, 0) * times,
    )


def _whole(values: tuple[int, ...] | list[int]) -> Array:
    return np.array(values, np.int64)


def between(receipts: Receipts, first: int, last: int) -> Receipts:
    """The receipts of households numbered `first` to `last`."""
    low, high = np.searchsorted(receipts.household, [first, last + 1])
    return Receipts(*(getattr(receipts, n)[low:high] for n in Receipts.__slots__))
