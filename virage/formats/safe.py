"""The first look at bytes that came from outside: bounded, or refused, before anything is built.

Every function raises `Unreadable` with a precise code and nothing else. The bounds are checked on
the raw bytes first, because a decoder that is handed a bomb has already lost.
"""

import base64
import json
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NoReturn, TypeVar

from lxml import etree

from virage.formats.outcome import Finding, Limits, Unreadable
from virage.foundation.unseen import without_unseen

T = TypeVar("T")
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!")
TOKENS_PER_ENTRY = 50
"""Tags, attributes, pairs of strings that one entry may hold on average: 60 MB of either official
example, without its attachments, stay below."""

ELEMENTS_PER_ENTRY = 15
"""Elements of XML that one entry may hold on average: 30 MB of the official example, without its
attachments, stay below, and are read in 2 seconds."""

ATTRIBUTES_PER_ELEMENT = 50
"""Far above any element of CDA; lxml takes their number squared to copy them."""

LONGEST_NUMBER = 40
"""Characters of a JSON number: far above any measure, far below what makes arithmetic slow."""

BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
ENCODINGS = {"utf-8", "iso-8859-1", "utf-16", "utf-16-le", "utf-16-be"}
DECLARED = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
SYNTAX_CODES = {
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY: "xml_entity",
    etree.ErrorTypes.WAR_UNDECLARED_ENTITY: "xml_entity",
    etree.ErrorTypes.ERR_RESOURCE_LIMIT: "too_deep",
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: "truncated",
}
NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
SUSPECT_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def refuse(code: str, path: str = "", value: str = "") -> NoReturn:
    """Refuse the whole file for one reason."""
    raise Unreadable(Finding(code, path, value))


def check_file(data: bytes, limits: Limits) -> None:
    """Refuse an empty file, an archive (TDDUI has none: never opened), a file over its size."""
    if not data.strip():
        refuse("empty_file")
    if len(data) > limits.file_bytes:
        refuse("too_large", value=str(len(data)))
    if data.startswith(ARCHIVES):
        refuse("zip_refused")


def decode_json(data: bytes, limits: Limits) -> Any:
    """Read strict JSON in UTF-8; decimals keep their written precision as `Decimal`."""
    check_file(data, limits)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse("bad_encoding", f"octet {error.start}")
    is_cut = _check_json_shape(data, limits)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique_pairs,
            parse_constant=_refuse_constant,
            parse_float=_number(Decimal),
            parse_int=_number(int),
        )
    except json.JSONDecodeError as error:
        place = f"ligne {error.lineno}, colonne {error.colno}"
        refuse("truncated" if is_cut else "not_json", place)
    except RecursionError:
        refuse("too_deep")
    if SUSPECT_ESCAPE.search(text):
        _check_strings(value)
    return value


def _check_json_shape(data: bytes, limits: Limits) -> bool:
    """Bound depth and volume without decoding; say whether the text looks cut.

    Each pass removes the innermost brackets, so the number of passes is the depth.
    """
    most = 2 * limits.entries * TOKENS_PER_ENTRY
    unescaped = data.replace(rb"\\", b"").replace(rb"\"", b"")
    if unescaped.count(b'"') > 2 * most:
        refuse("too_many_entries")
    outside_strings = b"".join(unescaped.split(b'"')[::2])
    brackets = outside_strings.translate(bytes.maketrans(b"{}", b"[]"), NOT_BRACKETS)
    if len(brackets) > 2 * most or outside_strings.count(b",") > 2 * most:
        refuse("too_many_entries")
    for _ in range(limits.depth):
        brackets = brackets.replace(b"[]", b"")
    if b"[]" in brackets or len(brackets) > limits.depth:
        refuse("too_deep")
    return unescaped.count(b'"') % 2 == 1 or (bool(brackets) and b"]" not in brackets)


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        refuse("json_duplicate_key", value=counts.most_common(1)[0][0])
    return found


def _refuse_constant(constant: str) -> NoReturn:
    refuse("not_json", value=constant)


def _number(kind: Callable[[str], T]) -> Callable[[str], T]:
    """Bound the digits and the exponent of a number: `1E999999999` fills the memory when shown."""

    def parse(literal: str) -> T:
        exponent = literal.lower().partition("e")[2]
        if len(literal) > LONGEST_NUMBER or len(exponent) > 3:
            refuse("value_too_long", value=literal[:LONGEST_NUMBER])
        return kind(literal)

    return parse


def _check_strings(value: Any) -> None:
    """Refuse what no database stores: a NUL character, half of a surrogate pair."""
    if isinstance(value, dict):
        _check_strings(list(value))
        _check_strings(list(value.values()))
    elif isinstance(value, list):
        for child in value:
            _check_strings(child)
    elif isinstance(value, str):
        if "\0" in value:
            refuse("nul_character", value=ascii(value)[:LONGEST_NUMBER])
        if any("\ud800" <= character <= "\udfff" for character in value):
            refuse("bad_encoding", value=ascii(value)[:LONGEST_NUMBER])


def parse_xml(data: bytes, limits: Limits) -> etree._Element:
    """Read XML without DTD, entity or network, as elements only (no comment, no instruction).

    `huge_tree` lifts a bound of libxml2 that a 20 MB attachment in base64 would meet; file size,
    tags and depth are bounded here instead, and without a DTD there is no entity to expand.
    """
    check_file(data, limits)
    text = _decode_xml(data)
    _refuse_dtd(text)
    elements = text.count("<") - text.count("</")
    if (
        elements > limits.entries * ELEMENTS_PER_ENTRY
        or text.count("=") > limits.entries * TOKENS_PER_ENTRY
    ):
        refuse("too_many_entries")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        refuse(_syntax_code(error, text), f"ligne {line}, colonne {column}")
    if root.xpath("boolean(" + "/*" * (limits.depth + 1) + ")"):
        refuse("too_deep")
    if root.xpath(f"boolean(//*[count(@*) > {ATTRIBUTES_PER_ELEMENT}])"):
        refuse("too_many_entries")
    return root


def _decode_xml(data: bytes) -> str:
    """Decode by the mark, else by the declaration, else as UTF-8; drop the declaration's claim."""
    mark = next((mark for mark in BOMS if data.startswith(mark)), b"")
    declared = DECLARED.match(data)
    name = BOMS.get(mark) or (declared.group(1).decode().lower() if declared else "utf-8")
    if name not in ENCODINGS:
        refuse("bad_encoding", value=name)
    try:
        text = data[len(mark) :].decode(name)
    except UnicodeDecodeError as error:
        refuse("bad_encoding", f"octet {error.start}")
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)


def _refuse_dtd(text: str) -> None:
    """A document type can only stand before the first element."""
    prolog = PROLOG.match(text)
    if prolog and text[prolog.end() :][:9].upper() == "<!DOCTYPE":
        refuse("xml_entity" if "<!ENTITY" in text else "xml_dtd")


def _syntax_code(error: etree.XMLSyntaxError, text: str) -> str:
    is_cut = text.lstrip().startswith("<") and not text.rstrip().endswith(">")
    # The stubs of lxml do not know `code`.
    return SYNTAX_CODES.get(getattr(error, "code", 0), "truncated" if is_cut else "not_xml")


def decode_attachment(text: str, limits: Limits, path: str = "") -> bytes:
    """Decode strict base64, white space aside; the size is bounded before decoding."""
    compact = "".join(text.split())
    if len(compact) * 3 // 4 - compact[-2:].count("=") > limits.attachment_bytes:
        refuse("attachment_too_large", path)
    try:
        return base64.b64decode(compact, validate=True)
    except ValueError:
        refuse("bad_base64", path)


def plain_title(text: str) -> str:
    """A title safe to show and to save under: no invisible character, no way to another folder.

    A slash alone is kept (« Bilan du 12/04 »); a path that climbs or starts at a root gives its
    last name only.
    """
    visible = without_unseen(re.sub(r"[\t-\r\x1c-\x1f\x85]", " ", text)).strip()
    segments = re.split(r"[/\\]", visible)
    if ".." in segments or not segments[0] or re.match(r"[A-Za-z]:[/\\]", visible):
        names = [name for name in segments if name.strip(". ")]
        return names[-1] if names else ""
    return visible
