"""Files: what a draft holds, which natures are accepted, and under which name they leave."""

import posixpath
import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from uuid import UUID
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile

from lxml import etree
from PIL import Image

from virage.documents.enums import Confidentiality
from virage.documents.rules.elsewhere import (
    OBJECT_TYPE,
    calls_elsewhere,
    is_foreign,
    part_calls_elsewhere,
    rtf_fields,
)
from virage.foundation.access.enums import Volet
from virage.foundation.access.rules import Origin, is_future
from virage.foundation.coded import Coded

MAX_BYTES = 20 * 10**6
# How often the antivirus is asked about what it has not seen, and about how many at most.
SCAN_PERIOD = timedelta(minutes=1)
MOST_SCANNED = 500
# One that it cannot judge, too large for it or damaged, is brought before it so often and no more.
MOST_SCAN_TRIES = 3
SCAN_RETRY = timedelta(hours=1)
# What an office file may unfold into: an honest one stays far below.
MAX_UNFOLDED_BYTES = 300 * 10**6
MAX_PARTS = 5_000
ZIPPED = (b"PK\x03\x04",)
OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
_MANIFEST = "META-INF/manifest.xml"
# Compressed data is never longer than what it holds by more than this, and a hundredth.
_COMPRESSION_LOSS = 1_000
_FOLDERS = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
MACROS = "Ce fichier contient des macros : enregistrez-le sans elles, ou en PDF."
FOREIGN = (
    "Ce fichier contient un objet incorporé, ou va chercher ailleurs ce qu’il montre\u00a0: "
    "enregistrez-le sans, ou en PDF."
)
_MACRO = re.compile(r"(^|/)vbaProject\.bin$|^(Basic|Scripts)/.+|(^|/)macrosheets/", re.IGNORECASE)
_MACRO_TYPE = re.compile(r"macroEnabled|vbaProject|macrosheet", re.IGNORECASE)
_OBJECT = re.compile(r"(^|/)embeddings/.+\.bin$|^xl/connections\.xml$", re.IGNORECASE)
_MACRO_EMBEDDED = re.compile(r"(^|/)embeddings/.+\.(docm|dotm|xlsm|xlsb|pptm)$", re.IGNORECASE)
_RTF_OBJECT = re.compile(rb"\\(?:objdata|bin\d)")  # or bytes in which no word is found
# A model that Word would fetch: a place of the network, plain or written by the codes of letters.
_RTF_TEMPLATE = re.compile(rb"\\\*\\template\b[^}]*?(?:://|\\\\\\\\|\\u-?\d|\\')")
# What is read of a part that says how others are tied: an honest one stays far below.
MOST_OF_A_PART = 10**6
_VBA = "_VBA_PROJECT".encode("utf-16-le")
_PDF_LETTER = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE_PDF = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA|SubmitForm|ImportData)\b"
)
OTHER_NATURE = "Le contenu de ce fichier n’est pas celui que son nom annonce."
DAMAGED = "Ce fichier est abîmé ou protégé : il ne peut pas être vérifié."
TOO_MANY_PIXELS = "Cette image a trop de points pour être ouverte sans risque : réduisez-la."
IMAGES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/tiff": "TIFF"}
# An A3 page at 600 dots an inch holds 70 million; opened, each takes four bytes.
MAX_PIXELS = 80 * 10**6
# What an old office file of each kind names inside.
_OLE_PARTS = {
    "application/msword": ("WordDocument",),
    "application/vnd.ms-excel": ("Workbook", "Book"),
    "application/vnd.ms-powerpoint": ("PowerPoint Document",),
}
_OLE_OBJECT = "Ole10Native".encode("utf-16-le")


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
    valid_until: date | None = None
    plan_action_id: UUID | None = None
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
    valid_until: date | None = None


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
        return OTHER_NATURE
    if KNOWN[content_type].beginnings == ZIPPED:
        return _office_fault(content, content_type)
    if is_zipfile(BytesIO(content)):  # two files in one: what a program sees depends on it
        return OTHER_NATURE
    if content_type in _OLE_PARTS:
        return _old_office_fault(content, content_type)
    if content_type in IMAGES:
        return _image_fault(content, IMAGES[content_type])
    if content_type == "application/rtf" and (
        _RTF_OBJECT.search(content)
        or _RTF_TEMPLATE.search(content)
        or any(map(calls_elsewhere, rtf_fields(content)))
    ):
        return FOREIGN
    return ""


def _old_office_fault(content: bytes, content_type: str) -> str:
    """Return what refuses an old office file: nothing of its kind inside, macros, an object."""
    if not any(name.encode("utf-16-le") in content for name in _OLE_PARTS[content_type]):
        return OTHER_NATURE
    if _VBA in content:
        return MACROS
    return FOREIGN if _OLE_OBJECT in content else ""


def _image_fault(content: bytes, image_format: str) -> str:
    """Return what refuses an image: no picture behind its first bytes, or too many pixels."""
    try:
        # Its header alone is read. Pillow warns, or refuses, somewhat above our own limit.
        with Image.open(BytesIO(content), formats=[image_format]) as picture:
            pixels = picture.width * picture.height
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return TOO_MANY_PIXELS
    except Exception:  # a faulty picture makes Pillow raise nearly anything
        return OTHER_NATURE
    return TOO_MANY_PIXELS if pixels > MAX_PIXELS else ""


def _office_fault(content: bytes, content_type: str) -> str:
    """Return what refuses an office file: what it unfolds into, another nature, macros."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_UNFOLDED_BYTES:
                return "Ce fichier se déplie en bien plus grand que lui : il n’est pas accepté."
            names = {part.filename for part in parts}
            if not parts or len(names) < len(parts) or any(_leads_out(name) for name in names):
                return DAMAGED
            if min(part.header_offset for part in parts) > 0:  # something else comes before
                return OTHER_NATURE
            if not _is_of_nature(archive, names, content_type):
                return OTHER_NATURE
            # Reads every part: one may be damaged, protected, or longer than it says.
            if archive.testzip() or any(map(_goes_on, parts)):
                return DAMAGED
            return _manifest_fault(archive, names) or _active_fault(archive, names)
    except (
        BadZipFile,
        EOFError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
        etree.XMLSyntaxError,
    ):
        return DAMAGED


def _goes_on(part: ZipInfo) -> bool:
    """Whether a part is longer than its directory says, where a reader that believes it stops."""
    return part.compress_size > part.file_size * 1.01 + _COMPRESSION_LOSS


def _leads_out(name: str) -> bool:
    """Whether a part would be unfolded elsewhere than under the file: « ../ », « /etc », « C: »."""
    path = name.replace("\\", "/")
    return path.startswith("/") or ".." in path.split("/") or ":" in path


def _manifest_fault(archive: ZipFile, names: set[str]) -> str:
    """Return what refuses an OpenDocument file by what it says of its parts: password, object."""
    if _MANIFEST not in names:
        return ""
    for one in _root(archive, _MANIFEST).iter(etree.Element):
        if etree.QName(one).localname == "encryption-data":
            return DAMAGED
        if any(OBJECT_TYPE.search(str(said)) for said in one.attrib.values()):
            return FOREIGN
    return ""


def _active_fault(archive: ZipFile, names: set[str]) -> str:
    """Return what refuses an office file that runs code, by its parts and by what ties them."""
    plain = {posixpath.normpath(name.replace("\\", "/")) for name in names}
    if any(_MACRO.search(name) or _MACRO_EMBEDDED.search(name) for name in plain):
        return MACROS
    if any(_OBJECT.search(name) for name in plain):
        return FOREIGN
    for name in names:
        if name == "[Content_Types].xml":
            if any(_MACRO_TYPE.search(one.get("ContentType", "")) for one in _ties(archive, name)):
                return MACROS
        elif name.lower().endswith(".rels"):
            if any(map(is_foreign, _ties(archive, name))):
                return FOREIGN
        elif part_calls_elsewhere(archive, name):
            return FOREIGN
    return ""


def _ties(archive: ZipFile, name: str) -> Iterator[etree._Element]:
    """Give the elements of a part that ties others; BadZipFile for one that hides some."""
    root = _root(archive, name)
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadZipFile(name)
    return root.iter(etree.Element)


def _root(archive: ZipFile, name: str) -> etree._Element:
    with archive.open(name) as part:
        said = part.read(MOST_OF_A_PART)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(said, parser)


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
