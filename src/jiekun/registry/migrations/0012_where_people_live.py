"""A person's row says in which community they live; numbers and names get searchable columns."""

import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models

# Of somebody's stays the one still open, else the one that ended last.
FILL = """
UPDATE registry_person p SET area = last.community_id FROM (
    SELECT DISTINCT ON (m.person_id) m.person_id, h.community_id
    FROM registry_membership m JOIN registry_household h ON h.id = m.household_id
    ORDER BY m.person_id, m.until DESC NULLS FIRST, m.since DESC
) last WHERE p.id = last.person_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("offices", "0006_own_looks_and_filters"),
        ("registry", "0011_papers_removed"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="household",
            name="household_by_phone_end",
        ),
        migrations.RemoveIndex(
            model_name="person",
            name="person_by_name",
        ),
        migrations.RemoveIndex(
            model_name="person",
            name="person_by_pinyin",
        ),
        migrations.RemoveIndex(
            model_name="person",
            name="person_by_initials",
        ),
        migrations.RemoveIndex(
            model_name="person",
            name="person_by_id_tail",
        ),
        migrations.AddField(
            model_name="household",
            name="phone_end",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Right("phone", 4),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="area",
            field=models.CharField(blank=True, db_default="", editable=False, max_length=12),
        ),
        migrations.AddField(
            model_name="person",
            name="undotted",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.NullIf(
                    django.db.models.functions.text.Replace(
                        "name", models.Value("·"), models.Value("")
                    ),
                    "name",
                ),
                output_field=models.TextField(null=True),
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(fields=["phone_end"], name="household_by_phone_end"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                fields=["name", "area"],
                name="person_by_name",
                opclasses=["text_pattern_ops", "varchar_pattern_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                fields=["pinyin", "area"],
                name="person_by_pinyin",
                opclasses=["text_pattern_ops", "varchar_pattern_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                fields=["initials", "area"],
                name="person_by_initials",
                opclasses=["text_pattern_ops", "varchar_pattern_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                fields=["id_tail", "area"],
                name="person_by_id_tail",
                opclasses=["text_pattern_ops", "varchar_pattern_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("undotted__isnull", False)),
                fields=["undotted"],
                name="person_by_undotted",
                opclasses=["text_pattern_ops"],
            ),
        ),
    ]
