"""Files given to a browser: always to download, never shown inline."""

import re

from django.http import HttpResponse
from django.utils.http import content_disposition_header

_UNSAFE = re.compile(r"[^\w .,()+-]|\.\.+")


def attachment(content: bytes, file_name: str, content_type: str) -> HttpResponse:
    """Return a download; the name loses what a file system or a header would misread."""
    response = HttpResponse(content, content_type=content_type)
    name = _UNSAFE.sub("_", file_name).strip(" .") or "fichier"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
