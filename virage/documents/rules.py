"""Files: what a draft holds, which natures are accepted, and under which name they leave."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from virage.documents.enums import Confidentiality
from virage.foundation.access.enums import Volet
from virage.foundation.access.rules import Origin, is_future
from virage.foundation.coded import Coded

MAX_BYTES = 20 * 10**6
ZIPPED = (b"PK\x03\x04",)
OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class Nature:
    """A kind of file: its extension, and the bytes it may begin with (none: it is plain text)."""

    extension: str
    beginnings: tuple[bytes, ...] = ()


ACCEPTED = {
    "application/pdf": Nature(".pdf", (b"%PDF-",)),
    "image/png": Nature(".png", (b"\x89PNG\r\n\x1a\n",)),
    "image/jpeg": Nature(".jpg", (b"\xff\xd8\xff",)),
    "image/gif": Nature(".gif", (b"GIF87a", b"GIF89a")),
    "image/tiff": Nature(".tif", (b"II*\x00", b"MM\x00*")),
    "text/plain": Nature(".txt"),
    "text/csv": Nature(".csv"),
    "application/rtf": Nature(".rtf", (b"{\\rtf",)),
    f"{_OPEN_XML}.wordprocessingml.document": Nature(".docx", ZIPPED),
    f"{_OPEN_XML}.spreadsheetml.sheet": Nature(".xlsx", ZIPPED),
    f"{_OPEN_XML}.presentationml.presentation": Nature(".pptx", ZIPPED),
    f"{_OPEN_DOCUMENT}.text": Nature(".odt", ZIPPED),
    f"{_OPEN_DOCUMENT}.spreadsheet": Nature(".ods", ZIPPED),
    f"{_OPEN_DOCUMENT}.presentation": Nature(".odp", ZIPPED),
    "application/msword": Nature(".doc", OLE),
    "application/vnd.ms-excel": Nature(".xls", OLE),
    "application/vnd.ms-powerpoint": Nature(".ppt", OLE),
}
# What another software may send besides, and nobody adds by hand.
RECEIVED_ONLY = {
    "application/json": Nature(".json"),
    "application/fhir+json": Nature(".json"),
    "application/xml": Nature(".xml"),
    "application/fhir+xml": Nature(".xml"),
    "text/xml": Nature(".xml"),
}
KNOWN = ACCEPTED | RECEIVED_ONLY


@dataclass(frozen=True, kw_only=True)
class DocumentDraft:
    """A file to add to a record; `happened_at` is when the document was made."""

    subject_id: UUID
    volet: Volet
    title: str
    content: bytes
    content_type: str
    happened_at: datetime
    language: str = "fr"
    type: Coded = Coded()
    category: Coded = Coded()
    confidentiality: Confidentiality = Confidentiality.NORMAL
    received_confidentiality: Coded = Coded()
    status: str = "current"
    event_id: UUID | None = None
    evaluation_id: UUID | None = None
    author_structure_id: UUID | None = None
    is_published: bool = False
    establishment_id: UUID | None = None
    origin: Origin | None = None


def faults_of(draft: DocumentDraft, at: datetime) -> dict[str, list[str]]:
    """Return what refuses a document added by hand at this instant, by field."""
    faults = {}
    if not draft.title.strip():
        faults["title"] = ["Donnez un titre au document."]
    if message := content_fault(draft.content, draft.content_type):
        faults["content"] = [message]
    if is_future(draft.happened_at, at):
        faults["happened_at"] = ["Un document ne peut pas être daté dans l’avenir."]
    return faults


def content_fault(content: bytes, content_type: str) -> str:
    """Return what refuses a file added by hand, or nothing: its size, its type, its content."""
    if not content:
        return "Ce fichier est vide."
    if len(content) > MAX_BYTES:
        return f"Ce fichier dépasse {MAX_BYTES // 10**6} Mo."
    if content_type not in ACCEPTED:
        return "Ce type de fichier n’est pas accepté. Joignez un PDF, une image ou un document."
    if not is_what_it_says(content, content_type):
        return "Le contenu de ce fichier n’est pas celui que son nom annonce."
    return ""


def is_what_it_says(content: bytes, content_type: str) -> bool:
    """Whether the first bytes agree with a declared type that we know; plain text has no NUL."""
    nature = KNOWN.get(content_type)
    if nature is None:
        return False
    if nature.beginnings:
        return content.startswith(nature.beginnings)
    return b"\x00" not in content


def type_of_file_name(name: str) -> str:
    """Return the accepted type whose extension a file name bears, or nothing.

    A browser's own opinion of the type varies with the office software installed.
    """
    extension = name[name.rfind(".") :].lower() if "." in name else ""
    extension = {".jpeg": ".jpg", ".tiff": ".tif"}.get(extension, extension)
    return next((kind for kind, nature in ACCEPTED.items() if nature.extension == extension), "")


def download_name(title: str, content_type: str) -> str:
    """Return a plain ASCII file name made from a title: no path, no control character.

    Its extension is that of the type, whatever the title ends with; `.bin` for a type we do not
    know.
    """
    letters = unicodedata.normalize("NFKD", title)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    stem = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:80] or "document"
    nature = KNOWN.get(content_type)
    return stem + (nature.extension if nature else ".bin")


def size_label(size_bytes: int) -> str:
    """Return a size in decimal units, as a file manager says it: « 640 ko », « 1,2 Mo »."""
    if size_bytes < 10**6:
        return f"{max(1, round(size_bytes / 1000))}\u00a0ko"
    return f"{size_bytes / 10**6:.1f}\u00a0Mo".replace(".", ",")


def nature_label(content_type: str) -> str:
    """Return the short name of a type (« PDF », « DOCX »); « Fichier » for one we do not know."""
    nature = KNOWN.get(content_type)
    return nature.extension[1:].upper() if nature else "Fichier"
