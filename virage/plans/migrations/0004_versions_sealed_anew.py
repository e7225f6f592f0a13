import json
from datetime import UTC
from hashlib import sha256
from typing import Any

from django.db import migrations


def digest_of(said: Any) -> str:
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def seal_anew(apps: Any, schema_editor: Any) -> None:
    """Seal with all that they are the versions that are still what was frozen of them."""
    for version in apps.get_model("plans", "PlanVersion").objects.order_by("pk"):
        if version.digest == digest_of(version.content):
            version.digest = digest_of(
                {
                    "plan": str(version.plan_id),
                    "number": version.number,
                    "reason": version.reason,
                    "author": [version.author_name, version.author_profession],
                    "at": version.recorded_at.astimezone(UTC).isoformat(),
                    "content": version.content,
                }
            )
            version.save(update_fields=["digest"])


class Migration(migrations.Migration):

    dependencies = [("plans", "0003_owner")]

    operations = [migrations.RunPython(seal_anew, migrations.RunPython.noop)]
