"""The person's photo: any picture in, one small JPEG of ours out."""

import io

from PIL import Image, ImageOps

SIDE_PIXELS = 320
MAX_BYTES = 15 * 10**6
MAX_PIXELS = 60 * 10**6
FORMATS = ("JPEG", "PNG", "WEBP")


class UnusablePhoto(ValueError):
    """The picture cannot be taken; its text says why, in French."""


def portrait(content: bytes) -> bytes:
    """Return a JPEG of 320 × 320 pixels without any metadata, cropped at its centre.

    Raises UnusablePhoto for a picture above 15 MB or 60 million pixels (a small file may unfold
    into gigabytes), or that is neither JPEG, PNG nor WebP.
    """
    if len(content) > MAX_BYTES:
        raise UnusablePhoto("La photo dépasse 15 Mo.")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise UnusablePhoto("La photo a trop de points : réduisez-la.")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except UnusablePhoto:
        raise
    except Exception as error:  # a faulty picture makes Pillow raise nearly anything
        raise UnusablePhoto("Ce fichier n’est pas une photo JPEG, PNG ou WebP lisible.") from error
    square = ImageOps.fit(upright, (SIDE_PIXELS, SIDE_PIXELS), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    square.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()
