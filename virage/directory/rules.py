"""Who manages the directory, and which memberships make sense. Our own rules, no law."""

from datetime import date
from uuid import UUID

from virage.foundation.access.enums import Reach
from virage.foundation.access.matrix import matrix

SYSTEM = "system"
TECHNICAL_ADMIN = "technical_admin"
MANAGING = frozenset({"director", "secretary", TECHNICAL_ADMIN, SYSTEM})


def manages_directory(profession: str) -> bool:
    """Whether a profession adds structures and professionals, opens and ends memberships."""
    return profession in MANAGING


def manages_structure(own: UUID | None, structure: UUID | None) -> bool:
    """Whether a membership in the establishment `own` manages this one.

    Without an establishment a membership covers the whole operator; with one, that one alone.
    """
    return own is None or own == structure


def professions_open_to_people() -> dict[str, str]:
    """Return the professions a membership may have, with their label: the command line's is not."""
    rows = matrix().professions.items()
    return {key: row.label for key, row in rows if key != SYSTEM}


def membership_faults(
    *,
    profession: str,
    reach: str,
    establishment_id: UUID | None,
    unit_establishment_ids: set[UUID],
    starts_on: date,
    ends_on: date | None,
) -> dict[str, list[str]]:
    """Return French messages by field for a membership that makes no sense; empty when it does.

    The technical administration reaches nobody, whatever is asked: it sees no content.
    """
    faults: dict[str, list[str]] = {}
    if profession not in professions_open_to_people():
        faults["profession"] = ["Cette profession n'existe pas dans la matrice d'accès."]
    if profession == TECHNICAL_ADMIN and reach != Reach.NOBODY:
        faults["reach"] = ["L'administration technique n'accède au dossier d'aucune personne."]
    elif reach in (Reach.UNITS, Reach.ESTABLISHMENT) and establishment_id is None:
        faults["establishment"] = ["Cette portée demande un établissement."]
    if unit_establishment_ids - {establishment_id}:
        faults["units"] = ["Ces unités ne sont pas toutes dans l'établissement choisi."]
    if ends_on and ends_on < starts_on:
        faults["ends_on"] = ["La fin précède le début."]
    return faults
