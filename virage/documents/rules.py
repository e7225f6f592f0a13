"""Files: what a draft holds, which natures are accepted, and under which name they leave."""

import posixpath
import re
import unicodedata
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID
from zipfile import BadZipFile, ZipFile

from virage.documents.enums import Confidentiality
from virage.foundation.access.enums import Volet
from virage.foundation.access.rules import Origin, is_future
from virage.foundation.coded import Coded

MAX_BYTES = 20 * 10**6
# How often the antivirus is asked about what it has not seen, and about how many at most.
SCAN_PERIOD = timedelta(minutes=1)
MOST_SCANNED = 500
# What an office file may unfold into: an honest one stays far below.
MAX_UNFOLDED_BYTES = 300 * 10**6
MAX_PARTS = 5_000
ZIPPED = (b"PK\x03\x04",)
OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
_FOLDERS = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
MACROS = "Ce fichier contient des macros : enregistrez-le sans elles, ou en PDF."
FOREIGN = (
    "Ce fichier contient un objet incorporé ou un modèle distant : enregistrez-le sans, ou en PDF."
)
_MACRO = re.compile(r"(^|/)vbaProject\.bin$|^(Basic|Scripts)/.+|(^|/)macrosheets/", re.IGNORECASE)
_MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject|macrosheet", re.IGNORECASE)
_OBJECT = re.compile(r"(^|/)embeddings/.+\.bin$", re.IGNORECASE)
_FOREIGN_LINK = re.compile(
    rb"<Relationship\b(?=[^>]*/(?:attachedTemplate|oleObject|frame)\")"
    rb"(?=[^>]*TargetMode=\"External\")",
    re.IGNORECASE,
)
_RTF_OBJECT = b"\\objdata"
# What is read of a part that says how others are tied: an honest one stays far below.
MOST_OF_A_PART = 10**6
_VBA = "_VBA_PROJECT".encode("utf-16-le")
_PDF_LETTER = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|OpenAction\s*<<[^>]*/JS)\b")


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


@dataclass(frozen=True, kw_only=True)
class VersionDraft:
    """A file that replaces the one of a document; `happened_at` is when it was made."""

    content: bytes
    content_type: str
    happened_at: datetime
    reason: str


def version_faults(draft: VersionDraft, at: datetime) -> dict[str, list[str]]:
    """Return what refuses a new version at this instant, by field."""
    faults = {}
    if message := content_fault(draft.content, draft.content_type):
        faults["content"] = [message]
    if is_future(draft.happened_at, at):
        faults["made_on"] = ["Un document ne peut pas être daté dans l’avenir."]
    if messages := reason_faults(draft.reason):
        faults["reason"] = messages
    return faults


def reason_faults(reason: str) -> list[str]:
    """Return what refuses the reason of a replacement or of a document taken back."""
    return [] if reason.strip() else ["Dites pourquoi : le motif reste dans l’historique."]


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
    if KNOWN[content_type].beginnings == ZIPPED:
        return _office_fault(content, content_type)
    if KNOWN[content_type].beginnings == OLE and _VBA in content:
        return MACROS
    if content_type == "application/rtf" and _RTF_OBJECT in content:
        return FOREIGN
    return ""


def _office_fault(content: bytes, content_type: str) -> str:
    """Return what refuses an office file: what it unfolds into, another nature, macros."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_UNFOLDED_BYTES:
                return "Ce fichier se déplie en bien plus grand que lui : il n’est pas accepté."
            names = {part.filename for part in parts}
            if not _is_of_nature(archive, names, content_type):
                return "Le contenu de ce fichier n’est pas celui que son nom annonce."
            return _active_fault(archive, names)
    except (BadZipFile, NotImplementedError, RuntimeError, zlib.error):
        return "Ce fichier est abîmé ou protégé : il ne peut pas être vérifié."


def _active_fault(archive: ZipFile, names: set[str]) -> str:
    """Return what refuses an office file that runs code, by its parts and by what ties them."""
    plain = {posixpath.normpath(name).lstrip("/") for name in names}
    if any(_MACRO.search(name) for name in plain):
        return MACROS
    if any(_OBJECT.search(name) for name in plain):
        return FOREIGN
    for name in names:
        if name == "[Content_Types].xml" and _MACRO_TYPE.search(_start_of(archive, name)):
            return MACROS
        if name.endswith(".rels") and _FOREIGN_LINK.search(_start_of(archive, name)):
            return FOREIGN
    return ""


def _start_of(archive: ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(MOST_OF_A_PART)


def _is_of_nature(archive: ZipFile, names: set[str], content_type: str) -> bool:
    if content_type.startswith(_OPEN_DOCUMENT):
        if "mimetype" not in names:
            return False
        with archive.open("mimetype") as said:
            return said.read(200).decode(errors="replace").strip() == content_type
    folder = _FOLDERS[KNOWN[content_type].extension]
    return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)


def warning_of(content: bytes, content_type: str) -> str:
    """Return what whoever opens an accepted file should know, or nothing: a PDF that runs code.

    Only what the file shows plainly: a part may be folded away.
    """
    if content_type == "application/pdf" and _ACTIVE_PDF.search(_names_told(content)):
        return "Ce PDF contient du code ou une pièce jointe : ouvrez-le avec prudence."
    return ""


def _names_told(content: bytes) -> bytes:
    """Return a PDF with the letters that its names write as « #4a » in full (ISO 32000, 7.3.5)."""
    return _PDF_LETTER.sub(lambda found: bytes([int(found[1], 16)]), content)


def infected_message(threat: str) -> str:
    """Say that a file is refused for what the antivirus named in it."""
    return (
        f"L’antivirus a trouvé une menace dans ce fichier ({threat}) : il n’est pas gardé. "
        "Prévenez votre référent informatique, et ne l’ouvrez pas."
    )


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
