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
from typing import Any

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
from virage.foundation.outbox.enums import MessageState, Priority
from virage.foundation.outbox.models import Message
from virage.persons.models import Person, Stay
from virage.record.models import Note

FILES = 30
KILLS = 5
SHARED = 6
TOPIC = "exchange.import_received"
WITHIN_S = 60


@pytest.fixture(autouse=True)
def files_of_the_site(settings: Any, tmp_path: Path) -> None:
    """Store what is received where the workers of the site read."""
    settings.FILES = tmp_path / "files"


def database_url() -> str:
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    return "postgresql://{USER}@{HOST}:{PORT}/{NAME}".format(**place)


@contextmanager
def workers(home: Path, number: int = 0) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run workers as a site does: two where the database takes several writers, else one."""
    # The files were encrypted here, under the key of this process.
    master_key = Path(settings.MASTER_KEY_FILE).read_text()
    site = Site(home, database_url(), VIRAGE_MASTER_KEY=master_key)
    number = number or (1 if connection.vendor == "sqlite" else 2)
    command = [sys.executable, "-m", "virage.cli", "worker"]
    running = [subprocess.Popen(command, env=site.environment) for _ in range(number)]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait()


def files_treated() -> int:
    return Message.objects.filter(topic=TOPIC, state=MessageState.DONE).count()


def has_treated(number: int) -> bool:
    return files_treated() >= min(number, FILES)


def wait_for(is_reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not is_reached():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def receive_all(town: Town, number: int = FILES) -> None:
    for rank in range(number):
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


@pytest.mark.django_db(transaction=True)
def test_a_lease_that_ends_while_its_worker_goes_on_does_nothing_twice(tmp_path: Path) -> None:
    town = build_town()
    receive_all(town, SHARED)
    with workers(tmp_path, 2):
        deadline = time.monotonic() + 2 * WITHIN_S
        while files_treated() < SHARED:
            assert time.monotonic() < deadline
            # As a clock that leaps would do: whatever is being treated is for anyone to take.
            going_on = Message.objects.filter(topic=TOPIC, state=MessageState.PENDING)
            going_on.update(next_at=timezone.now(), attempts=0)
            time.sleep(0.01)
    assert set(Import.objects.values_list("state", flat=True)) == {ImportState.IMPORTED}
    for model in (Import, Person, Stay, Note):
        assert model.objects.count() == SHARED
    assert JournalEvent.objects.filter(action="import.imported").count() == SHARED


LONG_WORK = """
import django, sys, time
django.setup()
from virage.cli.processes import listen_for_stop
from virage.foundation.outbox.actions import register
from virage.foundation.outbox.jobs import work

def treat(payload):
    print("begun", flush=True)
    time.sleep(2)

register("test.long", treat, label="Essai")
work(listen_for_stop())
"""


@pytest.mark.django_db(transaction=True)
def test_asked_to_stop_a_worker_ends_what_it_has_begun_and_begins_nothing(tmp_path: Path) -> None:
    for key in ("first", "second"):
        Message.objects.create(topic="test.long", key=key, priority=Priority.URGENT)
    environment = Site(tmp_path, database_url()).environment
    environment["DJANGO_SETTINGS_MODULE"] = "virage.settings.production"
    worker = subprocess.Popen(
        [sys.executable, "-c", LONG_WORK], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout and worker.stdout.readline() == "begun\n"
    worker.send_signal(signal.SIGTERM)
    rest, _ = worker.communicate(timeout=WITHIN_S)
    assert (worker.returncode, rest) == (0, "")
    states = Message.objects.filter(topic="test.long").order_by("id")
    assert list(states.values_list("state", flat=True)) == ["done", "pending"]
