"""The person's photo: any picture in, one small JPEG of ours out."""

import io
from typing import NewType

from PIL import Image, ImageOps

SIDE_PIXELS = 320
MAX_BYTES = 15 * 10**6
FORMATS = ("JPEG", "PNG", "WEBP")
# To be read in some 200 MB and 2 seconds at most. A JPEG is reduced as it is read; a progressive
# one takes up to 6 bytes a pixel, an animated PNG 12, a WebP 16.
MAX_PIXELS = {"JPEG": 60 * 10**6, "MPO": 60 * 10**6, "PNG": 16 * 10**6, "WEBP": 12_500_000}
MAX_PIXELS_PROGRESSIVE = 32 * 10**6
# Each scan goes over every pixel: a dozen is usual, and a small file may hold thousands.
SCAN = b"\xff\xda"
MAX_PIXELS_SCANNED = 4 * 10**9

Portrait = NewType("Portrait", bytes)


class UnusablePhoto(ValueError):
    """The picture cannot be taken; its text says why, in French."""


def portrait(content: bytes) -> Portrait:
    """Return a JPEG of 320 × 320 pixels without any metadata, cropped at its centre.

    Raises UnusablePhoto for a picture above 15 MB, or that is neither JPEG (60 million pixels at
    most, 32 when progressive), PNG (16) nor WebP (12.5): a small file may unfold into gigabytes.
    """
    if len(content) > MAX_BYTES:
        raise UnusablePhoto("La photo dépasse 15 Mo.")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if _is_too_large(picture, scans=content.count(SCAN)):
                raise UnusablePhoto("La photo a trop de points : réduisez-la.")
            picture.draft("RGB", (2 * SIDE_PIXELS, 2 * SIDE_PIXELS))
            side = (SIDE_PIXELS, SIDE_PIXELS)
            square = ImageOps.fit(picture.convert("RGB"), side, Image.Resampling.LANCZOS)
            upright = ImageOps.exif_transpose(square)
    except UnusablePhoto:
        raise
    except Exception as error:  # a faulty picture makes Pillow raise nearly anything
        raise UnusablePhoto("Ce fichier n’est pas une photo JPEG, PNG ou WebP lisible.") from error
    # Pillow writes the comment of the picture that came in again, unless it is told to forget it.
    upright.info = {}
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=85, optimize=True)
    return Portrait(out.getvalue())


def _is_too_large(picture: Image.Image, scans: int) -> bool:
    pixels, most = picture.width * picture.height, MAX_PIXELS[picture.format or ""]
    if picture.format in ("JPEG", "MPO"):
        if picture.info.get("progressive"):
            most = MAX_PIXELS_PROGRESSIVE
        return pixels > most or pixels * scans > MAX_PIXELS_SCANNED
    return pixels > most
