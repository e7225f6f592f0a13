"""Encrypt what stands in clear; interrupted, it goes on where it was."""

from typing import Any

from django.db import migrations

from virage.foundation.encryption.columns import encrypt_rows
from virage.foundation.encryption.fields import Sealed


def encrypt(apps: Any, schema_editor: Any) -> None:
    given = apps.get_model('directory', 'DirectoryImport')
    # A table that ended was an empty list; it is now nothing.
    given.objects.filter(rows_json=Sealed('[]')).update(rows_json='')
    list(encrypt_rows(given))


class Migration(migrations.Migration):
    # Small transactions: a table may be long.
    atomic = False

    dependencies = [('directory', '0011_encrypted_rows')]

    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
