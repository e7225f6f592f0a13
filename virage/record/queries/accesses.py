"""« Qui a vu »: who read or wrote a record, as the person herself may ask."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import QueryDict

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.matrix import allows, profession_label
from virage.foundation.access.verdict import require
from virage.foundation.journal.collector import saw
from virage.foundation.journal.models import JournalLine
from virage.foundation.journal.queries import accesses_to
from virage.foundation.ui.paging import Column, Paging, paginate
from virage.persons.models import Person

COLUMNS = tuple(Column(label) for label in ("Quand", "Qui", "Geste", "Volets", "Motif"))


@dataclass(frozen=True, kw_only=True)
class Access:
    """One line of « qui a vu »."""

    at: datetime
    name: str
    profession: str
    gesture: str
    volets: str
    purpose: str
    is_write: bool


def sees_accesses(actor: Actor) -> bool:
    """Whether the actor may ask who has seen a record: those who read its administrative volet."""
    return allows(actor.profession, Cell.READ, Volet.ADMINISTRATIVE)


def accesses_of(
    actor: Actor, person: Person, query: QueryDict, *, is_write: bool | None = None
) -> Paging[Access]:
    """Return a page of who read or wrote a record, latest first, journalled; two SQL statements.

    Refused to those who do not read the administrative volet. `is_write` keeps readings or
    writings alone.
    """
    require(actor, Cell.READ, None, Volet.ADMINISTRATIVE)
    lines = accesses_to(person.subject_id)
    if is_write is not None:
        lines = lines.filter(event__is_write=is_write)
    page: Paging[Any] = paginate(lines, query, COLUMNS)
    saw(actor, "record.accesses", [person.subject_id], [Volet.ADMINISTRATIVE])
    return replace(page, rows=[_access(line) for line in page.rows])


# What a gesture was, in the person's words; any other one is said « lecture » or « écriture ».
GESTURES = {
    "person.list": "Vu dans une liste",
    "person.search": "Vu dans une recherche",
    "person.look_alikes": "Comparé à une autre identité",
    "person.create": "Dossier créé",
    "person.update": "Identité modifiée",
    "person.set_ins": "INS modifiée",
    "stay.open": "Séjour ouvert",
    "stay.update": "Séjour modifié",
    "referent.name": "Référent nommé",
    "referent.end": "Fin du rôle d’un référent",
    "note.write": "Transmission écrite",
    "note.correct": "Transmission corrigée",
    "note.withdraw": "Transmission retirée",
    "event.plan": "Évènement noté",
    "event.report": "Compte rendu d’évènement",
    "evaluation.freeze": "Évaluation ajoutée",
    "document.add": "Document ajouté",
    "document.download": "Document téléchargé",
    "import.file": "Fichier d’origine téléchargé",
    "import.imported": "Dossier importé",
    "record.export": "Dossier exporté",
}


def _access(line: JournalLine) -> Access:
    event = line.event
    otherwise = "Écriture" if event.is_write else "Lecture"
    volets = [Volet(volet).label for volet in line.volets.split(",") if volet]
    return Access(
        at=event.at,
        name=event.actor_name,
        profession=profession_label(event.profession),
        gesture=GESTURES.get(event.action, otherwise),
        volets=", ".join(volets) or "Identité",
        purpose=event.purpose,
        is_write=event.is_write,
    )
