"""Editing at once what is short; what is long goes to the worker."""

from typing import cast

from django.db import transaction

from virage.documents.actions import add_document
from virage.documents.models import Document
from virage.documents.rules import DocumentDraft
from virage.editions.actions.writing import (
    MadeEdition,
    SeenEdition,
    journal_edition,
    read_to_edit,
    write_out,
)
from virage.editions.models import Preparation
from virage.editions.rules.filing import faults_of_filing, is_long, line_count
from virage.editions.rules.templates import Wanted
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.verdict import require
from virage.foundation.content import nomenclature
from virage.foundation.errors import Invalid
from virage.foundation.outbox import actions as outbox
from virage.foundation.outbox.enums import Priority
from virage.persons.queries import OpenRecord

TOPIC = "editions.prepare"


def edit(actor: Actor, *, wanted: Wanted) -> MadeEdition | Document | Preparation:
    """Return an edition as a file, or filed as a document if asked; a long one is put off.

    Refused as what it reads, and to who does not write the volet in which it is filed; Invalid for
    a template that is not filed, or from a situation without an establishment.
    """
    made = read_to_edit(actor, wanted)
    if wanted.is_filed:
        _require_filing(actor, made)
    if is_long(made.read.edition):
        return _put_off(actor, wanted, line_count(made.read.edition))
    file = write_out(actor, wanted, made.read)
    with transaction.atomic():
        journal_edition(actor, wanted, made)
        return file_in_record(actor, made, file) if wanted.is_filed else file


def file_in_record(actor: Actor, made: SeenEdition, file: MadeEdition) -> Document:
    """Add an edition to the record that it was made from, in the volet of its template.

    Refused as `edit`.
    """
    _require_filing(actor, made)
    template = made.read.template
    draft = DocumentDraft(
        subject_id=cast(OpenRecord, made.read.record).person.subject_id,
        volet=cast(Volet, template.filed_in),
        title=f"{template.title}, {actor.today:%d/%m/%Y}",
        content=file.content,
        content_type=file.content_type,
        happened_at=actor.at,
        type=nomenclature.get("document_type").coded(template.document_type),
        establishment_id=actor.establishment_id,
    )
    return add_document(actor, draft=draft)


def _require_filing(actor: Actor, made: SeenEdition) -> None:
    template = made.read.template
    Invalid.raise_if(faults_of_filing(template, actor.establishment_id))
    require(actor, Cell.WRITE, None, template.filed_in)


@transaction.atomic
def _put_off(actor: Actor, wanted: Wanted, line_count: int) -> Preparation:
    """Keep what is asked for, and ask the worker to make it."""
    preparation = Preparation.objects.create(
        operator_id=actor.operator_id,
        membership_id=actor.membership_id,
        person_id=wanted.person_id,
        unit_id=wanted.unit_id,
        kind=wanted.kind,
        file_format=wanted.file_format,
        volet=wanted.volet or "",
        since=wanted.since,
        until=wanted.until,
        is_filed=wanted.is_filed,
        line_count=line_count,
    )
    outbox.post(
        TOPIC,
        key=f"edition:{preparation.pk}",
        operator_id=actor.operator_id,
        payload={"preparation_id": str(preparation.pk)},
        priority=Priority.URGENT,
    )
    return preparation
