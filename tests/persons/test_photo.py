"""The photo: what becomes a portrait, and what is refused."""

import io
import zlib
from typing import Any

import pytest
from PIL import Image

from virage.persons.rules.photo import MAX_BYTES, UnusablePhoto, portrait


def picture(width: int, height: int, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_small_square_without_its_secrets(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Appareil de la famille"
    ours = portrait(picture(900, 700, kind, exif=exif))
    with Image.open(io.BytesIO(ours)) as image:
        assert (image.format, image.size) == ("JPEG", (320, 320))
        assert not image.getexif()
    assert b"famille" not in ours


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        picture(20, 20)[:200],
        picture(20, 20, "BMP"),
        picture(9000, 9000, "PNG", compress_level=1),
        picture(10000, 10000, "PNG", compress_level=1),
        b"\xff" * (MAX_BYTES + 1),
    ],
    ids=["empty", "pdf", "cut", "bmp", "bomb", "larger bomb", "heavy"],
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(UnusablePhoto):
        portrait(content)


def with_chunk(kind: bytes, content: bytes) -> bytes:
    """Return a PNG with one more chunk, before its points."""
    plain, told = picture(20, 20, "PNG"), kind + content
    chunk = len(content).to_bytes(4) + told + zlib.crc32(told).to_bytes(4)
    return plain[:33] + chunk + plain[33:]


INFLATED = zlib.compress(bytes(80 * 10**6))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (b"zTXt", b"a\0\0" + INFLATED),
        (b"iTXt", b"a\0\1\0\0\0" + INFLATED),
        (b"iCCP", b"a\0\0" + INFLATED),
        *((kind, b"\0") for kind in (b"gAMA", b"cHRM", b"pHYs", b"acTL", b"fcTL", b"IHDR")),
        (b"sRGB", b""),
        (b"tRNS", b""),
    ],
    ids=lambda value: value.decode() if len(value) == 4 else "",
)
def test_a_faulty_chunk_makes_no_photo(kind: bytes, content: bytes) -> None:
    with pytest.raises(UnusablePhoto, match="n’est pas une photo"):
        portrait(with_chunk(kind, content))
