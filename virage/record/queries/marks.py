"""How a fact of the record is marked on screen: its author, its state, its lateness."""

from datetime import datetime
from typing import Protocol

from virage.agenda.enums import EventStatus
from virage.agenda.rules import awaits_report
from virage.foundation.access.matrix import profession_label
from virage.foundation.access.rules import is_late_entry
from virage.foundation.ui.components import Badge
from virage.instruments.enums import EvaluationStatus
from virage.record.enums import FactKind, NoteStatus

NOTE_BADGES = {
    NoteStatus.CORRECTED: Badge("Corrigée", "info"),
    NoteStatus.WITHDRAWN: Badge("Retirée", "warning"),
}
# Said the same of a transmission and of a document.
SHARED = Badge("Avec l’équipe et la personne", "neutral", "users")
EVENT_BADGES = {
    EventStatus.FINISHED: Badge("Réalisé", "success"),
    EventStatus.CANCELLED: Badge("Annulé", "warning"),
}


class Marked(Protocol):
    """What a badge is judged on; any item of the record has it."""

    @property
    def status(self) -> str: ...
    @property
    def happened_at(self) -> datetime: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def is_published(self) -> bool: ...


def author_label(name: str, profession: str) -> str:
    """Return « Alice Martel, Infirmière »: the profession as received when it is not ours."""
    return ", ".join(filter(None, (name, profession_label(profession))))


def taken_in_label(author: str, file_author: str) -> str:
    """Say who took answers in and, when the file says it, who gave them."""
    by = f"importée par {author}"
    return f"{by}, auteur selon le fichier : {file_author}" if file_author else by


def badges_of(kind: FactKind, item: Marked, at: datetime) -> tuple[Badge, ...]:
    """Return the badges of a fact at this instant: its state, whether it was entered late, whether
    the team and the person read it.
    """
    badges = []
    if kind == FactKind.NOTE and item.status in NOTE_BADGES:
        badges.append(NOTE_BADGES[NoteStatus(item.status)])
    if kind == FactKind.EVENT:
        badges.append(_event_badge(item, at))
    if kind == FactKind.EVALUATION and item.status:
        badges.append(Badge(_label(item.status)))
    if kind in (FactKind.NOTE, FactKind.EVENT) and is_late_entry(
        item.happened_at, item.recorded_at
    ):
        badges.append(Badge("Saisi a posteriori", "neutral", "history"))
    if item.is_published:
        badges.append(SHARED)
    return tuple(badges)


def _event_badge(event: Marked, at: datetime) -> Badge:
    if event.status in EVENT_BADGES:
        return EVENT_BADGES[EventStatus(event.status)]
    if awaits_report(event.status) and event.happened_at > at:
        return Badge("À venir", "info", "calendar-clock")
    return Badge("Sans compte rendu", "warning")


def _label(status: str) -> str:
    known = EvaluationStatus.values
    return EvaluationStatus(status).label if status in known else status
