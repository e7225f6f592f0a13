"""Encrypt what stands in clear, and key what was only hashed; interrupted, it goes on where it was."""

from typing import Any

from django.db import migrations

from virage.foundation.encryption.columns import encrypt_rows
from virage.foundation.storage.files import address_of_digest


def encrypt(apps: Any, schema_editor: Any) -> None:
    for name in ('ReceivedItem', 'ImportLine'):
        for _ in encrypt_rows(apps.get_model('exchange', name)):
            pass
    imports = apps.get_model('exchange', 'Import').objects
    hashed = imports.filter(document_address='').exclude(document_sha256='').order_by('pk')
    for one in hashed.only('operator_id', 'document_sha256').iterator():
        address = address_of_digest(bytes.fromhex(one.document_sha256), one.operator_id)
        imports.filter(pk=one.pk).update(document_address=address, document_sha256='')


class Migration(migrations.Migration):
    # Small transactions: what was received may be a million.
    atomic = False

    dependencies = [('exchange', '0006_encrypted_contents')]

    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
