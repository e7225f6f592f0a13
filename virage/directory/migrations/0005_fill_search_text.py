"""What professionals known already are searched by."""

import re
import unicodedata
from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    Professional = apps.get_model("directory", "Professional")
    batch = []
    for one in Professional.objects.order_by("id").iterator(chunk_size=500):
        text = " ".join((one.family_name, one.given_name, one.profession_name, one.rpps))
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        one.search_text = f" {' '.join(re.findall(r'[a-z0-9+]+', plain))}"[:700]
        batch.append(one)
    Professional.objects.bulk_update(batch, ["search_text"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [("directory", "0004_imports_and_staff_search")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
