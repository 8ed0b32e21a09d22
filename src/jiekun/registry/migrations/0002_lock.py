"""The database itself refuses to change or remove a fact record, whoever asks."""

from django.db import migrations

LOCK = """
CREATE FUNCTION fact_record_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'fact records are only ever added to: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER fact_record_locked
    BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_factrecord
    FOR EACH STATEMENT EXECUTE FUNCTION fact_record_refuse();
DO $$
BEGIN
    -- The role that runs Jiekun is made by whoever sets up the database; see config/postgres.py.
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'jiekun_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON registry_factrecord FROM jiekun_app;
    END IF;
END
$$;
"""

UNLOCK = """
DROP TRIGGER fact_record_locked ON registry_factrecord;
DROP FUNCTION fact_record_refuse();
"""


class Migration(migrations.Migration):
    dependencies = (("registry", "0001_start"),)
    operations = (migrations.RunSQL(LOCK, UNLOCK),)
