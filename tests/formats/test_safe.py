"""The first look at bytes: each bound, each trick, refused by name and at once."""

import base64
import bz2
import gzip
import io
import lzma
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from virage.formats.outcome import Limits, Unreadable
from virage.formats.safe import decode_attachment, decode_json, parse_xml, plain_title

LIMITS = Limits()
MEGA = 10**6
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
LAUGHTER = f'<!DOCTYPE l [<!ENTITY l0 "ha">{LAUGHS}]><l>&l9;</l>'.encode()
QUADRATIC = b'<!DOCTYPE q [<!ENTITY a "' + b"a" * 50_000 + b'">]><q>' + b"&a;" * 50_000 + b"</q>"


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("record.xml", b"0" * 10 * MEGA)
    return held.getvalue()


def many_attributes(count: int) -> bytes:
    return b"<a %s/>" % b" ".join(b'a%d="1"' % rank for rank in range(count))


def refusal(read: Callable[[bytes, Limits], Any], data: bytes, limits: Limits = LIMITS) -> str:
    start = time.process_time()
    with pytest.raises(Unreadable) as refused:
        read(data, limits)
    assert time.process_time() - start < 2
    [finding] = refused.value.findings
    return finding.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b" \n", "empty_file"),
        (zipped(), "zip_refused"),
        (gzip.compress(b"{}"), "zip_refused"),
        (bz2.compress(b"{}"), "zip_refused"),
        (lzma.compress(b"{}"), "zip_refused"),
        (b"7z\xbc\xaf\x27\x1c", "zip_refused"),
        (b"Rar!\x1a\x07", "zip_refused"),
        ('{"a": "é"}'.encode("latin-1"), "bad_encoding"),
        ('{"a": "é"}'.encode("utf-16"), "bad_encoding"),
        (b'["\\ud800"]', "bad_encoding"),
        (b'["\\uDFFF"]', "bad_encoding"),
        (b'["a\\u0000"]', "nul_character"),
        (b'{"a\\u0000": 1}', "nul_character"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "json_duplicate_key"),
        (b"[NaN]", "not_json"),
        (b"[-Infinity]", "not_json"),
        (b"{a: 1}", "not_json"),
        (b'{"a": 1} {}', "not_json"),
        (b"]", "not_json"),
        (b"[1e999999999]", "value_too_long"),
        (b"[1e1000]", "value_too_long"),
        (b"[" + b"9" * 41 + b"]", "value_too_long"),
        (b"[" + b"9" * 5000 + b"]", "value_too_long"),
        (b'{"a": [1, 2', "truncated"),
        (b'{"a": "b', "truncated"),
        (b"[" * 65 + b"]" * 65, "too_deep"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "too_deep"),
        (b"[" * 100_000, "too_deep"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_json(data: bytes, code: str) -> None:
    assert refusal(decode_json, data) == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (zipped(), "zip_refused"),
        (LAUGHTER, "xml_entity"),
        (QUADRATIC, "xml_entity"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml_entity"),
        (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://localhost/x.dtd"> %x;]><a/>', "xml_entity"),
        (b'<!-- a --><?b c?>\n<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "xml_dtd"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"), "xml_dtd"),
        (b"<a>&nbsp;</a>", "xml_entity"),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', "bad_encoding"),
        (b'<?xml version="1.0" encoding="EBCDIC-CP-FR"?><a/>', "bad_encoding"),
        ("<a>é</a>".encode("latin-1"), "bad_encoding"),
        (b"<a><b></a></b>", "not_xml"),
        (b"bonjour", "not_xml"),
        (b"<a>&#0;</a>", "not_xml"),
        (b"<a>\x01</a>", "not_xml"),
        (b"<a><b>", "truncated"),
        (b'<a><b c="d', "truncated"),
        (b"<a>" * 65 + b"</a>" * 65, "too_deep"),
        (b"<a>" * 5000 + b"</a>" * 5000, "too_deep"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_xml(data: bytes, code: str) -> None:
    assert refusal(parse_xml, data) == code


# Made when they are used: together they would fill the memory.
BOMBS: list[tuple[Callable[[bytes, Limits], Any], Callable[[], bytes], str]] = [
    (decode_json, lambda: b"[" * 30 * MEGA + b"]" * 30 * MEGA, "too_many_entries"),
    (decode_json, lambda: b"[" + b"[]," * 19 * MEGA + b"[]]", "too_many_entries"),
    (decode_json, lambda: b"[" + b"1," * 29 * MEGA + b"1]", "too_many_entries"),
    (decode_json, lambda: b"[" + b'"",' * 19 * MEGA + b'""]', "too_many_entries"),
    (decode_json, lambda: b'"' + b"a" * 61 * MEGA + b'"', "too_large"),
    (parse_xml, lambda: b"<r>" + b"<a/>" * 14 * MEGA + b"</r>", "too_many_entries"),
    (parse_xml, lambda: b"<r " + b'a="" ' * 11 * MEGA + b"/>", "too_many_entries"),
    (parse_xml, lambda: b"<a>" + b"x" * 61 * MEGA + b"</a>", "too_large"),
]


@pytest.mark.parametrize(("read", "make", "code"), BOMBS)
def test_a_bomb(read: Callable[[bytes, Limits], Any], make: Callable[[], bytes], code: str) -> None:
    assert refusal(read, make()) == code


def test_what_is_right_is_read() -> None:
    assert decode_json(b'\xef\xbb\xbf{"a": [1.50, "\\ud83d\\ude00"]}', LIMITS) == {
        "a": [Decimal("1.50"), "😀"]
    }
    assert decode_json(b"[" * 64 + b"]" * 64, LIMITS)
    assert parse_xml(b"<a>" * 64 + b"</a>" * 64, LIMITS).tag == "a"
    latin = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1")
    assert parse_xml(latin, LIMITS).text == "é"
    assert decode_json(rb'["\"", "\\", "[[[["]', Limits(depth=1)) == ['"', "\\", "[[[["]
    assert decode_json(b"[1e-99, " + b"9" * 40 + b"]", LIMITS) == [Decimal("1e-99"), 10**40 - 1]
    wide = '<?xml version="1.0" encoding="UTF-16"?><a>é<!-- b -->t<?c d?>é</a>'
    for encoded in (wide.encode("utf-16"), b"\xfe\xff" + wide.encode("utf-16-be")):
        assert parse_xml(encoded, LIMITS).text == "été"
    assert parse_xml(b"<a><![CDATA[<!DOCTYPE b>]]></a>", LIMITS).text == "<!DOCTYPE b>"


def test_a_place_is_told() -> None:
    with pytest.raises(Unreadable) as refused:
        decode_json(b'{\n "a": x}', LIMITS)
    assert refused.value.findings[0].path == "ligne 2, colonne 7"


def test_the_limits_are_settings() -> None:
    small = Limits(file_bytes=10, depth=2, entries=1)
    assert refusal(decode_json, b"[1,2,3,4,5,6]", small) == "too_large"
    assert refusal(decode_json, b"[[[]]]", small) == "too_deep"
    assert refusal(parse_xml, b"<a><b><c/></b></a>", Limits(depth=2)) == "too_deep"


@pytest.mark.parametrize("data", [b"<a>" + b"<x/>" * 300 + b"</a>", many_attributes(51)])
def test_elements_and_their_attributes_are_bounded(data: bytes) -> None:
    assert refusal(parse_xml, data, Limits(entries=20)) == "too_many_entries"
    assert len(parse_xml(b"<a>" + b"<x></x>" * 299 + b"</a>", Limits(entries=20))) == 299
    assert len(parse_xml(many_attributes(50), Limits(entries=20)).attrib) == 50


def test_a_large_attachment_passes_where_libxml2_would_stop() -> None:
    content = base64.b64encode(b"\0" * 12 * MEGA)
    assert parse_xml(b"<a>" + content + b"</a>", LIMITS).text == content.decode()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("QQ", "bad_base64"),
        ("QQ=A", "bad_base64"),
        ("QUJD!", "bad_base64"),
        ("QUJ-", "bad_base64"),
        ("é===", "bad_base64"),
        ("QUJDRA==", "attachment_too_large"),
    ],
)
def test_a_bad_attachment(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        decode_attachment(text, Limits(attachment_bytes=3), "entry[0]")
    [finding] = refused.value.findings
    assert (finding.code, finding.path) == (code, "entry[0]")


def test_an_attachment_may_be_written_on_several_lines() -> None:
    assert decode_attachment("QUJ\n  D\n", Limits(attachment_bytes=3)) == b"ABC"


@pytest.mark.parametrize(("text", "content"), [("QUJD", b"ABC"), ("QUI=", b"AB"), ("QQ==", b"A")])
def test_the_bound_of_an_attachment_is_on_its_own_bytes(text: str, content: bytes) -> None:
    assert decode_attachment(text, Limits(attachment_bytes=len(content))) == content


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Bilan\tde\nmai ", "Bilan de mai"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\0b", "ab"),
        ("fac\u202egpj.exe", "facgpj.exe"),
        ("/etc/passwd", "passwd"),
        ("C:\\Temp\\note.txt", "note.txt"),
        ("../..", ""),
        ("Suivi 2025/2026", "Suivi 2025/2026"),
        ("~/.ssh", "~/.ssh"),
        ("", ""),
    ],
)
def test_a_title_is_plain(title: str, plain: str) -> None:
    assert plain_title(title) == plain
