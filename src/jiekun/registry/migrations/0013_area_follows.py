"""The database keeps everybody's area as their stays and their household's community tell it.

Whoever lived here once has one for good. The functions act as the owner of the tables: who moves
a family away must not be stopped by no longer seeing it.
"""

from django.db import migrations

FOLLOW = """
CREATE FUNCTION person_area_follows(people bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE registry_person p SET area = last.community_id FROM (
        SELECT DISTINCT ON (m.person_id) m.person_id, h.community_id
        FROM registry_membership m JOIN registry_household h ON h.id = m.household_id
        WHERE m.person_id = ANY (people)
        ORDER BY m.person_id, m.until DESC NULLS FIRST, m.since DESC
    ) last WHERE p.id = last.person_id AND p.area <> last.community_id
$$;
REVOKE EXECUTE ON FUNCTION person_area_follows(bigint[]) FROM PUBLIC;

CREATE FUNCTION membership_moves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM person_area_follows(ARRAY(SELECT DISTINCT person_id FROM touched));
    RETURN NULL;
END
$$;
CREATE TRIGGER membership_begins AFTER INSERT ON registry_membership
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION membership_moves();
CREATE TRIGGER membership_changes AFTER UPDATE ON registry_membership
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION membership_moves();
CREATE TRIGGER membership_taken_from AFTER UPDATE ON registry_membership
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION membership_moves();
CREATE TRIGGER membership_goes AFTER DELETE ON registry_membership
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION membership_moves();

CREATE FUNCTION household_moves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM person_area_follows(
        ARRAY(SELECT DISTINCT person_id FROM registry_membership WHERE household_id = NEW.id)
    );
    RETURN NULL;
END
$$;
CREATE TRIGGER household_moves AFTER UPDATE OF community_id ON registry_household
    FOR EACH ROW WHEN (OLD.community_id <> NEW.community_id) EXECUTE FUNCTION household_moves();

-- A row saved whole by somebody who read it before a move must not undo the move.
CREATE FUNCTION person_area_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.area := OLD.area;
    RETURN NEW;
END
$$;
CREATE TRIGGER person_area_stays BEFORE UPDATE OF area ON registry_person
    FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND OLD.area <> NEW.area)
    EXECUTE FUNCTION person_area_stays();
"""

LEAVE = """
DROP TRIGGER person_area_stays ON registry_person;
DROP FUNCTION person_area_stays();
DROP TRIGGER household_moves ON registry_household;
DROP FUNCTION household_moves();
DROP TRIGGER membership_begins ON registry_membership;
DROP TRIGGER membership_changes ON registry_membership;
DROP TRIGGER membership_taken_from ON registry_membership;
DROP TRIGGER membership_goes ON registry_membership;
DROP FUNCTION membership_moves();
DROP FUNCTION person_area_follows(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = (("registry", "0012_where_people_live"),)
    operations = (migrations.RunSQL(FOLLOW, LEAVE),)
