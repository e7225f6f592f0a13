"""Rewrite the tables, so that no page keeps what the encrypting migrations found in clear.

After them all, whether or not they were interrupted; nothing to do in a site that held nothing.
"""

from typing import Any

from django.db import migrations

from virage.foundation.encryption.columns import forget_former_pages

HELD = (('persons', 'Person'), ('exchange', 'Import'), ('directory', 'DirectoryImport'))


def forget(apps: Any, schema_editor: Any) -> None:
    if any(apps.get_model(*names).objects.exists() for names in HELD):
        forget_former_pages(schema_editor.connection)


class Migration(migrations.Migration):
    # Neither database rewrites its tables in a transaction.
    atomic = False

    dependencies = [
        ('directory', '0012_encrypt_rows'),
        ('exchange', '0008_document_address'),
        ('persons', '0005_number_hashes'),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
