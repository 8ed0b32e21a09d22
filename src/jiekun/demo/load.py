"""Put the synthetic district into the database, through COPY."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from django.db import connection, models, transaction

from jiekun.kernel.facts import Entity
from jiekun.registry import keys
from jiekun.registry.identifiers import IdentifierKind
from jiekun.registry.models import (
    Household,
    HouseholdFacts,
    Identifier,
    Membership,
    Person,
    PersonFacts,
    Receipt,
    Recognition,
)
from jiekun.registry.wide import columns

from . import awards, identity
from .awards import NOBODY, Awards
from .district import RELATIONS, District
from .make import Progress, batches, column, household_ids, ids
from .scale import TODAY_DAYS, Array

Tables = dict[type[models.Model], pa.Table]
LOADED = (
    *(Household, Person, Identifier, Membership),
    *(PersonFacts, HouseholdFacts, Recognition, Receipt),
)


class NotEmptyError(RuntimeError):
    """There are people in the registry already; the demo is never poured on top of them."""


@transaction.atomic
def load(district: District, progress: Progress) -> None:
    """All or nothing: people, households, facts, recognitions and receipts."""
    if Person.objects.exists():
        raise NotEmptyError("登记册里已经有人：演示数据只装进空的登记册")
    keys.make()
    texts, digits = identity.home_texts(district), identity.identity_digits(district)
    with _bare_tables():
        for homes, people in batches(district):
            for model, table in _group(district, texts, digits, homes, people).items():
                _copy(model, table)
            progress("装入数据库", homes.stop / district.households)
        for model, rows in (
            (Recognition, _recognitions(awards.recognitions(district))),
            (Receipt, _receipts(awards.receipts(district))),
        ):
            _copy(model, rows)
        progress("建立索引", 1.0)
    _set_sequences()


def _group(
    district: District, texts: dict[str, pa.Array], digits: Array, homes: slice, people: slice
) -> Tables:
    """One group of households as rows of every table."""
    since = _moved_in(district)
    begins = np.maximum(since[district.household[people]], district.birth[people])
    return {
        Household: _households(district, texts, since, homes),
        Person: _people(district, digits, people),
        Identifier: _identifiers(keys.ring(), digits, people),
        Membership: pa.table(
            {
                "id": ids(people),
                "person_id": ids(people),
                "household_id": household_ids(district, people),
                "relation": pa.array(RELATIONS).take(pa.array(district.relation[people])),
                "since": pa.array(begins).cast(pa.date32()),
            }
        ),
        PersonFacts: pa.table(
            {
                "person_id": ids(people),
                "household_id": household_ids(district, people),
                **_facts(district, "person", people),
            }
        ),
        HouseholdFacts: pa.table(
            {"household_id": ids(homes), **_facts(district, "household", homes)}
        ),
    }


def _moved_in(district: District) -> Array:
    """The day each household began to be one: when its head came to live here."""
    months = district.fact("months_lived_here")[district.start[:-1]]
    return (TODAY_DAYS - months.astype(np.int32) * 30).clip(TODAY_DAYS - 15_000)


def _households(
    district: District, texts: dict[str, pa.Array], since: Array, homes: slice
) -> pa.Table:
    codes = pa.array([place.code for place in district.communities])
    code = codes.take(pa.array(district.community[homes]))
    return pa.table(
        {
            "id": ids(homes),
            **{name: text[homes.start : homes.stop] for name, text in texts.items()},
            "community_id": code,
            "street_code": pc.utf8_slice_codeunits(code, 0, 9),
            "created_on": pa.array(since[homes]).cast(pa.date32()),
        }
    )


def _people(district: District, digits: Array, people: slice) -> pa.Table:
    return pa.table(
        {
            "id": ids(people),
            **identity.names(district, people),
            "sex": pa.array(["male", "female"]).take(pa.array(district.sex[people])),
            "birth_date": pa.array(district.birth[people]).cast(pa.date32()),
            "id_tail": identity.digits_text(digits[people, -4:]),
            "area": pa.array([place.code for place in district.communities]).take(
                pa.array(district.community[district.household[people]])
            ),
        }
    )


def _identifiers(ring: keys.KeyRing, digits: Array, people: slice) -> pa.Table:
    """Everybody's identity number, sealed; synthetic people's as carefully as anybody's."""
    kind = IdentifierKind.RESIDENT_ID.value
    numbers = identity.digits_text(digits[people]).to_pylist()
    whose = range(people.start + 1, people.stop + 1)
    # What the database's own text form of bytes looks like.
    sealed = [
        "\\x" + ring.seal(number.encode(), f"{person}:{kind}").hex()
        for person, number in zip(whose, numbers, strict=True)
    ]
    return pa.table(
        {
            "id": ids(people),
            "person_id": ids(people),
            "kind": pa.array([kind] * len(numbers)),
            "sealed": pa.array(sealed),
            "digest": pa.array(["\\x" + ring.digest(kind, number).hex() for number in numbers]),
            "tail": identity.digits_text(digits[people, -4:]),
            "source": pa.array(["公安"] * len(numbers)),
        }
    )


def _facts(district: District, entity: Entity, rows: slice) -> dict[str, pa.Array]:
    return {fact.name: column(district, fact, rows, codes=True) for fact in columns(entity)}


def _award_columns(rows: Awards, what: str) -> dict[str, pa.Array]:
    return {
        "id": pa.array(np.arange(1, len(rows) + 1)),
        "household_id": pa.array(rows.household + 1),
        "person_id": pa.array(rows.person + 1, mask=rows.person == NOBODY),
        what: pa.array(rows.what),
        "since": pa.array(rows.since).cast(pa.date32()),
    }


def _recognitions(rows: Awards) -> pa.Table:
    months = rows.since.astype("datetime64[D]").astype("datetime64[M]").astype(str)
    number = [f"演示救〔{month[:4]}〕{n}号" for n, month in enumerate(months, start=1)]
    decided = pa.array(["武昌区民政局"] * len(rows))
    return pa.table(
        {**_award_columns(rows, "category"), "decided_by": decided, "document_number": number}
    )


def _receipts(rows: Awards) -> pa.Table:
    unit = pa.array(["yuan/month"] * len(rows))
    amount = pa.array(rows.amount, mask=rows.amount == 0)
    return pa.table({**_award_columns(rows, "measure"), "amount_fen": amount, "unit": unit})


def _copy(model: type[models.Model], table: pa.Table) -> None:
    """Send one table's rows; empty unquoted is null, quoted is an empty text."""
    sink = io.BytesIO()
    pacsv.write_csv(table, sink, pacsv.WriteOptions(include_header=False))
    names = ", ".join(f'"{name}"' for name in table.column_names)
    # Frozen rows need no later tidying: index-only scans work from the first query.
    order = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN (FORMAT csv, FREEZE)'
    with connection.cursor() as cursor, cursor.copy(order) as copy:
        copy.write(sink.getbuffer())


@contextmanager
def _bare_tables() -> Iterator[None]:
    """Take foreign keys, indexes and what follows a change off while loading: checking keys at
    once is far quicker, and everybody's area comes with them."""
    names = [model._meta.db_table for model in LOADED]
    with connection.cursor() as cursor:
        # What was written earlier in this transaction is checked now: tables with checks still
        # waiting cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND (conrelid::regclass::text = ANY(%s)"
            " OR confrelid::regclass::text = ANY(%s)) ORDER BY 1, 2",
            [names, names],
        )
        keys = cursor.fetchall()
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
            " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname) ORDER BY 1",
            [names],
        )
        indexes = cursor.fetchall()
        for table, key, _ in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{key}"')
        for index, _ in indexes:
            cursor.execute(f'DROP INDEX "{index}"')
        for table in names:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        # Emptied in this transaction, a table may be filled with frozen rows and without a log.
        cursor.execute(f"TRUNCATE {', '.join(names)}")
        yield
        for table in names:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
        for _, definition in indexes:
            cursor.execute(definition)
        for table, key, definition in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{key}" {definition}')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _set_sequences() -> None:
    """Let numbers given later continue after ours, and let the planner know the tables."""
    with connection.cursor() as cursor:
        for model in LOADED:
            table, key = model._meta.db_table, model._meta.pk
            if isinstance(key, models.AutoField | models.BigAutoField):
                last = model._default_manager.aggregate(last=models.Max("id"))["last"] or 1
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])
            cursor.execute(f'ANALYZE "{table}"')


def as_date(days: int) -> date:
    """Days since 1970 as a date."""
    return date.fromordinal(date(1970, 1, 1).toordinal() + int(days))
