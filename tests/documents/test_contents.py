"""What a file holds is judged, whatever its name says."""

import zipfile
from io import BytesIO

import pytest

from virage.documents import rules
from virage.documents.rules import FOREIGN, MACROS, content_fault, type_of_file_name, warning_of

DOCX = type_of_file_name("a.docx")
XLSX = type_of_file_name("a.xlsx")
ODT = type_of_file_name("a.odt")
WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}
REMOTE_TEMPLATE = (
    b'<Relationship Id="rId1" Type="http://schemas.example/relationships/attachedTemplate" '
    b'Target="https://elsewhere.example/a.dotm" TargetMode="External"/>'
)
LINK = REMOTE_TEMPLATE.replace(b"attachedTemplate", b"hyperlink")
TEXT = {"mimetype": ODT.encode(), "content.xml": b"<office/>"}


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
            WORD | {"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled"},
            DOCX,
            "macros",
        ),
        (WORD | {"word/embeddings/oleObject1.bin": b"x"}, DOCX, "objet incorporé"),
        (WORD | {"word/_rels/settings.xml.rels": REMOTE_TEMPLATE}, DOCX, "modèle distant"),
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
        "template",
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


def test_macros_of_an_old_office_file_are_refused() -> None:
    old = rules.OLE[0] + bytes(100) + "_VBA_PROJECT".encode("utf-16-le")
    assert content_fault(old, "application/msword") == MACROS
    assert content_fault(rules.OLE[0] + bytes(100), "application/msword") == ""


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
