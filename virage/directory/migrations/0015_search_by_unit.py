"""Whom a unit holds, read in the index alone: a word may begin the name of hundreds of units."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("directory", "0014_establishment_town")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX membership_by_unit ON directory_membership_units (unit_id, membership_id)",
            "DROP INDEX membership_by_unit",
        )
    ]
