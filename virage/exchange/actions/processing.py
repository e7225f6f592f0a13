"""Treating a received file: read it, say whose it is, and write it whole or not at all."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from virage.directory.models import Membership, Operator
from virage.directory.queries import actor_of
from virage.exchange.actions.placing import place_record, portrait_of
from virage.exchange.enums import ImportState, LineLevel
from virage.exchange.models import Import, ImportLine
from virage.exchange.queries.matching import candidates_for, persons_settled_by, traits_received
from virage.exchange.queries.reading import read_received
from virage.exchange.rules.arrival import faults_on_arrival
from virage.exchange.rules.matching import Match, Outcome, has_unusable_ins, match
from virage.formats.outcome import Finding, Unreadable
from virage.formats.tddui import record as transit
from virage.formats.tddui.reading import report
from virage.formats.tddui.record import Reading
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.content import nomenclature
from virage.foundation.errors import Refused
from virage.foundation.journal import writing
from virage.foundation.national_numbers import looks_like_nir
from virage.foundation.storage import files
from virage.foundation.workflow.actions import move
from virage.persons.models import Person
from virage.persons.queries import persons_visible_to
from virage.persons.rules.photo import Portrait

# Faults whose value is the title of something: whoever imports may not read its volet.
TITLED = {"unknown_section", "unsafe_file_name"}
# Faults whose value is an identifier of the sender's, which should hold no NIR and may.
NUMBERED = {"nir_in_business_identifier", "identifier_without_system", "identifier_malformed"}
OUT_OF_REACH = "L’identité est prouvée, mais qui a reçu le fichier n’accompagne pas cette personne."


def process_import(import_id: UUID) -> Import:
    """Treat a received file; one that is already treated, or held, is left as it is.

    The file and its photo are read outside any transaction; whose it is and its record are settled
    in one.
    """
    received = Import.objects.get(pk=import_id)
    if received.state != ImportState.RECEIVED:
        return received
    actor = actor_of(Membership.objects.get(pk=received.membership_id), timezone.now(), "import")
    try:
        _require_in_force(actor, received)
        reading = read_received(received)
        arrival = faults_on_arrival(
            reading.record,
            at=actor.at,
            is_demo=settings.IS_DEMO,
            known_statuses=nomenclature.get("identity_status").labels(),
            needs=nomenclature.get("serafin_besoins").labels(),
        )
        report(reading, arrival, most=settings.IMPORT_MAX_ENTRIES)
        return _treat(actor, received, reading, portrait_of(reading.record.person, actor.today))
    except Unreadable as refusal:
        return _end(actor, received, ImportState.REFUSED, refusals=refusal.findings)
    except Refused as error:
        finding = Finding("not_allowed_here", "", error.sentence)
        return _end(actor, received, ImportState.REFUSED, refusals=[finding])


def _require_in_force(actor: Actor, received: Import) -> None:
    """Raise `Refused` when the situation that received a file ended before it was treated, unless
    someone else has settled since whose record it is.
    """
    ended = Membership.objects.ended(actor.at).filter(pk=received.membership_id)
    if not received.held_reason and ended.exists():
        raise Refused(
            "contract",
            "La situation de qui a reçu ce fichier a pris fin.",
            whom_to_ask="un collègue qui peut recevoir des dossiers, avec le même fichier",
        )


@transaction.atomic
def _treat(actor: Actor, received: Import, reading: Reading, photo: Portrait | None) -> Import:
    take(received)
    if received.state != ImportState.RECEIVED:
        return received
    received.document_address = files.address_of(reading.document, received.operator_id)
    if known := _same_document(actor, received, reading):
        received.subject_id = known.subject_id
        return _end(actor, received, ImportState.KNOWN, reading)
    if received.settled_person_id:
        return write_record(actor, received, reading, received.settled_person_id, photo)
    found = _match(actor, received, reading.record.person)
    if found.outcome is Outcome.NEW:
        return write_record(actor, received, reading, None, photo)
    if found.outcome is Outcome.SAME and _may_settle(actor, found.person_ids):
        return write_record(actor, received, reading, found.person_ids[0], photo)
    received.candidates.add(*Person.objects.filter(pk__in=found.person_ids))
    received.held_reason = found.reason or OUT_OF_REACH
    held = replace(reading.record.person, photo=b"")
    received.held_identity = msgspec.json.encode(held).decode()
    return _end(actor, received, ImportState.HELD, reading)


def _match(actor: Actor, received: Import, person: transit.Person) -> Match:
    """Say whose record a file is, and journal with whom it was compared.

    Those whom a human compared and said to be someone else are left out.
    """
    others = set(received.candidates.values_list("pk", flat=True))
    candidates = [one for one in candidates_for(actor, person) if one.person_id not in others]
    compared = Person.objects.filter(pk__in=[one.person_id for one in candidates])
    subject_ids = compared.values_list("subject_id", flat=True)
    volets = {subject_id: {str(Volet.ADMINISTRATIVE)} for subject_id in subject_ids}
    if volets:
        writing.write_event(actor, "person.look_alikes", volets, is_write=False, target=received)
    return match(traits_received(person), candidates, is_ins_unusable=has_unusable_ins(person))


def _may_settle(actor: Actor, person_ids: Collection[UUID]) -> bool:
    """Whether the actor may place a file in these records: a proof of identity opens none."""
    return persons_settled_by(actor).filter(pk__in=person_ids).count() == len(person_ids)


def take(received: Import) -> None:
    """Let one import of the operator be written at a time: two files may bring the same person."""
    Operator.objects.select_for_update(no_key=True).get(pk=received.operator_id)
    received.refresh_from_db()


@transaction.atomic
def write_record(
    actor: Actor,
    received: Import,
    reading: Reading,
    person_id: UUID | None,
    photo: Portrait | None,
) -> Import:
    """Write the record of a file in a person's, or in a new one, and its report: all or nothing."""
    person = Person.objects.select_related("subject").get(pk=person_id) if person_id else None
    person, lines = place_record(actor, received, reading, person, photo)
    received.subject_id = person.subject_id
    return _end(actor, received, ImportState.IMPORTED, reading, lines=lines)


def _same_document(actor: Actor, received: Import, reading: Reading) -> Import | None:
    """Return the import that brought the very same file before, and leaves this one nothing to do:
    it is in a record that the actor sees, of someone who stays where the file is received, or it
    waits already for an identity there.

    The same document, alone or in its envelope, is the same file, unless other pieces come with it.
    """
    is_same = Q(digest=received.digest)
    if not reading.has_other_pieces:
        is_same |= Q(document_address=received.document_address)
    stay_here = persons_visible_to(actor).filter(stays__establishment=received.establishment_id)
    is_in_record = Q(state=ImportState.IMPORTED, subject__in=stay_here.values("subject"))
    waits_here = Q(state=ImportState.HELD, establishment=received.establishment_id)
    same = Import.objects.filter(is_same, operator=received.operator_id)
    before = same.filter(is_in_record | waits_here).exclude(pk=received.pk)
    return before.order_by("received_at").first()


@transaction.atomic
def _end(
    actor: Actor,
    received: Import,
    state: ImportState,
    reading: Reading | None = None,
    *,
    refusals: Iterable[Finding] = (),
    lines: Iterable[ImportLine] = (),
) -> Import:
    """Take the step that ends in a state, and write the report, replacing that of an attempt."""
    received.ended_at = None if state is ImportState.HELD else timezone.now()
    received.source_format = f"{reading.source_format} {reading.version}" if reading else ""
    received.save()
    move(
        actor,
        item=received,
        verb=state,
        subject_ids=[received.subject_id] if received.subject_id else [],
    )
    received.state = state
    received.lines.all().delete()
    told = [*_findings(refusals, LineLevel.REFUSAL), *lines]
    if reading:
        told += _findings(reading.findings, LineLevel.WARNING)
    for position, line in enumerate(told):
        line.of_import, line.position = received, position
    ImportLine.objects.bulk_create(told, batch_size=500)
    return received


def _findings(findings: Iterable[Finding], level: LineLevel) -> list[ImportLine]:
    return [
        ImportLine(
            level=level,
            code=finding.code,
            path=finding.path[:500],
            value=_shown(finding)[:500],
        )
        for finding in findings
    ]


def _shown(finding: Finding) -> str:
    """Return the value that the report shows: no title, and no figure of a NIR out of its place."""
    if finding.code in TITLED:
        return ""
    if finding.code in NUMBERED and looks_like_nir(finding.value):
        return re.sub(r"\d", "•", finding.value)
    return finding.value
