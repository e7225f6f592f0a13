"""Reading transmissions, and the stays they are written in."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach
from virage.foundation.access.predicates import items_in_reach_of, items_visible_to
from virage.foundation.access.writing import change_refusal
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.persons.models import Stay
from virage.record.enums import NoteStatus
from virage.record.models import Note, NoteVersion
from virage.record.queries.marks import author_label

REWRITE_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """One correction of a transmission: the text before, the text after, who, when and why.

    One that was withdrawn and put back has the same text twice.
    """

    before: str
    after: str
    author: str
    recorded_at: datetime
    reason: str

    @property
    def is_restoration(self) -> bool:
        """Whether it was put back, rather than corrected."""
        return self.before == self.after


def notes_visible_to(actor: Actor) -> QuerySet[Note]:
    """Return the transmissions that the actor reads; unordered.

    Withdrawn ones are among them: whoever shows one shows its trace, not its text.
    """
    return Note.objects.filter(items_visible_to(actor))


def find_note(actor: Actor, subject_id: UUID, note_id: UUID) -> Note:
    """Return one transmission with its former texts, journalled; two SQL statements.

    Refused as if it did not exist when the actor does not read it. Whether its texts may be shown
    is for `is_text_hidden` to say.
    """
    versions = Prefetch("former_versions", NoteVersion.objects.order_by("version"))
    notes = notes_visible_to(actor).select_related("establishment", "withdrawn_by")
    note = notes.prefetch_related(versions).filter(subject=subject_id, pk=note_id).first()
    if note is None:
        raise Refused.hidden()
    saw(actor, "note.read", [subject_id], [note.volet])
    return note


def is_text_hidden(actor: Actor, note: Note) -> bool:
    """Whether the texts of a transmission are kept from the actor: withdrawn, and not his."""
    return note.status == NoteStatus.WITHDRAWN and note.author_id != actor.professional_id


def text_hidden_from(actor: Actor) -> Q:
    """Return the condition under which `is_text_hidden`."""
    return Q(status=NoteStatus.WITHDRAWN) & ~Q(author=actor.professional_id)


def refusal_to_change(actor: Actor, note: Note) -> Refused | None:
    """Return why the actor may not correct or withdraw a note that he reads, or None."""
    if note.status == NoteStatus.WITHDRAWN:
        return Refused("state", "Cette transmission a été retirée : elle ne change plus.")
    return _refusal_to_touch(actor, note)


def refusal_to_restore(actor: Actor, note: Note) -> Refused | None:
    """Return why the actor may not put back a withdrawn note that he reads, or None when he may.

    It is for its author, whose text was hidden, and for whoever withdrew it.
    """
    if refused := _refusal_to_touch(actor, note):
        return refused
    is_withdrawn = note.status == NoteStatus.WITHDRAWN
    if is_withdrawn and actor.professional_id not in (note.author_id, note.withdrawn_by_id):
        return Refused(
            "author",
            "Seuls son auteur et la personne qui l’a retirée peuvent la rétablir.",
            whom_to_ask="son auteur",
        )
    return None


def _refusal_to_touch(actor: Actor, note: Note) -> Refused | None:
    in_reach = Note.objects.filter(items_in_reach_of(actor), pk=note.pk)
    return change_refusal(
        actor, volet=note.volet, establishment_id=note.establishment_id, in_reach=in_reach
    )


def note_to_rewrite(actor: Actor, note_id: str, subject_id: UUID) -> Note | None:
    """Return a note that its author may write again in the record of this subject, journalled.

    He withdrew it from another record within the hour; None for any other note, and once he no
    longer reads it.
    """
    note = _to_rewrite(actor, note_id, subject_id).first()
    if note:
        saw(actor, "note.read", [note.subject_id], [note.volet])
    return note


def is_to_rewrite(actor: Actor, note_id: str, subject_id: UUID) -> bool:
    """Whether `note_to_rewrite` would return this note; nothing of it is read."""
    return _to_rewrite(actor, note_id, subject_id).exists()


def _to_rewrite(actor: Actor, note_id: str, subject_id: UUID) -> QuerySet[Note]:
    since = actor.at - REWRITE_WITHIN
    own = notes_visible_to(actor).filter(author=actor.professional_id)
    return own.filter(pk=note_id, withdrawn_at__gte=since).exclude(subject=subject_id)


def replacements_of(note: Note) -> list[Replacement]:
    """Return the corrections of a transmission found by `find_note`, the latest first."""
    versions = list(note.former_versions.all())
    texts = [*(version.text for version in versions), note.text]
    return [
        Replacement(
            before=version.text,
            after=text,
            author=author_label(version.author_name, version.author_profession),
            recorded_at=version.recorded_at,
            reason=version.reason,
        )
        for version, text in reversed(list(zip(versions, texts[1:], strict=True)))
    ]


def current_stays(actor: Actor, subject_ids: Set[UUID]) -> dict[UUID, Stay]:
    """Return the stay of each subject in which the actor writes today; none without a subject.

    It is a stay of his establishment, or any one of the operator's when he covers it whole.
    """
    stays = Stay.objects.open_at(actor.at).filter(
        subject__in=subject_ids, operator=actor.operator_id
    )
    if actor.reach != Reach.OPERATOR:
        stays = stays.filter(establishment=actor.establishment_id)
    return {stay.subject_id: stay for stay in stays.by_entry()}
