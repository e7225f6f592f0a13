"""A second file about a known person: what it says otherwise is kept apart, and nothing is lost."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.exchange.samples import file_of, person, picture, receive, record
from tests.exchange.test_who_reads_what import read_by, report_of, resource, with_entries
from tests.factories.town import Town, actor_of
from tests.formats.official import CDA_DOCUMENT, FHIR_BUNDLE, needs_official_files
from virage.documents.models import Document
from virage.exchange import actions
from virage.exchange.enums import ImportState, LineLevel
from virage.exchange.models import Import, ReceivedItem
from virage.exchange.queries.reading import read_file
from virage.formats.tddui import record as transit
from virage.foundation.coded import Coded
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.outbox.actions import drain
from virage.persons.models import Person

DIED_AT = datetime(2026, 2, 20, 4, tzinfo=UTC)
EXTENSION = "https://exemple.invalid/allergie"
LATER = "2026-03-09T08:00:00+01:00"


def brought(town: Town, content: bytes) -> Import:
    received = receive(actor_of(town.sofia), content, unit=town.unit_a)
    assert received.state == ImportState.IMPORTED, list(received.lines.values_list("code", "value"))
    return received


def kept() -> dict[str, Any]:
    """Return what is kept apart, by title."""
    return {item.title: json.loads(item.content) for item in ReceivedItem.objects.order_by("id")}


def changed(**changes: object) -> bytes:
    """Return the file of the record with another event of the same key."""
    sample = record()
    sample.events[0] = replace(sample.events[0], **changes)
    return file_of(sample)


def of_person(**changes: object) -> bytes:
    return file_of(record(person=person(**changes)))


def of_stay() -> bytes:
    sample = record()
    sample.stays[0] = replace(sample.stays[0], exited_on=date(2026, 2, 28), status="finished")
    return file_of(sample)


def of_surroundings() -> bytes:
    sample = record()
    sample.contacts[0] = replace(sample.contacts[0], description="Fâché avec la famille")
    sample.coverages[0] = replace(sample.coverages[0], payer_name="MSA 99")
    sample.protections[0] = replace(sample.protections[0], covers_person=True)
    return file_of(sample)


def of_items() -> bytes:
    sample = record()
    more = transit.Answer(link_id="e2", text="Au repos", value=1, value_kind="integer")
    graded = sample.evaluations[0]
    sample.evaluations[0] = replace(graded, answers=[*graded.answers, more])
    sample.notes[0] = replace(sample.notes[0], text="A bien dormi, deux levers.")
    sample.documents[0] = replace(sample.documents[0], title="Ordonnance du soir")
    return file_of(sample)


CASES: dict[str, tuple[bytes, dict[str, Any]]] = {
    "death and used name": (
        of_person(died_at=DIED_AT, used_family_name="BRIAND"),
        {
            "Usager : reçu autrement": {
                "used_family_name": "BRIAND",
                "died_at": "2026-02-20T04:00:00Z",
            }
        },
    ),
    "a number of another time": (
        of_person(identifiers=[replace(person().identifiers[0], ends_on=date(2025, 1, 1))]),
        {
            "Usager : reçu autrement": {
                "identifiers": [
                    {
                        "value": "3990000101/194704032",
                        "system": person().identifiers[0].system,
                        "type": {
                            "system": "http://terminology.hl7.org/CodeSystem/v2-0203",
                            "code": "PI",
                            "display": "Patient internal identifier",
                        },
                        "ends_on": "2025-01-01",
                    }
                ]
            }
        },
    ),
    "end, reason and type": (
        changed(
            ends_at=datetime(2026, 2, 3, 12, tzinfo=UTC),
            reason="Chute",
            types=[*record().events[0].types, Coded(text="Soin")],
        ),
        {
            "Évènement : reçu autrement": {
                "types": [{"text": "Soin"}],
                "reason": "Chute",
                "ends_at": "2026-02-03T12:00:00Z",
            }
        },
    ),
    "stay": (
        of_stay(),
        {"Séjour : reçu autrement": {"status": "finished", "exited_on": "2026-02-28"}},
    ),
    "surroundings": (
        of_surroundings(),
        {
            "Contact : reçu autrement": {"description": "Fâché avec la famille"},
            "Mesure de protection : reçu autrement": {"covers_person": True},
            "Couverture sociale : reçu autrement": {"payer_name": "MSA 99"},
        },
    ),
    "items": (
        of_items(),
        {
            "Évaluation : reçu autrement": {
                "answers": [
                    {"link_id": "e2", "text": "Au repos", "value": 1, "value_kind": "integer"}
                ]
            },
            "Document : reçu autrement": {"title": "Ordonnance du soir"},
            "Transmission : reçu autrement": {"text": "A bien dormi, deux levers."},
        },
    ),
}


@pytest.mark.parametrize(("second", "expected"), CASES.values(), ids=CASES)
def test_what_differs_is_kept_apart_once(
    town: Town, second: bytes, expected: dict[str, Any]
) -> None:
    brought(town, file_of(record()))
    again = brought(town, second)
    assert kept() == expected
    lines = again.lines.filter(level=LineLevel.KEPT, code="differs_from_held")
    assert lines.count() == len(expected)
    assert "Diffère de ce que nous avons".lower() in report_of(town.sofia, again)
    brings_nothing_more(town, second)


def brings_nothing_more(town: Town, content: bytes) -> None:
    """Bring the same content in another file, which is not the same document."""
    before = ReceivedItem.objects.count(), Document.objects.count()
    third = brought(town, json.dumps({**json.loads(content), "timestamp": LATER}).encode())
    assert (ReceivedItem.objects.count(), Document.objects.count()) == before
    assert not third.lines.filter(level=LineLevel.KEPT).exists()


def test_a_resource_and_a_part_without_field_are_compared_by_their_content(town: Town) -> None:
    def file(words: str, address: str) -> bytes:
        goal = resource("Goal", 2, description={"text": words})
        bundle = json.loads(with_entries(file_of(record()), goal))
        patient = next(
            one for one in bundle["entry"] if one["resource"]["resourceType"] == "Patient"
        )
        patient["resource"]["extension"] = [{"url": EXTENSION, "valueString": words}]
        # Another address of the same person, as some software makes at each export.
        return json.dumps(bundle).replace(patient["fullUrl"], address).encode()

    brought(town, file("Marcher", "urn:uuid:00000000-0000-4000-8000-0000000000a1"))
    assert ReceivedItem.objects.count() == 2
    second = file("Arachide : choc", "urn:uuid:00000000-0000-4000-8000-0000000000a2")
    again = brought(town, second)
    assert ReceivedItem.objects.count() == 4
    assert ReceivedItem.objects.values("key").distinct().count() == 4
    assert again.lines.filter(level=LineLevel.KEPT, code="differs_from_held").count() == 2
    brings_nothing_more(town, second)
    with collecting_reads():
        sent = actions.export_record(actor_of(town.diane), person_id=Person.objects.get().pk)
    assert len(read_file(sent).record.leftovers) == 4


def test_a_document_that_is_current_again_is_said(town: Town) -> None:
    sample = record()
    for status in ("superseded", "current"):
        sample.documents[0] = replace(sample.documents[0], status=status)
        brought(town, file_of(sample))
    assert kept() == {"Document : reçu autrement": {"status": "current"}}


def test_a_flag_that_a_file_does_not_know_says_nothing(town: Town) -> None:
    brought(town, file_of(record()))
    sample = record()
    sample.contacts[0] = replace(sample.contacts[0], is_emergency_contact=False)
    sample.events[0] = replace(sample.events[0], was_person_present=False)
    brought(town, file_of(sample))
    assert kept() == {"Évènement : reçu autrement": {"was_person_present": False}}


def test_a_document_with_other_bytes_is_one_more_document(town: Town) -> None:
    sample = record()
    brought(town, file_of(sample))
    sample.documents[0] = replace(sample.documents[0], content=b"%PDF-1.4 autre")
    second = file_of(sample)
    again = brought(town, second)
    assert Document.objects.count() == 2
    assert again.lines.get(code="differs_from_held").label == "Document"
    brings_nothing_more(town, second)


def test_a_file_lost_from_the_store_stops_no_other(town: Town, settings: Any) -> None:
    brought(town, file_of(record()))
    shutil.rmtree(settings.FILES)
    sample = record()
    sample.events[0] = replace(sample.events[0], report="Sortie au marché")
    assert brought(town, file_of(sample)).state == ImportState.IMPORTED


def test_another_photo_is_kept_beside_the_portrait(town: Town) -> None:
    first, other = (
        of_person(photo=picture(colour), photo_consent_on=date(2026, 1, 5))
        for colour in ("navy", "teal")
    )
    brought(town, first)
    digest = Person.objects.get().photo_digest
    before = Document.objects.count()
    brings_nothing_more(town, first)
    brought(town, other)
    assert Person.objects.get().photo_digest == digest
    assert Document.objects.count() == before + 1
    brings_nothing_more(town, other)


@pytest.mark.parametrize("said", ["care", "administrative"])
def test_what_differs_is_read_where_the_item_is(town: Town, said: str) -> None:
    """Wherever the second file says that it is."""
    brought(town, file_of(record()))
    brought(town, changed(reason="Chute", volet=said))
    assert read_by(town.alice) == {"Évènement : reçu autrement"}
    assert read_by(town.sofia) == read_by(town.diane) == set()


def test_what_our_team_corrected_since_is_not_undone(town: Town) -> None:
    brought(town, file_of(record()))
    Person.objects.update(used_given_name="Dette")
    brought(town, changed(reason="Chute"))
    assert kept()["Usager : reçu autrement"] == {"used_given_name": "Odette"}
    assert Person.objects.get().used_given_name == "Dette"


@needs_official_files
def test_the_official_record_again_brings_nothing(town: Town) -> None:
    content = FHIR_BUNDLE.read_bytes()
    brought(town, content)
    brings_nothing_more(town, content)


@needs_official_files
def test_the_official_document_again_brings_nothing(town: Town) -> None:
    content = CDA_DOCUMENT.read_bytes()
    brought(town, content)
    before = ReceivedItem.objects.count(), Document.objects.count()
    # It has no birth date: a human says whose it is.
    again = receive(actor_of(town.sofia), content + b"\n<!-- second export -->")
    same = Person.objects.get()
    actions.settle_identity(actor_of(town.sofia), import_id=again.pk, person_id=same.pk)
    drain()
    again.refresh_from_db()
    assert again.state == ImportState.IMPORTED
    assert (ReceivedItem.objects.count(), Document.objects.count()) == before
    assert not again.lines.filter(level=LineLevel.KEPT).exists()
