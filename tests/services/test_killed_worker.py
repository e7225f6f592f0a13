"""Workers killed in the middle of their work lose nothing and do nothing twice."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.exchange.samples import file_of, person, record
from tests.factories.town import Town, actor_of, build_town
from tests.services.sites import Site
from virage.exchange.actions import receive_file
from virage.exchange.enums import ImportState
from virage.exchange.models import Import
from virage.foundation.journal.models import JournalEvent
from virage.foundation.outbox.enums import MessageState
from virage.foundation.outbox.models import Message
from virage.persons.models import Person, Stay
from virage.record.models import Note

FILES = 30
KILLS = 5
WITHIN_S = 60


def database_url() -> str:
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    return "postgresql://{USER}@{HOST}:{PORT}/{NAME}".format(**place)


@contextmanager
def workers(home: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run workers as a site does: two where the database takes several writers, else one."""
    # The files were encrypted here, under the key of this process.
    master_key = Path(settings.MASTER_KEY_FILE).read_text()
    site = Site(home, database_url(), VIRAGE_MASTER_KEY=master_key)
    number = 1 if connection.vendor == "sqlite" else 2
    command = [sys.executable, "-m", "virage.cli", "worker"]
    running = [subprocess.Popen(command, env=site.environment) for _ in range(number)]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait()


def files_treated() -> int:
    return Message.objects.filter(topic="exchange.import_received", state=MessageState.DONE).count()


def has_treated(number: int) -> bool:
    return files_treated() >= min(number, FILES)


def wait_for(is_reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not is_reached():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def receive_all(town: Town) -> None:
    for rank in range(FILES):
        name = f"LEROUX{'ABCDEFGHIJ'[rank // 10]}{'ABCDEFGHIJ'[rank % 10]}"
        someone = person(
            birth_family_name=name,
            used_family_name=name,
            birth_on=date(1930 + rank, 5, 17),
            identifiers=[],
        )
        receive_file(
            actor_of(town.sofia),
            file_name=f"{rank}.json",
            content=file_of(record(person=someone)),
            unit=town.unit_a,
        )


@pytest.mark.django_db(transaction=True)
def test_workers_killed_at_work_lose_nothing_and_do_nothing_twice(tmp_path: Path) -> None:
    town = build_town()
    receive_all(town)
    for _ in range(KILLS):
        before = files_treated()
        with workers(tmp_path):
            wait_for(partial(has_treated, before + 3))
        # The lease of whoever was killed is over.
        Message.objects.filter(state=MessageState.PENDING).update(next_at=timezone.now())
    with workers(tmp_path) as running:
        wait_for(partial(has_treated, FILES))
        for process in running:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(WITHIN_S) for process in running] == [0] * len(running)
    assert set(Import.objects.values_list("state", flat=True)) == {ImportState.IMPORTED}
    for model in (Import, Person, Stay, Note):
        assert model.objects.count() == FILES
    assert JournalEvent.objects.filter(action="import.imported").count() == FILES
    assert Message.objects.filter(state=MessageState.DEAD).count() == 0
