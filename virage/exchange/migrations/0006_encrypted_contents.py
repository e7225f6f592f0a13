from django.db import migrations, models

import virage.foundation.encryption.fields


class Migration(migrations.Migration):

    dependencies = [
        ('encryption', '0001_initial'),
        ('exchange', '0005_encrypt_identities'),
    ]

    operations = [
        migrations.AlterField(
            model_name='receiveditem',
            name='content',
            field=virage.foundation.encryption.fields.EncryptedField(hashes=(), owner='operator_id', purpose='received_item.content', verbose_name='contenu'),
        ),
        migrations.AlterField(
            model_name='importline',
            name='value',
            field=virage.foundation.encryption.fields.EncryptedField(blank=True, hashes=(), max_length=500, owner='of_import__operator_id', purpose='import_line.value', verbose_name='valeur reçue'),
        ),
        migrations.AddField(
            model_name='import',
            name='document_address',
            field=models.CharField(blank=True, default='', max_length=64, verbose_name='empreinte du document lu'),
        ),
    ]
