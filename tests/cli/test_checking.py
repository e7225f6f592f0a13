"""`virage check`: each fault is told, in words, with an exit code."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from tests.cli.command import run, run_json
from tests.exchange.samples import file_of, receive, record
from tests.factories.town import Town, actor_of
from virage.foundation.ids import new_id
from virage.foundation.journal.models import JournalEvent, JournalLine
from virage.foundation.outbox.models import Message


@pytest.fixture(autouse=True)
def private_home(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.VIRAGE_HOME = tmp_path
    tmp_path.chmod(0o700)
    yield


def _problems(name: str) -> list[str]:
    code, results = run_json("check")
    found = {result["name"]: result["problems"] for result in results}
    assert code == (1 if any(found.values()) else 0)
    return found[name]


def test_all_is_well(town: Town) -> None:
    receive(actor_of(town.sofia), file_of(record()))
    result = run("check")
    assert result.exit_code == 0, result.stdout
    assert "✓ Journal cohérent" in result.stdout


def test_a_lost_file_is_named_by_its_row(town: Town) -> None:
    received = receive(actor_of(town.sofia), file_of(record()))
    shutil.rmtree(settings.FILES)
    problems = _problems("Fichiers présents et intacts")
    assert any(str(received.pk) in problem and "absent" in problem for problem in problems)


def test_a_table_behind_is_told(db: None) -> None:
    MigrationRecorder.Migration.objects.filter(app="exchange").delete()
    assert any("exchange" in problem for problem in _problems("Tables à jour"))


def test_a_home_open_to_others_is_told(db: None, tmp_path: Any) -> None:
    tmp_path.chmod(0o755)
    assert "chmod 700" in _problems("Réglages")[0]


def test_a_journal_that_does_not_hold_is_told(town: Town) -> None:
    alone = JournalLine.objects.create(event_id=new_id(), subject_id=new_id())
    JournalEvent.objects.filter(action="unit.create").update(at=timezone.now() + timedelta(days=1))
    problems = _problems("Journal cohérent")
    alone.delete()
    assert problems[0].startswith("1 ligne(s)")
    assert "à venir" in problems[1]


def test_events_that_nothing_seals_are_told(town: Town) -> None:
    assert "scellés" not in run("check", "--production").stdout
    JournalEvent.objects.filter(action="unit.create").update(
        at=timezone.now() - timedelta(minutes=11)
    )
    assert "attendent d’être scellés" in " ".join(run("check", "--production").stdout.split())
    assert run("check").exit_code == 0


def test_a_message_given_up_is_told(town: Town) -> None:
    Message.objects.create(
        operator_id=town.operator.pk, topic="directory.password_link", key="x", state="dead"
    )
    assert "1 message" in _problems("Boîte d’envoi")[0]


def test_what_would_not_be_safe_to_serve_is_told_when_asked(db: None) -> None:
    assert "Mise en service" not in run("check").stdout
    result = run("check", "--production")
    assert result.exit_code == 1
    assert "✗ Mise en service" in result.stdout
    assert "Aucune adresse https dans VIRAGE_ORIGINS" in " ".join(result.stdout.split())
    assert "· Aucune sauvegarde : commencez par" in result.stdout.replace("\xa0", " ")
