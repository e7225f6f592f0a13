"""The pages made from the code, and the one list of settings."""

import re
from pathlib import Path

import pytest

from tests.cli.command import run
from tests.house.source import sources
from virage.cli.reference import command
from virage.cli.reference.access_matrix import access_matrix
from virage.settings.environment import VARIABLES
from virage.settings.mail import mail_from_url


def test_the_pages_are_written_then_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "FOLDER", tmp_path / "reference")
    assert run("docs", "--check").exit_code == 1
    assert run("docs").exit_code == 0
    assert run("docs", "--check").exit_code == 0
    (command.FOLDER / "settings.md").write_text("autre chose")
    (command.FOLDER / "old.md").write_text("")
    stale = run("docs", "--check")
    assert stale.exit_code == 1
    assert "settings.md" in stale.stderr
    assert "old.md" in stale.stderr


def test_the_matrix_page_shows_windows() -> None:
    assert "read (72 h)" in access_matrix()


def test_every_variable_read_is_listed() -> None:
    texts = [source.path.read_text() for source in sources()]
    read = {name for text in texts for name in re.findall(r'"(VIRAGE_[A-Z_]+)"', text)}
    assert read == set(VARIABLES)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://relais.example", ("relais.example", 25, False, False)),
        ("smtp+starttls://moi:secret@relais.example", ("relais.example", 587, False, True)),
        ("smtps://moi:a%40b@relais.example:4650", ("relais.example", 4650, True, False)),
    ],
)
def test_the_relay_is_one_address(url: str, expected: tuple[str, int, bool, bool]) -> None:
    mail = mail_from_url(url)
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_SSL", "EMAIL_USE_TLS")
    assert tuple(mail[name] for name in names) == expected
    assert mail["EMAIL_HOST_PASSWORD"] in ("", "secret", "a@b")


def test_without_a_relay_nothing_leaves() -> None:
    assert mail_from_url("")["EMAIL_BACKEND"].endswith("dummy.EmailBackend")
    with pytest.raises(ValueError, match="messagerie"):
        mail_from_url("http://relais.example")
