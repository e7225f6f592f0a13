"""What the antivirus cannot judge holds up nothing else, and what it found is never lost."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from virage.documents.actions import add_document
from virage.documents.jobs import scan_waiting
from virage.foundation.storage import antivirus
from virage.persons.models import Person

pytestmark = pytest.mark.django_db
HEAVY, NAMED = b"%PDF-1.7 too heavy", b"%PDF-1.7 honest"
UNREAD = b"%PDF-1.7 deep"
ANSWERS = {
    HEAVY: "INSTREAM size limit exceeded. ERROR",
    UNREAD: "stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND",
}


@pytest.fixture
def rose(town: Town) -> Person:
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a)


@pytest.fixture
def scanner(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """An antivirus that answers, cannot judge one file, and never tells its signatures."""

    def ask(command: bytes, content: Iterable[bytes] = ()) -> str:
        if command == b"zPING\0":
            return "PONG"
        if command == b"zVERSION\0":
            raise TimeoutError
        whole = b"".join(content)
        return ANSWERS.get(whole, "stream: Worm FOUND")

    settings.CLAMAV = "127.0.0.1:1"
    monkeypatch.setattr(antivirus, "_ask", ask)


@pytest.mark.parametrize("content", [HEAVY, UNREAD])
def test_one_it_cannot_judge_is_brought_before_it_three_times(
    town: Town, rose: Person, scanner: None, content: bytes
) -> None:
    heavy = add_document(actor_of(town.alice), draft=drafts.document(rose, content=content))
    at = timezone.now()
    tried = []
    for minutes in range(0, 60 * 8, 20):
        with patch.object(timezone, "now", lambda later=at + timedelta(minutes=minutes): later):
            scan_waiting({})
        heavy.refresh_from_db()
        if heavy.scan_tried_at not in tried:
            tried.append(heavy.scan_tried_at)
    assert tried == [at + timedelta(hours=hours) for hours in range(3)]
    assert heavy.scanned_at is None


def test_one_it_cannot_judge_holds_up_no_other(
    town: Town, rose: Person, settings: Any, request: pytest.FixtureRequest
) -> None:
    settings.CLAMAV = ""
    heavy, threat = (
        add_document(actor_of(town.alice), draft=drafts.document(rose, content=content))
        for content in (HEAVY, NAMED)
    )
    request.getfixturevalue("scanner")
    scan_waiting({})
    heavy.refresh_from_db()
    threat.refresh_from_db()
    assert heavy.scanned_at is None
    assert (threat.threat, threat.signatures) == ("Worm", "")
