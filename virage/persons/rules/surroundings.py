"""Rules of what surrounds a person: contacts, protection, covers (dui.md §2.3)."""

import re
from collections.abc import Iterable
from datetime import date

from virage.foundation.national_numbers import NIR_BODY, is_nir_valid, looks_like_nir
from virage.persons.enums import IdentifierKind, ProtectionKind
from virage.persons.rules.identity import Faults, age_on, plain_number

ADULT_AGE_YEARS = 18  # Code civil, art. 414
LEGAL_GUARDIAN = "GUARD"
NO_TELEPHONE = (
    "Ce n’est pas un numéro de téléphone : dix chiffres, un numéro court, ou l’indicatif du pays "
    "après « + »."
)
TRUSTED_PERSON = "NOK"
EMERGENCY = "ECON"
# Short numbers (15, 112, 3919, 116117), ten figures, or another country's (ITU-T E.164).
_TELEPHONE = re.compile(r"1[578]|1\d\d|[13]\d{3}|116\d{3}|0[1-9]\d{8}|(?:\+|00)[1-9]\d{6,13}")
_TEN_FIGURES = re.compile(r"0[1-9]\d{8}")
# As typed, and as ISO 3166 and the INSEE write it.
FRANCE = ("FRANCE", "FR", "FRA", "99100")
NEEDING_HOLDER = (
    ProtectionKind.CURATORSHIP,
    ProtectionKind.REINFORCED_CURATORSHIP,
    ProtectionKind.GUARDIANSHIP,
)


def dialled(number: str) -> str:
    """Return what to dial of a telephone number as it is written; empty when it is none."""
    signs = re.sub(r"\(0\)|[\s.()/-]", "", number)
    return signs if _TELEPHONE.fullmatch(signs) else ""


def in_pairs(number: str) -> str:
    """Return ten figures written in one piece as they are read, by two; all else as it is."""
    if not _TEN_FIGURES.fullmatch(number):
        return number
    return "\u00a0".join(number[start : start + 2] for start in range(0, 10, 2))


def faults_of_contact(
    *,
    family_name: str,
    given_name: str,
    is_out_of_reach: bool,
    is_second_trusted: bool,
) -> Faults:
    """Return French messages by field: a contact has a name, and one trusted person is active.

    The person names one personne de confiance (CSP L1111-6, CASF L311-5-1). Who is to be called in
    an emergency can be.
    """
    faults: Faults = {}
    if not family_name and not given_name:
        faults["family_name"] = ["Indiquez au moins un nom ou un prénom."]
    if is_out_of_reach:
        faults["phone"] = ["Indiquez comment joindre cette personne : téléphone ou courriel."]
    if is_second_trusted:
        faults["role"] = [
            "Une personne de confiance est déjà désignée : retirez-lui d’abord ce rôle."
        ]
    return faults


def faults_of_protection(
    *,
    kind: str,
    has_holder: bool,
    protects_nothing: bool,
    judged_on: date | None,
    ends_on: date | None,
    today: date,
) -> Faults:
    """Return French messages by field; a tutelle or a curatelle names who holds it, and protects
    the person, her goods or both (Code civil, art. 425).
    """
    faults: Faults = {}
    if judged_on and judged_on > today:
        faults["judged_on"] = ["Le jugement est daté dans l’avenir."]
    if judged_on and ends_on and ends_on < judged_on:
        faults["ends_on"] = ["L’échéance précède le jugement."]
    if kind in NEEDING_HOLDER and not has_holder:
        faults["holder"] = [
            "Choisissez le titulaire ; s’il n’est pas dans la liste, ajoutez-le d’abord à "
            "l’entourage."
        ]
    if kind in NEEDING_HOLDER and protects_nothing:
        faults["covers_person"] = [
            "Dites ce que la mesure protège\u00a0: la personne, les biens, ou les deux."
        ]
    return faults


def faults_of_coverage(
    *, payer: str, numbers: str, starts_on: date | None, ends_on: date | None
) -> Faults:
    """Return French messages by field: a cover names who pays, or gives a number."""
    faults = faults_of_period(starts_on, ends_on)
    if not payer and not numbers:
        faults["payer_name"] = ["Indiquez l’organisme, ou le numéro d’assuré."]
    return faults


def faults_of_period(starts_on: date | None, ends_on: date | None) -> Faults:
    """Return a French message for an end before its start (covers, numbers)."""
    if starts_on and ends_on and ends_on < starts_on:
        return {"ends_on": ["La fin précède le début."]}
    return {}


def faults_of_key(field: str, number: str) -> Faults:
    """Return a French message for a national number with its key (15 characters), when it is wrong.

    Without its key (13 characters), or of another form, nothing is known of it.
    """
    plain = plain_number(number)
    if len(plain) != 15 or not NIR_BODY.fullmatch(plain[:13]) or is_nir_valid(plain):
        return {}
    return {field: ["La clé ne correspond pas à ce numéro : vérifiez la saisie."]}


def faults_of_number(*, kind: str, value: str) -> Faults:
    """Return why a number is refused by hand: empty, or a NIR under another name.

    The NIR has two places: the INS, and the number used for reimbursement.
    """
    if not value:
        return {"value": ["Indiquez le numéro."]}
    if kind not in (IdentifierKind.SOCIAL_SECURITY, IdentifierKind.INS) and looks_like_nir(value):
        return {
            "value": ["Ce numéro ressemble à un numéro de sécurité sociale : changez la nature."]
        }
    return {}


def faults_of_telecom(value: str) -> Faults:
    """Return a French message for a telephone number or an e-mail address left empty."""
    return {} if value else {"value": ["Indiquez le numéro ou l’adresse électronique."]}


def faults_of_telephone(field: str, number: str) -> Faults:
    """Return a French message for what nobody can dial; nothing is said of an absent number."""
    return {field: [NO_TELEPHONE]} if number and not dialled(number) else {}


def abroad(country: str) -> str:
    """Return a country as a place names it: as it was given, and nothing for France."""
    return "" if country.strip().upper() in FRANCE else country


def lost_with_commune(changed: Iterable[str]) -> dict[str, str]:
    """Return, emptied, what another commune or postal code makes false in an address."""
    if {"city", "postal_code"}.isdisjoint(changed):
        return {}
    return {"district": "", "state": "", "insee_code": ""}


def missing_guardian(birth_on: date | None, roles: frozenset[str], today: date) -> bool:
    """Whether a minor has no holder of parental authority among the contacts (dui.md §2.3)."""
    if birth_on is None:
        return False
    return age_on(birth_on, today) < ADULT_AGE_YEARS and LEGAL_GUARDIAN not in roles
