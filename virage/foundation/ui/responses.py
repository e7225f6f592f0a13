"""Files given to a browser: always to download, never shown inline."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from virage.foundation.access.looking import require_own_place
from virage.foundation.cells import guarded

_UNSAFE = re.compile(r"[^\w .,()+-]|\.\.+")


def spreadsheet(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as CSV that French spreadsheets open as it is (semicolons, marked UTF-8).

    No cell is run as a formula.
    """
    text = io.StringIO()
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    table.writerows([guarded(cell) for cell in row] for row in (headings, *rows))
    return text.getvalue().encode("utf-8-sig")


def attachment(
    request: HttpRequest, content: bytes, file_name: str, content_type: str
) -> HttpResponse:
    """Return a download; the name loses what a file system or a header would misread.

    Refused under « Voir comme »: nothing leaves the house under another's eyes.
    """
    if actor := getattr(request, "actor", None):
        require_own_place(actor)
    response = HttpResponse(content, content_type=content_type)
    name = _UNSAFE.sub("_", file_name).strip(" .") or "fichier"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    # Were it shown all the same, it could run nothing.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
