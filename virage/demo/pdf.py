"""A one-page PDF made of a title and paragraphs: enough for a document to open anywhere."""

from collections.abc import Sequence
from textwrap import wrap

LINE_CHARACTERS = 82
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources"
    b" << /Font << /F1 5 0 R /F2 6 0 R >> >> >>"
)


def one_page(title: str, paragraphs: Sequence[str], foot: str) -> bytes:
    """Return a PDF 1.4 of one A4 page in the fonts that every reader has.

    Raises UnicodeEncodeError for a letter outside Western European (cp1252).
    """
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        _stream(_page(title, paragraphs, foot)),
        _font(b"Helvetica"),
        _font(b"Helvetica-Bold"),
    )
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return b"%bxref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n" % (
        body,
        size,
        table,
        size,
    ) + b"startxref\n%d\n%%%%EOF\n" % len(body)


def _page(title: str, paragraphs: Sequence[str], foot: str) -> bytes:
    lines = [b"BT /F2 17 Tf 64 760 Td (%b) Tj ET" % _text(title)]
    lines.append(b"BT /F1 11 Tf 16 TL 64 720 Td")
    for paragraph in paragraphs:
        lines += [b"(%b) Tj T*" % _text(line) for line in wrap(paragraph, LINE_CHARACTERS)]
        lines.append(b"T*")
    lines.append(b"ET")
    lines.append(b"BT /F1 9 Tf 64 56 Td (%b) Tj ET" % _text(foot))
    return b"\n".join(lines)


def _text(text: str) -> bytes:
    encoded = text.encode("cp1252")
    return encoded.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content)


def _font(name: bytes) -> bytes:
    return b"<< /Type /Font /Subtype /Type1 /BaseFont /%b /Encoding /WinAnsiEncoding >>" % name
