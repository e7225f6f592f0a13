"""The server that the suite borrows: it starts, answers, and leaves nothing behind."""

from pathlib import Path

import psycopg
import pytest

from tests.services import postgresql

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(
        not postgresql.is_installed(),
        reason=f"no PostgreSQL 15: install the Debian package `{postgresql.PACKAGE}`",
    ),
]


def test_it_starts_answers_and_disappears() -> None:
    with postgresql.running() as url:
        with psycopg.connect(url) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
            assert row is not None
            assert connection.execute("SHOW server_version_num").fetchone() >= ("150000",)
        folder = Path(row[0])
        assert folder.exists()
    assert not folder.exists()
