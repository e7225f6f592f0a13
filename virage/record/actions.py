"""Transmissions: written, corrected, withdrawn, put back; reminders and answers of evaluations."""

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from virage.formats.values import BusinessIdentifier
from virage.foundation.access.actor import Actor
from virage.foundation.access.models import Subject
from virage.foundation.access.writing import counted, require_entries, signature
from virage.foundation.errors import Conflict, Invalid, Refused
from virage.foundation.journal.writing import record, record_writes
from virage.foundation.outbox.actions import post
from virage.foundation.versions import meanwhile
from virage.instruments.actions import freeze_evaluations, take_in_sheet
from virage.instruments.models import Evaluation, ReceivedResponse
from virage.instruments.queries import evaluations_of
from virage.instruments.rules.answers import EvaluationDraft
from virage.instruments.rules.fhir.foreign import Foreign
from virage.instruments.rules.fhir.received import Own, Received
from virage.instruments.rules.fhir.whole import OWN_IDS
from virage.instruments.rules.given import Given
from virage.instruments.rules.items import COMMENT
from virage.instruments.rules.sheet import SheetDraft
from virage.persons.models import Stay
from virage.record.enums import EVALUATIONS_DUE_TOLD, NoteStatus
from virage.record.models import Note, NoteVersion
from virage.record.queries.notes import (
    current_stays,
    notes_visible_to,
    refusal_to_change,
    refusal_to_restore,
)
from virage.record.queries.reminders import reminders
from virage.record.rules import (
    LONGEST_TEXT,
    NoteDraft,
    faults_of,
    reason_faults,
    restored_reason,
    status_of,
    text_faults,
)

OF_THE_FILE = ("source", "authored_on", "authored_at", "received_identifier", "received_system")
WITHDRAWAL = ("withdrawn_at", "withdrawn_by", "withdrawn_reason")


@transaction.atomic
def remind_of_due_evaluations(actor: Actor) -> None:
    """Post a mail to each referent for each day on which evaluations that he may make fell due.

    The key holds both, so that a mail goes once. Called by the site alone (`operators_at_night`).
    """
    for one in reminders(actor):
        post(
            EVALUATIONS_DUE_TOLD,
            key=f"{EVALUATIONS_DUE_TOLD}:{one.account_id}:{one.due_on}",
            operator_id=actor.operator_id,
            payload={
                "account_id": str(one.account_id),
                "due_on": one.due_on.isoformat(),
                "count": one.count,
            },
        )


@transaction.atomic
def take_in_answers(
    actor: Actor, *, subject_id: UUID, establishment_id: UUID | None, received: Received
) -> Evaluation:
    """Take in the answers of a file, which is kept as it came; their evaluator is none of ours.

    To an instrument of ours, a sheet answered and finished; to another questionnaire, an evaluation
    in its words. Refused and Invalid as `take_in_sheet` and `freeze_evaluations`; Invalid too when
    the record holds the identifier under which they came.
    """
    # One of two double clicks waits, then finds what the other wrote.
    Subject.objects.select_for_update(no_key=True).get(pk=subject_id)
    number = received.identifier
    if number and _is_held(evaluations_of(actor, subject_id), number):
        message = "Ces réponses sont déjà dans ce dossier : rien n’est repris."
        raise Invalid({"content": [message]})
    match received.what:
        case Own(instrument, answers):
            draft = SheetDraft(
                subject_id=subject_id,
                instrument=instrument,
                happened_at=received.made_at,
                establishment_id=establishment_id,
            )
            word = {COMMENT.id: Given(received.comment)} if received.comment else {}
            evaluation = take_in_sheet(actor, draft=draft, answers={**answers, **word})
        case Foreign() as foreign:
            frozen = _foreign_draft(subject_id, establishment_id, received, foreign)
            (evaluation,) = freeze_evaluations(actor, drafts=[frozen])
    evaluation.source = None
    # A day alone is told as a day: nobody said the hour.
    evaluation.authored_on = received.made_on
    evaluation.authored_at = None if received.made_on else received.made_at
    if number:
        evaluation.received_identifier = number.value
        evaluation.received_system = number.system
    evaluation.save(update_fields=OF_THE_FILE)
    ReceivedResponse.objects.create(
        operator_id=evaluation.operator_id,
        evaluation=evaluation,
        author=received.author,
        response=received.response,
        questionnaire=received.questionnaire,
    )
    return evaluation


def _is_held(evaluations: QuerySet[Evaluation], number: BusinessIdentifier) -> bool:
    """Whether one of them came, or went out, under this identifier."""
    came = Q(received_identifier=number.value, received_system=number.system)
    try:
        went_out = Q(pk=UUID(number.value)) if number.system == OWN_IDS else Q()
    except ValueError:
        went_out = Q()
    return evaluations.filter(came | went_out).exists()


def _foreign_draft(
    subject_id: UUID, establishment_id: UUID | None, received: Received, foreign: Foreign
) -> EvaluationDraft:
    return EvaluationDraft(
        subject_id=subject_id,
        volet=foreign.volet,
        title=foreign.title,
        happened_at=received.made_at,
        answers=foreign.lines,
        questionnaire=foreign.name,
        type=foreign.type,
        status=received.status,
        comment=received.comment,
        establishment_id=establishment_id,
    )


def write_note(actor: Actor, *, draft: NoteDraft) -> Note:
    """Write one transmission in one record (see `write_notes`)."""
    return write_notes(actor, drafts=[draft])[0]


@transaction.atomic
def write_notes(actor: Actor, *, drafts: Sequence[NoteDraft]) -> list[Note]:
    """Write transmissions, in the order given; few statements whatever their number.

    Refused unless the actor writes in each volet, or may import what has an origin. By hand,
    Invalid without a text, with one too long, and for a fact to come.
    """
    if not drafts:
        return []
    entries = require_entries(actor, drafts, lambda one: [one.subject_id], faults_of)
    unplaced = {one.subject_id for one in drafts if not one.origin and not one.stay_id}
    stays = current_stays(actor, unplaced) if unplaced else {}
    notes = [note_of(actor, draft, stays.get(draft.subject_id)) for draft in drafts]
    Note.objects.bulk_create(notes, batch_size=500)
    versions = [
        one for note, draft in zip(notes, drafts, strict=True) for one in _versions(note, draft)
    ]
    NoteVersion.objects.bulk_create(versions, batch_size=500)
    one = notes[0] if len(notes) == 1 else None
    record_writes(actor, "note.write", entries, target=one, detail=counted(drafts))
    return notes


def note_of(actor: Actor, draft: NoteDraft, stay: Stay | None = None) -> Note:
    """Return the row of a transmission, to be inserted; `stay` is where the draft names none."""
    status = status_of([draft.text, *(one.text for one in draft.corrections)])
    establishment_id = draft.establishment_id or (stay.establishment_id if stay else None)
    return Note(
        **signature(actor, draft.happened_at, draft.origin, establishment_id),
        subject_id=draft.subject_id,
        volet=draft.volet,
        text=draft.text,
        is_published=draft.is_published,
        stay_id=draft.stay_id or (stay.pk if stay else None),
        status=NoteStatus.WITHDRAWN if draft.withdrawn_at else status,
        version=len(draft.corrections) + 1,
        withdrawn_at=draft.withdrawn_at,
        withdrawn_by_id=draft.withdrawn_by_id,
        withdrawn_reason=draft.withdrawn_reason,
    )


def _versions(note: Note, draft: NoteDraft) -> Iterator[NoteVersion]:
    for version, correction in enumerate(draft.corrections, start=1):
        yield NoteVersion(
            note=note,
            version=version,
            text=correction.text,
            author_name=correction.author_name,
            author_profession=correction.author_profession,
            recorded_at=correction.recorded_at,
            reason=correction.reason,
        )


@transaction.atomic
def correct_note(
    actor: Actor, *, note_id: UUID, expected_version: int, text: str, reason: str = ""
) -> Note:
    """Replace the text of a transmission; the former one stays readable with both authors.

    Refused out of reach, without the right to write in its volet, to another establishment, or once
    it is withdrawn. Invalid for a text empty, too long, or the one it has. Conflict, with both,
    when it was corrected since `expected_version`.
    """
    note = _locked(actor, note_id, refusal_to_change)
    if note.version != expected_version and note.text not in (
        text,
        _text_at(note, expected_version),
    ):
        raise Conflict(
            meanwhile(note.pk, "a changé cette transmission", "pendant que vous écriviez"),
            mine=text,
            theirs=note.text,
        )
    # What was received longer than we let anyone write can still be corrected.
    if messages := text_faults(text, max(LONGEST_TEXT, len(note.text))):
        raise Invalid({"text": messages})
    # A browser writes the ends of lines in its own way.
    if text.splitlines() == note.text.strip().splitlines():
        raise Invalid({"text": ["Rien n’a changé : c’est déjà le texte de la transmission."]})
    _keep_version(actor, note, reason)
    note.text, note.status, note.version = text, NoteStatus.CORRECTED, note.version + 1
    note.save(update_fields=["text", "status", "version"])
    record(actor, "note.correct", target=note, subject_ids=[note.subject_id], volet=note.volet)
    return note


@transaction.atomic
def withdraw_note(actor: Actor, *, note_id: UUID, reason: str) -> Note:
    """Withdraw a transmission written in the wrong record; its trace stays, its text does not show.

    Refused out of reach, without the right to write in its volet, to another establishment, or when
    it is withdrawn already. Invalid without a reason. Its author, if another withdrew it, finds it
    on his home page, and may put it back (`restore_note`).
    """
    note = _locked(actor, note_id, refusal_to_change)
    if messages := reason_faults(reason):
        raise Invalid({"reason": messages})
    note.status, note.withdrawn_at = NoteStatus.WITHDRAWN, actor.at
    note.withdrawn_by_id, note.withdrawn_reason = actor.professional_id, reason
    note.save(update_fields=["status", *WITHDRAWAL])
    record(actor, "note.withdraw", target=note, subject_ids=[note.subject_id], volet=note.volet)
    return note


@transaction.atomic
def restore_note(actor: Actor, *, note_id: UUID) -> Note:
    """Put back a transmission that was withdrawn; its history says by whom it was, and why.

    Refused as `refusal_to_restore` says, Invalid when it is not withdrawn.
    """
    note = _locked(actor, note_id, refusal_to_restore)
    if note.withdrawn_at is None:
        raise Invalid({"": ["Cette transmission n’est pas retirée."]})
    day, by = timezone.localdate(note.withdrawn_at), note.withdrawn_by
    who = by.display_name if by else ""
    _keep_version(actor, note, restored_reason(day, who, note.withdrawn_reason))
    note.status = status_of([note.text, *note.former_versions.values_list("text", flat=True)])
    note.version += 1
    note.withdrawn_at, note.withdrawn_by, note.withdrawn_reason = None, None, ""
    note.save(update_fields=["status", "version", *WITHDRAWAL])
    record(actor, "note.restore", target=note, subject_ids=[note.subject_id], volet=note.volet)
    return note


def _keep_version(actor: Actor, note: Note, reason: str) -> None:
    """Keep the text of a note in its history before the actor changes it."""
    NoteVersion.objects.create(
        note=note,
        version=note.version,
        text=note.text,
        author_name=actor.display_name,
        author_profession=actor.profession,
        recorded_at=actor.at,
        reason=reason,
    )


def _text_at(note: Note, version: int) -> str | None:
    """Return the text that a note had at a former version: withdrawn and put back, it kept it."""
    return note.former_versions.filter(version=version).values_list("text", flat=True).first()


def _locked(actor: Actor, note_id: UUID, refusal: Callable[[Actor, Note], Refused | None]) -> Note:
    """Return a note that the actor may change, locked until the transaction ends."""
    notes = notes_visible_to(actor).select_for_update(of=("self",), no_key=True)
    note = notes.filter(pk=note_id).first()
    if note is None:
        raise Refused.hidden()
    if refused := refusal(actor, note):
        raise refused
    return note
