"""Placing documents, and the photo: as the portrait when it may be, else as a document."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from virage.documents.actions import add_documents
from virage.documents.enums import Confidentiality
from virage.documents.models import Document, DocumentVersion
from virage.documents.rules import DocumentDraft
from virage.exchange.actions.placing.context import DIFFERS, Placing
from virage.exchange.enums import LineLevel
from virage.exchange.queries.keys import known_rows
from virage.exchange.rules.shelving import volet_of_document
from virage.formats.fhir.names import CONFIDENTIALITY, CONFIDENTIALITY_NAMES
from virage.formats.tddui import record as transit
from virage.foundation.access.enums import Volet
from virage.foundation.coded import Coded
from virage.foundation.storage import files
from virage.persons.actions import set_photo
from virage.persons.models import Person
from virage.persons.rules.photo import Portrait, UnusablePhoto, portrait

UNTITLED = "Document reçu"


def place_documents(
    placing: Placing, person: Person, shelves: Mapping[str, Volet], photo: Portrait | None
) -> None:
    """Write the photo, if it may be the portrait, and the documents not known yet; report them all.

    A document that comes again with other bytes is a second one beside the first. Without a number,
    the same bytes under the same title are the same document.
    """
    _place_photo(placing, person, photo)
    brought = [*placing.record.documents, *_photo_kept_apart(placing, person, photo)]
    rows = Document.objects.filter(subject=person.subject_id)
    known, digests = known_rows(rows, brought), dict(rows.values_list("pk", "digest"))
    same_bytes = _by_bytes(rows)
    new, drafts = [], []
    for received in brought:
        digest = files.address_of(received.content, person.operator_id)
        namesake = known.get(received.key)
        held = namesake
        if namesake is None or digests[namesake] != digest:
            number, title = received.identifier, received.title or UNTITLED
            held = same_bytes.get((number.value if number else title, digest))
        if held:
            placing.documents[received.key] = held
            placing.knew("Document", received, held)
            continue
        code = DIFFERS if namesake else ""
        placing.report(LineLevel.CREATED, "Document", received.path, code)
        volet = volet_of_document(received, shelves)
        new.append(received)
        drafts.append(_draft(placing, person, received, volet))
    added = add_documents(placing.actor, drafts=drafts)
    placing.documents |= {one.key: row.pk for one, row in zip(new, added, strict=True)}


def _by_bytes(rows: QuerySet[Document]) -> dict[tuple[str, str], UUID]:
    """Return the documents held by what they are called, their number or their title, and their
    bytes, in force or former.
    """
    named = ("received_identifier", "title")
    former = DocumentVersion.objects.filter(document__in=rows)
    held = [
        *former.values_list("document_id", *(f"document__{name}" for name in named), "digest"),
        *rows.values_list("pk", *named, "digest"),
    ]
    return {
        (name, digest): row_id
        for row_id, number, title, digest in held
        for name in (number or row_id.urn, title)
    }


def _draft(
    placing: Placing, person: Person, received: transit.Document, volet: Volet
) -> DocumentDraft:
    origin, said = placing.origin(received, received.identifier), received.confidentiality
    level = _level(said)
    return DocumentDraft(
        subject_id=person.subject_id,
        volet=volet,
        title=received.title or UNTITLED,
        content=received.content,
        content_type=received.content_type,
        happened_at=received.made_at or placing.actor.at,
        language=received.language,
        type=received.type,
        category=received.category,
        confidentiality=level,
        received_confidentiality=said if said != Coded(CONFIDENTIALITY, level) else transit.EMPTY,
        status=received.status,
        event_id=placing.events.get(received.event),
        evaluation_id=placing.evaluations.get(received.evaluation),
        valid_until=received.valid_until,
        is_published=received.is_published,
        author_structure_id=placing.structure_id(received.author),
        origin=replace(origin, identifier=origin.identifier or received.key),
    )


def _level(said: Coded) -> Confidentiality:
    """Return the level received, however its list is named; what we do not know is restricted."""
    if said.system in CONFIDENTIALITY_NAMES and said.code in Confidentiality.values:
        return Confidentiality(said.code)
    return Confidentiality.NORMAL if said == transit.EMPTY else Confidentiality.RESTRICTED


def portrait_of(received: transit.Person, today: date) -> Portrait | None:
    """Return the portrait that a photo received makes, if it came with an agreement that is not to
    come, and is readable.

    It takes seconds: to be asked before any lock.
    """
    if not received.photo or not received.photo_consent_on or received.photo_consent_on > today:
        return None
    try:
        return portrait(received.photo)
    except UnusablePhoto:
        return None


def _place_photo(placing: Placing, person: Person, photo: Portrait | None) -> None:
    """Make the photo received the portrait of a person who has none, nor had hers removed."""
    received = placing.record.person
    if not photo or not received.photo_consent_on or person.photo_digest:
        return
    if person.photo_removed_on:
        placing.report(LineLevel.WARNING, "", f"{received.path}.photo", "photo_removed_here")
        return
    set_photo(
        placing.actor,
        person=person,
        photo=photo,
        consent_on=received.photo_consent_on,
        is_received=True,
    )


def _photo_kept_apart(
    placing: Placing, person: Person, photo: Portrait | None
) -> list[transit.Document]:
    """Keep as a document a photo that is not the portrait: no agreement, not readable, another,
    removed by hand.
    """
    received = placing.record.person
    kept = (received.photo, photo or b"")
    forms = {files.address_of(one, person.operator_id) for one in kept}
    if not received.photo or person.photo_digest in forms:
        return []
    return [
        transit.Document(
            key=f"{transit.THE_PERSON}#photo",
            path=f"{received.path}.photo",
            title="Photo reçue, gardée à part : sans accord, retirée, illisible, ou autre",
            content_type="image/jpeg",
            content=received.photo,
            volet=Volet.ADMINISTRATIVE,
        )
    ]
