"""Which received texts do not fit the column that would hold them."""

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any

from django.db.models import Model

from virage.agenda.models import Event, Transport
from virage.directory.models import Professional, ReceivedStructure
from virage.documents.models import Document
from virage.exchange.models import ReceivedItem
from virage.formats.tddui import record as transit
from virage.instruments.models import Evaluation
from virage.persons.models import (
    Contact,
    Coverage,
    Person,
    PersonAddress,
    PersonIdentifier,
    PersonTelecom,
    Stay,
)
from virage.record.models import Note

# Fields of the same name hold the same thing; the few others are renamed here.
COLUMNS: dict[type[Any], type[Model]] = {
    transit.Person: Person,
    transit.BusinessIdentifier: PersonIdentifier,
    transit.Address: PersonAddress,
    transit.Telecom: PersonTelecom,
    transit.Structure: ReceivedStructure,
    transit.Professional: Professional,
    transit.Stay: Stay,
    transit.Event: Event,
    transit.Transport: Transport,
    transit.Evaluation: Evaluation,
    transit.Contact: Contact,
    transit.Coverage: Coverage,
    transit.Document: Document,
    transit.Note: Note,
    transit.Leftover: ReceivedItem,
}
# Columns of another name than the field, and titles of ours, which may be cut.
RENAMED = {
    "identifier": "received_identifier",
    "origin": "origin_name",
    "owner": "owner_key",
    "number": "rpps",
}
CUT = {(transit.Leftover, "title")}


def oversized(record: transit.TransferRecord) -> list[transit.Finding]:
    """Return a refusal for each text too long to be kept whole: nothing is ever cut."""
    return list(_oversized_in(record, ""))


def _oversized_in(value: Any, path: str) -> Iterator[transit.Finding]:
    if isinstance(value, list):
        for each in value:
            yield from _oversized_in(each, path)
    elif type(value) in COLUMNS or isinstance(value, transit.TransferRecord):
        path = getattr(value, "path", "") or path
        lengths = _lengths(COLUMNS[type(value)]) if type(value) in COLUMNS else {}
        for field in fields(value):
            inner = getattr(value, field.name)
            if (type(value), field.name) in CUT:
                continue
            if isinstance(inner, str) and len(inner) > lengths.get(field.name, len(inner)):
                yield transit.Finding("value_too_long", f"{path}.{field.name}", inner[:80])
            else:
                yield from _oversized_in(inner, path)


@cache
def _lengths(model: type[Model]) -> dict[str, int]:
    columns = {f.name: f.max_length for f in model._meta.fields if getattr(f, "max_length", None)}
    renamed = {field: columns[column] for field, column in RENAMED.items() if column in columns}
    return {name: length for name, length in (columns | renamed).items() if length}
