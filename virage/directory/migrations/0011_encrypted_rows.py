from django.db import migrations

import virage.foundation.encryption.fields


class Migration(migrations.Migration):

    dependencies = [
        ('encryption', '0001_initial'),
        ('directory', '0010_departure'),
    ]

    operations = [
        migrations.RenameField('directoryimport', 'rows', 'rows_json'),
        migrations.AlterField(
            model_name='directoryimport',
            name='rows_json',
            field=virage.foundation.encryption.fields.EncryptedField(blank=True, default='', hashes=(), owner='operator_id', purpose='directory_import.rows', verbose_name='lignes'),
        ),
    ]
