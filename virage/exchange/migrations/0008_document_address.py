from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('exchange', '0007_encrypt_contents')]

    operations = [
        migrations.RemoveIndex('import', 'exchange_im_operato_63f583_idx'),
        migrations.RemoveField('import', 'document_sha256'),
        migrations.AddIndex(
            'import',
            models.Index(fields=['operator', 'document_address'], name='exchange_im_operato_cfafc7_idx'),
        ),
    ]
