"""What a file is: told from its bytes, never from its name; and the envelope of CDA."""

import base64
import json
from typing import Any

import pytest

from tests.formats.cda_samples import PATIENT, document
from tests.formats.fhir_samples import JSON, bundle, codes, patient, read_json
from tests.formats.official import CDA_DOCUMENT, CDA_ENVELOPE, needs_official_files
from virage.formats.outcome import Unreadable
from virage.formats.tddui.reading import read

CDA = document()


def piece(content: bytes, name: str = "piece", **parts: Any) -> JSON:
    attachment = {
        "contentType": "text/xml",
        "data": base64.b64encode(content).decode(),
        "title": name,
    }
    return {
        "resourceType": "DocumentReference",
        "id": name,
        "status": "current",
        "content": [{"attachment": attachment | parts}],
    }


def refusal_of(data: bytes | JSON) -> str:
    with pytest.raises(Unreadable) as refusal:
        read(data if isinstance(data, bytes) else json.dumps(data).encode())
    return refusal.value.findings[0].code


def test_each_wire_is_known_by_its_first_bytes() -> None:
    assert read(CDA).source_format == "tddui-cda"
    assert read(b"\xef\xbb\xbf \n" + CDA[CDA.index(b"<ClinicalDocument") :]).version == "1.0.1"
    assert read(CDA.replace(b"UTF-8", b"UTF-16").decode().encode("utf-16")).version == "1.0.1"
    assert read_json(bundle(patient())).source_format == "tddui-fhir"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"PK\x03\x04dossier", "zip_refused"),
        (b"nom;prenom\n", "unsupported_document"),
        (b"[]", "unsupported_document"),
        (b'{"a":1}', "unsupported_document"),
        (b'{"resourceType":"Patient"}', "not_a_bundle"),
        (b'<Bundle xmlns="http://hl7.org/fhir"/>', "unsupported_document"),
        (b'<?xml version="1.0"?><html/>', "unsupported_document"),
    ],
)
def test_what_is_no_record(data: bytes, code: str) -> None:
    assert refusal_of(data) == code


def test_the_version_is_the_one_that_the_file_claims() -> None:
    profile = "https://interop.esante.gouv.fr/ig/fhir/tddui/StructureDefinition/tddui-patient"
    assert read_json(bundle(patient(meta={"profile": [f"{profile}|2.1.0"]}))).version == "2.1.0"
    assert read_json(bundle(patient())).version == ""


@pytest.mark.parametrize("media", ["text/xml", "application/xml", "application/octet-stream"])
def test_an_envelope_gives_its_document(media: str) -> None:
    alone = read(CDA).record
    record = read_json(bundle(piece(CDA, contentType=media))).record
    assert record.person == alone.person
    assert record.leftovers[-1].title == "Enveloppe : fiche du document"
    assert "data" not in json.loads(record.leftovers[-1].content)["content"][0]["attachment"]


def test_a_piece_alone_is_an_envelope() -> None:
    assert read_json(piece(CDA)).source_format == "tddui-cda"


def test_the_other_pieces_are_documents() -> None:
    other = piece(b"%PDF-1.7", "Courrier", contentType="application/pdf")
    documents = read_json(bundle(other, piece(CDA))).record.documents
    assert [(each.title, each.content) for each in documents] == [("Courrier", b"%PDF-1.7")]


def test_an_envelope_without_a_record_is_refused() -> None:
    assert refusal_of(bundle(piece(b"bonjour", contentType="text/plain"))) == "no_usable_cda"
    assert refusal_of(bundle(piece(b"<html/>"))) == "no_usable_cda"


def test_an_envelope_with_several_records_is_refused() -> None:
    other = document(patient=PATIENT.replace("PATUREL", "AUTRE"))
    assert refusal_of(bundle(piece(CDA), piece(CDA, "deux"))) == "several_documents"
    assert refusal_of(bundle(piece(CDA), piece(other, "deux"))) == "several_persons"


def test_a_hostile_piece_is_refused_for_what_it_is() -> None:
    assert refusal_of(bundle(piece(b"<!DOCTYPE a><a/>"))) == "xml_dtd"
    assert refusal_of(bundle(piece(b"<a>"))) == "truncated"


def test_documents_beside_a_usager_make_a_record() -> None:
    reading = read_json(bundle(patient(), piece(CDA)))
    assert reading.source_format == "tddui-fhir"
    assert [each.content for each in reading.record.documents] == [CDA]


def test_the_checks_are_the_same_on_both_wires() -> None:
    assert "name_not_strict" in codes(read_json(bundle(patient(name=[{"family": "Paturel"}]))))
    cda = read(document(patient=PATIENT.replace("PATUREL", "Paturel")))
    assert "name_not_strict" in codes(cda)


@needs_official_files
def test_the_official_files() -> None:
    assert refusal_of(CDA_ENVELOPE.read_bytes()) == "no_usable_cda"
    wrapped = read_json(bundle(piece(CDA_DOCUMENT.read_bytes())))
    assert wrapped.record.person == read(CDA_DOCUMENT.read_bytes()).record.person
