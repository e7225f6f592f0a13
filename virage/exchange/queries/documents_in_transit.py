"""Documents, transmissions and what was received without a field of ours, as they go out."""

from collections.abc import Callable, Iterable, Mapping
from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from virage.documents.models import Document
from virage.documents.queries import content_of
from virage.exchange.models import ReceivedItem
from virage.exchange.queries.cast import WRITTEN, Cast
from virage.exchange.queries.keys import own_identifier
from virage.formats.fhir.names import CONFIDENTIALITY
from virage.formats.tddui import record as transit
from virage.foundation.access.enums import Volet
from virage.foundation.coded import Coded
from virage.record.models import Note


def in_order(documents: QuerySet[Document]) -> list[Document]:
    """Return documents as `documents_in_transit` needs them; one SQL statement."""
    return list(documents.select_related(*WRITTEN, "author_structure").order_by("id"))


def documents_in_transit(
    documents: Iterable[Document],
    cast_of: Cast,
    events: Mapping[UUID, str],
    evaluations: Mapping[UUID, str],
    bytes_of: Callable[[Document], bytes] = content_of,
) -> dict[UUID, transit.Document]:
    """Return the documents by id, with their bytes and who made them."""
    return {
        one.pk: _document(one, cast_of, events, evaluations, bytes_of(one)) for one in documents
    }


def infected_in_transit(documents: Iterable[Document]) -> list[transit.Leftover]:
    """Return, in words, the documents that stay here for what the antivirus found in them."""
    return [
        transit.Leftover(
            key=f"{one.pk.urn}#infected",
            kind="words",
            title=f"Document non transmis : {one.title}",
            content=(
                f"Le document « {one.title} » du {timezone.localdate(one.happened_at):%d/%m/%Y} "
                "n’est pas transmis : l’antivirus de l’expéditeur y a trouvé une menace."
            ),
            owner=transit.THE_PERSON,
            volet=Volet(one.volet),
        )
        for one in documents
    ]


def _document(
    document: Document,
    cast_of: Cast,
    events: Mapping[UUID, str],
    evaluations: Mapping[UUID, str],
    content: bytes,
) -> transit.Document:
    identifier = own_identifier(document.pk)
    if document.received_identifier:
        identifier = transit.BusinessIdentifier(
            value=document.received_identifier, system=document.received_system
        )
    written = cast_of.written(document)
    written["author"] = cast_of.received_structure(document.author_structure) or written["author"]
    return transit.Document(
        key=cast_of.item(document.pk, identifier),
        identifier=identifier,
        title=document.title,
        content_type=document.content_type,
        content=content,
        language=document.language,
        type=document.type,
        category=document.category,
        confidentiality=_confidentiality(document),
        status=document.status,
        made_at=document.happened_at,
        event=events.get(document.event_id, "") if document.event_id else "",
        evaluation=evaluations.get(document.evaluation_id, "") if document.evaluation_id else "",
        valid_until=document.valid_until,
        **written,
    )


def _confidentiality(document: Document) -> Coded:
    """Return what a file said of it, else our level."""
    said: Coded = document.received_confidentiality
    return Coded(CONFIDENTIALITY, document.confidentiality) if said == transit.EMPTY else said


def notes_in_transit(
    notes: QuerySet[Note], cast_of: Cast, stays: Mapping[UUID, str]
) -> dict[UUID, transit.Note]:
    """Return the transmissions by id, with their former texts; a withdrawn one keeps its trace."""
    return {
        note.pk: transit.Note(
            key=note.received_identifier or note.pk.urn,
            text=note.text,
            stay=stays.get(note.stay_id, "") if note.stay_id else "",
            happened_at=note.happened_at,
            withdrawn_at=note.withdrawn_at,
            withdrawn_by=cast_of.professional(note.withdrawn_by),
            withdrawn_reason=note.withdrawn_reason,
            former_versions=[
                transit.NoteVersion(
                    text=former.text,
                    author_name=former.author_name,
                    author_profession=former.author_profession,
                    recorded_at=former.recorded_at,
                    reason=former.reason,
                )
                for former in sorted(note.former_versions.all(), key=lambda one: one.version)
            ],
            **cast_of.written(note),
        )
        for note in notes.select_related(*WRITTEN, "withdrawn_by")
        .prefetch_related("former_versions")
        .order_by("id")
    }


def leftovers_in_transit(items: QuerySet[ReceivedItem]) -> dict[UUID, transit.Leftover]:
    """Return by id what was received and has no field of ours, verbatim."""
    return {
        item.pk: transit.Leftover(
            key=item.key,
            path=item.path,
            kind=cast(transit.LeftoverKind, item.kind),
            title=item.title,
            content=item.content,
            owner=item.owner_key,
            profile=item.profile,
            # A whole resource goes out as an entry, which has no place for its volet.
            volet="" if item.kind == "fhir-resource" else item.volet,
        )
        for item in items.order_by("id")
    }
