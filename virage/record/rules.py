"""Transmissions: what a draft holds and what refuses it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from virage.foundation.access.enums import Volet
from virage.foundation.access.rules import Origin, is_future


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
    withdrawn_reason: str = ""


def text_faults(text: str) -> list[str]:
    """Return what refuses the text of a transmission: its absence."""
    return [] if text.strip() else ["Écrivez la transmission avant de l'enregistrer."]


def reason_faults(reason: str) -> list[str]:
    """Return what refuses a reason of withdrawal: fewer than five letters say nothing."""
    return [] if len(reason.strip()) >= 5 else ["Dites en quelques mots pourquoi vous la retirez."]


def faults_of(draft: NoteDraft, at: datetime) -> dict[str, list[str]]:
    """Return what refuses a transmission entered by hand at this instant, by field."""
    faults = {}
    if messages := text_faults(draft.text):
        faults["text"] = messages
    if is_future(draft.happened_at, at):
        faults["happened_at"] = ["Un fait ne peut pas être daté dans l'avenir."]
    return faults
