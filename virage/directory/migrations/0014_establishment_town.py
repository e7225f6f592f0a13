"""The commune that the address of an establishment says, and apostrophes in searched names."""

import re
import unicodedata
from typing import Any

from django.db import migrations, models

TOWN = re.compile(r"\b\d{5}\b[\s,]+([^,\n]+?)(?=\s+CEDEX\b|\s*,|\s*\n|\s*$)", re.IGNORECASE)


def fill(apps: Any, schema_editor: Any) -> None:
    Establishment = apps.get_model("directory", "Establishment")
    for one in Establishment.objects.exclude(address="").order_by("id"):
        if found := TOWN.search(one.address):
            one.town = found[1].strip()[:100]
            one.save(update_fields=["town"])


SPELT = str.maketrans(dict.fromkeys("’‘ʼ‐‑–—·", " ") | {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
SEARCHED = (
    *("family_name", "given_name", "profession_name"),
    *("phone", "rpps", "registration_number"),
)


def fold_again(apps: Any, schema_editor: Any) -> None:
    Professional = apps.get_model("directory", "Professional")
    batch = []
    for one in Professional.objects.order_by("id").iterator(chunk_size=500):
        text = " ".join(getattr(one, name) for name in SEARCHED)
        if text.translate(SPELT) == text:
            continue
        plain = unicodedata.normalize("NFKD", text.translate(SPELT))
        words = re.findall(r"[a-z0-9+]+", plain.encode("ascii", "ignore").decode().lower())
        one.search_text = f" {' '.join(words)}"[:700]
        batch.append(one)
    Professional.objects.bulk_update(batch, ["search_text"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [("directory", "0013_staff_search_indexes")]

    operations = [
        migrations.AddField(
            model_name="establishment",
            name="town",
            field=models.CharField(
                default="", editable=False, max_length=100, verbose_name="commune"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(fold_again, migrations.RunPython.noop),
    ]
