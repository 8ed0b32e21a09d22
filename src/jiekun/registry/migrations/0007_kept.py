"""What the database itself holds: a household's history stays, nobody lives in two homes at once."""

from django.db import migrations

LOCK = """
CREATE FUNCTION registry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER household_change_locked
    BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_householdchange
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse();
-- A range of one number stands for equality: no extension is needed. Open stays are few a person
-- (one, by a constraint) and many in all; the acts compare them with the closed ones.
ALTER TABLE registry_membership ADD CONSTRAINT membership_not_in_two_at_once
    EXCLUDE USING gist (
        int8range(person_id, person_id, '[]') WITH &&, daterange(since, until) WITH &&
    ) WHERE (until IS NOT NULL);
ALTER TABLE registry_registration ADD CONSTRAINT registration_not_in_two_at_once
    EXCLUDE USING gist (
        int8range(person_id, person_id, '[]') WITH &&, daterange(since, until) WITH &&
    );
-- Names of several parts are also looked for without the dot between them.
CREATE INDEX person_by_dotted_name ON registry_person
    (replace(name, '·', '') text_pattern_ops) WHERE name LIKE '%·%';
DO $$
BEGIN
    -- The role that runs Jiekun is made by whoever sets up the database; see config/postgres.py.
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'jiekun_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON registry_householdchange FROM jiekun_app;
    END IF;
END
$$;
"""

UNLOCK = """
DROP INDEX person_by_dotted_name;
ALTER TABLE registry_registration DROP CONSTRAINT registration_not_in_two_at_once;
ALTER TABLE registry_membership DROP CONSTRAINT membership_not_in_two_at_once;
DROP TRIGGER household_change_locked ON registry_householdchange;
DROP FUNCTION registry_refuse();
"""


class Migration(migrations.Migration):
    dependencies = (("registry", "0006_identity"),)
    operations = (migrations.RunSQL(LOCK, UNLOCK),)
