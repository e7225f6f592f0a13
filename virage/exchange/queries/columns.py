"""Which received values do not fit the column that would hold them, and what becomes of them."""

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import DecimalField, Field, Model, PositiveSmallIntegerField

from virage.agenda.models import Event, Transport
from virage.directory.models import Professional, ReceivedStructure
from virage.documents.models import Document
from virage.exchange.models import ReceivedItem
from virage.formats.outcome import Finding
from virage.formats.tddui import record as transit
from virage.foundation.coded import Coded
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
from virage.record.models import Note, NoteVersion

# Enough to say what is wrong with a file; a report is to be read.
MOST_REFUSALS = 20
# What holds each object in transit: a field and a column of the same name hold the same thing.
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
    transit.NoteVersion: NoteVersion,
    transit.Leftover: ReceivedItem,
}
# The few columns of another name than the field.
RENAMED = {
    (transit.Stay, "key"): "received_identifier",
    (transit.Stay, "origin"): "origin_name",
    (transit.Coverage, "kind"): "received_kind",
    (transit.Professional, "number"): "rpps",
    (transit.Professional, "profession"): "profession_name",
    (transit.Contact, "key"): "received_identifier",
    (transit.Document, "key"): "received_identifier",
    (transit.Document, "confidentiality"): "received_confidentiality",
    (transit.Note, "key"): "received_identifier",
    (transit.Leftover, "owner"): "owner_key",
}
# Titles of ours, which may be cut.
CUT = {(transit.Leftover, "title")}
LARGEST_SMALL_INTEGER = 32767  # PostgreSQL's


def _columns(kind: type[Any], model: type[Model]) -> "dict[str, Field[Any, Any]]":
    """Return the columns that hold the fields of a class in transit."""
    columns = {column.name: column for column in model._meta.fields}
    names = {each.name: RENAMED.get((kind, each.name), each.name) for each in fields(kind)}
    return {
        name: columns[column]
        for name, column in names.items()
        if column in columns and (kind, name) not in CUT
    }


MEASURED = {kind: _columns(kind, model) for kind, model in COLUMNS.items()}
# Journeys alone hold figures.
FIGURES = {
    name: column
    for name, column in MEASURED[transit.Transport].items()
    if isinstance(column, DecimalField)
}


def keep_figures_apart(record: transit.TransferRecord) -> list[Finding]:
    """Take out of a record the figures that a column would round, or could not hold.

    The field stays empty, and what was received is left over beside the journey. Return a warning
    for each.
    """
    found = []
    for journey in (one for event in record.events for one in event.transports):
        for name, column in FIGURES.items():
            figure = getattr(journey, name)
            if figure is None or _is_held_exactly(figure, column):
                continue
            setattr(journey, name, None)
            found.append(Finding("figure_not_exact", f"{journey.path}.{name}", str(figure)))
            record.leftovers.append(
                transit.Leftover(
                    kind="words",
                    key=f"{journey.key}#{name}",
                    path=journey.path,
                    title=f"Trajet : {column.verbose_name}",
                    content=str(figure),
                    owner=journey.key,
                )
            )
    return found


def _is_held_exactly(figure: Decimal, column: "DecimalField[Any, Any]") -> bool:
    """Whether a decimal column gives this figure back as it was."""
    whole_figures = column.max_digits - column.decimal_places
    fits = not figure or figure.adjusted() < whole_figures
    return fits and round(figure, column.decimal_places) == figure


def oversized(record: transit.TransferRecord) -> list[Finding]:
    """Return a refusal for values too long to be kept whole: nothing is ever cut.

    Of the first ones alone, if there are many. It tells the length, not the value, which may be of
    any volet.
    """
    return list(islice(_oversized_in(record, ""), MOST_REFUSALS))


def _oversized_in(value: Any, path: str) -> Iterator[Finding]:
    if isinstance(value, list):
        for each in value:
            yield from _oversized_in(each, path)
    elif type(value) in COLUMNS or isinstance(value, transit.TransferRecord):
        path = getattr(value, "path", "") or path
        columns = MEASURED.get(type(value), {})
        for field in fields(value):
            inner = getattr(value, field.name)
            if field.name in columns and (long := _excess(inner, columns[field.name])):
                yield Finding("value_too_long", f"{path}.{field.name}", long)
            else:
                yield from _oversized_in(inner, path)


def _excess(value: Any, column: "Field[Any, Any]") -> str:
    """Return how long a value is when it does not fit a column; nothing when it fits."""
    match value:
        case Coded():
            return _excess(value.label, column)
        case str() if column.max_length and len(value) > column.max_length:
            return f"{len(value)} caractères"
        case int() if isinstance(column, PositiveSmallIntegerField):
            return "" if 0 <= value <= LARGEST_SMALL_INTEGER else "nombre hors des bornes"
    return ""
