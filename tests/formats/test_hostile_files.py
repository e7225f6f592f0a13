"""Files made to harm, at the door by which any file comes in: refused by name, in a moment."""

import base64
import gzip
import io
import json
import tarfile
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from tests.formats.cda_samples import PATIENT, document, event, events, section
from tests.formats.official import CDA_DOCUMENT, CDA_ENVELOPE, FHIR_BUNDLE, needs_official_files
from virage.formats.outcome import Limits, Unreadable
from virage.formats.tddui.reading import read
from virage.formats.tddui.to_fhir import build
from virage.foundation.content import faults

GOOD_CDA = document(events(event()))
BOMB = b"""<?xml version="1.0"?><!DOCTYPE ClinicalDocument [
<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">
]><ClinicalDocument xmlns="urn:hl7-org:v3"><title>&c;</title></ClinicalDocument>"""
STEALING = BOMB.replace(b'"aaaaaaaaaa"', b'SYSTEM "file:///etc/passwd"')


def refusal(data: bytes, limits: Limits | None = None) -> str:
    start = time.process_time()
    with pytest.raises(Unreadable) as refused:
        read(data, limits=limits)
    assert time.process_time() - start < 2
    assert {faults.get(finding.code).level for finding in refused.value.findings} == {"refuse"}
    return refused.value.findings[0].code


def good_bundle() -> dict[str, Any]:
    record = read(GOOD_CDA).record
    bundle: dict[str, Any] = json.loads(build(record, made_at=record.made_at))
    return bundle


def bundle(change: Callable[[dict[str, Any]], object]) -> bytes:
    value = good_bundle()
    change(value)
    return json.dumps(value).encode()


def envelope(*pieces: bytes, content_type: str = "text/xml") -> bytes:
    """A Bundle of DocumentReference, each holding a piece."""
    entries = [
        {
            "resource": {
                "resourceType": "DocumentReference",
                "status": "current",
                "content": [
                    {
                        "attachment": {
                            "contentType": content_type,
                            "data": base64.b64encode(piece).decode(),
                        }
                    }
                ],
            },
            "request": {"method": "POST", "url": "DocumentReference"},
        }
        for piece in pieces
    ]
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()


def zipped(name: str, content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return held.getvalue()


def tarred() -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../../etc/passwd"))
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (zipped("../../etc/cron.d/x", b"0" * 10**7), "zip_refused"),
        (zipped("a.zip", zipped("b.zip", b"0" * 10**6)), "zip_refused"),
        (gzip.compress(b"0" * 10**7), "zip_refused"),
        (tarred(), "unsupported_document"),
        (b"%PDF-1.7", "unsupported_document"),
        (b"\x89PNG\r\n", "unsupported_document"),
        (b"\x7fELF" + bytes(100), "unsupported_document"),
        (b"MZ" + bytes(100), "unsupported_document"),
        (b"nom;prenom\nPATUREL;Odette", "unsupported_document"),
        (b"{\\rtf1}", "not_json"),
        (BOMB, "xml_entity"),
        (STEALING, "xml_entity"),
        (BOMB.decode().replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16"), "xml_entity"),
        (b"<!DOCTYPE html><html/>", "xml_dtd"),
        (b"<html/>", "unsupported_document"),
        (b'<Bundle xmlns="http://hl7.org/fhir"/>', "unsupported_document"),
        (GOOD_CDA[:-40], "truncated"),
        (GOOD_CDA[: len(GOOD_CDA) // 2], "truncated"),
        (GOOD_CDA.replace(b'"UTF-8"', b'"Shift_JIS"'), "bad_encoding"),
        (GOOD_CDA.replace(b"PATUREL", b"PATUR\xc9L"), "bad_encoding"),
        (b'{"resourceType": "Bundle", "type": "transaction", "ent', "truncated"),
        (b'{"resourceType": "Patient"}', "not_a_bundle"),
        (b"[]", "unsupported_document"),
        (b'{"a":' * 20_000, "too_deep"),
        (b"[" * 10**6, "too_deep"),
        (envelope(BOMB), "xml_entity"),
        (envelope(STEALING), "xml_entity"),
        (envelope(zipped("record.xml", GOOD_CDA)), "zip_refused"),
        (envelope(b"Bonjour", content_type="text/plain"), "no_usable_cda"),
        (envelope(GOOD_CDA, GOOD_CDA), "several_documents"),
        (
            envelope(GOOD_CDA, GOOD_CDA.replace(b"PATUREL", b"SORBIER")),
            "several_persons",
        ),
        (envelope(GOOD_CDA).replace(b'"data": "', b'"data": "*'), "bad_base64"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_hostile_file(data: bytes, code: str) -> None:
    assert refusal(data) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda it: it.update(type="batch"), "not_a_transaction"),
        (lambda it: it["entry"][0]["request"].update(method="DELETE"), "method_not_post"),
        (lambda it: it["entry"].append(it["entry"][0]), "duplicate_full_url"),
        (lambda it: it.update(entry=[]), "no_person"),
        (lambda it: it.update(entry=[{}]), "missing_required"),
        (lambda it: it.update(entry={"a": 1}), "resource_invalid"),
        (lambda it: it["entry"][0]["resource"].update(name="PATUREL"), "resource_invalid"),
        (lambda it: it["entry"][0]["resource"].update(birthDate={}), "resource_invalid"),
        (lambda it: it["entry"].extend([{}] * 20_000), "too_many_entries"),
    ],
)
def test_a_hostile_bundle(change: Callable[[dict[str, Any]], object], code: str) -> None:
    assert refusal(bundle(change)) == code


def test_each_limit_at_the_door() -> None:
    assert refusal(GOOD_CDA, Limits(file_bytes=1000)) == "too_large"
    assert refusal(GOOD_CDA, Limits(depth=5)) == "too_deep"
    assert refusal(bundle(lambda it: it), Limits(entries=1)) == "too_many_entries"
    assert refusal(bundle(lambda it: it), Limits(depth=3)) == "too_deep"
    assert refusal(envelope(GOOD_CDA), Limits(attachment_bytes=1000)) == "attachment_too_large"


GRID = (
    '<component><observation><templateId root="1.2.250.1.213.1.1.3.25"/></observation></component>'
)
GRIDS = f'<organizer><templateId root="1.2.250.1.213.1.1.3.95"/>{GRID * 20}</organizer>'


@pytest.mark.parametrize(
    "data",
    [
        document(section("9.9.9", *["<act/>"] * 21)),
        document(section("1.2.250.1.213.1.1.2.246", GRIDS)),
        document(events(event(*['<informant code="1"/>'] * 21))),
    ],
    ids=["entries", "objects of one entry", "parts nobody reads"],
)
def test_a_document_holds_no_more_than_a_bundle(data: bytes) -> None:
    assert refusal(data, Limits(entries=20)) == "too_many_entries"
    assert read(data, limits=Limits(entries=60)).record.person.birth_family_name == "PATUREL"


def test_an_envelope_as_deep_as_allowed_is_read() -> None:
    assert read(envelope(GOOD_CDA)).record.person.birth_family_name == "PATUREL"
    typed = envelope(GOOD_CDA, content_type="application/octet-stream")
    assert read(typed).source_format == "tddui-cda"


def test_other_encodings_are_read() -> None:
    text = document(patient=PATIENT.replace("ODETTE MARIE", "ODÉLIE")).decode()
    for name in ("UTF-8", "ISO-8859-1", "UTF-16"):
        data = text.replace('"UTF-8"', f'"{name}"').encode(name)
        assert read(data).record.person.birth_given_names == "ODÉLIE"
    assert read(text.encode("utf-8-sig")).record.person.birth_given_names == "ODÉLIE"


@needs_official_files
@pytest.mark.parametrize("file", [CDA_DOCUMENT, FHIR_BUNDLE], ids=lambda file: file.suffix)
def test_an_official_file_cut_anywhere_is_refused(file: Any) -> None:
    data = file.read_bytes().rstrip()
    for place in range(1, len(data), len(data) // 40):
        assert refusal(data[:place]) in {"truncated", "not_xml", "not_json", "bad_encoding"}


@needs_official_files
def test_the_official_envelope_holds_no_record() -> None:
    assert refusal(CDA_ENVELOPE.read_bytes()) == "no_usable_cda"
    wrapped = envelope(CDA_DOCUMENT.read_bytes())
    assert len(read(wrapped).record.evaluations) == 2
