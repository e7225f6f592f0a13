"""Behind pgbouncer in transaction mode all goes on: an import, four sealers at once."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.services import postgresql
from tests.services.sites import Site

PROGRAM = "/usr/sbin/pgbouncer"
pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(
        not (postgresql.is_installed() and Path(PROGRAM).exists()),
        reason="no pgbouncer: install the Debian packages `postgresql-15` and `pgbouncer`",
    ),
]
# Two connections for all: whoever counts on keeping his own is found out.
SETTINGS = """
[databases]
* = host=127.0.0.1 port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 2
server_reset_query =
"""


@contextmanager
def pooled(url: str, folder: Path) -> Iterator[str]:
    """Run pgbouncer before a server, and give the address by which a site takes it."""
    port = postgresql.free_port()
    (folder / "users").write_text('"virage" ""\n')
    configuration = folder / "pgbouncer.ini"
    text = SETTINGS.format(server=urlsplit(url).port, port=port, folder=folder)
    configuration.write_text(text.replace("* =", "virage = user=virage dbname=virage"))
    for path in (folder, *folder.parents):
        if path.is_relative_to("/tmp/pytest-of-root"):  # noqa: S108
            path.chmod(0o755)
    process = subprocess.Popen([PROGRAM, "-q", configuration], user="postgres", group="postgres")
    try:
        address = url.replace(f":{urlsplit(url).port}", f":{port}")
        deadline = time.monotonic() + 20
        while True:
            try:
                psycopg.connect(address).close()
                break
            except psycopg.OperationalError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        yield f"{address}?pooler=transaction"
    finally:
        process.terminate()
        process.wait(20)


def test_a_site_lives_behind_it(tmp_path: Path) -> None:
    with postgresql.running() as url, pooled(url, tmp_path) as address:
        site = Site(tmp_path / "home", address)
        site.found(tmp_path)
        sealers = [site.start("journal", "seal") for _ in range(4)]
        assert [one.communicate(timeout=120)[1] for one in sealers] == [""] * 4
        assert [one.returncode for one in sealers] == [0] * 4
        assert "rien n’a bougé" in site.done("journal", "verify")
        site.done("check")
        with psycopg.connect(url) as here:
            numbers = here.execute("SELECT number FROM journal_journalseal ORDER BY 1").fetchall()
        assert [number for (number,) in numbers] == list(range(1, len(numbers) + 1))
