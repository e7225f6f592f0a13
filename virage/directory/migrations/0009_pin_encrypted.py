from typing import Any

from django.db import migrations, models


def ask_anew(apps: Any, editor: Any) -> None:
    """Forget the codes hashed alone: their owners' passwords open the lock until they choose one."""
    apps.get_model("directory", "Account").objects.exclude(pin="").update(pin="")


class Migration(migrations.Migration):
    dependencies = [("directory", "0008_access_given_by")]

    operations = [
        migrations.RunPython(ask_anew, migrations.RunPython.noop),
        migrations.AlterField(
            "account",
            "pin",
            models.TextField("code de déverrouillage, haché puis chiffré", blank=True),
        ),
    ]
