"""The photo: what becomes a portrait, and what is refused."""

import io
import zlib
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.factories.town import Town, actor_of, sign_in
from tests.persons.admissions import admit, today
from virage.foundation.errors import Invalid
from virage.foundation.storage import files
from virage.persons.actions import remove_photo, set_photo
from virage.persons.models import Person
from virage.persons.rules import photo as rules
from virage.persons.rules.photo import MAX_BYTES, SCAN, UnusablePhoto, portrait


@pytest.fixture
def rose(town: Town) -> Person:
    return admit(town, town.unit_a)


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


def test_the_comment_of_a_picture_goes_too() -> None:
    told = PngInfo()
    told.add_text("comment", "chez sa famille")
    for content in (
        picture(900, 700, comment=b"chez sa famille"),
        picture(900, 700, "PNG", pnginfo=told),
    ):
        assert b"famille" in content and b"famille" not in portrait(content)


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


@pytest.mark.parametrize(
    ("side", "kind", "options", "is_taken"),
    [
        (7740, "JPEG", {}, True),
        (7740, "JPEG", {"progressive": True}, False),
        (5600, "JPEG", {"progressive": True}, True),
        (4100, "PNG", {}, False),
        (3900, "PNG", {}, True),
        (3600, "WEBP", {}, False),
    ],
)
def test_a_large_photo_is_taken_when_it_can_be_reduced_at_reading(
    side: int, kind: str, options: dict[str, bool], is_taken: bool
) -> None:
    content = picture(side, side, kind, **options)
    if is_taken:
        assert portrait(content)
    else:
        with pytest.raises(UnusablePhoto, match="réduisez-la"):
            portrait(content)


def test_a_small_file_that_scans_its_points_without_end_is_refused() -> None:
    content = picture(4000, 4000, progressive=True)
    last = content[content.rindex(SCAN) : -2]
    with pytest.raises(UnusablePhoto, match="réduisez-la"):
        portrait(content[:-2] + last * 300 + content[-2:])


def test_a_photo_stands_upright() -> None:
    """Cropped before it is turned: the square is the same."""
    image = Image.new("RGB", (900, 600), "teal")
    image.paste("white", (150, 0, 750, 300))
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    with Image.open(io.BytesIO(portrait(out.getvalue()))) as ours:
        right, left = ours.getpixel((300, 160)), ours.getpixel((20, 160))
    assert min(right) > 240 > max(left)  # type: ignore[arg-type, type-var]  # of an RGB picture


def test_a_photo_needs_a_consent_that_has_been_given(town: Town, rose: Person) -> None:
    actor, photo = actor_of(town.sofia), portrait(picture(640, 480))
    with pytest.raises(Invalid):
        set_photo(actor, person=rose, photo=photo, consent_on=date(2999, 1, 1))
    rose = set_photo(actor, person=rose, photo=photo, consent_on=today())
    assert files.get(rose.photo_digest).startswith(b"\xff\xd8")
    assert remove_photo(actor, person=rose).photo_digest == ""


def test_a_photo_sent_by_hand_is_read_once(
    client: Client, town: Town, rose: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, opened = [], Image.open
    monkeypatch.setattr(
        rules.Image, "open", lambda *args, **kwargs: read.append(1) or opened(*args, **kwargs)
    )
    sign_in(client, town.sofia)
    sent = {"photo": SimpleUploadedFile("x.jpg", picture(640, 480)), "consent_on": "2026-01-06"}
    assert client.post(f"/usagers/{rose.pk}/photo/changer/", sent).status_code == 302
    assert len(read) == 1
