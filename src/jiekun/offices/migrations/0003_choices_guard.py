"""The database itself holds a choice to its two officers, its words and its days."""

from django.db import migrations

GUARD = """
CREATE FUNCTION offices_choice_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moves CONSTANT text[] := ARRAY['state', 'confirmed_by_id', 'confirmed_at',
                                   'withdrawn_by_id', 'withdrawn_at', 'why'];
    free text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' OR NEW.confirmed_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'a choice begins as a proposal'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state = 'proposed' AND NEW.state IN ('confirmed', 'withdrawn') THEN
        free := moves;
    ELSIF OLD.state = 'confirmed' AND NEW.state = 'withdrawn' THEN
        free := ARRAY['state', 'withdrawn_by_id', 'withdrawn_at', 'why'];
    ELSE
        RAISE EXCEPTION 'a choice that is % cannot become %', OLD.state, NEW.state
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF to_jsonb(OLD) - free IS DISTINCT FROM to_jsonb(NEW) - free THEN
        RAISE EXCEPTION 'what was proposed is never rewritten: withdraw it and propose anew'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE FUNCTION offices_choice_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'choices are withdrawn, never removed: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER offices_parameterchoice_guard BEFORE INSERT OR UPDATE ON offices_parameterchoice
    FOR EACH ROW EXECUTE FUNCTION offices_choice_guard();
CREATE TRIGGER offices_readingchoice_guard BEFORE INSERT OR UPDATE ON offices_readingchoice
    FOR EACH ROW EXECUTE FUNCTION offices_choice_guard();
CREATE TRIGGER offices_parameterchoice_kept BEFORE DELETE OR TRUNCATE ON offices_parameterchoice
    FOR EACH STATEMENT EXECUTE FUNCTION offices_choice_keep();
CREATE TRIGGER offices_readingchoice_kept BEFORE DELETE OR TRUNCATE ON offices_readingchoice
    FOR EACH STATEMENT EXECUTE FUNCTION offices_choice_keep();
-- Text as a range of one, so that equality can stand in an exclusion without an extension.
CREATE TYPE offices_textrange AS RANGE (subtype = text, collation = "C");
-- An open number holds until the next begins: of its days only the first is its own for sure.
ALTER TABLE offices_parameterchoice ADD CONSTRAINT parameterchoice_one_number_a_day EXCLUDE USING gist (
    offices_textrange(name::text, name::text, '[]') WITH &&,
    offices_textrange(place_id::text, place_id::text, '[]') WITH &&,
    daterange(since, COALESCE(until, since), '[]') WITH &&
) WHERE (state = 'confirmed');
DO $$
BEGIN
    -- The role that runs Jiekun is made by whoever sets up the database; see config/postgres.py.
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'jiekun_app') THEN
        REVOKE DELETE, TRUNCATE ON offices_parameterchoice, offices_readingchoice FROM jiekun_app;
    END IF;
END
$$;
"""

UNGUARD = """
ALTER TABLE offices_parameterchoice DROP CONSTRAINT parameterchoice_one_number_a_day;
DROP TYPE offices_textrange;
DROP TRIGGER offices_parameterchoice_guard ON offices_parameterchoice;
DROP TRIGGER offices_readingchoice_guard ON offices_readingchoice;
DROP TRIGGER offices_parameterchoice_kept ON offices_parameterchoice;
DROP TRIGGER offices_readingchoice_kept ON offices_readingchoice;
DROP FUNCTION offices_choice_guard();
DROP FUNCTION offices_choice_keep();
"""


class Migration(migrations.Migration):
    dependencies = (("offices", "0002_choices"),)
    operations = (migrations.RunSQL(GUARD, UNGUARD),)
