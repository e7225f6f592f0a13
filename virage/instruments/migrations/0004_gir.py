"""The GIR that each evaluation carries stands in a column, so that the database counts them."""

from typing import Any

from django.db import migrations, models

from virage.instruments.rules.answers import answers_from_json
from virage.instruments.rules.gir import gir_carried
from virage.instruments.rules.results import scores_from_json


def fill(apps: Any, schema_editor: Any) -> None:
    Evaluation = apps.get_model("instruments", "Evaluation")
    for one in Evaluation.objects.only("instrument", "scores", "answers").iterator():
        scores, answers = scores_from_json(one.scores), answers_from_json(one.answers)
        if gir := gir_carried(one.instrument, scores, answers):
            Evaluation.objects.filter(pk=one.pk).update(gir=gir)


class Migration(migrations.Migration):

    dependencies = [
        ("instruments", "0003_due"),
    ]

    operations = [
        migrations.AddField(
            model_name="evaluation",
            name="gir",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="GIR"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
