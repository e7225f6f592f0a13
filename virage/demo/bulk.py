"""The rows that actions write, by the thousand: what makes a large demonstration affordable.

Nothing is asked here of rights, nor of the state of the records: the caller invents what an action
would accept. `tests/demo/test_bulk.py` compares each row with the one that its action writes,
journal included.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

from virage.agenda.actions import rows_of
from virage.agenda.rules import EventDraft
from virage.directory.models import Professional
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.access.writing import counted
from virage.foundation.coded import Coded
from virage.foundation.journal.sealing import seal_journal
from virage.foundation.journal.writing import event_of
from virage.foundation.versions import assign
from virage.foundation.workflow.actions import beginning
from virage.instruments.actions import evaluation_of
from virage.instruments.rules.answers import EvaluationDraft
from virage.persons.actions.identity import person_of, typed
from virage.persons.actions.stays import assign_to_stay, give_stay
from virage.persons.models import Person, PersonItem, Referent, Stay
from virage.persons.rules.identity import PersonTraits
from virage.record.actions import note_of
from virage.record.enums import NoteStatus
from virage.record.models import Note, NoteVersion
from virage.record.rules import NoteDraft

KEPT = 20_000


def settle() -> None:
    """Seal the journal of all that was written, and put the database in order: nobody waits."""
    seal_journal()
    is_server = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if is_server else "PRAGMA wal_checkpoint(TRUNCATE)")


@dataclass
class Bulk:
    """Keeps rows back and writes them together; `on_written` is told how many notes went in.

    Call `write` before anything reads them, and in the end.
    """

    on_written: Callable[[int], None] = lambda notes: None
    _rows: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)
    _kept: int = 0
    _is_held: bool = False

    def create_person(
        self, actor: Actor, *, traits: PersonTraits, stay: Stay, **columns: Any
    ) -> Person:
        """Write what `persons.actions.create_person` does for someone whom nobody resembles."""
        person = person_of(actor, typed(traits), **columns)
        give_stay(person, stay)
        self.keep(person.subject, person, stay)
        self._journal_one(actor, "person.create", person, person.subject_id)
        return person

    def open_stay(self, actor: Actor, *, person: Person, stay: Stay) -> None:
        """Write what `persons.actions.open_stay` does."""
        give_stay(person, stay)
        self.keep(stay)
        self._journal_one(actor, "stay.open", stay, person.subject_id)

    def add_surroundings(
        self, actor: Actor, *, person: Person, items: Iterable[PersonItem]
    ) -> None:
        """Write what `persons.actions.add_surroundings` does."""
        for item in items:
            item.person = person
            self.keep(item)
            name = item._meta.model_name
            self._journal_one(actor, f"{name}.add", item, person.subject_id)

    def name_referent(
        self,
        actor: Actor,
        *,
        person: Person,
        professional: Professional,
        starts_on: date,
        ends_on: date | None = None,
    ) -> Referent:
        """Write what `persons.actions.name_referent` does."""
        referent = Referent(
            subject=person.subject, professional=professional, starts_on=starts_on, ends_on=ends_on
        )
        self.keep(referent)
        self._journal_one(actor, "referent.name", referent, person.subject_id)
        return referent

    def end_referent(self, actor: Actor, *, referent: Referent, ends_on: date) -> None:
        """Write what `persons.actions.end_referent` does, of a referent not written yet."""
        self._require_kept_back(referent)
        referent.ends_on = ends_on
        detail = {"ends_on": ends_on.isoformat()}
        self._journal_one(actor, "referent.end", referent, referent.subject_id, detail)

    def close_stay(
        self, actor: Actor, *, stay: Stay, exited_on: date, exit_mode: Coded, exit_label: str
    ) -> None:
        """Write what `persons.actions.close_stay` does, of a stay not written yet."""
        self._require_kept_back(stay)
        changes = {"exited_on": exited_on, "exit_mode": exit_mode, "exit_label": exit_label}
        changed = assign_to_stay(stay, changes)
        stay.version += 1
        self._journal_one(actor, "stay.update", stay, stay.subject_id, {"fields": changed})

    def note_death(self, actor: Actor, *, person: Person, died_at: datetime) -> None:
        """Write what `persons.actions.update_person` does of a death, of a person not written."""
        self._require_kept_back(person)
        changed = assign(person, {"died_at": died_at})
        person.version += 1
        self._journal_one(actor, "person.update", person, person.subject_id, {"fields": changed})

    def write_notes(self, actor: Actor, *, drafts: Sequence[NoteDraft]) -> list[Note]:
        """Write what `record.actions.write_notes` does for drafts that name their stay."""
        notes = [note_of(actor, draft) for draft in drafts]
        entries: dict[UUID, set[str]] = {}
        for draft in drafts:
            entries.setdefault(draft.subject_id, set()).add(draft.volet)
        one = notes[0] if len(notes) == 1 else None
        self.keep(*notes)
        self._journal(actor, "note.write", entries, target=one, detail=counted(drafts))
        return notes

    def correct_note(self, actor: Actor, *, note: Note, text: str, reason: str) -> None:
        """Write what `record.actions.correct_note` does, of a transmission not written yet."""
        self._require_kept_back(note)
        former = NoteVersion(
            note=note,
            version=note.version,
            text=note.text,
            author_name=actor.display_name,
            author_profession=actor.profession,
            recorded_at=actor.at,
            reason=reason,
        )
        self.keep(former)
        note.text, note.status, note.version = text, NoteStatus.CORRECTED, note.version + 1
        self._journal(actor, "note.correct", {note.subject_id: {note.volet}}, target=note)

    def plan_events(self, actor: Actor, *, drafts: Sequence[EventDraft]) -> None:
        """Write what `agenda.actions.plan_events` does."""
        entries: dict[UUID, set[str]] = {}
        events = []
        for draft in drafts:
            event, participations, transports = rows_of(actor, draft)
            events.append(event)
            self.keep(event, *participations, *transports, beginning(actor, event))
            for subject_id in draft.subject_ids:
                entries.setdefault(subject_id, set()).add(draft.volet)
        one = events[0] if len(events) == 1 else None
        self._journal(actor, "event.plan", entries, target=one, detail=counted(drafts))

    def freeze_evaluations(self, actor: Actor, *, drafts: Sequence[EvaluationDraft]) -> None:
        """Write what `instruments.actions.freeze_evaluations` does."""
        evaluations = [evaluation_of(actor, draft) for draft in drafts]
        entries: dict[UUID, set[str]] = {}
        for draft in drafts:
            entries.setdefault(draft.subject_id, set()).add(draft.volet)
        one = evaluations[0] if len(evaluations) == 1 else None
        self.keep(*evaluations)
        self._journal(actor, "evaluation.freeze", entries, target=one, detail=counted(drafts))

    def read(self, actor: Actor, action: str, volets_by_subject: Mapping[UUID, set[str]]) -> None:
        """Write what the journal keeps of a page that was shown."""
        event, lines = event_of(actor, action, volets_by_subject, is_write=False)
        self.keep(event, *lines)

    def keep(self, *rows: models.Model) -> None:
        """Keep rows until there are enough of them to be written together."""
        for row in rows:
            self._rows.setdefault(type(row), []).append(row)
        self._kept += len(rows)
        if self._kept >= KEPT and not self._is_held:
            self.write()

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Write nothing inside: what is kept back there may still be changed."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False

    def write(self) -> None:
        """Write everything that was kept back."""
        for rows in self._rows.values():
            _insert(rows)
        notes = len(self._rows.get(Note, ()))
        self._rows.clear()
        self._kept = 0
        self.on_written(notes)

    def _require_kept_back(self, row: models.Model) -> None:
        """Refuse a row that is in the database already: what is set on it would be lost."""
        if not any(one is row for one in reversed(self._rows.get(type(row), ()))):
            raise ValueError(f"written already: {row!r}")

    def _journal_one(
        self,
        actor: Actor,
        action: str,
        target: models.Model,
        subject_id: UUID,
        detail: dict[str, Any] | None = None,
    ) -> None:
        volets: dict[UUID, set[str]] = {subject_id: {Volet.ADMINISTRATIVE}}
        self._journal(actor, action, volets, target=target, detail=detail)

    def _journal(
        self,
        actor: Actor,
        action: str,
        volets_by_subject: Mapping[UUID, set[str]],
        *,
        target: models.Model | None = None,
        detail: dict[str, Any] | None = None,
    ) -> None:
        event, lines = event_of(
            actor, action, volets_by_subject, is_write=True, target=target, detail=detail
        )
        self.keep(event, *lines)


def _insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model as `bulk_create` does, by what each database reads the fastest.

    `bulk_create` writes the SQL of every value again: half of the time that all the rows take.
    """
    meta, quoted = rows[0]._meta, connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if not field.generated]
    table = quoted(meta.db_table)
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    values = [
        [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
        for row in rows
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)  # noqa: S608  # our own names
