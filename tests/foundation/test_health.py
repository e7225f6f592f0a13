"""What a supervisor asks: alive whatever the database does, ready only when it answers."""

import shutil
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from tests.guards import BoundedQueries


@pytest.mark.django_db
def test_a_process_with_its_database_is_ready(client: Client) -> None:
    assert client.get("/vivant/").content.decode() == "vivant"
    page = client.get("/pret/")
    assert (page.status_code, page.content.decode()) == (200, "prêt")
    assert "no-store" in page["Cache-Control"]


def test_without_a_database_it_is_alive_and_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OperationalError("could not connect to 10.0.0.4")

    monkeypatch.setattr(connection, "cursor", refuse)
    assert client.get("/vivant/").status_code == 200
    page = client.get("/pret/")
    assert (page.status_code, page.content.decode()) == (503, "indisponible")


@pytest.mark.django_db
def test_after_an_upgrade_made_elsewhere_it_is_not_ready(
    client: Client, queries: BoundedQueries
) -> None:
    assert client.get("/pret/").status_code == 200
    MigrationRecorder(connection).record_applied("record", "9999_of_a_later_version")
    with queries(at_most=1):
        page = client.get("/pret/")
    assert (page.status_code, page.content.decode()) == (503, "tables d’une autre version")
    assert client.get("/vivant/").status_code == 200


@pytest.mark.django_db
def test_without_room_it_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**6))
    assert client.get("/vivant/").status_code == 200
    page = client.get("/pret/")
    assert (page.status_code, page.content.decode()) == (503, "disque plein")
