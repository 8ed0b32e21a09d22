"""Which lists a family was on when they were printed or exported is found without reading all."""

from django.db import migrations

INDEX = """
CREATE INDEX journal_of_taken ON journal_entry
    USING gin ((data -> 'households') jsonb_path_ops)
    WHERE act IN ('export', 'print');
"""


class Migration(migrations.Migration):
    dependencies = (("journal", "0003_chain"),)
    operations = (migrations.RunSQL(INDEX, "DROP INDEX journal_of_taken"),)
