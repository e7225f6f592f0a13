"""Attached files in CDA: their bytes, their names, and what is refused."""

import base64
import hashlib

import pytest

from tests.formats.cda_samples import CISIS, document, read, section
from virage.formats.outcome import Limits, Unreadable
from virage.formats.safe import parse_xml
from virage.formats.tddui.from_cda import read_document
from virage.formats.tddui.record import Document, Reading

CONTENT = b"%PDF-1.4 une page"
IN_BASE64 = base64.b64encode(CONTENT).decode()
SHA1 = base64.b64encode(hashlib.sha1(CONTENT, usedforsecurity=False).digest()).decode()


def with_file(value: str, title: str = "Bilan de mai") -> bytes:
    entry = f"""<organizer><templateId root="1.2.250.1.213.1.1.3.18"/>
      <id root="A5516277-3F86-4681-9013-93868243AB67"/><code code="55107-7"/>
      <component><observation><templateId root="1.2.250.1.213.1.1.3.48.18"/>
      <code code="69764-9"/><text><reference value="#titre"/></text>
      <effectiveTime value="20260514101500+0200"/>
      <value code="34133-9" {CISIS} displayName="Synthèse"/></observation></component>
      <component><observationMedia ID="piece">{value}</observationMedia></component>
      </organizer>"""
    text = f'<paragraph ID="titre">{title}</paragraph>'
    return document(section("1.2.250.1.213.1.1.2.37", entry, text=text))


def read_file(value: str, title: str = "Bilan de mai") -> tuple[Document, Reading]:
    reading = read(with_file(value, title))
    return reading.record.documents[0], reading


def test_the_bytes_and_what_is_said_of_them() -> None:
    attached, reading = read_file(
        f'<value mediaType="application/pdf" language="oc" representation="B64" '
        f'integrityCheck="{SHA1}">{IN_BASE64}</value>'
    )
    assert (attached.content, attached.content_type) == (CONTENT, "application/pdf")
    assert (attached.title, attached.type.code) == ("Bilan de mai", "34133-9")
    assert attached.language == "oc"
    assert attached.key == "urn:uuid:A5516277-3F86-4681-9013-93868243AB67"
    assert not reading.findings


def test_plain_text_in_place() -> None:
    assert read_file('<value mediaType="text/plain">Rien à dire</value>')[0].content == (
        "Rien à dire".encode()
    )


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ('<value><reference value="https://exemple.fr/a.pdf"/></value>', {"attachment_external"}),
        (f'<value representation="B64" compression="GZ">{IN_BASE64}</value>', {"attachment_type"}),
        ('<value representation="B64"/>', {"attachment_empty"}),
        (f'<value representation="B64" integrityCheck="AAAA">{IN_BASE64}</value>', {"hash"}),
    ],
)
def test_a_file_that_is_not_there_is_told(value: str, codes: set[str]) -> None:
    _, reading = read_file(value)
    said = " ".join(finding.code for finding in reading.findings)
    assert all(code in said for code in codes)


def test_a_file_elsewhere_keeps_its_address() -> None:
    _, reading = read_file('<value><reference value="https://exemple.fr/a.pdf"/></value>')
    assert any("exemple.fr" in leftover.content for leftover in reading.record.leftovers)


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("C:\\Windows\\calc.exe", "calc.exe"),
        ("..", ""),
        ("Bilan du 12/04", "Bilan du 12/04"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
    ],
)
def test_a_title_never_climbs(title: str, kept: str) -> None:
    attached, reading = read_file('<value mediaType="text/plain">x</value>', title)
    assert attached.title == kept
    assert [finding.code for finding in reading.findings] == (
        [] if kept == title else ["unsafe_file_name"]
    )


def test_a_file_over_the_limit_is_refused() -> None:
    data = with_file(f'<value representation="B64">{IN_BASE64}</value>')
    with pytest.raises(Unreadable, match="attachment_too_large"):
        read_document(parse_xml(data, Limits()), limits=Limits(attachment_bytes=10))


def test_bad_base64_is_refused_where_it_stands() -> None:
    with pytest.raises(Unreadable) as refused:
        read(with_file('<value representation="B64">%%%%</value>'))
    [finding] = refused.value.findings
    assert finding.code == "bad_base64"
    assert finding.path.endswith("/component[2]/observationMedia/value")
