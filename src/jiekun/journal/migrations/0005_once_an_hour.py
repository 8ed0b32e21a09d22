"""That somebody looked at something is one line an officer, subject and hour, whoever writes it."""

from django.db import migrations

# An hour of UTC is an hour of Beijing, and its beginning does not hang on a server's setting.
INDEX = """
CREATE UNIQUE INDEX journal_view_once_an_hour ON journal_entry
    (officer_id, subject_kind, subject_id, date_trunc('hour', at AT TIME ZONE 'UTC'))
    WHERE act = 'view';
"""


class Migration(migrations.Migration):
    dependencies = (("journal", "0004_taken"),)
    operations = (migrations.RunSQL(INDEX, "DROP INDEX journal_view_once_an_hour"),)
