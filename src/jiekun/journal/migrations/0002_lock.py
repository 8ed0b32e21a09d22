"""The database itself refuses to change or remove a journal line, whoever asks."""

from django.db import migrations

LOCK = """
CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is only ever added to: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER journal_entry_locked
    BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
DO $$
BEGIN
    -- The role that runs Jiekun is made by whoever sets up the database; see config/postgres.py.
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'jiekun_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON journal_entry FROM jiekun_app;
    END IF;
END
$$;
"""

UNLOCK = """
DROP TRIGGER journal_entry_locked ON journal_entry;
DROP FUNCTION journal_refuse();
"""


class Migration(migrations.Migration):
    dependencies = (("journal", "0001_start"),)
    operations = (migrations.RunSQL(LOCK, UNLOCK),)
