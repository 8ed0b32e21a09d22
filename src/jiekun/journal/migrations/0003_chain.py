"""Lines get a digest and say which transaction wrote them; seals chain them.

Lines already there get their digest here, before they are locked again.
"""

from typing import Any

from django.db import migrations, models

import jiekun.journal.models
from jiekun.journal.canonical import line_digest, microseconds

# The number a PostgreSQL server was born with: a backup restored into another one counts its
# transactions anew, and its lines must not be taken for older ones.
FUNCTIONS = """
CREATE FUNCTION journal_era() RETURNS bigint LANGUAGE sql STABLE AS
    'SELECT system_identifier FROM pg_control_system()';
CREATE FUNCTION journal_transaction() RETURNS bigint LANGUAGE sql VOLATILE AS
    'SELECT pg_current_xact_id()::text::bigint';
"""
NO_FUNCTIONS = "DROP FUNCTION journal_era(); DROP FUNCTION journal_transaction();"
OPEN = "DROP TRIGGER journal_entry_locked ON journal_entry;"
LOCK = """
CREATE TRIGGER journal_{table}_locked BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
"""
NO_CHANGES = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'jiekun_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON journal_entry, journal_seal FROM jiekun_app;
    END IF;
END
$$;
"""


def digest_what_is_there(apps: Any, schema_editor: Any) -> None:
    entries = apps.get_model("journal", "Entry").objects
    with schema_editor.connection.cursor() as cursor:
        for row in entries.filter(digest=None).iterator(chunk_size=5_000):
            told = (
                microseconds(row.at), row.act, row.officer_id, row.officer_name,
                row.subject_kind, row.subject_id, row.area, row.purpose, row.data,
            )  # fmt: skip
            cursor.execute(
                "UPDATE journal_entry SET digest = %s WHERE id = %s", [line_digest(told), row.pk]
            )


class Migration(migrations.Migration):
    dependencies = (("journal", "0002_lock"),)
    operations = (
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(OPEN, LOCK.format(table="entry")),
        migrations.AlterField("Entry", "officer_name", models.CharField(max_length=140)),
        migrations.AddField("Entry", "digest", models.BinaryField(max_length=32, null=True)),
        migrations.AddField(
            "Entry", "era", models.BigIntegerField(db_default=jiekun.journal.models._Era())
        ),
        migrations.AddField(
            "Entry",
            "transaction",
            models.BigIntegerField(db_default=jiekun.journal.models._Transaction()),
        ),
        migrations.RunPython(digest_what_is_there, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("Entry", "digest", models.BinaryField(max_length=32)),
        migrations.AddIndex(
            "Entry",
            models.Index(fields=["era", "transaction", "id"], name="journal_by_transaction"),
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("era", models.BigIntegerField()),
                ("since_transaction", models.BigIntegerField()),
                ("until_transaction", models.BigIntegerField()),
                ("rows", models.IntegerField()),
                ("members", models.BinaryField()),
                ("previous", models.BinaryField(max_length=32, unique=True)),
                ("digest", models.BinaryField(max_length=32)),
            ],
            options={
                "ordering": ("number",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gt", 0)), name="seal_numbered_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rows__gt", 0)), name="seal_covers_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_transaction__gt", models.F("since_transaction"))
                        ),
                        name="seal_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.RunSQL(LOCK.format(table="entry"), OPEN),
        migrations.RunSQL(
            LOCK.format(table="seal"), "DROP TRIGGER journal_seal_locked ON journal_seal"
        ),
        migrations.RunSQL(NO_CHANGES, migrations.RunSQL.noop),
    )
