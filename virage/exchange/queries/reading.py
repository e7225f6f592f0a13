"""Reading a received file again, within the limits of the settings."""

from django.conf import settings

from virage.exchange.models import Import
from virage.exchange.queries.columns import keep_figures_apart, oversized
from virage.formats.outcome import Limits, Unreadable
from virage.formats.tddui.reading import read, report
from virage.formats.tddui.record import Reading
from virage.foundation.storage import files


def read_received(received: Import) -> Reading:
    """Return the record of a received file (see `read_file`)."""
    return read_file(files.get(received.digest))


def read_file(content: bytes) -> Reading:
    """Return the record that a file holds, within the limits of the settings.

    Raises Unreadable for a file that is refused, also for a text longer than our column.
    """
    reading = read(
        content,
        limits=Limits(
            file_bytes=settings.IMPORT_MAX_FILE_BYTES,
            attachment_bytes=settings.IMPORT_MAX_ATTACHMENT_BYTES,
            depth=settings.IMPORT_MAX_DEPTH,
            entries=settings.IMPORT_MAX_ENTRIES,
        ),
    )
    report(reading, keep_figures_apart(reading.record), most=settings.IMPORT_MAX_ENTRIES)
    if findings := oversized(reading.record):
        raise Unreadable(*findings)
    return reading
