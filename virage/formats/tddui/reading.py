"""Reading a received file, whichever TDDUI wire it came by."""

from typing import Any

from virage.formats.safe import check_file, decode_attachment, decode_json, parse_xml
from virage.formats.tddui.from_cda import read_document
from virage.formats.tddui.from_fhir import read_bundle
from virage.formats.tddui.record import Finding, Limits, Reading, Unreadable


def read(data: bytes, *, limits: Limits | None = None) -> Reading:
    """Return the record that a file holds: a CDA document, alone or wrapped, or a FHIR Bundle.

    Raises Unreadable, with every reason, for anything else or beyond the limits.
    """
    limits = limits or Limits()
    check_file(data, limits)
    if _looks_like_xml(data):
        return read_document(parse_xml(data, limits), limits=limits)
    value = decode_json(data, limits)
    if not isinstance(value, dict):
        raise Unreadable(Finding("unsupported_document", ""))
    if documents := _wrapped_documents(value, limits):
        if len(documents) > 1:
            raise Unreadable(Finding("several_persons", "Bundle.entry"))
        return read_document(parse_xml(documents[0], limits), limits=limits)
    return read_bundle(value, limits)


def _looks_like_xml(data: bytes) -> bool:
    start = data[:200].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\x00", b"")
    return start.startswith(b"<")


def _wrapped_documents(value: dict[str, Any], limits: Limits) -> list[bytes]:
    """Return the CDA documents of an envelope; nothing for a Bundle that is not one.

    Raises Unreadable when every entry is a wrapped document and none is CDA.
    """
    resources = [value] if value.get("resourceType") == "DocumentReference" else _resources(value)
    if not resources or any(one.get("resourceType") != "DocumentReference" for one in resources):
        return []
    attachments = [
        decode_attachment(content["attachment"]["data"], limits)
        for one in resources
        for content in one.get("content", [])
        if isinstance(content, dict) and "data" in content.get("attachment", {})
    ]
    if documents := [one for one in attachments if b"ClinicalDocument" in one[:20_000]]:
        return documents
    raise Unreadable(Finding("no_usable_cda", "Bundle.entry"))


def _resources(value: dict[str, Any]) -> list[dict[str, Any]]:
    entries = value.get("entry")
    if not isinstance(entries, list):
        return []
    return [
        one["resource"]
        for one in entries
        if isinstance(one, dict) and isinstance(one.get("resource"), dict)
    ]
