"""A site of one's own, run by its commands as an operator runs it, on either database."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.exchange.samples import file_of, record
from tests.house.source import ROOT
from tests.services import postgresql

FOUNDED = (
    *("init", "--operator", "Association", "--siren", "", "--kind", "other", "--finess", ""),
    *("--establishment", "IME", "--family-name", "Sarr", "--given-name", "Fatou"),
    *("--email", "fatou@example.org"),
)


class Site:
    """A `VIRAGE_HOME`, the variables of its environment, and its commands."""

    def __init__(self, home: Path, database_url: str = "", **variables: str) -> None:
        self.home = home
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DJANGO_", "VIRAGE_"))
        } | {
            "VIRAGE_HOME": str(home),
            "VIRAGE_DATABASE_URL": database_url,
            "VIRAGE_INSECURE_HTTP": "1",  # a trial on this machine
            **variables,
        }

    def start(self, *arguments: object, **options: object) -> "subprocess.Popen[str]":
        """Start a command, and do not wait for its end."""
        return subprocess.Popen(
            [sys.executable, "-m", "virage.cli", *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,  # type: ignore[call-overload]
        )

    def run(self, *arguments: object) -> tuple[int, str]:
        """Run a command to its end; give its code, and all that it wrote on one line."""
        process = self.start(*arguments)
        written = process.communicate(timeout=120)
        return process.returncode, " ".join("".join(written).split())

    def done(self, *arguments: object) -> str:
        """Run a command that must succeed."""
        code, said = self.run(*arguments)
        assert code == 0, said
        return said

    def found(self, folder: Path) -> None:
        """Open the first account, take in one record with its files, seal the journal."""
        self.done(*FOUNDED)
        file = folder / "record.json"
        file.write_bytes(file_of(record()))
        self.done("import", "tddui", file)
        self.done("journal", "seal")


@contextmanager
def database(kind: str) -> Iterator[list[str]]:
    """Give the addresses of two empty databases of a kind; "" is a file in each home.

    On PostgreSQL the second one belongs to an account that may do nothing else.
    """
    if kind == "sqlite":
        yield ["", ""]
        return
    with postgresql.running() as url:
        yield [url, made_as_documented(url)]


def made_as_documented(url: str) -> str:
    """Make an account and its database by the commands of docs/operating.md, both named `other`."""
    page = (ROOT / "docs/operating.md").read_text()
    commands = re.findall(r"^runuser -u postgres -- (create\w+) (.+)$", page, re.M)
    assert [program for program, _ in commands] == ["createuser", "createdb"]
    for program, words in commands:
        arguments = shlex.split(words.replace("virage", "other"), comments=True)
        postgresql.run_program(program, *postgresql.place(url), *arguments)
    return url.replace("virage", "other")
