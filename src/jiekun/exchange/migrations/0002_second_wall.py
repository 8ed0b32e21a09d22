"""An office's files are seen by jiekun_desk when all of their areas are its own."""

from django.db import migrations

from jiekun.registry.wall import in_posts, wall

# Uncorrelated, so that a file of a hundred thousand rows is asked for once.
_OF_IMPORT = "of_id IN (SELECT id FROM exchange_import)"


class Migration(migrations.Migration):
    dependencies = (("exchange", "0001_start"), ("registry", "0014_second_wall"))
    operations = (
        wall(
            "exchange_import",
            "(areas <> '[]' AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(areas) AS code"
            f" WHERE ({in_posts('code')}) IS NOT TRUE))",
        ),
        wall("exchange_importfile", _OF_IMPORT),
        wall("exchange_importrow", _OF_IMPORT),
    )
