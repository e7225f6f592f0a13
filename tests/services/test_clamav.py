"""A real antivirus: what it names is refused, what it has not seen is said so and seen later."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of, sign_in
from tests.services import clamav
from tests.services.clamav import EICAR
from virage.documents.actions import add_document
from virage.documents.jobs import scan_waiting
from virage.documents.models import Document
from virage.foundation.errors import Invalid
from virage.foundation.journal.models import JournalEvent
from virage.foundation.storage import antivirus
from virage.persons.models import Person

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not clamav.is_installed(),
        reason=f"no ClamAV: install the Debian package `{clamav.PACKAGE}`",
    ),
]
INFECTED = b"%PDF-1.7 " + EICAR


@pytest.fixture(scope="module")
def scanner() -> Iterator[str]:
    with clamav.running() as place:
        yield place


@pytest.fixture
def rose(town: Town) -> Person:
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a)


def _nested(content: bytes, depth: int) -> bytes:
    for _ in range(depth):
        out = BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            archive.writestr("a", content)
        content = out.getvalue()
    return content


def test_it_tells_a_threat_and_its_signatures(scanner: str, settings: Any) -> None:
    settings.CLAMAV = scanner
    clean, found = (antivirus.verdict_on([one]) for one in (b"bonjour", INFECTED))
    assert clean and not clean.is_infected and clean.signatures.startswith("ClamAV")
    assert found and found.threat == "Test.Eicar.UNOFFICIAL"
    assert antivirus.verdict_on([bytes(40 * 10**6)]) is None, "too large to be judged"
    assert antivirus.verdict_on([_nested(EICAR, 25)]) is None, "not seen to the end"
    long = antivirus.verdict_on([_nested(bytes(120 * 10**6) + EICAR, 1)])
    assert long and long.is_infected


def test_an_infected_file_is_refused_and_kept_nowhere(
    scanner: str, settings: Any, town: Town, rose: Person
) -> None:
    settings.CLAMAV = scanner
    draft = drafts.document(rose, content=INFECTED)
    with pytest.raises(Invalid, match="Test.Eicar"):
        add_document(actor_of(town.alice), draft=draft)
    assert not Document.objects.exists()
    assert not settings.FILES.exists()
    event = JournalEvent.objects.get(action="document.refused")
    assert "Eicar" in event.detail["threat"]
    clean = add_document(actor_of(town.alice), draft=drafts.document(rose))
    assert clean.scanned_at and clean.signatures.startswith("ClamAV")


@pytest.mark.parametrize("absent", ["", "/nowhere/clamd.sock", "127.0.0.1:1"])
def test_without_an_antivirus_it_is_said_and_seen_later(
    absent: str, scanner: str, settings: Any, client: Client, town: Town, rose: Person
) -> None:
    settings.CLAMAV = absent
    document = add_document(actor_of(town.alice), draft=drafts.document(rose, content=INFECTED))
    scan_waiting({})
    sign_in(client, town.alice)
    page = client.get(reverse("record:documents", args=[rose.pk]))
    assert "Non analysé" in page.content.decode()
    settings.CLAMAV = scanner
    scan_waiting({})
    document.refresh_from_db()
    assert document.threat == "Test.Eicar.UNOFFICIAL"
    assert JournalEvent.objects.filter(action="document.infected").count() == 1
    page = client.get(reverse("record:documents", args=[rose.pk]))
    assert "Infecté" in page.content.decode()
    refused = client.get(reverse("record:document", args=[rose.pk, document.pk]))
    assert refused.status_code == 403
    assert EICAR not in refused.content
