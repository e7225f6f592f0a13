from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0004_versions_sealed_anew")]

    operations = [
        migrations.AddField(
            model_name="objective",
            name="reminded_due_on",
            field=models.DateField(null=True, verbose_name="échéance rappelée"),
        ),
    ]
