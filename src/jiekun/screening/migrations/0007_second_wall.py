"""What a run found of a family is seen by jiekun_desk in the areas it acts for."""

from django.db import migrations

from jiekun.registry.wall import in_areas, wall


class Migration(migrations.Migration):
    dependencies = (("registry", "0014_second_wall"), ("screening", "0006_keep_latest"))
    operations = tuple(
        wall(f"screening_{table}", in_areas("community_code"))
        for table in ("finding", "familysummary", "change")
    )
