"""The rows that actions write, by the thousand: what makes a large demonstration affordable.

Nothing is asked here of rights, nor of the state of the records: the caller invents what an action
would accept. `tests/demo/test_bulk.py` compares each row with the one that its action writes,
journal included.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, models

from virage.directory.models import Professional
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.journal.writing import event_of
from virage.persons.actions.identity import person_of, typed
from virage.persons.actions.stays import give_stay
from virage.persons.models import Person, PersonItem, Referent, Stay
from virage.persons.rules.identity import PersonTraits
from virage.record.actions import note_of
from virage.record.models import Note
from virage.record.rules import NoteDraft

KEPT = 20_000


@dataclass
class Bulk:
    """Keeps rows back and writes them together; `on_written` is told how many notes went in.

    Call `write` before anything reads them, and in the end.
    """

    on_written: Callable[[int], None] = lambda notes: None
    _rows: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)
    _kept: int = 0

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
    ) -> None:
        """Write what `persons.actions.name_referent` does."""
        referent = Referent(
            subject=person.subject, professional=professional, starts_on=starts_on, ends_on=ends_on
        )
        self.keep(referent)
        self._journal_one(actor, "referent.name", referent, person.subject_id)

    def write_notes(self, actor: Actor, *, drafts: Sequence[NoteDraft]) -> None:
        """Write what `record.actions.write_notes` does for drafts that name their stay."""
        notes = [note_of(actor, draft) for draft in drafts]
        entries: dict[UUID, set[str]] = {}
        for draft in drafts:
            entries.setdefault(draft.subject_id, set()).add(draft.volet)
        one = notes[0] if len(notes) == 1 else None
        self.keep(*notes)
        self._journal(actor, "note.write", entries, target=one, detail={"count": len(drafts)})

    def read(self, actor: Actor, action: str, volets_by_subject: Mapping[UUID, set[str]]) -> None:
        """Write what the journal keeps of a page that was shown."""
        event, lines = event_of(actor, action, volets_by_subject, is_write=False)
        self.keep(event, *lines)

    def keep(self, *rows: models.Model) -> None:
        """Keep rows until there are enough of them to be written together."""
        for row in rows:
            self._rows.setdefault(type(row), []).append(row)
        self._kept += len(rows)
        if self._kept >= KEPT:
            self.write()

    def write(self) -> None:
        """Write everything that was kept back."""
        for rows in self._rows.values():
            _insert(rows)
        notes = len(self._rows.get(Note, ()))
        self._rows.clear()
        self._kept = 0
        self.on_written(notes)

    def _journal_one(
        self, actor: Actor, action: str, target: models.Model, subject_id: UUID
    ) -> None:
        self._journal(actor, action, {subject_id: {Volet.ADMINISTRATIVE}}, target=target)

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
