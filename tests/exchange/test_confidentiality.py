"""What a file says of the confidentiality of a document, known to us or not, leaves as it came."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.exchange.samples import document, file_of, receive, record
from tests.factories.town import Town, actor_of
from virage.documents.enums import Confidentiality
from virage.documents.models import Document
from virage.exchange import actions
from virage.exchange.enums import ImportState, LineLevel
from virage.exchange.models import Import, ReceivedItem
from virage.formats.fhir.names import CONFIDENTIALITY
from virage.foundation.coded import Coded
from virage.foundation.journal.collector import collecting_reads
from virage.persons.models import Person

OTHER_LIST = "urn:oid:1.2.250.1.999.9"
NORMAL, RESTRICTED, VERY_RESTRICTED = Confidentiality
SAID = {
    "a level": (Coded(CONFIDENTIALITY, "V"), VERY_RESTRICTED),
    "a level and words": (Coded(CONFIDENTIALITY, "N", "normal", text="À l’équipe"), NORMAL),
    "a level of the list as it was named before": (
        Coded("http://hl7.org/fhir/v3/Confidentiality", "V"),
        VERY_RESTRICTED,
    ),
    "a level of the list by its OID": (
        Coded("urn:oid:2.16.840.1.113883.5.25", "V", "very restricted"),
        VERY_RESTRICTED,
    ),
    "a level of no list": (Coded(code="V"), VERY_RESTRICTED),
    "no level of ours": (Coded(CONFIDENTIALITY, "U", "unrestricted"), RESTRICTED),
    "a long code": (Coded(CONFIDENTIALITY, "PSYCHIATRIE"), RESTRICTED),
    "another list": (Coded(OTHER_LIST, "N", version="2026"), RESTRICTED),
    "words alone": (Coded(text="À la psychologue"), RESTRICTED),
    "a label alone": (Coded(OTHER_LIST, display="Réservé"), RESTRICTED),
}


def letter(said: Coded) -> bytes:
    return file_of(record(documents=[replace(document(), confidentiality=said)]))


def brought(town: Town, said: Coded) -> Import:
    received = receive(actor_of(town.sofia), letter(said))
    assert received.state == ImportState.IMPORTED
    return received


def sent(town: Town) -> bytes:
    with collecting_reads():
        return actions.export_record(actor_of(town.diane), person_id=Person.objects.get().pk)


def labels_of(content: bytes) -> list[Any]:
    """Return the security labels of each document of a file."""
    resources = [entry["resource"] for entry in json.loads(content)["entry"]]
    labels = [one.get("securityLabel") for one in resources if "masterIdentifier" in one]
    assert labels
    return labels


@pytest.mark.parametrize(("said", "level"), SAID.values(), ids=SAID)
def test_it_leaves_as_it_came(town: Town, said: Coded, level: Confidentiality) -> None:
    brought(town, said)
    assert Document.objects.get().confidentiality == level
    assert not ReceivedItem.objects.exists()
    assert labels_of(sent(town)) == labels_of(letter(said))


def test_where_nothing_was_said_it_is_normal(town: Town) -> None:
    brought(town, Coded())
    assert Document.objects.get().confidentiality == NORMAL
    assert labels_of(letter(Coded())) == [None]
    assert labels_of(sent(town)) == [[{"coding": [{"system": CONFIDENTIALITY, "code": "N"}]}]]


def test_another_level_later_is_kept_apart(town: Town) -> None:
    first, second = (SAID[name][0] for name in ("another list", "a level"))
    brought(town, first)
    again = brought(town, second)
    assert Document.objects.get().received_confidentiality == first
    assert json.loads(ReceivedItem.objects.get().content) == {"confidentiality": second.parts()}
    assert again.lines.get(level=LineLevel.KEPT).label == "Document"
