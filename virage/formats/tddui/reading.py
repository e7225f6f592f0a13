"""One door for a received record: what the file is, then its reader, then the checks."""

import re
from collections.abc import Iterable
from typing import Any

from virage.formats.outcome import Finding, Limits, Unreadable
from virage.formats.safe import check_file, decode_json, parse_xml
from virage.formats.tddui.checks import check
from virage.formats.tddui.envelope import is_envelope, read_envelope, wrapped
from virage.formats.tddui.from_cda import read_document
from virage.formats.tddui.from_fhir import read_bundle
from virage.formats.tddui.record import Reading

XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe\s*<\0|\xfe\xff\0<")
JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")


def read(data: bytes, *, limits: Limits | None = None) -> Reading:
    """Read a TDDUI record: a CDA document, alone or in its envelope, or a FHIR Bundle.

    Raises `Unreadable`, and nothing else, when the file is refused as a whole.
    """
    limits = limits or Limits()
    reading = _read(data, limits)
    reading.document = reading.document or data
    report(reading, check(reading.record), most=limits.entries)
    return reading


def report(reading: Reading, findings: Iterable[Finding], *, most: int) -> None:
    """Add faults to a reading; raise `Unreadable` beyond this number: nobody would read them."""
    reading.findings += findings
    if len(reading.findings) > most:
        raise Unreadable(Finding("too_many_entries", reading.findings[-1].path))


def _read(data: bytes, limits: Limits) -> Reading:
    if XML.match(data):
        return read_document(parse_xml(data, limits), limits=limits)
    if JSON.match(data):
        return _read_json(decode_json(data, limits), limits)
    check_file(data, limits)
    raise Unreadable(Finding("unsupported_document", ""))


def _read_json(value: Any, limits: Limits) -> Reading:
    type_ = value.get("resourceType") if isinstance(value, dict) else None
    if type_ == "Bundle":
        return (read_envelope if is_envelope(value) else read_bundle)(value, limits)
    if type_ == "DocumentReference":
        return read_envelope(wrapped(value), limits)
    code = "not_a_bundle" if isinstance(type_, str) else "unsupported_document"
    raise Unreadable(Finding(code, "", str(type_ or "")[:100]))
