"""A statement follows its person into a merge and back, and is otherwise never changed."""

from django.db import migrations

FOLLOW = """
CREATE FUNCTION fact_record_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'person_id' = to_jsonb(OLD) - 'person_id' AND EXISTS (
        SELECT FROM registry_merge m WHERE m.records @> to_jsonb(OLD.id) AND (
            (m.undone_at IS NULL AND m.gone_id = OLD.person_id AND m.kept_id = NEW.person_id)
            OR (m.undone_at IS NOT NULL AND m.kept_id = OLD.person_id AND m.gone_id = NEW.person_id)
        )
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'fact records are only ever added to: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;
DROP TRIGGER fact_record_locked ON registry_factrecord;
CREATE TRIGGER fact_record_locked
    BEFORE DELETE OR TRUNCATE ON registry_factrecord
    FOR EACH STATEMENT EXECUTE FUNCTION fact_record_refuse();
CREATE TRIGGER fact_record_follows
    BEFORE UPDATE ON registry_factrecord
    FOR EACH ROW EXECUTE FUNCTION fact_record_follow();
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'jiekun_app') THEN
        GRANT UPDATE (person_id) ON registry_factrecord TO jiekun_app;
    END IF;
END
$$;
"""

STAY = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'jiekun_app') THEN
        REVOKE UPDATE (person_id) ON registry_factrecord FROM jiekun_app;
    END IF;
END
$$;
DROP TRIGGER fact_record_follows ON registry_factrecord;
DROP TRIGGER fact_record_locked ON registry_factrecord;
CREATE TRIGGER fact_record_locked
    BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_factrecord
    FOR EACH STATEMENT EXECUTE FUNCTION fact_record_refuse();
DROP FUNCTION fact_record_follow();
"""


class Migration(migrations.Migration):
    dependencies = (("registry", "0009_duplicates"),)
    operations = (migrations.RunSQL(FOLLOW, STAY),)
