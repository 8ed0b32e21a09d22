"""Whoever acts as jiekun_desk has the rights of jiekun_app, to the rows in their areas only."""

from django.db import migrations

from jiekun.registry.wall import by_officer, in_areas, in_posts, of_household, of_person, wall

# What jiekun_app may do, column by column where it was granted so; done again by hand it does no
# harm. Later tables get their rights from the owner's defaults.
SAME_RIGHTS = """
DO $$
DECLARE given record;
BEGIN
    FOR given IN
        SELECT c.oid::regclass AS name, c.relkind FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
            AND pg_has_role(current_user, c.relowner, 'USAGE')
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM jiekun_desk', given.name);
    END LOOP;
    FOR given IN
        SELECT c.oid::regclass AS name, right_.privilege_type AS what, NULL AS part
        FROM pg_class c, aclexplode(c.relacl) AS right_
        WHERE c.relnamespace = 'public'::regnamespace AND right_.grantee::regrole::text = 'jiekun_app'
            AND pg_has_role(current_user, c.relowner, 'USAGE')
        UNION ALL
        SELECT a.attrelid::regclass, right_.privilege_type, format('(%I)', a.attname)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) AS right_
        WHERE c.relnamespace = 'public'::regnamespace AND right_.grantee::regrole::text = 'jiekun_app'
            AND pg_has_role(current_user, c.relowner, 'USAGE')
    LOOP
        EXECUTE format('GRANT %s %s ON %s TO jiekun_desk', given.what, given.part, given.name);
    END LOOP;
END
$$;
"""

# Lines that tell nothing of residents.
_OF_OFFICES = " OR ".join(
    f"subject_kind ^@ '{kind}.'" for kind in ("offices", "journal", "screening")
)
_ABOUT = (
    "CASE subject_kind"
    f" WHEN 'registry.household' THEN {of_household('subject_id::bigint')}"
    f" WHEN 'registry.person' THEN {of_person('subject_id::bigint')} END"
)
_HELD = (of_household("household_id"), of_person("person_id"))


class Migration(migrations.Migration):
    dependencies = (
        ("journal", "0004_taken"),
        ("offices", "0006_own_looks_and_filters"),
        ("registry", "0013_area_follows"),
    )
    operations = (
        wall("registry_household", in_areas("community_id")),
        # Who was entered and lives nowhere yet is whoever's takes them in.
        wall("registry_person", in_areas("area"), "area = ''"),
        wall("registry_membership", *_HELD),
        wall("registry_personfacts", of_person("person_id")),
        wall("registry_householdfacts", of_household("household_id")),
        wall("registry_factrecord", *_HELD),
        wall("registry_settlement", *_HELD),
        wall("registry_recognition", *_HELD),
        wall("registry_receipt", *_HELD),
        wall("registry_householdchange", *_HELD),
        wall("registry_identifier", of_person("person_id")),
        wall("registry_formername", of_person("person_id")),
        wall("registry_consent", of_person("person_id")),
        wall("registry_attachment", *_HELD),
        wall("registry_registration", of_person("person_id")),
        wall(
            "registry_register",
            in_areas("community_id"),
            # Those who stand in it live in the areas, wherever it is kept.
            "EXISTS (SELECT FROM registry_registration r WHERE r.register_id = registry_register.id)",
        ),
        wall("registry_candidate", in_areas("area_one"), in_areas("area_other")),
        wall("registry_merge", of_person("kept_id"), of_person("gone_id")),
        # A line of another area about whom one may see is still about them: who looked, and why.
        wall(
            "journal_entry",
            in_areas("area"),
            in_posts("area"),
            by_officer("officer_id"),
            _OF_OFFICES,
            _ABOUT,
        ),
        # What somebody looks for may tell of people.
        wall("offices_savedfilter", by_officer("officer_id")),
        migrations.RunSQL(SAME_RIGHTS, migrations.RunSQL.noop),
    )
