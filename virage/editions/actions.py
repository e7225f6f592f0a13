"""Making an edition: read through the access rule, written, journalled, filed if asked."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.db import transaction

from virage.documents.actions import add_document
from virage.documents.models import Document
from virage.documents.rules import ACCEPTED, DocumentDraft, download_name
from virage.editions.enums import FileFormat
from virage.editions.queries.reading import ReadEdition, read_edition
from virage.editions.rules.filing import faults_of_filing
from virage.editions.rules.templates import Template, Wanted
from virage.formats.edition.docx import to_docx
from virage.formats.edition.odt import to_odt
from virage.formats.edition.pdf import to_pdf
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.content import nomenclature
from virage.foundation.errors import Invalid
from virage.foundation.journal.collector import collecting_reads, forget_reads
from virage.foundation.journal.writing import record_writes

WRITERS = {FileFormat.PDF: to_pdf, FileFormat.DOCX: to_docx, FileFormat.ODT: to_odt}


@dataclass(frozen=True, kw_only=True)
class MadeEdition:
    """A file ready to be downloaded; its name says no person's."""

    content: bytes
    content_type: str
    file_name: str


def make_edition(actor: Actor, *, wanted: Wanted) -> MadeEdition:
    """Return an edition as a file, to be downloaded alone.

    Refused as what it reads; journalled in one event with the template and the format.
    """
    read, made, seen = _made(actor, wanted)
    with transaction.atomic():
        _journal(actor, read.template, wanted, seen)
    return made


def file_edition(actor: Actor, *, wanted: Wanted) -> Document:
    """Make an edition and file it in the record of the person, as its template says.

    Refused as what it reads and to who does not write the volet; Invalid for a template that is
    not filed, or from a situation without an establishment.
    """
    read, made, seen = _made(actor, wanted)
    if read.record is None:
        raise Invalid({"is_filed": ["Une liste n’est d’aucun dossier."]})
    if faults := faults_of_filing(read.template, actor.establishment_id):
        raise Invalid(faults)
    draft = DocumentDraft(
        subject_id=read.record.person.subject_id,
        volet=cast(Volet, read.template.filed_in),
        title=f"{read.template.title}, {actor.today:%d/%m/%Y}",
        content=made.content,
        content_type=made.content_type,
        happened_at=actor.at,
        type=nomenclature.get("document_type").coded(read.template.document_type),
        establishment_id=actor.establishment_id,
    )
    with transaction.atomic():
        _journal(actor, read.template, wanted, seen)
        return add_document(actor, draft=draft)


def _made(actor: Actor, wanted: Wanted) -> tuple[ReadEdition, MadeEdition, dict[UUID, set[str]]]:
    """Read and write out, before any transaction; what was seen is journalled with the gesture."""
    with collecting_reads() as reads:
        read = read_edition(actor, wanted)
        seen = dict(reads.volets_by_subject)
        forget_reads()
    extension = f".{wanted.file_format}"
    made = MadeEdition(
        content=WRITERS[wanted.file_format](read.edition),
        content_type=next(t for t, nature in ACCEPTED.items() if nature.extension == extension),
        file_name=download_name(f"{read.template.title} {actor.today}", "") + extension,
    )
    return read, made, seen


def _journal(actor: Actor, template: Template, wanted: Wanted, seen: dict[UUID, set[str]]) -> None:
    detail = {
        "template": template.id.value,
        "version": template.version,
        "format": wanted.file_format.value,
    }
    record_writes(actor, "edition.make", seen, detail=detail)
