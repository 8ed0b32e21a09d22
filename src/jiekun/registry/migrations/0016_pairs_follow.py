"""The database keeps where both of a pair live; what waited of a row merged away is closed."""

from django.db import migrations, models

AREA = """
    UPDATE registry_person p SET area = last.community_id FROM (
        SELECT DISTINCT ON (m.person_id) m.person_id, h.community_id
        FROM registry_membership m JOIN registry_household h ON h.id = m.household_id
        WHERE m.person_id = ANY (people)
        ORDER BY m.person_id, m.until DESC NULLS FIRST, m.since DESC
    ) last WHERE p.id = last.person_id AND p.area <> last.community_id;
"""
PAIRS = """
    UPDATE registry_candidate c SET area_one = one.area, area_other = other.area
    FROM registry_person one, registry_person other
    WHERE one.id = c.one_id AND other.id = c.other_id
        AND (c.area_one, c.area_other) IS DISTINCT FROM (one.area, other.area)
"""
# Each of both by an index of its own: most who move stand in no pair.
OF_THESE = """
        AND c.id IN (
            SELECT id FROM registry_candidate WHERE one_id = ANY (people)
            UNION SELECT id FROM registry_candidate WHERE other_id = ANY (people)
        );
"""
FOLLOWS = """
CREATE OR REPLACE FUNCTION person_area_follows(people bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
"""
CLOSE = """
UPDATE registry_candidate c SET state = 'closed', keep_id = NULL, proposed_by_id = NULL
FROM registry_person p WHERE p.id IN (c.one_id, c.other_id) AND p.merged_into_id IS NOT NULL
    AND c.state IN ('open', 'later', 'proposed');
"""
REOPEN = "UPDATE registry_candidate SET state = 'open' WHERE state = 'closed';"


class Migration(migrations.Migration):
    dependencies = [("registry", "0015_few_are_gone")]
    operations = [
        migrations.RunSQL(
            f"{FOLLOWS}{AREA}{PAIRS}{OF_THESE}$$; {PAIRS}; {CLOSE}",
            f"{FOLLOWS}{AREA}$$; {REOPEN}",
        ),
        migrations.AlterField(
            model_name="candidate",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "待核"),
                    ("later", "以后再看"),
                    ("proposed", "等第二人确认"),
                    ("merged", "是同一个人，已合并"),
                    ("different", "不是同一个人"),
                    ("closed", "其中一份已与别人合并"),
                ],
                default="open",
                max_length=10,
            ),
        ),
    ]
