"""Transmissions: what a draft holds and what refuses it. Volets: how far each one is open."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.matrix import Grant
from virage.foundation.access.rules import Origin, is_future
from virage.record.enums import NoteStatus

EXCERPT_LENGTH = 80
# Characters of a transmission entered by hand, some five pages; a received one may be longer.
LONGEST_TEXT = 10_000


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A former text, with who replaced it, when and why."""

    text: str
    author_name: str
    author_profession: str
    recorded_at: datetime
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class NoteDraft:
    """A transmission to write. What was corrected or withdrawn elsewhere comes with an origin.

    Without a stay, it belongs to the current stay of the person in the actor's establishment.
    """

    subject_id: UUID
    volet: Volet
    text: str
    happened_at: datetime
    stay_id: UUID | None = None
    is_published: bool = False
    establishment_id: UUID | None = None
    origin: Origin | None = None
    corrections: Sequence[Correction] = ()
    withdrawn_at: datetime | None = None
    withdrawn_by_id: UUID | None = None
    withdrawn_reason: str = ""


def status_of(texts: Iterable[str]) -> NoteStatus:
    """Return the status of a transmission that is not withdrawn, from its former texts and its own.

    One that was withdrawn, then put back, has had one text all along: nobody corrected it.
    """
    return NoteStatus.CORRECTED if len(set(texts)) > 1 else NoteStatus.VALID


def restored_reason(withdrawn_on: date, by: str, reason: str) -> str:
    """Say in the history of a transmission put back that it had been withdrawn, by whom and why,
    as far as the file that brought it says so."""
    who, why = f" par {by}" if by else "", f" : {reason}" if reason else ""
    return f"Elle avait été retirée le {withdrawn_on:%d/%m/%Y}{who}{why}."


def text_faults(text: str, most: int = LONGEST_TEXT) -> list[str]:
    """Return what refuses the text of a transmission: its absence, more than `most` characters."""
    if not text.strip():
        return ["Écrivez la transmission avant de l’enregistrer."]
    if len(text) > most:
        return [
            f"Le texte compte {_grouped(len(text))} caractères : {_grouped(most)} au plus. "
            "Coupez-le en plusieurs transmissions, ou joignez un document."
        ]
    return []


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def reason_faults(reason: str) -> list[str]:
    """Return what refuses a reason of withdrawal: fewer than five letters say nothing."""
    return [] if len(reason.strip()) >= 5 else ["Dites en quelques mots pourquoi vous la retirez."]


def excerpt(text: str) -> str:
    """Return how a text begins, on one line: whole words, 80 characters at most, then « … »."""
    line = re.sub(r"[ \t\r\n]+", " ", text).strip()
    if len(line) <= EXCERPT_LENGTH:
        return line
    words = line[: EXCERPT_LENGTH + 1].rpartition(" ")[0] or line[:EXCERPT_LENGTH]
    return f"{words} …"


def faults_of(draft: NoteDraft, at: datetime) -> dict[str, list[str]]:
    """Return what refuses a transmission entered by hand at this instant, by field."""
    faults = {}
    if messages := text_faults(draft.text):
        faults["text"] = messages
    if is_future(draft.happened_at, at):
        faults["happened_at"] = ["Un fait ne peut pas être daté dans l’avenir."]
    return faults


# How an address names a volet.
VOLET_SLUGS = {
    Volet.ADMINISTRATIVE: "administratif",
    Volet.MEDICAL: "medical",
    Volet.CARE: "soins",
    Volet.SOCIO_EDUCATIVE: "socio-educatif",
    Volet.PSYCHOLOGICAL: "psychologique",
    Volet.PROJECT: "projet",
    Volet.MONEY: "budget",
}
VOLETS_BY_SLUG = {slug: volet for volet, slug in VOLET_SLUGS.items()}
_READABLE = {
    Cell.READ: "ce qui y a été saisi",
    Cell.OWN: "ce que vous y avez écrit",
    Cell.PUBLISHED: "ce que son auteur partage avec l’équipe",
}


@dataclass(frozen=True)
class Opening:
    """How far a volet is open to the actor; `rule` says it in French, empty when all is open."""

    is_open: bool
    rule: str = ""

    @property
    def note(self) -> str:
        """What to say above an open volet."""
        return self.rule if self.is_open else ""


def opening_of(granted: Sequence[Grant], profession_label: str) -> Opening:
    """Return how far the cells of the matrix open one volet to a profession, and by which rule."""
    readable = [grant for grant in granted if grant.cell in _READABLE]
    if not readable:
        others = [grant.cell.label for grant in granted if grant.cell in (Cell.ALERTS, Cell.COUNT)]
        shown = f"n’y ouvre que {others[0]}" if others else "ne l’ouvre pas"
        return Opening(
            False,
            f"Le tableau des droits {shown} à la profession «\u00a0{profession_label}\u00a0».",
        )
    if any(grant.cell == Cell.READ and grant.window_hours is None for grant in readable):
        return Opening(True)
    parts = [_READABLE[grant.cell] + _window(grant.window_hours) for grant in readable]
    return Opening(True, f"Votre profession y lit {' et '.join(parts)}.")


@dataclass(frozen=True)
class Window:
    """Volets of which the matrix opens the last hours alone."""

    hours: int
    volets: Sequence[Volet]

    @property
    def nothing(self) -> str:
        """What to say when nothing was entered within these hours."""
        return f"Rien de saisi dans les {self.hours} dernières heures"

    @property
    def beyond(self) -> str:
        """What to say of what was entered before them."""
        volets = ", ".join(volet.label for volet in self.volets)
        return (
            f"{volets} : ce qui a été saisi il y a plus de {self.hours} heures ne vous est pas "
            "ouvert."
        )


def window_of(granted: Mapping[Volet, Sequence[Grant]]) -> Window | None:
    """Return what limits the reading of these volets to their last hours: the shortest window."""
    limited = [
        (grant.window_hours, volet)
        for volet, cells in granted.items()
        for grant in cells
        if grant.cell == Cell.READ and grant.window_hours and Grant(Cell.READ) not in cells
    ]
    return Window(min(limited)[0], [volet for _, volet in limited]) if limited else None


def _window(hours: int | None) -> str:
    return f" dans les {hours} dernières heures" if hours else ""
