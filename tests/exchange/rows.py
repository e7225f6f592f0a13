"""A record sent to an instance that knows nobody, and every row of both in comparable values.

The rows are found by following the relations of the models, and all their fields are described:
a model or a field that nobody carries makes the round trip fail by itself.
"""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db.models import Field, Model

from tests.exchange.samples import receive
from tests.factories.town import actor_of
from virage.agenda.models import Event, Participation
from virage.directory.models import Establishment, Operator
from virage.directory.queries import system_membership
from virage.editions.models import Preparation
from virage.exchange import actions
from virage.exchange.enums import ImportState
from virage.exchange.models import Import
from virage.exchange.queries.reading import read_file
from virage.foundation.access.actor import Actor
from virage.foundation.access.models import BrisDeGlace, Restriction, Subject
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.storage import files
from virage.foundation.storage.fields import FileAddress
from virage.persons.models import Person, Referent

# Models whose rows stay where they are.
STAYING: dict[type[Model], str] = {
    Establishment: "has a record of its own",
    Import: "the file that each instance received",
    Import.candidates.through: "whom it was compared with",
    Restriction: "goes out in words, for the direction there to decide",
    Referent: "names the sender's team",
    Preparation: "an edition that someone there asked for",
    BrisDeGlace: "says who opened the record there",
}
# Fields that are each instance's own, by name or by model and name.
OWN = {
    "id": "opaque",
    "operator": "who holds the record",
    "operator_id": "who holds the record",
    "received_identifier": "what had no number goes out under the sender's own",
    "received_system": "what had no number goes out under the sender's own",
    "position": "the order is compared",
    "version": "counts the changes made there",
    "Subject.is_shared_between_establishments": "says whom, among the sender's, it is open to",
    "Person.ins_status": "each checks identities by itself",
    "Person.claimed_status": "what the sender says of its own check",
    "Person.photo_digest": "any picture that comes in is re-encoded",
    "Person.photo_removed_on": "whom it was asked of",
    "PersonIdentifier.type": "how the sender names the kind, which is compared",
    "ins_hash": "made by the operator's key from the number, which is compared",
    "number_hash": "made by the operator's key from the number, which is compared",
    "local_hash": "made by the operator's key from the number, which is compared",
    "Document.scanned_at": "each has its own antivirus",
    "Document.threat": "each has its own antivirus",
    "Document.signatures": "each has its own antivirus",
    "LegalProtection.received_kind": "how the sender names the kind, which is compared",
    "Coverage.received_kind": "how the sender names the kind, which is compared",
    "Stay.unit": "kept apart when the receiver has none of that name",
    "Stay.room": "kept apart when the receiver has none of that name",
    "Professional.is_external": "the sender's staff is not the receiver's",
    "Professional.received": "the codes of one whose profession was in plain words",
    "ReceivedItem.of_import": "the file that each instance received",
    "ReceivedItem.path": "the place in that file",
    "ReceivedItem.happened_at": "when that file came",
    "ReceivedItem.recorded_at": "when that file came",
}

# Together they say who opens an item, which is the receiver's, and where it was written.
PLACES = {"establishment", "received_structure"}

Described = dict[str, Any]


def send(person: Person) -> bytes:
    """Export a record, as the command line of its operator."""
    with collecting_reads():
        return actions.export_record(command_line_of(person.operator), person_id=person.pk)


def command_line_of(operator: Operator) -> Actor:
    return actor_of(system_membership(operator))


def receive_elsewhere(content: bytes, unit_name: str = "À répartir") -> Person:
    """Import a file where nothing is known, as the command line does: the file founds the house."""
    home, unit = actions.found_from_file(read_file(content), unit_name)
    command_line = command_line_of(home.operator)
    arrived = receive(command_line, content, establishment=home, unit=unit)
    assert arrived.state == ImportState.IMPORTED, list(arrived.lines.values_list("code", "path"))
    return Person.objects.get(operator=home.operator_id)


def check_equal(here: Person, there: Person) -> list[str]:
    """Compare two records, field by field; return in words what the second one keeps apart."""
    sent, held = described_record(here.subject), described_record(there.subject)
    apart = _taken(held, "ReceivedItem", sent)
    numbers = _taken(held, "PersonIdentifier", sent)
    # Without a number received, the sender's own; an INS typed by hand is a number once received.
    assert len(numbers) <= 2
    assert held.keys() == sent.keys()
    unequal = list(_unequal(sent, held))
    assert not unequal, unequal
    return [item["title"] for item in apart]


def _unequal(
    sent: dict[str, list[Described]], held: dict[str, list[Described]]
) -> Iterator[tuple[str, str, Any, Any]]:
    """The fields that differ: the model and the field, what went out, what is held."""
    for model, rows in sent.items():
        for here, there in zip_longest(rows, held[model], fillvalue={}):
            for name in here.keys() | there.keys():
                if here.get(name) != there.get(name):
                    yield model, name, here.get(name), there.get(name)


def _taken(
    held: dict[str, list[Described]], model: str, sent: dict[str, list[Described]]
) -> list[Described]:
    """Take out, and return, the rows that only the receiver has."""
    more = [row for row in held.get(model, []) if row not in sent.get(model, [])]
    held[model] = [row for row in held.get(model, []) if row not in more]
    sent.setdefault(model, [])
    return more


def described_record(subject: Subject) -> dict[str, list[Described]]:
    """Describe all the rows of a record, by model, in the order in which they were made."""
    rows = sorted(_rows_of(subject), key=lambda row: row.pk)
    by_model: dict[str, list[Model]] = {}
    for row in rows:
        by_model.setdefault(type(row).__name__, []).append(row)
    names = {
        row.pk: f"{model} {rank}"
        for model, ranked in by_model.items()
        for rank, row in enumerate(ranked)
    }
    return {model: [_described(row, names) for row in ranked] for model, ranked in by_model.items()}


def _rows_of(subject: Subject) -> list[Model]:
    """Return every row that hangs on a subject, near or far."""
    found: dict[UUID, Model] = {}
    queue: list[Model] = [subject]
    while queue:
        row = queue.pop()
        if row.pk in found:
            continue
        found[row.pk] = row
        queue += _rows_below(row)
        if isinstance(row, Participation):
            queue.append(row.event)
    # The others of a group have their own records.
    return [
        row
        for row in found.values()
        if not isinstance(row, Participation) or row.subject_id in (None, subject.pk)
    ]


def _rows_below(row: Model) -> Iterator[Model]:
    for model, name in _relations_to(type(row)):
        yield from model._default_manager.filter(**{name: row.pk})


def _relations_to(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Every model that names this one, and by which field."""
    for relation in model._meta.get_fields(include_hidden=True):
        below = relation.related_model
        if isinstance(relation, Field) or below in STAYING or relation.many_to_many:
            continue
        if isinstance(below, type):
            yield below, relation.remote_field.name


def _models_of(model: type[Model]) -> set[type[Model]]:
    """Every model whose rows may hang on a row of this one."""
    found: set[type[Model]] = set()
    queue = [model]
    while queue:
        one = queue.pop()
        if one not in found:
            found.add(one)
            queue += [below for below, _ in _relations_to(one)]
            queue += [Event] if one is Participation else []
    return found


def _described(row: Model, names: dict[UUID, str]) -> Described:
    """Describe a row by all its fields but those that are the instance's own."""
    model = type(row).__name__
    said = {
        field.name: _value(row, field, names)
        for field in row._meta.concrete_fields
        if not {field.name, f"{model}.{field.name}"} & OWN.keys()
    }
    if said.keys() >= PLACES:
        said = {name: value for name, value in said.items() if name not in PLACES}
        said["written in"] = _where(row)
    return said


def _value(row: Model, field: "Field[Any, Any]", names: dict[UUID, str]) -> Any:
    value = getattr(row, field.attname)
    if isinstance(field, FileAddress):
        return files.get(value) if value else b""
    if isinstance(value, UUID) and value in names:
        return names[value]
    if field.is_relation and value is not None:
        return _described(getattr(row, field.name), names)
    return value


def _where(row: Any) -> tuple[str, str, str]:
    if structure := row.received_structure:
        return structure.number, structure.name, structure.kind.code
    home = row.establishment
    return f"1{home.finess}" if home.finess else "", home.name, home.kind


def unsaid(person: Person) -> set[str]:
    """The models and fields that a record leaves silent: the sample must say a new one."""
    described = described_record(person.subject)
    silent = {model.__name__ for model in _models_of(Subject)} - described.keys()
    for model, rows in described.items():
        for name in rows[0]:
            if not any(row[name] for row in rows):
                silent.add(f"{model}.{name}")
    return silent
