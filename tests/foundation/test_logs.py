"""The log leads from a reference to its cause, and quotes nobody."""

import logging
from io import StringIO

import pytest
from django.db import IntegrityError
from django.test import Client

from virage.foundation.logs import DiscreetFormatter

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
    (line,) = logged.getvalue().splitlines()
    reference = line.split(": ", 1)[1].split()[1]
    assert reference in page.text


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
