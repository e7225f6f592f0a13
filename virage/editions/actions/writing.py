"""Reading an edition and writing it out as a file, before any transaction."""

from dataclasses import dataclass
from uuid import UUID

from virage.editions.enums import FileFormat
from virage.editions.models import Preparation
from virage.editions.queries.reading import ReadEdition, read_edition
from virage.editions.rules.filing import file_name, type_of_format
from virage.editions.rules.templates import Wanted
from virage.formats.edition.docx import to_docx
from virage.formats.edition.odt import to_odt
from virage.formats.edition.pdf import to_pdf
from virage.foundation.access.actor import Actor
from virage.foundation.journal.collector import collecting_reads, forget_reads
from virage.foundation.journal.writing import record_writes

WRITERS = {FileFormat.PDF: to_pdf, FileFormat.DOCX: to_docx, FileFormat.ODT: to_odt}


@dataclass(frozen=True, kw_only=True)
class MadeEdition:
    """A file ready to be downloaded; its name says no person's."""

    content: bytes
    content_type: str
    file_name: str


@dataclass(frozen=True, kw_only=True)
class SeenEdition:
    """An edition as it was read, and the volets that were read of each subject."""

    read: ReadEdition
    seen: dict[UUID, set[str]]


def read_to_edit(actor: Actor, wanted: Wanted) -> SeenEdition:
    """Read an edition; what was read is journalled with the gesture, and not before it is made.

    Refused as `read_edition`.
    """
    with collecting_reads() as reads:
        read = read_edition(actor, wanted)
        seen = dict(reads.volets_by_subject)
        forget_reads()
    if read.record:
        # The banner of a screen tells those of a like name apart; an edition says nothing of them.
        subject_id = read.record.person.subject_id
        seen = {subject_id: seen[subject_id]}
    return SeenEdition(read=read, seen=seen)


def write_out(actor: Actor, wanted: Wanted, read: ReadEdition) -> MadeEdition:
    """Return the file of an edition; some tenths of a second for a hundred pages."""
    return MadeEdition(
        content=WRITERS[wanted.file_format](read.edition),
        content_type=type_of_format(wanted.file_format),
        file_name=file_name(read.template.title, wanted.file_format, actor.today),
    )


def journal_edition(
    actor: Actor, wanted: Wanted, made: SeenEdition, preparation: Preparation | None = None
) -> None:
    """Journal an edition in one event, with its template and its format; in its transaction.

    That of a long one names its preparation: its file is fetched later, and journalled as read.
    """
    template = made.read.template
    detail = {
        "template": template.id.value,
        "version": template.version,
        "format": wanted.file_format.value,
    }
    if wanted.instrument:
        detail["instrument"] = wanted.instrument
    record_writes(actor, "edition.make", made.seen, target=preparation, detail=detail)
