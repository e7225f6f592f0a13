"""What an office file or an RTF fetches elsewhere, or asks of another program, when it is opened.

A link that waits to be clicked is none of it. Sources: the fields of Word (ECMA-376-1, 17.16.5),
the external links of Excel (18.14) and its functions (18.17.7), OpenDocument 1.3, the fields of RTF
1.9.1.
"""

import re
from collections.abc import Iterator
from zipfile import ZipFile

from lxml import etree

# A field that starts a program, or that brings in what lies on the network.
_FIELD = re.compile(
    r"""\s*(?:DDE(?:AUTO)?\b|(?:INCLUDE\w*|IMPORT|LINK|RD|DATABASE)\b.*?(?:://|[\s"“](?:\\\\|//)))""",
    re.IGNORECASE | re.DOTALL,
)
# What brings in something by an address that another field within it writes.
_BRINGS_IN = re.compile(r"\s*(?:INCLUDE|IMPORT|LINK|RD|DATABASE|DDE)", re.IGNORECASE)
# A formula that asks the network or another program, by a function or as « program|'file'!cell ».
_FORMULA = re.compile(r"\b(?:WEBSERVICE|IMAGE|RTD|DDE)\(|\w\|'[^']*'!", re.IGNORECASE)
_REMOTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|/|\\)", re.IGNORECASE)
# Where an address of OpenDocument is that of a link, an area of an image or a button.
_CLICKED = {"a", "form", "button"}
_PROGRAM = "vnd.sun.star.script:"
# The model that a letter was made from lies on the disk of who wrote it; one elsewhere has a host.
_OWN_DISK = re.compile(r"file:///(?!/|\\|%2f|%5c)", re.IGNORECASE)
# An object of another program, or « aFChunk », a whole file taken in as the document opens.
OBJECT_TYPE = re.compile(r"oleobject$|/afchunk$", re.IGNORECASE)
_HYPERLINK_TYPE = re.compile(r"/hyperlink$", re.IGNORECASE)
_TEMPLATE_TYPE = re.compile(r"/attachedTemplate$", re.IGNORECASE)
_AREA = "area-"
_ASKS_A_PROGRAM = {"ddelink", "dde-source", "dde-connection-decl", "dde-link"}
_FORMULAS = {"f", "formula", "definedName", "formula1", "formula2"}
# What a part holds, were it written in the letters of ASCII, if anything of it is judged here.
_WORDS = (
    *(b"instr", b"ddelink", b"dde-", b"href", b"<!doctype"),
    *(b"webservice(", b"image(", b"rtd(", b"dde(", b"|'", b"|&apos;"),
)
_PLAIN = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?!\?xml[^>]*encoding=[\"'](?!utf-8|us-ascii))", re.I)
_BLOCK = 10**6
_RTF_TOKEN = re.compile(
    rb"\\'(?P<hex>[0-9a-f]{2})|\\u(?P<code>-?\d+) ?\??|\\(?P<sign>[\\{}])"
    rb"|\\[a-z]+-?\d* ?|\\.|(?P<brace>[{}])|[\r\n]|(?P<letter>.)",
    re.IGNORECASE | re.DOTALL,
)
_MOST_OF_A_FIELD = 20_000


def calls_elsewhere(field: str) -> bool:
    """Whether a field starts a program (DDE), or includes what lies on the network."""
    return _FIELD.match(field) is not None


def is_foreign(tie: etree._Element) -> bool:
    """Whether a part of Office is tied to an object, to a file that Word takes in, or to what is
    fetched elsewhere when it is opened."""
    nature = tie.get("Type", "")
    if tie.get("TargetMode", "").lower() != "external":
        return OBJECT_TYPE.search(nature) is not None
    if _TEMPLATE_TYPE.search(nature) and _OWN_DISK.match(tie.get("Target", "")):
        return False
    return _HYPERLINK_TYPE.search(nature) is None


def part_calls_elsewhere(archive: ZipFile, name: str) -> bool:
    """Whether a part of an office file does it: a field, a link to a program, an address.

    Raises XMLSyntaxError where it should be XML and is not.
    """
    if not _is_to_be_read(archive, name):
        return False
    field: list[str] = []
    with archive.open(name) as part:
        for _, one in etree.iterparse(
            part, resolve_entities=False, no_network=True, load_dtd=False
        ):
            kind = etree.QName(one).localname if isinstance(one.tag, str) else ""
            if kind in ("instrText", "delInstrText"):
                field.append(one.text or "")
            elif kind in ("fldChar", "fldSimple"):
                said = "".join(field) if kind == "fldChar" else _attribute(one, "instr")
                if calls_elsewhere(said) or (_has_one_within(one) and _BRINGS_IN.match(said)):
                    return True
                field.clear()
            elif kind.lower() in _ASKS_A_PROGRAM or _is_fetched(one, kind) or _asks(one, kind):
                return True
            _forget(one)
    return calls_elsewhere("".join(field))


def rtf_fields(content: bytes) -> Iterator[str]:
    """Give the fields of an RTF, as its reader would read them."""
    for found in re.finditer(rb"\\fldinst\b", content):
        field, depth = "", 0
        end = found.end() + _MOST_OF_A_FIELD
        for token in _RTF_TOKEN.finditer(content, found.end(), end):
            if token["brace"]:
                depth += 1 if token["brace"] == b"{" else -1
                if depth < 0:
                    break
            field += _letter(token)
        yield field


def _letter(token: re.Match[bytes]) -> str:
    if token["hex"]:
        return bytes.fromhex(token["hex"].decode()).decode("cp1252", "replace")
    if token["code"]:
        return chr(int(token["code"]) % 0x10000)
    return (token["sign"] or token["letter"] or b"").decode("cp1252", "replace")


def _is_fetched(one: etree._Element, kind: str) -> bool:
    """Whether an element of OpenDocument shows what it brings from elsewhere."""
    namespace = etree.QName(one).namespace or "" if kind else ""
    if "opendocument" not in namespace or kind in _CLICKED or kind.startswith(_AREA):
        return False
    address = _attribute(one, "href")
    if kind == "event-listener":  # a program of its own, run at the opening too
        return address.lower().startswith(_PROGRAM)
    if kind == "template" and _OWN_DISK.match(address):
        return False
    return _REMOTE.match(address) is not None


def _has_one_within(one: etree._Element) -> bool:
    """Whether the text of a field stops here because another begins."""
    return _attribute(one, "fldCharType") == "begin"


def _asks(one: etree._Element, kind: str) -> bool:
    """Whether a formula asks the network or another program."""
    said = (one.text or "") if kind in _FORMULAS else _attribute(one, "formula")
    return _FORMULA.search(said) is not None


def _attribute(one: etree._Element, name: str) -> str:
    return next((str(v) for k, v in one.attrib.items() if etree.QName(k).localname == name), "")


def _is_to_be_read(archive: ZipFile, name: str) -> bool:
    """Whether a part is XML that may say something judged here, or that is not in plain letters."""
    with archive.open(name) as part:
        block = part.read(_BLOCK)
        if not block.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
            return False
        if not _PLAIN.match(block):
            return True
        while block:
            if any(word in block.lower() for word in _WORDS):
                return True
            following = part.read(_BLOCK)
            block = block[-20:] + following if following else b""
    return False


def _forget(one: etree._Element) -> None:
    """Free what was read: a part may unfold into far more than the file."""
    one.clear()
    parent = one.getparent()
    while parent is not None and one.getprevious() is not None:
        del parent[0]
