"""The guards around every test guard: each is tried on a planted fault."""

import smtplib
import socket
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.template import Engine

from tests import guards


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_the_network_is_out_of_reach(host: str) -> None:
    with pytest.raises(ConnectionRefusedError, match="may not reach the network"):
        socket.create_connection((host, 80), timeout=1)
    with pytest.raises(ConnectionRefusedError, match="may not reach the network"):
        smtplib.SMTP(host, timeout=1)


def test_this_machine_is_within_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


@pytest.mark.django_db
def test_sqlite_is_a_file_in_wal_mode() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite alone: this run is on another database")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
    assert Path(connection.settings_dict["NAME"]).exists()


@pytest.mark.django_db
def test_ties_are_shuffled_and_an_order_is_kept() -> None:
    content_type = ContentType.objects.create(app_label="house", model="planted")
    Permission.objects.bulk_create(
        Permission(codename=f"p{rank:02}", name="same", content_type=content_type)
        for rank in range(30)
    )
    planted = Permission.objects.filter(content_type=content_type).order_by()
    ties, ordered = planted.order_by("name"), planted.order_by("codename")
    assert len({tuple(p.codename for p in ties.all()) for _ in range(3)}) > 1
    assert [p.codename for p in ordered] == [f"p{rank:02}" for rank in range(30)]
    assert planted.count() == planted.values("codename").distinct().count() == 30
    assert len(planted.union(planted)) == 30


@pytest.mark.parametrize(
    ("text", "is_missing"),
    [
        ("{{ known.name }}{% if known %}{% endif %}", False),
        ("{{ absent }}", True),
        ("{% if known.absent %}{% endif %}", True),
        ("{% for row in absent %}{% endfor %}", True),
        ("{% include 'part.html' %}", True),
    ],
)
def test_a_variable_without_value_is_noticed(text: str, is_missing: bool, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(text)
    (tmp_path / "part.html").write_text("{{ absent }}")
    with guards.missing_variables(tmp_path) as missing:
        Engine(dirs=[tmp_path]).render_to_string("page.html", {"known": {"name": "Nadia"}})
    assert bool(missing) is is_missing


@pytest.mark.django_db
def test_a_bound_on_queries_counts_statements(queries: guards.BoundedQueries) -> None:
    def ask(times: int) -> None:
        with connection.cursor() as cursor:
            for _ in range(times):
                cursor.execute("SELECT 1")

    with queries(at_most=2) as seen:
        ask(2)
    assert seen == ["SELECT 1", "SELECT 1"]
    with pytest.raises(AssertionError, match="3 statements, 2 allowed"), queries(at_most=2):
        ask(3)
