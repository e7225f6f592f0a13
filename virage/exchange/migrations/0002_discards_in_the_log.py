"""Who gave a file up, and why, goes to the log of transitions, where every step now is."""

from typing import Any

from django.db import migrations
from django.db.models import F


def log_discards(apps: Any, schema_editor: Any) -> None:
    Import = apps.get_model("exchange", "Import")
    Transition = apps.get_model("workflow", "Transition")
    Transition.objects.bulk_create(
        Transition(
            operator_id=one.operator_id,
            workflow="import",
            version="1",
            item_id=one.pk,
            verb="discard",
            from_state="held",
            to_state="discarded",
            actor_name=one.discarded_by,
            happened_at=one.at,
            recorded_at=one.at,
            reason=one.discard_reason,
        )
        for one in Import.objects.filter(state="discarded", ended_at__isnull=False)
        .annotate(at=F("ended_at"))
        .order_by("ended_at", "id")
    )


class Migration(migrations.Migration):

    dependencies = [
        ("exchange", "0001_initial"),
        ("workflow", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(log_discards, migrations.RunPython.noop),
        migrations.RemoveField(model_name="import", name="discarded_by"),
        migrations.RemoveField(model_name="import", name="discard_reason"),
    ]
