"""The log leads from a reference to its cause, and quotes nobody."""

import json
import logging
from io import StringIO

import pytest
from django.db import IntegrityError
from django.test import Client

from virage.foundation.logs import DiscreetFormatter, JsonFormatter, told_at_the_end

SECRET = "Lenoir Rose, 12/03/1931"


@pytest.fixture
def logged() -> StringIO:
    return StringIO()


@pytest.fixture(autouse=True)
def handlers(logged: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("virage", "django"):
        (handler,) = logging.getLogger(name).handlers
        assert isinstance(handler, logging.StreamHandler)
        assert isinstance(handler.formatter, DiscreetFormatter)
        monkeypatch.setattr(handler, "stream", logged)


@pytest.mark.urls("tests.foundation.ui_urls")
def test_a_refusal_is_found_by_its_reference(db: None, logged: StringIO) -> None:
    page = Client().get("/non/refused/")
    line, request = logged.getvalue().splitlines()
    reference = line.split(": ", 1)[1].split()[1]
    assert reference in page.text
    # The line of the request follows, under the same name, which the answer carries too.
    assert page["X-Request-Id"] in line and page["X-Request-Id"] in request
    assert "GET tests.foundation.ui_urls.say_no 403, " in request


@pytest.mark.urls("tests.foundation.ui_urls")
def test_a_machine_reads_the_same_in_json(
    db: None, logged: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    (handler,) = logging.getLogger("virage").handlers
    monkeypatch.setattr(handler, "formatter", JsonFormatter())
    page = Client().get("/non/refused/")
    refusal, request = map(json.loads, logged.getvalue().splitlines())
    assert refusal["request"] == request["request"] == page["X-Request-Id"]
    facts = {
        "method": "GET",
        "route": "tests.foundation.ui_urls.say_no",
        "status": 403,
        "statements": 0,
    }
    assert request | facts == request
    assert request["ms"] >= 0


def test_what_ends_a_program_quotes_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    error = IntegrityError(f"DETAIL: {SECRET}")
    told_at_the_end(type(error), error, None)
    assert capsys.readouterr().err == "IntegrityError\n"


@pytest.mark.parametrize("name", ["virage.foundation.ui.problems", "django.request"])
def test_a_failure_shows_its_frames_and_quotes_nobody(logged: StringIO, name: str) -> None:
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise IntegrityError(f"DETAIL: {SECRET}") from error
    except IntegrityError:
        logging.getLogger(name).exception("500")
    text = logged.getvalue()
    assert "ValueError" in text and "IntegrityError" in text and "test_logs.py" in text
    assert SECRET not in text
