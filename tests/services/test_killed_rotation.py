"""A change of keys killed half-way, in a real process: all is read, and it is taken up again."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

FILL = """
from virage.cli.preparing import prepare_database
from virage.directory.actions import create_operator
from virage.directory.queries import system_membership, actor_of
from virage.exchange.models import Import
from virage.directory.actions import create_establishment
from virage.foundation.storage import files
from django.utils import timezone
prepare_database()
operator = create_operator(name="Association")
actor = actor_of(system_membership(operator), timezone.now())
home = create_establishment(actor, name="EHPAD")
for rank in range(400):
    address = files.put(b"dossier %d" % rank, operator.pk)
    Import.objects.create(operator=operator, establishment=home, membership_id=actor.membership_id,
        file_name="a", digest=address, size_bytes=1, held_identity="identite %d" % rank)
print(json.dumps(str(operator.pk)))
"""
LOOK = """
from virage.exchange.models import Import
from virage.foundation.encryption.models import DataKey
from virage.foundation.storage import files
rows = list(Import.objects.order_by("received_at", "id"))
read = [(files.get(one.digest).decode(), one.held_identity) for one in rows]
keys = {key.pk: key.version for key in DataKey.objects.all()}
under = sorted({keys[files.key_id_of(one.digest)] for one in rows})
retired = DataKey.objects.exclude(retired_at=None).count()
print(json.dumps({"read": sorted(read), "under": under, "retired": retired}))
"""
EXPECTED = sorted([f"dossier {rank}", f"identite {rank}"] for rank in range(400))


def run(code: str, own: dict[str, str]) -> Any:
    start = "import json, django; django.setup()\n"
    command = [sys.executable, "-c", start + code]
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_a_rotation_killed_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    own = {name: value for name, value in os.environ.items() if name != "VIRAGE_DATABASE_URL"}
    own |= {"VIRAGE_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "virage.settings.test"}
    operator = run(FILL, own)
    files = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    former = {path: path.read_bytes() for path in files}
    rotate = [sys.executable, "-m", "virage.cli", "keys", "rotate-data", "--operator", operator]
    process = subprocess.Popen(rotate, env=own, stdout=subprocess.DEVNULL)
    while all(path.read_bytes() == content for path, content in former.items()):
        assert process.poll() is None
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    halfway = run(LOOK, own)
    assert halfway == {"read": EXPECTED, "under": [1, 2], "retired": 0}
    subprocess.run(rotate, env=own, check=True, stdout=subprocess.DEVNULL)
    assert run(LOOK, own) == {"read": EXPECTED, "under": [2], "retired": 1}
