"""« Qui a vu »: who read or wrote a record, as the person herself may ask."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import QueryDict

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.matrix import profession_label
from virage.foundation.access.verdict import require
from virage.foundation.journal.collector import saw
from virage.foundation.journal.models import JournalEvent, JournalLine
from virage.foundation.journal.queries import accesses_to
from virage.foundation.ui.paging import Column, Paging, paginate
from virage.persons.models import Person

COLUMNS = tuple(
    Column(label) for label in ("Quand", "Qui", "Profession", "Geste", "Volets", "Motif")
)


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


# What a gesture was, in the person's words: a house test finds the one that has none. The journal
# never changes, so it may hold a verb that an earlier version wrote.
GESTURES = {
    "person.list": "Vu dans une liste",
    "person.search": "Vu dans une recherche",
    "person.look_alikes": "Comparé à une autre identité",
    "person.photo": "Photo vue",
    "person.read": "Dossier administratif lu",
    "person.create": "Dossier créé",
    "person.update": "Identité modifiée",
    "person.set_ins": "INS modifiée",
    "person.unlock_traits": "Identité déverrouillée",
    "person.set_photo": "Photo ajoutée",
    "person.remove_photo": "Photo retirée",
    "contact.add": "Contact ajouté",
    "contact.update": "Contact modifié",
    "contact.remove": "Contact retiré",
    "legalprotection.add": "Mesure de protection ajoutée",
    "legalprotection.update": "Mesure de protection modifiée",
    "legalprotection.remove": "Mesure de protection retirée",
    "coverage.add": "Couverture sociale ajoutée",
    "coverage.update": "Couverture sociale modifiée",
    "coverage.remove": "Couverture sociale retirée",
    "personidentifier.add": "Numéro ajouté",
    "personidentifier.update": "Numéro modifié",
    "personidentifier.remove": "Numéro retiré",
    "personaddress.add": "Adresse ajoutée",
    "personaddress.update": "Adresse modifiée",
    "personaddress.remove": "Adresse retirée",
    "persontelecom.add": "Téléphone ou courriel ajouté",
    "persontelecom.update": "Téléphone ou courriel modifié",
    "persontelecom.remove": "Téléphone ou courriel retiré",
    "restriction.raise": "Dossier fermé à quelqu’un",
    "restriction.lift": "Dossier rouvert à quelqu’un",
    "subject.mark_sensitive": "Dossier marqué sensible",
    "subject.unmark_sensitive": "Fin de la marque « dossier sensible »",
    "subject.share": "Dossier partagé entre établissements",
    "subject.unshare": "Fin du partage entre établissements",
    "stay.open": "Séjour ouvert",
    "stay.update": "Séjour modifié",
    "referent.name": "Référent nommé",
    "referent.end": "Fin du rôle d’un référent",
    "record.facts": "Chronologie lue",
    "record.notes": "Transmissions lues",
    "record.counts": "Nombres d’un volet lus",
    "record.accesses": "Liste des accès lue",
    "note.latest": "Transmission lue à l’accueil",
    "note.read": "Transmission lue",
    "note.write": "Transmission écrite",
    "note.correct": "Transmission corrigée",
    "note.withdraw": "Transmission retirée",
    "note.restore": "Transmission rétablie",
    "event.read": "Évènement lu",
    "event.plan": "Évènement noté",
    "event.report": "Compte rendu d’évènement",
    "evaluation.read": "Évaluation lue",
    "evaluation.freeze": "Évaluation ajoutée",
    "document.list": "Liste des documents lue",
    "document.add": "Document ajouté",
    "document.download": "Document téléchargé",
    "received.list": "Éléments reçus lus",
    "received.read": "Élément reçu lu",
    "import.report": "Rapport d’import lu",
    "import.compare": "Comparé à une identité reçue",
    "import.file": "Fichier d’origine téléchargé",
    "import.imported": "Dossier importé",
    "import.known": "Dossier reçu une nouvelle fois",
    "exchange.export": "Dossier lu pour être exporté",
    "record.export": "Dossier exporté",
}
# Those that show no more than an identity, whatever the page.
GLIMPSES = {"person.list", "person.search", "person.look_alikes", "person.photo"}


def _gesture(event: JournalEvent, volets: str) -> str:
    """Say a gesture; who opened a page without a volet of this person saw her identity alone."""
    if event.is_write or volets or event.action in GLIMPSES:
        return GESTURES.get(event.action, "Écriture" if event.is_write else "Lecture")
    return "Identité vue"


def _access(line: JournalLine) -> Access:
    event = line.event
    volets = [Volet(volet).label for volet in line.volets.split(",") if volet]
    return Access(
        at=event.at,
        name=event.actor_name,
        profession=profession_label(event.profession),
        gesture=_gesture(event, line.volets),
        volets=", ".join(volets) or "Identité",
        purpose=event.purpose,
        is_write=event.is_write,
    )
