"""How a table that holds people gets its part of the second wall, in the room's own migration.

    operations = (wall("care_visit", of_household("household_id"), of_person("person_id")),)

Rows are seen, changed and added by the role DESK where one of the conditions holds, in the scope
that `scope.seeing` sets. What these functions answer stands in databases: a new wording needs a
new migration.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

from .scope import DESK, EVERYWHERE

# Each in a subquery of its own, so that a query reads it once and not for every row.
_AREAS = "(SELECT current_setting('jiekun.areas', true))"
_LISTED = "((SELECT string_to_array(current_setting('jiekun.{name}', true), ','))::text[])"

MISSING = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jiekun_desk') THEN
        RAISE EXCEPTION 'the role jiekun_desk is missing'
            USING HINT = 'Make the roles of docs/production.md as a superuser, then migrate again.';
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'jiekun_app' AND NOT rolbypassrls) THEN
        RAISE EXCEPTION 'the role jiekun_app must see every row: jobs run as it'
            USING HINT = 'Make the roles of docs/production.md as a superuser, then migrate again.';
    END IF;
END
$$;
"""


def in_areas(column: str) -> str:
    """A community's code that lies in the areas seen."""
    return f"{column} ^@ ANY ({_LISTED.format(name='areas')})"


def in_posts(column: str) -> str:
    """A code inside the areas the officer's office itself works for."""
    return f"{column} ^@ ANY ({_LISTED.format(name='posts')})"


def by_officer(column: str) -> str:
    """What the officer did."""
    return f"{column} = (SELECT NULLIF(current_setting('jiekun.officer', true), '')::bigint)"


def of_household(column: str) -> str:
    """The number of a household that is seen: each row looks up its one, by its key."""
    return f"(SELECT true FROM registry_household seen WHERE seen.id = {column})"  # noqa: S608


def of_person(column: str) -> str:
    """The number of a person who is seen."""
    return f"(SELECT true FROM registry_person seen WHERE seen.id = {column})"  # noqa: S608


def wall(table: str, *conditions: str) -> RunSQL:
    """Row-level security for one table: seen where one of the conditions holds."""
    held = " OR ".join((f"{_AREAS} = '{EVERYWHERE}'", *conditions))
    return RunSQL(
        f"{MISSING} ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY desk ON {table} TO {DESK} USING ({held});",
        f"DROP POLICY desk ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )
