"""The database itself refuses to lose what the latest run of a place and law found."""

from django.db import migrations

KEEP = """
CREATE FUNCTION screening_keep_latest() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest bigint;
BEGIN
    SELECT run.id INTO latest
    FROM (SELECT DISTINCT run_id FROM gone) removed
    JOIN screening_run run ON run.id = removed.run_id
    WHERE run.state = 'done' AND NOT EXISTS (
        SELECT FROM screening_run newer
        WHERE newer.place = run.place AND newer.simulate = run.simulate
          AND newer.state = 'done' AND (newer.on, newer.id) > (run.on, run.id)
    )
    LIMIT 1;
    IF latest IS NOT NULL THEN
        RAISE EXCEPTION 'run % is the latest of its place and law: its % stay', latest, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER finding_keep_latest AFTER DELETE ON screening_finding
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION screening_keep_latest();
CREATE TRIGGER family_keep_latest AFTER DELETE ON screening_familysummary
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION screening_keep_latest();
"""

LOSE = """
DROP TRIGGER finding_keep_latest ON screening_finding;
DROP TRIGGER family_keep_latest ON screening_familysummary;
DROP FUNCTION screening_keep_latest();
"""


class Migration(migrations.Migration):
    dependencies = (("screening", "0005_trials"),)
    operations = (migrations.RunSQL(KEEP, LOSE),)
