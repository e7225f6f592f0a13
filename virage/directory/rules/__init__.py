"""Who manages the directory, and what may be typed in it. Our own rules, save the numbers' keys."""

import re
import unicodedata
from collections.abc import Collection
from datetime import date
from itertools import pairwise
from uuid import UUID

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, Volet
from virage.foundation.access.looking import WIDTHS
from virage.foundation.access.matrix import Matrix, matrix_file
from virage.foundation.errors import Refused
from virage.foundation.national_numbers import (
    is_finess_valid,
    is_rpps_valid,
    is_siren_valid,
    is_siret_valid,
)

SYSTEM = "system"
DIRECTOR = "director"
TECHNICAL_ADMIN = "technical_admin"
MANAGING = frozenset({DIRECTOR, "secretary", TECHNICAL_ADMIN, SYSTEM})

HEALTH = frozenset({Volet.MEDICAL, Volet.CARE})
PIN_DIGITS = range(4, 9)

# Whose record a membership opens, as said of someone else.
REACHES = {
    Reach.UNITS: "Les personnes de ses unités",
    Reach.ESTABLISHMENT: "Toutes les personnes de l’établissement",
    Reach.OPERATOR: "Toutes les personnes de l’organisme",
    Reach.NOBODY: "Aucune personne",
}
NO_UNIT = (
    "Cet établissement n’a pas encore d’unité : pour ouvrir une situation aux personnes d’une "
    "unité, ajoutez-la d’abord."
)
TOWN = re.compile(r"\b\d{5}\b[\s,]+([^,\n]+?)(?=\s+CEDEX\b|\s*,|\s*\n|\s*$)", re.IGNORECASE)
# What has no plain letter: signs that part two words, and letters that are two.
SPELT = str.maketrans(dict.fromkeys("’‘ʼ‐‑–—·", " ") | {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
KEY_CHECKS = {
    "finess": (is_finess_valid, "Ce numéro FINESS est faux : 9 caractères, dont une clé."),
    "siren": (is_siren_valid, "Ce SIREN est faux : 9 chiffres, dont une clé."),
    "siret": (is_siret_valid, "Ce SIRET est faux : 14 chiffres, qui commencent par le SIREN."),
    "rpps": (is_rpps_valid, "Ce numéro RPPS est faux : 11 chiffres, dont une clé."),
}


def manager_refusal(actor: Actor) -> Refused | None:
    """Return why the actor's profession may not change the directory at all, or None if it may.

    Enough for what belongs to the operator and to no establishment: its list of professionals.
    """
    if actor.profession in MANAGING:
        return None
    return Refused(
        "directory",
        f"La profession « {actor.profession_label} » ne permet pas de modifier l’annuaire.",
        whom_to_ask="la direction ou le secrétariat de votre établissement",
    )


def require_manager(actor: Actor) -> None:
    """Raise `Refused` unless the actor may change the directory somewhere (`manager_refusal`)."""
    if refused := manager_refusal(actor):
        raise refused


def management_refusal(actor: Actor, establishment_id: UUID | None = None) -> Refused | None:
    """Return why the actor may not change the directory of an establishment, or None when he may.

    Without an establishment the whole operator is meant: a membership that has one manages that
    one alone.
    """
    if refused := manager_refusal(actor):
        return refused
    if actor.establishment_id not in (None, establishment_id):
        return Refused(
            "directory_scope",
            "Votre situation ne gère que l’annuaire de son propre établissement.",
            whom_to_ask="la personne qui gère l’annuaire de tout l’organisme",
        )
    return None


def require_management(actor: Actor, establishment_id: UUID | None = None) -> None:
    """Raise `Refused` unless the actor may change the directory there (`management_refusal`)."""
    if refused := management_refusal(actor, establishment_id):
        raise refused


def may_open(actor: Actor, *, profession: str, reach: str, unit_ids: Collection[UUID] = ()) -> bool:
    """Whether the actor may open such a membership to another; where is judged elsewhere.

    Nobody opens a right wider than his own, on the matrix or over more persons, save the
    direction, which answers for who works there. The command line's own is nobody's to open.
    """
    if actor.profession == SYSTEM or (actor.profession == DIRECTOR and profession != SYSTEM):
        return True
    if WIDTHS.index(Reach(reach)) > WIDTHS.index(actor.reach):
        return False
    if reach == actor.reach == Reach.UNITS and not set(unit_ids) <= set(actor.unit_ids):
        return False
    return actor.matrix.covers(actor.profession, profession)


def professions_of_people() -> dict[str, str]:
    """Return the professions a person may exercise, by key, with their French label.

    The command line's own profession is left out: nobody signs in as it.
    """
    rows = matrix_file().professions.items()
    return {key: row.label for key, row in rows if key != SYSTEM}


def needs_second_factor(rights: Matrix, profession: str, *, everybody: bool = False) -> bool:
    """Whether who exercises this profession must have a second factor to sign in.

    Whoever reads health volets must (ANSSI and CNIL: strong authentication for health data), and so
    must the direction, which gives their access back to those. `everybody`: the site's own choice.
    """
    return everybody or reads_health(rights, profession) or profession == DIRECTOR


def reads_health(rights: Matrix, profession: str) -> bool:
    """Whether this profession reads the medical or the care volet of anyone."""
    return not HEALTH.isdisjoint(rights.readable_volets(profession))


def pin_faults(pin: str) -> list[str]:
    """Return French messages for a code of unlocking too easy to guess; our own rule.

    Five guesses are allowed: refused are the codes that a colleague would try first.
    """
    if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_DIGITS):
        return ["Le code compte de 4 à 8 chiffres ; 6 sont conseillés."]
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(set(pin)) < 3 or len(steps) == 1:
        return ["Ce code est trop facile à deviner : ni suite, ni répétition."]
    if len(pin) == 4 and pin[:2] in ("19", "20"):
        return ["Ce code ressemble à une année : choisissez autre chose."]
    if _reads_as_date(pin):
        return ["Ce code ressemble à une date : choisissez autre chose."]
    return []


def _reads_as_date(pin: str) -> bool:
    """Whether a code is a day and its month (JJMM), with or without its year, or MMAAAA."""
    is_month_and_year = len(pin) == 6 and 1 <= int(pin[:2]) <= 12 and pin[2:4] in ("19", "20")
    if len(pin) == 8 and pin[4:6] not in ("19", "20"):
        return False
    is_day = len(pin) in (4, 6, 8) and 1 <= int(pin[:2]) <= 31 and 1 <= int(pin[2:4]) <= 12
    return is_day or is_month_and_year


def number_faults(**numbers: str) -> dict[str, list[str]]:
    """Return French messages for the FINESS, SIREN, SIRET or RPPS whose form or key is wrong.

    An empty number is right: not every structure and not every professional has one.
    """
    return {
        name: [message]
        for name, number in numbers.items()
        for is_valid, message in [KEY_CHECKS[name]]
        if number and not is_valid(number)
    }


def membership_faults(
    *,
    profession: str,
    reach: str,
    establishment_id: UUID | None,
    establishment_has_units: bool,
    unit_establishment_ids: set[UUID],
    starts_on: date,
    ends_on: date | None,
) -> dict[str, list[str]]:
    """Return French messages by field for a membership that makes no sense; empty when it does.

    The technical administration reaches nobody, whatever is asked: it sees no content.
    """
    faults: dict[str, list[str]] = {}
    if profession not in professions_of_people():
        faults["profession"] = ["Cette profession n’est pas dans le tableau des droits."]
    if profession == TECHNICAL_ADMIN and reach != Reach.NOBODY:
        faults["reach"] = ["L’administration technique n’accède au dossier d’aucune personne."]
    elif reach in (Reach.UNITS, Reach.ESTABLISHMENT) and establishment_id is None:
        faults["reach"] = ["Cette portée demande un établissement."]
    elif reach == Reach.OPERATOR and establishment_id is not None:
        faults["reach"] = ["Cette portée demande une situation dans tout l’organisme."]
    elif reach == Reach.UNITS and not unit_establishment_ids:
        faults["units"] = ["Choisissez au moins une unité." if establishment_has_units else NO_UNIT]
    if unit_establishment_ids - {establishment_id}:
        faults["units"] = ["Ces unités ne sont pas toutes dans l’établissement choisi."]
    if ends_on and ends_on < starts_on:
        faults["ends_on"] = ["La fin précède le début."]
    return faults


def town_of(address: str) -> str:
    """Return the commune of an address, which follows its postal code; none when it has none."""
    found = TOWN.search(address)
    return found[1].strip()[:100] if found else ""


def folded(text: str) -> str:
    """Return words as they are compared and searched: no accent, capital, nor punctuation."""
    plain = unicodedata.normalize("NFKD", text.translate(SPELT))
    return " ".join(re.findall(r"[a-z0-9+]+", plain.encode("ascii", "ignore").decode().lower()))


def searched(*texts: str) -> str:
    """Return what a professional is searched by: each word after a space, so that a search by the
    beginning of words is a search inside this text. No more than its column holds.
    """
    return f" {folded(' '.join(texts))}"[:700]
