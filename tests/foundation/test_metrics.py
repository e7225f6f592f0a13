"""Prometheus reads counts of every process and the state of the site; nobody else does."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from tests.factories.town import Town, sign_in
from virage.foundation.backup.status import note_backup
from virage.foundation.journal.sealing import seal_journal
from virage.foundation.outbox.models import Message

TOKEN = "a-token-of-the-tests"


@pytest.fixture(autouse=True)
def token(settings: Any, tmp_path: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    settings.VIRAGE_HOME = tmp_path
    settings.JOURNAL_HEADS = tmp_path / "heads"
    settings.JOURNAL_KEY = tmp_path / "journal_key"


def read(client: Client) -> dict[tuple[str, ...], float]:
    page = client.get("/metriques/", headers={"Authorization": f"Bearer {TOKEN}"})
    assert page.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page.text)
        for sample in family.samples
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", "Bearer é"]
)
def test_without_the_token_there_is_nothing_here(client: Client, given: str, settings: Any) -> None:
    assert client.get("/metriques/", headers={"Authorization": given}).status_code == 404
    settings.METRICS_TOKEN = ""
    assert client.get("/metriques/", headers={"Authorization": given}).status_code == 404


def test_requests_are_counted_by_route_and_the_site_tells_its_state(
    town: Town, client: Client, queries: Any
) -> None:
    route = ("virage_requests_total", "GET", "directory:home", "200")
    before = read(client)
    assert "virage_journal_sealed_timestamp_seconds" not in {name for name, *_ in before}
    sign_in(client, town.sofia)
    client.get("/")
    client.get("/nulle/part/")
    now = timezone.now()
    Message.objects.create(topic="x", key="late", next_at=now - timedelta(minutes=3))
    Message.objects.create(topic="x", key="dead", state="dead")
    seal_journal()
    note_backup(now, Path("backup"))
    with queries(at_most=8):
        after = read(client)
    assert after[route] == before.get(route, 0) + 1
    assert after["virage_request_seconds_count", "directory:home"] >= 1
    assert after["virage_request_statements_total", "directory:home"] > 0
    assert ("virage_requests_total", "GET", "-", "404") in after
    assert after["virage_outbox_oldest_seconds",] >= 180
    assert after["virage_outbox_dead",] == before["virage_outbox_dead",] + 1
    assert after["virage_journal_unsealed",] == 0
    assert after["virage_backup_timestamp_seconds",] == pytest.approx(now.timestamp())
    assert after["virage_journal_sealed_timestamp_seconds",] > 0
    assert after["virage_sessions",] >= 1
