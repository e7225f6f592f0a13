"""What a person's editions say of a period: transmissions, and who saw the record."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Q

from virage.editions.rules.templates import Told, Wanted
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.calendar import in_paris, midnight
from virage.foundation.journal.collector import saw
from virage.persons.models import Person
from virage.record.enums import NoteStatus
from virage.record.models import Note
from virage.record.queries.accesses import Access, every_access_to
from virage.record.queries.marks import author_label
from virage.record.queries.notes import notes_visible_to

WITHDRAWN = "(transmission retirée)"


def notes_told(actor: Actor, person: Person, wanted: Wanted) -> Told:
    """Return the transmissions of the period that the actor reads, oldest first, and how many by
    volet; one SQL statement. A withdrawn one leaves its trace, never its text.
    """
    asked = _within(wanted, "happened_at") & (Q(volet=wanted.volet) if wanted.volet else Q())
    notes = notes_visible_to(actor).filter(asked, subject=person.subject_id)
    rows = list(notes.order_by("happened_at", "id"))
    saw(actor, "edition.make", [person.subject_id], {note.volet for note in rows})
    counts = Counter(note.volet for note in rows)
    return {
        "notes": [_note(note) for note in rows],
        "notes_by_volet": [
            {"volet": volet.label, "count": str(counts[volet])} for volet in Volet if counts[volet]
        ],
    }


def accesses_told(actor: Actor, person: Person, wanted: Wanted) -> Told:
    """Return who read or wrote the record in the period, latest first; two SQL statements.

    What one professional did alike in a day is one line, for a person to read. Refused as
    `every_access_to`.
    """
    lines = every_access_to(actor, person, _within(wanted, "event__at"))
    return {
        "accesses": [
            {
                "at": _span(alike),
                "name": alike[0].name,
                "profession": ", ".join(filter(None, (alike[0].profession, alike[0].place))),
                "gesture": alike[0].gesture,
                "volets": alike[0].volets,
                "purpose": alike[0].purpose,
            }
            for alike in _alike(lines)
        ]
    }


def _alike(lines: Iterable[Access]) -> Iterable[list[Access]]:
    """Put together the lines that differ by their hour alone, the latest kept first."""
    groups: dict[object, list[Access]] = {}
    for line in lines:
        same = replace(line, at=midnight(in_paris(line.at).date()))
        groups.setdefault(same, []).append(line)
    return groups.values()


def _within(wanted: Wanted, column: str) -> Q:
    condition = Q()
    if wanted.since:
        condition &= Q(**{f"{column}__gte": midnight(wanted.since)})
    if wanted.until:
        condition &= Q(**{f"{column}__lt": midnight(wanted.until + timedelta(days=1))})
    return condition


def _note(note: Note) -> dict[str, str]:
    corrected = "\n(corrigée)" if note.status == NoteStatus.CORRECTED else ""
    text = WITHDRAWN if note.status == NoteStatus.WITHDRAWN else note.text + corrected
    return {
        "at": _moment(note.happened_at),
        "volet": Volet(note.volet).label,
        "text": text,
        "author": author_label(note.author_name, note.author_profession),
    }


def _span(alike: list[Access]) -> str:
    """« 28/11/2026 de 21 h 38 à 21 h 39, 11 fois », or the moment of a single line."""
    latest, earliest = _moment(alike[0].at), _moment(alike[-1].at)
    if len(alike) == 1:
        return latest
    day, hour = latest.split("\n")
    first = earliest.split("\n")[1]
    hours = hour if hour == first else f"de {first} à {hour}"
    return f"{day}\n{hours}, {len(alike)}\u00a0fois"


def _moment(at: datetime) -> str:
    """« 28/11/2026 14 h 05 », in Paris, on one line."""
    paris = in_paris(at)
    return f"{paris:%d/%m/%Y}\n{paris:%H}\u00a0h\u00a0{paris:%M}"
