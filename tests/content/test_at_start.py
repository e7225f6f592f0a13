"""Nothing that serves starts on content at fault: it would be met in the middle of a gesture."""

from importlib import import_module

import pytest

from tests.cli.command import run
from virage.cli import running
from virage.foundation import safety
from virage.foundation.content import loader
from virage.settings.environment import WILL_NOT_START

FAULT = "nomenclatures/civility.yaml : une clé est écrite deux fois."


@pytest.fixture(autouse=True)
def content_at_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "check_all", lambda: [FAULT])
    monkeypatch.setattr(safety, "is_demonstration", lambda: True)


@pytest.mark.parametrize("command", [["run"], ["worker"], ["demo"], ["import", "tddui", __file__]])
def test_a_command_says_which_file(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "work", lambda _: pytest.fail("the worker works"))
    monkeypatch.setattr(running, "run_together", lambda *_: pytest.fail("the site answers"))
    result = run(*command)
    assert result.exit_code == WILL_NOT_START
    assert FAULT in result.stderr


def test_the_web_server_does_not_answer() -> None:
    with pytest.raises(loader.ContentError, match="deux fois"):
        import_module("virage.wsgi")
