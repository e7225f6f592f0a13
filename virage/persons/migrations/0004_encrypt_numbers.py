"""Encrypt what stands in clear; interrupted, it goes on where it was."""

from typing import Any

from django.db import migrations

from virage.foundation.encryption.columns import encrypt_rows, forget_former_pages


def encrypt(apps: Any, schema_editor: Any) -> None:
    done = [list(encrypt_rows(apps.get_model('persons', name))) for name in ('Person', 'PersonIdentifier', 'Coverage')]
    if any(done):
        forget_former_pages(schema_editor.connection)


class Migration(migrations.Migration):
    # Small transactions: an operator's numbers may be a million.
    atomic = False

    dependencies = [('persons', '0003_encrypted_numbers')]

    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
