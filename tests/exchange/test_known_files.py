"""The same document twice, alone or in its envelope, creates nothing new; and nothing is lost."""

import base64
import json

import pytest

from tests.exchange.rows import command_line_of
from tests.exchange.samples import receive
from tests.factories.town import Town, actor_of
from tests.formats.cda_samples import document
from virage.exchange.enums import ImportState
from virage.exchange.models import Import
from virage.persons.models import Person

CDA = document()
LETTER = b"%PDF-1.7 courrier"


def _envelope(*pieces: bytes) -> bytes:
    """Return the Bundle in which a software wraps a document, and the pieces beside it."""
    types = {CDA: "text/xml", LETTER: "application/pdf"}
    resources = [
        {
            "resourceType": "DocumentReference",
            "status": "current",
            "content": [
                {
                    "attachment": {
                        "contentType": types[piece],
                        "data": base64.b64encode(piece).decode(),
                        "title": "Pièce",
                    }
                }
            ],
        }
        for piece in pieces
    ]
    entries = [
        {"resource": one, "request": {"method": "POST", "url": "DocumentReference"}}
        for one in resources
    ]
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()


def _brought(town: Town, *files: bytes) -> list[Import]:
    return [receive(actor_of(town.sofia), content) for content in files]


@pytest.mark.parametrize(
    "files",
    [
        (CDA, _envelope(CDA)),
        (_envelope(CDA), CDA),
        (_envelope(CDA, LETTER), CDA),
        (_envelope(CDA, LETTER), _envelope(CDA)),
        (_envelope(CDA, LETTER), _envelope(CDA, LETTER)),
    ],
    ids=("alone first", "wrapped first", "more first", "more then wrapped", "more twice"),
)
def test_a_document_is_known_whatever_wraps_it(town: Town, files: tuple[bytes, bytes]) -> None:
    first, again = _brought(town, *files)
    assert first.state == ImportState.IMPORTED
    assert again.state == ImportState.KNOWN
    assert again.subject_id == first.subject_id
    assert Person.objects.count() == 1


def test_what_another_operator_received_is_not_known_here(town: Town) -> None:
    _brought(town, CDA)
    theirs = receive(command_line_of(town.other_operator), CDA, establishment=town.other_ehpad)
    assert theirs.state == ImportState.IMPORTED
    assert Person.objects.get(operator=town.other_operator).subject_id == theirs.subject_id


def test_what_comes_beside_a_known_document_is_not_lost(town: Town) -> None:
    _, again = _brought(town, CDA, _envelope(CDA, LETTER))
    assert again.state != ImportState.KNOWN
