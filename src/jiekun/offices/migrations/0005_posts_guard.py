"""The database itself holds posts apart: one post once at a time, one deputy a post, and the three
administrators three persons without any other post."""

from django.db import migrations

GUARD = """
ALTER TABLE offices_post ADD CONSTRAINT post_held_once_at_a_time EXCLUDE USING gist (
    int8range(officer_id, officer_id, '[]') WITH &&,
    offices_textrange(role::text, role::text, '[]') WITH &&,
    offices_textrange(area_id::text, area_id::text, '[]') WITH &&,
    daterange(since, until) WITH &&
);
ALTER TABLE offices_deputy ADD CONSTRAINT deputy_one_at_a_time EXCLUDE USING gist (
    int8range(post_id, post_id, '[]') WITH &&,
    daterange(since, until) WITH &&
);
CREATE VIEW offices_holding AS
    SELECT officer_id, role, daterange(since, until) AS days FROM offices_post
    UNION ALL
    SELECT d.officer_id, p.role, daterange(d.since, d.until) * daterange(p.since, p.until)
    FROM offices_deputy d JOIN offices_post p ON p.id = d.post_id;
CREATE FUNCTION offices_apart(who bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Two posts given to one person at once wait for each other here.
    PERFORM 1 FROM offices_officer WHERE id = who FOR UPDATE;
    IF EXISTS (
        SELECT FROM offices_holding a JOIN offices_holding b
            ON b.officer_id = a.officer_id AND b.role <> a.role AND a.days && b.days
        WHERE a.officer_id = who AND a.role IN ('system_admin', 'security_admin', 'audit_admin')
    ) THEN
        RAISE EXCEPTION 'administrators_are_three_persons: an administrator holds no other post'
            USING ERRCODE = 'check_violation';
    END IF;
END
$$;
CREATE FUNCTION offices_post_apart() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who bigint;
BEGIN
    FOR who IN SELECT NEW.officer_id UNION
        SELECT officer_id FROM offices_deputy WHERE post_id = NEW.id ORDER BY 1
    LOOP
        PERFORM offices_apart(who);
    END LOOP;
    RETURN NULL;
END
$$;
CREATE FUNCTION offices_deputy_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM offices_post WHERE id = NEW.post_id AND officer_id = NEW.officer_id) THEN
        RAISE EXCEPTION 'nobody stands in for themselves' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM offices_apart(NEW.officer_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER offices_post_apart AFTER INSERT OR UPDATE ON offices_post
    FOR EACH ROW EXECUTE FUNCTION offices_post_apart();
CREATE TRIGGER offices_deputy_apart AFTER INSERT OR UPDATE ON offices_deputy
    FOR EACH ROW EXECUTE FUNCTION offices_deputy_apart();
"""

UNGUARD = """
DROP TRIGGER offices_post_apart ON offices_post;
DROP TRIGGER offices_deputy_apart ON offices_deputy;
DROP FUNCTION offices_post_apart();
DROP FUNCTION offices_deputy_apart();
DROP FUNCTION offices_apart(bigint);
DROP VIEW offices_holding;
ALTER TABLE offices_post DROP CONSTRAINT post_held_once_at_a_time;
ALTER TABLE offices_deputy DROP CONSTRAINT deputy_one_at_a_time;
"""


class Migration(migrations.Migration):
    dependencies = (("offices", "0004_posts"),)
    operations = (migrations.RunSQL(GUARD, UNGUARD),)
