"""A chunk's results into PostgreSQL: tables as CSV made by Arrow, poured in by COPY."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import csv

from jiekun.kernel.program import Program
from jiekun.kernel.words import compared_unit

from .families import Families
from .findings import Births, Found, Homes, Sheet, age_tallies, tallies, wait_tallies, waited_for
from .models import AgeTally, AreaTally, FamilySummary, Finding, Tally, WaitTally
from .sweep import Array, Sweep, is_money, unit_of

_STREET = 9
Connection = psycopg.Connection[Any]


def copy(connection: Connection, table: str, columns: dict[str, Any]) -> int:
    """Pour columns of equal length into a table; null where Arrow has null."""
    rows = pa.table(columns)
    if not rows.num_rows:
        return 0
    made = io.BytesIO()
    csv.write_csv(rows, made, csv.WriteOptions(include_header=False))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as pipe:
        pipe.write(made.getbuffer())
    return int(rows.num_rows)


def write(
    connection: Connection,
    run: int,
    chunk: int,
    sweep: Sweep,
    found: Found,
    homes: Homes,
    open_families: Families,
    births: Births | None,
) -> int:
    """All results of one chunk, in the caller's transaction. Returns how many findings."""
    count = copy(connection, Finding._meta.db_table, _findings(run, sweep, found.sheet, homes))
    copy(connection, FamilySummary._meta.db_table, _families(run, homes, open_families))
    _write_tallies(connection, run, chunk, sweep, found, homes)
    copy(connection, WaitTally._meta.db_table, _waits(run, chunk, sweep, found.sheet, homes))
    copy(connection, AreaTally._meta.db_table, _areas(run, chunk, homes, open_families))
    if births is not None:
        rows = list(age_tallies(sweep, homes, births))
        copy(connection, AgeTally._meta.db_table, _ages(run, chunk, sweep.program, homes, rows))
    return count


def _or_null(values: Array, absent: Array) -> pa.Array:
    return pa.array(values, mask=absent)


def _chosen(texts: list[str], which: Array) -> pa.Array:
    """Texts picked by number."""
    return pa.array(texts, pa.string()).take(pa.array(which))


def _where(homes: Homes, home: Array) -> dict[str, pa.Array]:
    communities = homes.community[home]
    return {
        "community_code": _chosen(homes.communities, communities),
        "street_code": _chosen([code[:_STREET] for code in homes.communities], communities),
    }


def _findings(run: int, sweep: Sweep, sheet: Sheet, homes: Homes) -> dict[str, Any]:
    program = sweep.program
    uses = program.measures
    money = np.array([is_money(program, use) for use in uses], bool)[sheet.measure]
    no_amount = sheet.amount < 0
    steps, falls_short, condition = _conditions(program, sheet)
    counted_in = [unit_of(program, use) for use in uses]
    unit = np.where(condition > 0, len(uses) + condition, sheet.measure)
    return {
        "run_id": pa.array(np.full(len(sheet.home), run)),
        "household_id": pa.array(homes.households[sheet.home]),
        "person_id": _or_null(sheet.person, sheet.person == 0),
        "measure": _chosen([use.measure.name for use in uses], sheet.measure),
        "kind": pa.array(sheet.kind),
        "received": pa.array(sheet.received),
        "amount_fen": _or_null(sheet.amount, no_amount | ~money),
        "quantity": _or_null(sheet.amount, no_amount | money),
        "unit": _chosen(counted_in + falls_short, unit),
        "yearly_fen": _or_null(sheet.yearly, sheet.yearly < 0),
        "received_fen": _or_null(sheet.received_fen, sheet.received_fen < 0),
        "missing": _chosen(["{" + ",".join(wait) + "}" for wait in sweep.waits], sheet.waits),
        "condition": _chosen(steps, condition),
        "gap": _or_null(sheet.gap, sheet.gap < 0),
        **_where(homes, sheet.home),
    }


def _conditions(program: Program, sheet: Sheet) -> tuple[list[str], list[str], Array]:
    """The rule whose condition fails and the gap's unit, for near misses; empty for the rest."""
    steps, counted_in, first = [""], [""], []
    for use in program.measures:
        first.append(len(steps))
        steps += [atom.step for atom in use.atoms]
        counted_in += [compared_unit(program, atom.node) for atom in use.atoms]
    at = np.array(first, np.int64)[sheet.measure] + sheet.atom
    return steps, counted_in, np.where(sheet.atom < 0, 0, at)


def _families(run: int, homes: Homes, found: Families) -> dict[str, Any]:
    return {
        "run_id": pa.array(np.full(len(found.home), run)),
        "household_id": pa.array(homes.households[found.home]),
        "yearly_unreached_fen": pa.array(found.yearly),
        "n_unreached": pa.array(found.unreached),
        "n_ask": pa.array(found.asked),
        "measures": pa.array(found.measures, pa.string()),
        "asked_measures": pa.array(found.asked_measures, pa.string()),
        "missing": pa.array(found.missing, pa.string()),
        **_where(homes, found.home),
    }


def _write_tallies(
    connection: Connection, run: int, chunk: int, sweep: Sweep, found: Found, homes: Homes
) -> None:
    uses = sweep.program.measures
    rows = list(tallies(found, homes, len(uses)))
    community, measure, kind, subjects, received, yearly = _columns(rows, 6)
    columns = {
        **_numbered(run, chunk, len(rows)),
        "community_code": _chosen(homes.communities, community),
        "measure": _chosen([use.measure.name for use in uses], measure),
        "kind": pa.array(kind),
        "subjects": pa.array(subjects),
        "received": pa.array(received),
        "yearly_fen": pa.array(yearly),
    }
    copy(connection, Tally._meta.db_table, columns)


def _waits(run: int, chunk: int, sweep: Sweep, sheet: Sheet, homes: Homes) -> dict[str, Any]:
    rows = list(wait_tallies(sweep, sheet, homes))
    community, leaf, people, whole = _columns(rows, 4)
    return {
        **_numbered(run, chunk, len(rows)),
        "community_code": _chosen(homes.communities, community),
        "leaf": _chosen(waited_for(sweep), leaf),
        "people": pa.array(people),
        "homes": pa.array(whole),
    }


def _ages(
    run: int, chunk: int, program: Program, homes: Homes, rows: list[tuple[int, int, int, int]]
) -> dict[str, Any]:
    community, measure, band, subjects = _columns(rows, 4)
    return {
        **_numbered(run, chunk, len(rows)),
        "community_code": _chosen(homes.communities, community),
        "measure": _chosen([use.measure.name for use in program.measures], measure),
        "band": pa.array(band),
        "subjects": pa.array(subjects),
    }


def _areas(run: int, chunk: int, homes: Homes, found: Families) -> dict[str, Any]:
    size = len(homes.communities)
    there = homes.community[found.home]

    def counted(rows: Array, weights: Array | None = None) -> pa.Array:
        return pa.array(np.bincount(rows, weights=weights, minlength=size).astype(np.int64))

    return {
        **_numbered(run, chunk, size),
        "community_code": pa.array(homes.communities, pa.string()),
        "people": counted(homes.community, homes.sizes),
        "households": counted(homes.community),
        "unreached": counted(there[found.unreached > 0]),
        "asked": counted(there[found.asked > 0]),
        "yearly_unreached_fen": counted(there, found.yearly),
    }


def _numbered(run: int, chunk: int, count: int) -> dict[str, Any]:
    return {"run_id": pa.array(np.full(count, run)), "chunk": pa.array(np.full(count, chunk))}


def _columns(rows: list[Any], width: int) -> list[Array]:
    return list(np.array(rows, np.int64).reshape(-1, width).T)
